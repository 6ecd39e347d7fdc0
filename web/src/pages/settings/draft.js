// Settings as they are, and as the reader wishes them, on all their pages.

import { signal } from '@preact/signals';
import { get } from '../../api.js';

export const current = signal(null); // as GET /settings gave it
export const problem = signal(null);
export const draft = signal({}); // name: text, or null for the default
export const faults = signal({}); // name: what the server said of it

export async function load() {
	try {
		current.value = await get('/settings');
		problem.value = null;
	} catch (e) {
		problem.value = e;
	}
}

export const find = name =>
	current.value?.items.find(s => s.name === name);

export const initialOf = s => s.default;

// What a control shows.
export function valueOf(s) {
	const wish = draft.value[s.name];

	return wish === undefined ? s.value : wish ?? s.default;
}

export function wish(s, value) {
	const { [s.name]: _, ...rest } = draft.value;
	const { [s.name]: __, ...others } = faults.value;

	faults.value = others;
	draft.value = value === s.value ? rest :
		{ ...rest, [s.name]: value === s.default ? null : value };
}

export const changes = () => Object.keys(draft.value).length;

export function discard() {
	draft.value = {};
	faults.value = {};
}

const units = { s: 1, m: 60, h: 3600, d: 86400, w: 604800 };

// Seconds of "1h30m"; a bare number is minutes.  NaN when it is none.
export function seconds(text) {
	const s = String(text).trim().replace(/^\d+$/, '$&m');

	if (!/^(\d+[smhdw])+$/.test(s))
		return NaN;
	return [...s.matchAll(/(\d+)([smhdw])/g)]
		.reduce((sum, [, n, unit]) => sum + n * units[unit], 0);
}
