// What should be known before one decides, with what speaks for it.

import { html } from 'htm/preact';
import { session } from '../../api.js';
import { has, num, percent, span, t } from '../../i18n.js';
import { Button } from '../../parts/button.js';
import { Badge, Icon } from '../../parts/icon.js';
import { Raw } from '../../parts/raw.js';
import { blockOf } from './sentence.js';

// Numbers of the evidence as they are read.
const shown = {
	interval_s: span, after_s: span,
	share: n => percent(n > 1 ? n / 100 : n),
};

const values = h => ({ ...h.evidence, account: h.account ?? '',
	prefix: h.prefix ?? '', address: session.value.address,
	...Object.fromEntries(Object.entries(h.evidence ?? {})
		.filter(([k]) => shown[k]).map(([k, v]) => [k, shown[k](v)])) });

const Evidence = ({ h, address }) => html`<p class="evidence">
	${Object.entries(h.evidence ?? {}).map(([name, n]) => html`<span>
		${t('evidence.' + name)} <strong>
		${(shown[name] ?? num)(n)}</strong></span>`)}
	${h.account && html`<span>${t('evidence.account')} <a
		href=${'/accounts?name=' + encodeURIComponent(h.account)}><${Raw}
		text=${h.account}/></a></span>`}
	<a href=${'/events?range=all&q=' + encodeURIComponent('ip:' + address +
		(h.account ? ` account:"${h.account}"` : ''))}>
		${t('hint.events')}</a></p>`;

// What can be done at once; the rest is advice in words.
const deeds = {
	unblock: { icon: 'trash-2', scope: 'blocks:write',
		open: (x, b) => b?.state === 'active' && { remove: [b] } },
	never_add: { icon: 'shield-check', scope: 'never:write',
		open: x => x.state !== 'never' && { never: x } },
	extend: { icon: 'calendar-clock', scope: 'blocks:write',
		open: (x, b) => b?.state === 'active' && { extend: [b] } },
	shorten: { icon: 'calendar-clock', scope: 'blocks:write',
		open: (x, b) => b?.state === 'active' && { extend: [b] } },
	block_network: { icon: 'shield-ban', scope: 'blocks:write',
		open: (x, b, h) => ({ block: h.prefix }) },
};

function Suggestion({ name, h, x, act }) {
	const deed = deeds[name], open = deed?.open(x, blockOf(x), h);

	if (!deed)
		return html`<li>${t('suggest.' + name)}</li>`;
	return open && html`<li><${Button} class="small" icon=${deed.icon}
		scope=${deed.scope} onClick=${() => act(open)}>
		${t('suggest.' + name)}<//></li>`;
}

const Hint = ({ h, x, act }) => html`<li class="hint-item">
	<p><strong>${has('hint.' + h.kind) ? t('hint.' + h.kind, values(h)) :
		h.kind}</strong> <${Badge} kind=${h.side === 'hostile' ? 'bad' :
		'warn'}>${t('confidence.' + h.confidence)}<//></p>
	<${Evidence} h=${h} address=${x.address}/>
	<ul class="suggest">${(h.suggested ?? []).map(name => html`
		<${Suggestion} name=${name} h=${h} x=${x} act=${act}/>`)}</ul></li>`;

export function Hints({ rows, x, act }) {
	const sides = ['innocent', 'hostile'].map(side =>
		[side, rows.filter(h => (h.side ?? 'innocent') === side)]);

	return sides.map(([side, list]) => list.length > 0 && html`
		<section class="card hints ${side}"><h2><${Icon}
			name=${side === 'hostile' ? 'shield-alert' : 'lightbulb'}/>
			${t('hints.' + side)}</h2><ul>${list.map(h => html`
			<${Hint} h=${h} x=${x} act=${act}/>`)}</ul></section>`);
}
