// The events, oldest first, with the score behind each.

import { html } from 'htm/preact';
import { useState } from 'preact/hooks';
import { post } from '../../api.js';
import { clock, dateTime, exact, kindLabel, num, t } from '../../i18n.js';
import { Button } from '../../parts/button.js';
import { Key } from '../../parts/chart.js';
import { ProblemBox, useSend } from '../../parts/form.js';
import { Badge, Icon } from '../../parts/icon.js';
import { Raw } from '../../parts/raw.js';
import { Empty } from '../../parts/table.js';
import { toast } from '../../parts/toast.js';

const AT_ONCE = 200;
const details = ['detail', 'account', 'service', 'source', 'session', 'helo'];

const Facts = ({ e }) => html`<dl class="facts">
	<dt>${t('col.time')}</dt><dd>${exact(e.time)}</dd>
	${details.filter(k => e[k]).map(k => html`<dt>${t('event.' + k)}</dt>
		<dd class=${k === 'detail' ? 'mono' : ''}><${Raw} text=${e[k]}/>
		</dd>`)}
	<dt>${t('event.number')}</dt>
	<dd><a href=${'/events?id=' + e.id}>${e.id}</a></dd></dl>`;

// What it did to the score, or why nothing.
function Effect({ e }) {
	if (e.why_not)
		return html`<${Badge}>${t('why_not.' + e.why_not)}<//>`;
	return e.counted === false && e.outcome !== 'scored' ?
		html`<${Badge}>${t('why_not.no_points')}<//>` : null;
}

const signed = n => n > 0 ? '+' + num(n) : num(n);

function Row({ e, isCause, isOpen, turn, picked, pick, isPast }) {
	const id = 'e' + e.id, isOut = e.counted === false;

	return html`<tr role="row" class=${isCause ? 'cause' :
			isOut ? 'out' : undefined} onDblClick=${turn}>
		<td role="cell" class="pick"><label><input type="checkbox"
			checked=${picked} onChange=${pick}
			aria-label=${t('table.pick', { name: t('event.n',
				{ id: e.id }) })}/></label></td>
		<td role="cell" class="first"><button type="button" class="link plain"
			aria-expanded=${isOpen} aria-controls=${isOpen ? id : undefined}
			onClick=${turn}><${Key} kind=${e.kind}/>
			${kindLabel(e.kind, e.label)}${e.count > 1 && ' × ' +
				num(e.count)}<${Icon} name=${isOpen ? 'chevron-down' :
				'chevron-right'}/></button>
			${isCause && html`<${Badge} kind="bad" icon="shield-ban">
				${t('explain.cause')}<//>`} <${Effect} e=${e}/></td>
		<td role="cell" class="aside"><time datetime=${e.time}
			title=${exact(e.time)}>${isPast ? dateTime(e.time) :
			clock(e.time)}</time></td>
		<td role="cell" class="line clip"><${Raw} text=${e.detail}/></td>
		<td role="cell" class="num" data-label=${t('col.points')}>
			${signed(e.change ?? e.points)}</td>
		<td role="cell" class="num strong" data-label=${t('col.score')}>
			${e.running === undefined ? '' : num(e.running)}</td></tr>
		${isOpen && html`<tr role="row" id=${id} class="open"><td role="cell"
			class="line" colspan="6"><${Facts} e=${e}/></td></tr>`}`;
}

function Forgive({ ids, clear, load }) {
	const [send, problem, busy] = useSend(async () => {
		const answer = await post('/events/forgive', { ids: [...ids] });

		toast(t('forgive.done', { n: answer?.forgiven ?? ids.size }));
		clear();
		load();
	});

	return html`<${ProblemBox} problem=${problem}/>
		${ids.size > 0 && html`<div class="batch" role="region"
			aria-label=${t('batch.label')}>
			<strong role="status">${t('batch.n', { n: ids.size })}</strong>
			<${Button} icon="eraser" scope="blocks:write" onClick=${send}
				disabled=${busy}>${t('forgive')}<//>
			<${Button} icon="x" class="ghost" onClick=${clear}>
				${t('batch.none')}<//></div>`}`;
}

const Headings = () => html`<thead role="rowgroup"><tr role="row">
	<th role="columnheader" class="pick"><span class="sr">
		${t('col.choose')}</span></th>
	${['event', 'time', 'detail', 'points', 'score'].map(c => html`
		<th role="columnheader" scope="col" class=${['points', 'score']
			.includes(c) ? 'num' : ''}>${t('col.' + c)}</th>`)}</tr></thead>`;

const toggled = (set, key) => {
	const next = new Set(set);

	if (!next.delete(key))
		next.add(key);
	return next;
};

export function Events({ x, load }) {
	const [open, setOpen] = useState(new Set()), [picked, setPicked] =
		useState(new Set()), [all, setAll] = useState(false);
	const cause = x.episode?.event ?? x.events.find(e => e.cause)?.id ??
		x.blocks?.[0]?.cause_event;
	const shown = all ? x.events : x.events.slice(-AT_ONCE);
	const isPast = Date.now() - new Date(x.events[0]?.time ?? 0) > 43200000;
	const hidden = x.events.length - shown.length;

	return html`<section class="card flush"><div class="pad"><h2>
			${t(x.events_from === 'block' ? 'explain.events' :
				'explain.events_log')}</h2>
		<${Forgive} ids=${picked} load=${load}
			clear=${() => setPicked(new Set())}/>
		${hidden > 0 && html`<p><button type="button" class="small"
			onClick=${() => setAll(true)}>${t('explain.older',
				{ n: hidden })}</button></p>`}</div>
		${shown.length ? html`<table class="data course" role="table"
			aria-label=${t('explain.events')}><${Headings}/>
			<tbody role="rowgroup">${shown.map(e => html`<${Row} key=${e.id}
			e=${e} isCause=${e.id === cause} isPast=${isPast}
			isOpen=${open.has(e.id)} picked=${picked.has(e.id)}
			turn=${() => setOpen(toggled(open, e.id))}
			pick=${() => setPicked(toggled(picked, e.id))}/>`)}</tbody>
			</table>` : html`<${Empty}>${t('explain.no_events')}<//>`}
		<p class="pad"><a href=${'/events?range=all&q=' +
			encodeURIComponent('ip:' + x.address)}>
			${t('explain.all_events')}</a></p></section>`;
}
