// Words, numbers and times in the reader's language.  A catalogue is flat:
// "{name}" and "{n, plural, one {# row} other {# rows}}".

import { signal } from '@preact/signals';

export const languages = { en: 'English', de: 'Deutsch' };
export const zone = signal(''); // '' is the browser's

const base = new URL('i18n/', import.meta.url);
const language = signal('en');
let locale = 'en'; // the reader's country writes numbers and times its way
let loaded = '', words = {}, plural = new Intl.PluralRules('en');

async function load(lang) {
	const r = await fetch(new URL(lang + '.json', base));

	return r.ok ? r.json() : {};
}

export function preferred(wish) {
	const list = [wish, ...navigator.languages].filter(Boolean);
	const short = list.map(l => l.split('-')[0]);

	return short.find(l => l in languages) ?? 'en';
}

export async function setLanguage(lang) {
	const root = document.documentElement;

	if (lang === loaded)
		return;
	words = await load(lang);
	loaded = lang;
	plural = new Intl.PluralRules(lang);
	locale = navigator.languages.find(l => l.split('-')[0] === lang) ??
		lang;
	formats.clear();
	root.lang = lang;
	root.dir = /^(ar|fa|he|ur)/.test(lang) ? 'rtl' : 'ltr';
	language.value = lang;
}

// The end of the brace that opens before i.
function close(m, i) {
	for (let depth = 1; i < m.length; i++) {
		if (m[i] === '{')
			depth++;
		else if (m[i] === '}' && --depth === 0)
			return i;
	}
	return m.length;
}

function choose(forms, n) {
	const found = {};
	let k;

	while ((k = /^\s*(=?\w+)\s*\{/.exec(forms))) {
		const end = close(forms, k[0].length);
		found[k[1]] = forms.slice(k[0].length, end);
		forms = forms.slice(end + 1);
	}
	return (found['=' + n] ?? found[plural.select(n)] ?? found.other ?? '')
		.replaceAll('#', num(n));
}

// The message in pieces, so that a value may be an element.
function pieces(m, values) {
	const out = [];
	let i;

	while ((i = m.indexOf('{')) >= 0) {
		const end = close(m, i + 1), body = m.slice(i + 1, end);
		const p = /^\s*(\w+)\s*,\s*plural\s*,([\s\S]*)$/.exec(body);
		out.push(m.slice(0, i));
		if (p) {
			out.push(...pieces(choose(p[2], values[p[1]]), values));
		} else {
			const v = values[body.trim()];
			out.push(typeof v === 'number' ? num(v) : v ?? '');
		}
		m = m.slice(end + 1);
	}
	out.push(m);
	return out;
}

const message = key => language.value && (words[key] ?? key);

export const has = key => key in words;
export const t = (key, values = {}) => pieces(message(key), values).join('');
export const tx = (key, values = {}) => pieces(message(key), values);

const formats = new Map();

function format(kind, options) {
	const key = kind + JSON.stringify(options) + zone.value;

	if (!formats.has(key))
		formats.set(key, new Intl[kind](locale,
			kind === 'DateTimeFormat' && zone.value ?
				{ ...options, timeZone: zone.value } : options));
	return formats.get(key);
}

export const num = n => format('NumberFormat', {}).format(n);
export const percent = n =>
	format('NumberFormat', { style: 'percent' }).format(n);
const date = options => time =>
	time ? format('DateTimeFormat', options).format(new Date(time)) : '';

export const clock = date({ timeStyle: 'medium' });
export const hourMinute = date({ timeStyle: 'short' });
export const day = date({ month: 'short', day: 'numeric' });
export const dateTime = date({ dateStyle: 'medium', timeStyle: 'short' });
export const exact = date({ dateStyle: 'full', timeStyle: 'long' });

const steps = [['day', 86400, 129600], ['hour', 3600, 5400],
	['minute', 60, 60], ['second', 1, 0]];

// "3 min. ago", "in 2 hr."
export function relative(time, now) {
	const d = (new Date(time) - now) / 1000;
	const [unit, s] = steps.find(x => Math.abs(d) >= x[2]);

	return format('RelativeTimeFormat', { numeric: 'auto', style: 'short' })
		.format(unit === 'second' ? 0 : Math.round(d / s), unit);
}

// "1 hr 30 min" of seconds; the two largest units.
export function span(s) {
	const out = [];

	for (const [unit, size] of steps) {
		if (s < size || out.length === 2)
			continue;
		out.push(format('NumberFormat',
			{ style: 'unit', unit, unitDisplay: 'short' })
			.format(Math.floor(s / size)));
		s %= size;
	}
	return out.join(' ') || format('NumberFormat',
		{ style: 'unit', unit: 'second', unitDisplay: 'short' }).format(0);
}

export const list = items =>
	format('ListFormat', { type: 'conjunction' }).format(items);

// What a kind of event is called; the server's word where we have none.
export const kindLabel = (kind, label) =>
	has('ev.' + kind) ? t('ev.' + kind) : label ?? kind;
