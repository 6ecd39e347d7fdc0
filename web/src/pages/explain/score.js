// The score over time, and what it is made of.

import { html } from 'htm/preact';
import { clock, dateTime, kindLabel, num, percent, t } from '../../i18n.js';
import { bare } from '../../parts/address.js';
import { Key, Share, Steps } from '../../parts/chart.js';
import { Scroll } from '../../parts/table.js';
import { blockOf } from './sentence.js';

const ms = time => new Date(time).getTime();
const iso = t => new Date(t).toISOString();

// From a little before the first event to a little behind the end.
function frame(x, c, points) {
	const first = Math.min(...points.map(p => ms(p.time)),
		...x.events.map(e => ms(e.time)));
	const end = Math.max(ms(c.at), ...points.map(p => ms(p.time)));
	const pad = Math.max(10000, (end - first) / 15);

	return { from: iso(first - pad), to: iso(end + pad) };
}

const crossing = x => x.episode?.crossed_at;

function marks(x, c) {
	return x.events.filter(e => e.running !== undefined &&
		ms(e.time) <= ms(c.at) + 1000).map(e => ({ time: e.time,
		score: e.running, kind: e.kind, isOut: e.counted === false,
		title: `${clock(e.time)} ${kindLabel(e.kind, e.label)}: ` +
			num(e.running) }));
}

export function Course({ x, c }) {
	const points = x.series ?? [];

	if (!points.length || !x.events.length)
		return null;
	const at = crossing(x), b = blockOf(x), f = frame(x, c, points);
	const to = b && Math.min(ms(f.to), ms(b.until ?? f.to));
	const isCause = c.as_of === 'block' && b;
	const words = { address: bare(x.address), score: c.score,
		threshold: c.threshold, from: dateTime(x.events[0].time),
		to: dateTime(c.at) };

	return html`<section class="card"><h2>${t('explain.course')}</h2>
		<${Steps} ...${f} points=${points} threshold=${c.threshold}
			marks=${marks(x, c)} alt=${t('explain.course.alt', words)}
			thresholdLabel=${t('explain.threshold', { n: c.threshold })}
			shade=${isCause && ms(b.from) < to ?
				{ from: b.from, to: iso(to) } : null}
			crossed=${at && isCause ? { time: at, score: c.score,
				label: t('explain.crossed_at', { time: clock(at) }) } :
				null}/>
		<ul class="legend"><li>${t('explain.legend.line')}</li>
			${x.events.some(e => e.counted === false) &&
				html`<li><svg class="key" width="12" height="12"
				aria-hidden="true"><circle class="ev-out" cx="6" cy="6"
				r="4"/></svg>${t('explain.legend.out')}</li>`}</ul></section>`;
}

const Row = ({ r }) => html`<tr><th scope="row"><${Key} kind=${r.kind}/>
	${kindLabel(r.kind, r.label)}${r.trusted > 0 && html` <small>
		${t('explain.trusted', { n: r.trusted,
			percent: percent(r.trusted_percent / 100) })}</small>`}</th>
	<td class="num">${num(r.count)}</td>
	<td class="num">× ${num(r.points)}</td>
	<td class="num">${num(r.total)}</td>
	<td class="share"><${Share} percent=${r.share} kind=${r.kind}/>
		${percent(r.share / 100)}</td></tr>`;

// 12 × 50 + 5 × 50 + 2 × 100 = 1 050
export function Contributions({ c }) {
	const rows = c.contributions;

	if (!rows.length)
		return null;
	const name = t('explain.parts.' + c.component);
	return html`<section class="card"><h2>${name}</h2>
		<${Scroll} label=${name}><table class="plain shares"><thead><tr>
			<th scope="col">${t('col.event')}</th>
			<th scope="col" class="num">${t('col.count')}</th>
			<th scope="col" class="num">${t('col.each')}</th>
			<th scope="col" class="num">${t('col.points')}</th>
			<th scope="col" class="share">${t('col.share')}</th></tr></thead>
		<tbody>${rows.map(r => html`<${Row} r=${r}/>`)}</tbody>
		<tfoot><tr><th scope="row">${t('explain.total')}</th>
			<td class="num">${num(rows.reduce((n, r) => n + r.count, 0))}</td>
			<td></td><td class="num">${num(c.score)}</td>
			<td class="share">${t('explain.of', { n: c.threshold })}</td>
		</tr></tfoot></table><//></section>`;
}
