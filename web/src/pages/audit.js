// The audit log: who changed what, and whether the record is whole.

import { html } from 'htm/preact';
import { useEffect, useState } from 'preact/hooks';
import { params } from '../api.js';
import { exact, t } from '../i18n.js';
import { Address } from '../parts/address.js';
import { ExportMenu } from '../parts/export.js';
import { Icon } from '../parts/icon.js';
import { useGet, useList, Waiting } from '../parts/load.js';
import { Head } from '../parts/page.js';
import { Period, usePeriod } from '../parts/period.js';
import { Raw } from '../parts/raw.js';
import { Empty, More, Table } from '../parts/table.js';
import { Ago } from '../parts/time.js';
import { query, setQuery } from '../router.js';

const initial = '30d';

function Mark() {
	const { data, problem, load } = useGet('/audit/verify');

	if (!data)
		return html`<${Waiting} problem=${problem} load=${load}/>`;
	return html`<p class="banner ${data.intact ? '' : 'bad'}"
		role=${data.intact ? 'status' : 'alert'}>
		<${Icon} name=${data.intact ? 'circle-check' : 'triangle-alert'}/>
		<span>${t(data.intact ? 'audit.intact' : 'audit.broken',
			{ n: data.rows, id: data.first_bad })}</span>
		<button type="button" class="small" onClick=${load}>
			${t('audit.again')}</button></p>`;
}

// What was sent is an object in JSON; anything else is shown as it is.
export function members(text) {
	try {
		const o = JSON.parse(text);

		if (o && typeof o === 'object' && !Array.isArray(o))
			return Object.entries(o).map(([name, value]) => [name,
				typeof value === 'string' ? value :
					JSON.stringify(value)]);
	} catch { /* it is no JSON */ }
	return text ? [['', text]] : [];
}

const Values = ({ text }) => members(text).map(([name, value]) => html`
	<div class="value">${name && html`<span class="muted">
		<${Raw} text=${name}/> </span>`}<${Raw} text=${value}/></div>`);

const Change = ({ row }) => html`
	${row.before && html`<div class="before"><span class="muted">
		${t('audit.before')}</span><${Values} text=${row.before}/></div>`}
	${row.after && html`<div>${row.before && html`<span class="muted">
		${t('audit.after')}</span>`}<${Values} text=${row.after}/></div>`}
	${row.note && !row.after.includes('"note"') && html`<div>
		<${Raw} text=${row.note}/></div>`}`;

const columns = () => [
	{ kind: 'num', title: t('audit.number'), cell: r => String(r.id) },
	{ title: t('audit.time'), cell: r => html`<${Ago} time=${r.time}/>
		<small>${exact(r.time)}</small>` },
	{ title: t('audit.actor'), cell: r => html`<${Raw} text=${r.actor}/>
		<small>${t('audit.via.' + r.via)} ${r.address &&
			html`<${Address} value=${r.address}/>`}</small>` },
	{ kind: 'first', title: t('audit.action'), cell: r => html`
		<code>${r.action}</code> ${r.target &&
			html`<small><${Raw} text=${r.target}/></small>`}` },
	{ kind: 'line clip', title: t('audit.change'),
		cell: r => html`<${Change} row=${r}/>` },
];

const List = ({ list }) => list.items.length === 0 ?
	html`<${Empty} icon="history">${t('audit.none')}<//>` :
	html`<div class="card flush"><${Table} label=${t('nav.audit')}
		columns=${columns()} rows=${list.items}/></div>
		<${More} more=${list.more}/>`;

function Search({ q }) {
	const [text, setText] = useState(q);

	useEffect(() => setText(q), [q]);
	return html`<form class="row" role="search" onSubmit=${e => {
		e.preventDefault();
		setQuery({ q: text.trim() });
	}}><div class="search"><${Icon} name="search"/><input type="search"
		aria-label=${t('audit.search')} placeholder=${t('audit.search')}
		value=${text} onInput=${e => setText(e.target.value)}/></div>
		<button>${t('filter.go')}</button></form>`;
}

export function Audit() {
	const q = query.value.get('q') ?? '', period = usePeriod(initial);
	const search = { q, since: period.since, until: period.until };
	const list = useList('/audit' + params({ ...search, limit: 100 }));

	return html`<${Head} title=${t('nav.audit')}>
		<${ExportMenu} url="/audit/export" params=${search}
			formats=${['csv', 'jsonl']}/><//>
		<${Mark}/><div class="filters"><${Search} q=${q}/></div>
		<${Period} period=${period} initial=${initial}/>
		${list.items ? html`<${List} list=${list}/>` : html`<${Waiting}
			problem=${list.problem} load=${list.load}/>`}`;
}
