// One-key shortcuts; they can be turned off.

import { useEffect } from 'preact/hooks';
import { shortcuts } from './prefs.js';
import { go } from './router.js';

const places = { o: '/', b: '/blocks', n: '/never', e: '/events',
	a: '/accounts', s: '/settings', h: '/help' };
let isLeading = false; // "g" was pressed

function onKey(e) {
	if (shortcuts.value !== 'on' || e.ctrlKey || e.metaKey || e.altKey ||
		e.target.closest('input, select, textarea, dialog'))
		return;
	const to = isLeading && places[e.key];

	isLeading = e.key === 'g';
	if (to)
		go(to);
	else if (e.key === '/')
		document.getElementById('search').focus();
	else if (e.key === '?')
		go('/help');
	else
		return;
	e.preventDefault();
}

export function useShortcuts() {
	useEffect(() => {
		document.addEventListener('keydown', onKey);
		return () => document.removeEventListener('keydown', onKey);
	}, []);
}
