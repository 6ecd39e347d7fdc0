import { html } from 'htm/preact';
import { useState } from 'preact/hooks';
import { get, params, patch } from '../api.js';
import { dateTime, hourMinute, kindLabel, num, percent, t } from '../i18n.js';
import { stats, useLive } from '../live.js';
import { go, query, withQuery } from '../router.js';
import { Address } from '../parts/address.js';
import { Button } from '../parts/button.js';
import { Bars, Key, Share } from '../parts/chart.js';
import { Icon } from '../parts/icon.js';
import { useGet, Waiting } from '../parts/load.js';
import { Head } from '../parts/page.js';
import { Tabs } from '../parts/tabs.js';
import { Empty } from '../parts/table.js';
import { Ago } from '../parts/time.js';
import { toast } from '../parts/toast.js';
import { reason } from '../parts/why.js';

const bars = 96;
const ranges = { '1h': 3600, '24h': 86400, '7d': 604800, '30d': 2592000 };


function Tiles({ data }) {
	const tiles = [
		['blocked', 'shield-ban', '/blocks'],
		['events_24h', 'scroll-text', '/events?since=24h'],
		['blocks_24h', 'clock', '/blocks?state=all&q=since:24h'],
		['locked', 'user-lock', '/accounts'],
		['near', 'gauge', '#near'],
	];

	return html`<ul class="tiles">${tiles.map(([name, icon, to]) => html`
		<li><a href=${to} onClick=${to === '#near' ? e => {
			e.preventDefault();
			document.getElementById('near').focus();
		} : undefined}><${Icon} name=${icon}/>
			<strong>${data[name] === null ? '…' : num(data[name])}</strong>
			<span>${t('overview.' + name)}</span></a></li>`)}</ul>`;
}

// Only watching: what would happen is shown, and how to begin.
function Observing({ data, load }) {
	const [busy, setBusy] = useState(false);
	const enforce = async () => {
		setBusy(true);
		try {
			const settings = await get('/settings');
			await patch('/settings', { mode: 'enforce' }, settings.etag);
			toast(t('overview.enforcing'));
			load();
		} catch (e) {
			toast(e.message);
		}
		setBusy(false);
	};

	if (data.mode !== 'observe')
		return null;
	return html`<div class="banner warn"><${Icon} name="eye"/>
		<span>${t('overview.observe', { n: data.blocked })}
		${data.observe_until && ' ' + t('overview.observe_until',
			{ time: dateTime(data.observe_until) })}</span>
		<${Button} scope="config:write" disabled=${busy} onClick=${enforce}>
			${t('overview.enforce')}<//></div>`;
}

const Problems = ({ rows = [] }) => rows.map(p => html`
	<p class="banner ${p.level === 'error' ? 'bad' : 'warn'}" role="status">
		<${Icon} name="triangle-alert"/><span>${p.text}</span></p>`);

// Frequent kinds first; they are the bottom of the stack.
function totals(series) {
	const sums = {};

	for (const b of series.buckets) {
		for (const [kind, n] of Object.entries(b.counts))
			sums[kind] = (sums[kind] ?? 0) + n;
	}
	return Object.entries(sums).sort((a, b) => b[1] - a[1]);
}

function Chart() {
	const range = query.value.get('range') in ranges ?
		query.value.get('range') : '24h';
	const [to] = useState(() => Math.floor(Date.now() / 60000) * 60);
	const { data, problem, load } = useGet('/stats/series' + params({
		by: 'kind', from: iso(to - ranges[range]), to: iso(to),
		step: Math.ceil(ranges[range] / bars / 60) * 60 }));
	const sums = data ? totals(data) : [];
	const all = sums.reduce((n, [, x]) => n + x, 0);
	const largest = data?.buckets.reduce((best, b) => {
		const n = Object.values(b.counts).reduce((x, y) => x + y, 0);
		return n > best.n ? { n, time: b.time } : best;
	}, { n: 0 });

	return html`<section class="card"><div class="row between">
		<h2>${t('overview.chart')}</h2><${Tabs}
			label=${t('overview.range')} tabs=${Object.keys(ranges).map(r =>
			[withQuery({ range: r === '24h' ? null : r }),
				t('range.' + r), r === range])}/></div>
		${!data ? html`<${Waiting} problem=${problem} load=${load}/>` : html`
			<${Bars} buckets=${data.buckets} step=${data.step}
				from=${data.from} to=${data.to} kinds=${sums.map(s => s[0])}
				alt=${t('overview.chart.alt', { n: all, max: largest.n,
					time: hourMinute(largest.time) })}
				onRange=${(a, b) => go('/events' + params({
					since: iso(a), until: iso(b) }))}/>
			${sums.length ? html`<ul class="legend">${sums.map(([k, n]) =>
				html`<li><${Key} kind=${k}/><a href=${'/events?q=kind:' + k}>
					${kindLabel(k)}</a> ${num(n)}</li>`)}</ul>` :
			html`<p class="muted">${t('overview.quiet')}</p>`}`}</section>`;
}

const iso = s => new Date(Math.round(s) * 1000).toISOString()
	.replace('.000', '');

const Newest = ({ rows }) => html`<section class="card">
	<h2><${Icon} name="shield-ban"/>${t('overview.newest')}</h2>
	${rows.length === 0 ? html`<${Empty}>${t('overview.none')}<//>` : html`
	<ul class="feed">${rows.map(b => html`<li key=${b.id}>
		<${Address} value=${b.address} href=${'/blocks/' + b.id}/>
		<${Ago} time=${b.from}/><span>${reason(b)}</span></li>`)}</ul>`}
	</section>`;

const Near = ({ rows }) => html`<section class="card">
	<h2 id="near" tabindex="-1"><${Icon} name="gauge"/>
		${t('overview.near_title')}</h2>
	${rows.length === 0 ? html`<${Empty}>${t('overview.near_none')}<//>` :
	html`<ul class="feed">${rows.map(r => html`<li key=${r.address}>
		<${Address} value=${r.address}/>
		<span class="at row"><${Share} percent=${r.percent}
			kind="relay_denied"/>${percent(r.percent / 100)}</span>
		<span>${t('why.' + r.component, { score: r.score,
			threshold: r.threshold, n: r.score })}</span>
		</li>`)}</ul>`}</section>`;

const Sources = ({ rows }) => html`<section class="card">
	<h2><${Icon} name="activity"/>${t('overview.sources')}</h2>
	${rows.length === 0 ? html`<p class="muted">${t('overview.no_sources')}</p>` :
	html`<ul class="feed">${rows.map(s => html`<li>
		<span class="row"><${Icon} name=${s.state === 'running' ?
			'circle-check' : 'triangle-alert'}/>
			<strong>${s.name || s.kind}</strong></span>
		<span class="muted">${s.state === 'running' ?
			t('overview.source', { lines: s.lines, unknown: s.unknown }) :
			t('overview.stopped')}</span>
		${s.last && html`<${Ago} time=${s.last}/>`}</li>`)}</ul>`}
	<p><a href="/status">${t('overview.status')}</a></p></section>`;

const Hints = ({ n }) => n > 0 && html`<p class="banner warn">
	<${Icon} name="lightbulb"/><span>${t('overview.hints', { n })}</span>
	<a href="/blocks?q=hint:any">${t('overview.hints_show')}</a></p>`;

export function Overview() {
	const { data, problem, load } = useGet('/overview');
	const [due, setDue] = useState(0);

	// A burst of blocks is one reading anew.
	useLive('block', () => {
		if (due && Date.now() - due < 1500)
			return;
		setDue(Date.now());
		setTimeout(load, 1500);
	});
	useLive('reset', load);
	if (!data)
		return html`<${Head} title=${t('nav.overview')}/>
			<${Waiting} problem=${problem} load=${load}/>`;
	const d = { ...data, ...stats.value };
	return html`<${Head} title=${t('nav.overview')}/>
		<${Observing} data=${d} load=${load}/><${Problems} rows=${d.problems}/>
		<${Hints} n=${d.hints}/><${Tiles} data=${d}/><${Chart}/>
		<div class="columns"><${Newest} rows=${data.newest}/>
			<${Near} rows=${data.near_list ?? []}/></div>
		<${Sources} rows=${data.sources ?? []}/>`;
}
