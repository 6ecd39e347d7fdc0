// One account: its locks, and who logged in to it or tried.

import { html } from 'htm/preact';
import { useState } from 'preact/hooks';
import { params } from '../api.js';
import { dateTime, num, t } from '../i18n.js';
import { Address } from '../parts/address.js';
import { Icon } from '../parts/icon.js';
import { useGet, Waiting } from '../parts/load.js';
import { Head } from '../parts/page.js';
import { Table } from '../parts/table.js';
import { Crumbs } from '../parts/tabs.js';
import { Ago } from '../parts/time.js';
import { quote } from '../search.js';
import { Locks } from './locks.js';

const DAYS = 7;
const SPAN_MS = DAYS * 86400000;
const WIDTH = 700, HEIGHT = 40, MARK = 3;

const isLogin = e => ['auth_failure', 'login_failure', 'login_success']
	.includes(e.kind);
// One act that several sources told of is one.
const times = e => e.outcome === 'joined' ? 0 : Math.max(1, e.count);
const isGood = e => e.kind === 'login_success';

// By address, the newest first: [{ address, ok, failed, last }].
export function byAddress(events) {
	const rows = new Map();

	for (const e of events.filter(isLogin)) {
		const row = rows.get(e.address) ??
			{ address: e.address, ok: 0, failed: 0, last: e.time };

		row[isGood(e) ? 'ok' : 'failed'] += times(e);
		rows.set(e.address, row);
	}
	return [...rows.values()];
}

// Successes stand above the line, failures below it.
function Strip({ events, from }) {
	const logins = events.filter(isLogin);
	const good = logins.filter(isGood).length;
	const x = e => (new Date(e.time) - from) / SPAN_MS * (WIDTH - MARK);

	return html`<figure class="strip"><svg role="img" height=${HEIGHT}
		viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none"
		aria-label=${t('account.strip', { ok: good,
			failed: logins.length - good, days: DAYS })}>
		<line x1="0" x2=${WIDTH} y1=${HEIGHT / 2} y2=${HEIGHT / 2}/>
		${logins.map(e => html`<rect class=${isGood(e) ? 'good' : 'bad'}
			x=${x(e).toFixed(1)} width=${MARK} height=${HEIGHT / 2 - 4}
			y=${isGood(e) ? 2 : HEIGHT / 2 + 2}/>`)}</svg>
		<figcaption class="row between"><span>${dateTime(from)}</span>
		<span class="row"><span class="good">${t('account.above')}</span>
		<span class="bad">${t('account.below')}</span></span>
		<span>${t('account.now')}</span></figcaption></figure>`;
}

const columns = () => [
	{ kind: 'first', title: t('account.address'),
		cell: r => html`<${Address} value=${r.address}/>` },
	{ kind: 'num', title: t('account.ok'), label: true,
		cell: r => num(r.ok) },
	{ kind: 'num', title: t('account.failed'), label: true,
		cell: r => num(r.failed) },
	{ title: t('account.last'), label: true,
		cell: r => html`<${Ago} time=${r.last}/>` },
];

export function Account({ name }) {
	const [from] = useState(() => new Date(Date.now() - SPAN_MS));
	const one = useGet('/accounts/' + encodeURIComponent(name));
	const log = useGet('/events' + params({ account: name, limit: 1000,
		since: from.toISOString().replace(/\.\d+/, '') }));
	const rows = byAddress(log.data?.items ?? []);

	return html`<${Crumbs} label=${t('crumbs')} here=${name}
			up=${[['/accounts', t('nav.accounts')]]}/>
		<${Head} title=${t('account.title', { name })}>
			<a class="button" href=${'/events?range=7d&q=' +
				encodeURIComponent('account:' + quote(name))}>
				<${Icon} name="scroll-text"/>${t('account.events')}</a><//>
		<section class="card"><h2>${t('account.logins', { days: DAYS })}</h2>
			${!log.data ? html`<${Waiting} problem=${log.problem}
				load=${log.load}/>` : rows.length === 0 ?
				html`<p class="muted">${t('account.none')}</p>` :
				html`<${Strip} events=${log.data.items} from=${from}/>
					<${Table} label=${t('account.addresses')}
						columns=${columns()} rows=${rows}
						rowKey=${r => r.address}/>`}</section>
		<h2>${t('account.locks')}</h2>
		${one.data ? html`<${Locks} items=${one.data.locks}
			done=${one.load}/>` : html`<${Waiting} problem=${one.problem}
			load=${one.load}/>`}`;
}
