// How this browser likes it: theme, density, one-key shortcuts, time zone.

import { effect, signal } from '@preact/signals';
import { zone } from './i18n.js';

function kept(name, initial) {
	const s = signal(localStorage.getItem(name) ?? initial);

	effect(() => localStorage.setItem(name, s.value));
	return s;
}

export const theme = kept('theme', 'system'); // system light dark
export const density = kept('density', 'comfortable'); // comfortable compact
export const shortcuts = kept('shortcuts', 'on'); // on off
export const language = kept('language', '');
export const timeZone = kept('time_zone', ''); // '' or 'UTC'

effect(() => {
	const root = document.documentElement.dataset;

	root.theme = theme.value;
	root.density = density.value;
});
effect(() => { zone.value = timeZone.value; });

// Takes over what the account has stored: the body of GET /me.
export function adopt(me) {
	const all = { theme, density, shortcuts, language,
		time_zone: timeZone };

	for (const [name, s] of Object.entries(all)) {
		if (me?.[name])
			s.value = me[name];
	}
}
