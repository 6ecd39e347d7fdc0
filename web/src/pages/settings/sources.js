// Where events come from, and how a line of a log is understood.

import { html } from 'htm/preact';
import { useState } from 'preact/hooks';
import { post } from '../../api.js';
import { exact, has, kindLabel, num, percent, t } from '../../i18n.js';
import { Address } from '../../parts/address.js';
import { Field, ProblemBox, useSend } from '../../parts/form.js';
import { Badge } from '../../parts/icon.js';
import { useGet, Waiting } from '../../parts/load.js';
import { Raw } from '../../parts/raw.js';
import { Empty, Table } from '../../parts/table.js';
import { Ago } from '../../parts/time.js';

const stateKind = { running: 'good', on: 'good', failed: 'bad' };

const word = (key, text) => has(key) ? t(key) : text;

const columns = () => [
	{ kind: 'first', title: t('sources.name'),
		cell: x => html`<${Raw} text=${x.name}/>` },
	{ title: t('sources.kind'),
		cell: x => word('sources.kind.' + x.kind, x.kind) },
	{ title: t('sources.state'), cell: x => html`
		<${Badge} kind=${stateKind[x.state] ?? 'warn'}>
			${word('sources.state.' + x.state, x.state)}<//>` },
	{ kind: 'num', title: t('sources.lines'), label: true,
		cell: x => num(x.lines ?? 0) },
	{ kind: 'num', title: t('sources.unknown'), label: true,
		cell: x => num(x.unknown ?? 0) + (x.lines > 0 ?
			` (${percent((x.unknown ?? 0) / x.lines)})` : '') },
	{ title: t('sources.last'),
		cell: x => x.last && html`<${Ago} time=${x.last}/>` },
];

export const SourceTable = ({ items }) => items.length === 0 ?
	html`<${Empty} icon="file-text">${t('sources.none')}<//>` :
	html`<div class="card flush"><${Table} label=${t('settings.sources')}
		columns=${columns()} rows=${items}
		rowKey=${x => x.kind + ' ' + x.name}/></div>`;

const facts = e => [['time', exact(e.time)],
	['kind', `${kindLabel(e.kind, e.label)} (${e.kind})`],
	['address', html`<${Address} value=${e.address}/>`],
	...['account', 'service', 'source', 'session', 'helo', 'detail']
		.map(name => [name, e[name] && html`<${Raw} text=${e[name]}/>`]),
	['count.of', e.count > 1 && num(e.count)]];

const Result = ({ result }) => html`<div role="status" class="stack">
	<p><${Badge} kind=${result.reading === 'event' ? 'good' : 'warn'}>
		${t('parse.' + result.reading)}<//>
		<span> ${t(`parse.${result.reading}.text`)}</span></p>
	${result.events.map(e => html`<dl class="facts">${facts(e)
		.filter(([, value]) => value).map(([name, value]) => html`
			<dt>${t('events.' + name)}</dt><dd>${value}</dd>`)}</dl>`)}</div>`;

const dialects = ['auto', 'postfix', 'dovecot', 'exim'];

function TestLine() {
	const [line, setLine] = useState(''), [dialect, setDialect] =
		useState('auto'), [result, setResult] = useState(null);
	const [send, problem, busy] = useSend(async () => {
		setResult(null);
		setResult(await post('/parse', { line, dialect }));
	});

	return html`<section class="card"><h2>${t('sources.test')}</h2>
		<form onSubmit=${send}><p>${t('sources.test.text')}</p>
		<${Field} as="textarea" rows="3" label=${t('sources.line')}
			value=${line} required spellcheck=${false} class="mono"
			onInput=${e => setLine(e.target.value)}
			error=${problem?.at?.('line')}/>
		<${Field} as="select" label=${t('sources.dialect')} value=${dialect}
			onChange=${e => setDialect(e.target.value)}
			options=${dialects.map(d => [d, t('sources.dialect.' + d)])}/>
		<button class="primary" disabled=${busy || !line.trim()}>
			${t('sources.try')}</button></form>
		${problem && !problem.at?.('line') && html`
			<${ProblemBox} problem=${problem}/>`}
		${result && html`<${Result} result=${result}/>`}</section>`;
}

export function Sources() {
	const { data, problem, load } = useGet('/overview');

	return html`<p class="lead">${t('settings.sources.text')}</p>
		${data ? html`<${SourceTable} items=${data.sources}/>` :
			html`<${Waiting} problem=${problem} load=${load}/>`}
		<${TestLine}/>`;
}
