// Which page stands at which path, and what the navigation shows.

import { Access } from './access/index.js';
import { Accounts } from './accounts.js';
import { Audit } from './audit.js';
import { Blocks } from './blocks.js';
import { Events } from './events.js';
import { Help } from './help/index.js';
import { ExplainAddress, ExplainBlock } from './explain/index.js';
import { Login } from './login.js';
import { Me } from './me/index.js';
import { Never } from './never.js';
import { Overview } from './overview.js';
import { SettingsPage } from './settings/index.js';
import { Setup } from './setup.js';
import { Status } from './status.js';
import { WhatIf } from './whatif.js';

// Without a session.
export const outside = [
	['/login', Login],
	['/setup', Setup],
];

// With one: [path, page].  Parameters of the path become the page's.
export const pages = [
	['/', Overview],
	['/blocks', Blocks],
	['/blocks/{id}', ExplainBlock],
	['/never', Never],
	['/events', Events],
	['/what-if', WhatIf],
	['/accounts', Accounts],
	['/settings', SettingsPage],
	['/settings/{tab}', SettingsPage],
	['/access', Access],
	['/access/{tab}', Access],
	['/audit', Audit],
	['/status', Status],
	['/me', Me],
	['/help', Help],
	['/help/{tab}', Help],
	['/addresses/{address}', ExplainAddress],
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
