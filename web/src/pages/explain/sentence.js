// The answer in one sentence, and what it is taken from.

import { html } from 'htm/preact';
import { dateTime, span, t, tx } from '../../i18n.js';
import { bare } from '../../parts/address.js';
import { Raw } from '../../parts/raw.js';

// The entry that is explained, or the one that holds.
export const blockOf = x => x.blocks?.find(b => b.id === x.explained) ??
	x.blocks?.[0];

// The component that is shown.
export const explained = x =>
	x.components.find(c => c.component === x.component) ?? x.components[0];

const because = c => t('explain.because.' + c.component, { score: c.score,
	threshold: c.threshold, period: span(c.period), n: c.score });

function byHand(b) {
	const values = { address: bare(b.address), time: dateTime(b.from),
		by: html`<${Raw} text=${b.by}/>`,
		note: html`<${Raw} text=${b.note}/>` };

	return tx(b.note ? 'explain.by_hand_note' : 'explain.by_hand', values);
}

function automatic(x, b) {
	const c = explained(x), isLive = b.state === 'active';
	const key = x.mode === 'observe' && isLive ? 'explain.would' :
		isLive ? 'explain.is' : 'explain.was';

	return tx(key, { address: bare(b.address), time: dateTime(b.from),
		because: because(c) });
}

// What happened after the score was reached, and how it ended.
function More({ x, b }) {
	const e = x.episode;

	return html`${e && e.crossed_at !== e.enforced_at && e.enforced_at &&
			html` ${t('explain.crossed', { crossed: dateTime(e.crossed_at),
				enforced: dateTime(e.enforced_at) })}`}
		${b?.state === 'removed' && html` ${tx('explain.removed', {
			by: html`<${Raw} text=${b.removed_by}/>`,
			time: dateTime(b.removed) })}`}
		${b?.state === 'expired' && html` ${t('explain.expired',
			{ time: dateTime(b.until) })}`}
		${x.exact === false && html` <small>${t('explain.inexact')}</small>`}`;
}

export function Sentence({ x }) {
	const b = blockOf(x), address = bare(x.address);

	if (x.state === 'never')
		return html`<p class="lead">${tx(x.never.note ?
			'explain.never_note' : 'explain.never', { address,
			entry: bare(x.never.address),
			note: html`<${Raw} text=${x.never.note}/>` })}</p>`;
	if (b)
		return html`<p class="lead">${b.origin === 'manual' ? byHand(b) :
			automatic(x, b)}<${More} x=${x} b=${b}/></p>`;
	return html`<p class="lead">${t('explain.not', { address })} ${
		x.components.map(c => t('explain.stands.' + c.component, {
			score: c.score, threshold: c.threshold, n: c.score,
			period: span(c.period) })).join(' ')}</p>`;
}
