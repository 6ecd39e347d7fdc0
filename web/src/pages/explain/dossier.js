// Who this address is, as far as this server knows.

import { html } from 'htm/preact';
import { params } from '../../api.js';
import { num, t } from '../../i18n.js';
import { Address, bare } from '../../parts/address.js';
import { Icon } from '../../parts/icon.js';
import { useGet } from '../../parts/load.js';
import { Raw } from '../../parts/raw.js';
import { Scroll } from '../../parts/table.js';
import { Ago, Until } from '../../parts/time.js';
import { Origin, reason, State } from '../../parts/why.js';

const Accounts = ({ rows }) => html`<h3>${t('dossier.accounts')}</h3>
	<${Scroll} label=${t('dossier.accounts')}><table class="plain"><thead>
		<tr><th scope="col">${t('col.account')}</th>
		<th scope="col" class="num">${t('col.ok')}</th>
		<th scope="col" class="num">${t('col.failed')}</th>
		<th scope="col">${t('col.last')}</th></tr></thead>
	<tbody>${rows.map(a => html`<tr><th scope="row"><a
		href=${'/accounts?name=' + encodeURIComponent(a.account)}>
		<${Raw} text=${a.account}/></a></th>
		<td class="num">${num(a.ok)}</td><td class="num">${num(a.failed)}</td>
		<td><${Ago} time=${a.last}/></td></tr>`)}</tbody></table><//>`;

const Neighbours = ({ rows }) => html`<h3>${t('dossier.neighbours')}</h3>
	<ul class="feed">${rows.slice(0, 5).map(n => html`<li><${Address} value=${n.address}/>
		<span>${t('dossier.n_events', { n: n.events })}</span></li>`)}</ul>`;

const facts = d => [
	['host', d.host && html`<${Raw} text=${d.host}/>`],
	['network', d.network && html`<span class="addr">${d.network}</span>`],
	['events', d.events !== undefined && num(d.events)],
	['first', d.first && html`<${Ago} time=${d.first}/>`],
	['last', d.last && html`<${Ago} time=${d.last}/>`],
	['logins_ok', num(d.logins_ok ?? 0)],
	['logins_failed', d.logins_failed !== undefined && num(d.logins_failed)],
	['earlier_blocks', d.earlier_blocks !== undefined &&
		num(d.earlier_blocks)],
];

export const Dossier = ({ x }) => x.dossier && html`<section class="card">
	<h2><${Icon} name="globe"/>${t('dossier')}</h2>
	<dl class="facts">${facts(x.dossier).filter(f => f[1]).map(([k, v]) =>
		html`<dt>${t('dossier.' + k)}</dt><dd>${v}</dd>`)}</dl>
	${x.dossier.accounts?.length > 0 &&
		html`<${Accounts} rows=${x.dossier.accounts}/>`}
	${x.dossier.neighbours?.length > 0 &&
		html`<${Neighbours} rows=${x.dossier.neighbours}/>`}</section>`;

export function Earlier({ address }) {
	const { data } = useGet('/blocks' + params({ address: bare(address),
		state: 'all', limit: 20 }));
	const rows = data?.items ?? [];

	return rows.length > 0 && html`<section class="card">
		<h2><${Icon} name="history"/>${t('earlier')}</h2>
		<${Scroll} label=${t('earlier')}><table class="plain"><thead><tr>
			<th scope="col">${t('col.blocked')}</th>
			<th scope="col">${t('col.address')}</th>
			<th scope="col">${t('col.why')}</th>
			<th scope="col">${t('col.origin')}</th>
			<th scope="col">${t('col.expires')}</th></tr></thead>
		<tbody>${rows.map(b => html`<tr><td><a href=${'/blocks/' + b.id}>
			<${Ago} time=${b.from}/></a></td>
			<td class="addr">${bare(b.address)}</td>
			<td><${Raw} text=${reason(b)}/> <${State} row=${b}/></td>
			<td><${Origin} row=${b}/></td>
			<td><${Until} row=${b}/></td></tr>`)}</tbody></table><//>
		</section>`;
}
