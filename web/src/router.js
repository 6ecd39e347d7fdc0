// Where we are.  The address bar is the state: path, filters, range, sort.

import { signal, computed } from '@preact/signals';

const here = signal(location.pathname + location.search);

export const path = computed(() => here.value.split('?')[0]);
export const query = computed(() =>
	new URLSearchParams(here.value.split('?')[1] ?? ''));

export function go(url, { replace = false } = {}) {
	if (url !== here.value)
		history[replace ? 'replaceState' : 'pushState'](null, '', url);
	here.value = location.pathname + location.search;
}

// This page with some of its parameters changed; empty ones are left out.
export function withQuery(changes) {
	const q = new URLSearchParams(query.value);

	for (const [name, value] of Object.entries(changes)) {
		if (value === null || value === undefined || value === '')
			q.delete(name);
		else
			q.set(name, value);
	}
	const text = q.toString().replaceAll('%3A', ':').replaceAll('%2C', ',');
	return path.value + (text && '?' + text);
}

export const setQuery = (changes, options) =>
	go(withQuery(changes), options);

addEventListener('popstate', () => {
	here.value = location.pathname + location.search;
});

addEventListener('click', e => {
	const a = e.target.closest?.('a[href^="/"]');

	if (!a || e.defaultPrevented || e.button || e.metaKey || e.ctrlKey ||
		e.shiftKey || e.altKey || a.target || a.hasAttribute('download'))
		return;
	e.preventDefault();
	go(a.getAttribute('href'));
});

// '/blocks/{id}' against '/blocks/7': { id: '7' }, or null.
export function match(pattern, p) {
	const names = [];
	const text = pattern.replace(/\{(\w+)\}/g, (_, name) => {
		names.push(name);
		return '([^/]+)';
	});
	const m = new RegExp(`^${text}/?$`).exec(p);

	return m && Object.fromEntries(
		names.map((n, i) => [n, decodeURIComponent(m[i + 1])]));
}
