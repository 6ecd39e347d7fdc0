// A stretch of time in the address bar: range=24h, or since= and until=.

import { html } from 'htm/preact';
import { useMemo, useState } from 'preact/hooks';
import { t } from '../i18n.js';
import { query, setQuery } from '../router.js';

const ranges = { '15m': 900, '1h': 3600, '24h': 86400, '7d': 604800,
	'30d': 2592000, all: 0 };

const stamp = ms => new Date(ms).toISOString().replace(/\.\d+/, '');

/*
 * { range, since, until }, times as the API takes them.  A range ends now
 * and begins where it did when it was chosen, however long one reads.
 */
export function usePeriod(initial) {
	const since = query.value.get('since'), until = query.value.get('until');
	const range = since || until ? 'own' : query.value.get('range') ?? initial;
	const from = useMemo(() => ranges[range] ?
		stamp(Date.now() - 1000 * ranges[range]) : null, [range]);

	return { range, since: since ?? from, until };
}

// What <input type=datetime-local> shows of a time, and the other way.
function shown(time) {
	const d = new Date(time);

	return time ? new Date(d - 60000 * d.getTimezoneOffset()).toISOString()
		.slice(0, 16) : '';
}
const meant = text => text ? stamp(text) : null;

export function Period({ period, initial }) {
	const [own, setOwn] = useState(false);
	const isOwn = own || period.range === 'own';
	const choose = e => {
		const { value } = e.target;

		setOwn(value === 'own');
		if (value !== 'own')
			setQuery({ since: null, until: null,
				range: value === initial ? null : value });
	};
	const submit = e => {
		const f = new FormData(e.target);
		const since = meant(f.get('since')), until = meant(f.get('until'));

		e.preventDefault();
		setOwn(false);
		setQuery({ since, until, range: since || until ? null : 'all' });
	};

	return html`<div class="row period"><label class="row">
		<span>${t('period')}</span>
		<select value=${isOwn ? 'own' : period.range} onChange=${choose}>
			${[...Object.keys(ranges), 'own'].map(r => html`
				<option value=${r}>${t('period.' + r)}</option>`)}
		</select></label>
		${isOwn && html`<form class="row" onSubmit=${submit}>
			<label class="row"><span>${t('period.since')}</span>
			<input type="datetime-local" name="since"
				value=${shown(period.since)}/></label>
			<label class="row"><span>${t('period.until')}</span>
			<input type="datetime-local" name="until"
				value=${shown(period.until)}/></label>
			<button>${t('period.go')}</button></form>`}</div>`;
}
