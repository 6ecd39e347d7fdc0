// Which page stands at which path, and what the navigation shows.

import { Blocks } from './blocks.js';
import { Login } from './login.js';
import { Overview } from './overview.js';

// Without a session.
export const outside = [
	['/login', Login],
];

// With one: [path, page].  Parameters of the path become the page's.
export const pages = [
	['/', Overview],
	['/blocks', Blocks],
];

// [path, icon, key of its name]
export const groups = [
	['nav.watch', [
		['/', 'layout-dashboard', 'nav.overview'],
		['/events', 'scroll-text', 'nav.events'],
		['/what-if', 'gauge', 'nav.whatif'],
	]],
	['nav.act', [
		['/blocks', 'shield-ban', 'nav.blocks'],
		['/never', 'shield-check', 'nav.never'],
		['/accounts', 'user-lock', 'nav.accounts'],
	]],
	['nav.run', [
		['/settings', 'settings', 'nav.settings'],
		['/access', 'key-round', 'nav.access'],
		['/audit', 'history', 'nav.audit'],
		['/status', 'activity', 'nav.status'],
	]],
];

export const shown = ['/', '/blocks', '/events']; // in the bar of a phone
