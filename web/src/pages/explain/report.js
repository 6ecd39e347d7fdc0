// The explanation as text, for a ticket or for who runs the address.

import { exact, kindLabel, num, span, t } from '../../i18n.js';
import { bare } from '../../parts/address.js';
import { blockOf, explained } from './sentence.js';

const line = e => [e.time, kindLabel(e.kind, e.label), e.detail]
	.filter(Boolean).join('  ');

export function asText(x) {
	const c = explained(x), b = blockOf(x);
	const head = [bare(x.address) + ': ' + t('explain.state.' + x.state),
		b && t('report.since', { time: exact(b.from) }),
		b?.until && t('report.until', { time: exact(b.until) }),
		c && t('explain.because.' + c.component, { score: c.score,
			n: c.score, threshold: c.threshold,
			period: span(c.period) })];
	const parts = (c?.contributions ?? []).map(r =>
		`${num(r.count)} × ${num(r.points)} = ${num(r.total)}  ` +
		kindLabel(r.kind, r.label));

	return [...head.filter(Boolean), '', ...parts, '',
		...x.events.map(line)].join('\n');
}

// Times are UTC; nothing about this server's users is told.
export const abuseReport = x => [t('report.abuse',
	{ address: bare(x.address), host: location.hostname }), '',
...x.events.map(e => `${e.time}  ${bare(e.address)}  ${e.kind}  ` +
	(e.service ?? '')), ''].join('\n');
