// The SMTP component: when it blocks, and what each event weighs.

import { html } from 'htm/preact';
import { has, kindLabel, num, percent, span, t } from '../../i18n.js';
import { Share } from '../../parts/chart.js';
import { useGet, Waiting } from '../../parts/load.js';
import { Table } from '../../parts/table.js';
import { find, seconds, valueOf } from './draft.js';
import { labelOf, Points, Settings } from './fields.js';

const meaning = x => has('ev.' + x.kind + '.meaning') ?
	t('ev.' + x.kind + '.meaning') : x.meaning;

// What the wishes come to, in one sentence.
function Preview({ kinds }) {
	const value = name => valueOf(find(name));
	const threshold = Number(value('smtp.threshold'));
	const period = seconds(value('smtp.period'));
	const block = seconds(value('smtp.block_time'));
	const needed = kinds.filter(x => x.settable)
		.map(x => [x, Number(valueOf(find('weight.' + x.kind)))])
		.filter(([, points]) => points > 0)
		.sort((a, b) => b[1] - a[1]).slice(0, 3)
		.map(([x, points]) => `${num(Math.ceil(threshold / points))} × ` +
			kindLabel(x.kind, x.label));

	return period > 0 && block > 0 && threshold > 0 && needed.length > 0 &&
		html`<p class="banner"><span>${t('settings.smtp.preview', {
			period: span(period), block: span(block),
			events: needed.join(', ') })}</span></p>`;
}

function Weight({ x }) {
	const s = find('weight.' + x.kind);

	return s ? html`<${Points} s=${s} label=${labelOf(s.name)}/>` :
		html`<span class="muted">${t(x.kind === 'login_success' ?
			'settings.points.none' : 'settings.points.login')}</span>`;
}

const columns = () => [
	{ kind: 'first', title: t('settings.kind'), cell: x => html`
		${kindLabel(x.kind, x.label)}<small>${meaning(x)}</small>` },
	{ title: t('settings.points'), label: true,
		cell: x => html`<${Weight} x=${x}/>` },
	{ kind: 'num', title: t('settings.initial'), label: true,
		cell: x => num(x.default) },
	{ kind: 'num', title: t('settings.seen'), label: true,
		cell: x => x.seen_7d === null ? '?' : num(x.seen_7d) },
	{ kind: 'share', title: t('settings.share'), label: true,
		cell: x => x.share === null ? '?' : html`
			<span>${percent(x.share / 100)}</span>
			<${Share} percent=${x.share} kind=${x.kind}/>` },
];

const Order = () => html`<section class="card"><h2>${t('settings.order')}</h2>
	<ol class="order">${['never', 'block', 'score'].map(x => html`
		<li>${t('settings.order.' + x)}</li>`)}</ol></section>`;

export function Smtp() {
	const { data, problem, load } = useGet('/event-types');

	return html`<section class="card">
		<p class="lead">${t('settings.smtp.text')}</p>
		<${Settings} names=${['smtp.threshold', 'smtp.period',
			'smtp.block_time', 'smtp.evaluate']}/>
		${data && html`<${Preview} kinds=${data.items}/>`}</section>
		<h2>${t('settings.kinds')}</h2>
		<p class="hint">${t('settings.kinds.hint')}</p>
		${data ? html`<div class="card flush"><${Table} label=${t('settings.kinds')}
			columns=${columns()} rows=${data.items}
			rowKey=${x => x.kind}/></div>` :
			html`<${Waiting} problem=${problem} load=${load}/>`}
		<${Order}/>`;
}
