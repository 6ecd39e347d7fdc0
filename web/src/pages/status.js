// Status: the daemon, its sources, what it keeps.

import { html } from 'htm/preact';
import { useLive } from '../live.js';
import { exact, has, num, span, t } from '../i18n.js';
import { Copy } from '../parts/copy.js';
import { Badge, Icon } from '../parts/icon.js';
import { useGet, Waiting } from '../parts/load.js';
import { Head } from '../parts/page.js';
import { Raw } from '../parts/raw.js';
import { SourceTable } from './settings/sources.js';

const MIB = 1048576;

const Facts = ({ rows }) => html`<dl class="facts">${rows
	.filter(([, value]) => value !== undefined && value !== null)
	.map(([name, value]) => html`<dt>${t('status.' + name)}</dt>
		<dd>${typeof value === 'number' ? num(value) : value}</dd>`)}</dl>`;

const Daemon = ({ s }) => html`<section class="card">
	<h2>${t('status.daemon')}</h2><${Facts} rows=${[
		['version', s.version],
		['state', html`<${Badge} kind=${s.state === 'running' ? 'good' :
			'warn'}>${t('status.state.' + s.state)}<//>`],
		['mode', t('set.mode.' + s.mode)],
		['started', exact(s.started)],
		['uptime', span((new Date(s.now) - new Date(s.started)) / 1000)],
		['now', exact(s.now)]]}/></section>`;

const Engine = ({ s }) => html`<section class="card">
	<h2>${t('status.engine')}</h2><${Facts} rows=${[
		['blocks', s.blocks], ['never', s.never],
		['tracked.ipv4', s.tracked?.ipv4], ['tracked.ipv6', s.tracked?.ipv6],
		['evicted', s.tracked?.evicted],
		['memory', s.tracked && t('status.mib',
			{ n: Math.round(s.tracked.bytes / MIB) })]]}/></section>`;

const Store = ({ s }) => html`<section class="card">
	<h2>${t('status.store')} ${s.errors > 0 && html`<${Badge} kind="bad">
		${t('status.errors', { n: s.errors })}<//>`}</h2>
	${s.last_error && html`<p class="banner bad" role="alert">
		<${Icon} name="triangle-alert"/><span>
		<${Raw} text=${s.last_error}/></span></p>`}
	${s.notice && html`<p class="banner warn"><${Icon} name="info"/><span>
		<${Raw} text=${s.notice}/></span></p>`}
	<${Facts} rows=${[['stored', s.stored], ['queued', s.queued_bytes],
		['shed', s.shed], ['size', s.bytes !== undefined ? t('status.mib',
			{ n: Math.round(s.bytes / MIB) }) : null]]}/></section>`;

const Outcomes = ({ s }) => html`<section class="card">
	<h2>${t('status.outcomes')}</h2><dl class="facts">
	${Object.entries(s.outcomes).map(([name, n]) => html`
		<dt>${t('events.outcome.' + name)}</dt>
		<dd>${num(n)}</dd>`)}</dl></section>`;

// A hook's own counters have the names of the API.
const Hook = ({ hook }) => html`<details class="hook"><summary><span class="row">
	<${Badge} kind=${hook.is_running ? 'good' : 'bad'}>
		${t(hook.is_running ? 'sources.state.running' :
			'sources.state.stopped')}<//>
	<strong><${Raw} text=${hook.source}/></strong>
	<span class="muted">${has('sources.kind.' + hook.hook) ?
		t('sources.kind.' + hook.hook) : hook.hook}</span></span></summary>
	<dl class="facts">${Object.entries(hook)
		.filter(([, n]) => typeof n === 'number')
		.map(([name, n]) => html`<dt><code>${name}</code></dt>
			<dd>${num(n)}</dd>`)}</dl>
	${hook.files?.map(f => html`<p><${Raw} text=${f.path}/> ${f.is_open ?
		html`<span class="muted">${t('status.lag',
			{ n: f.lag_bytes })}</span>` : html`<${Badge} kind="bad">
			${t('status.file.closed')}<//>`}</p>`)}</details>`;

export function Status() {
	const { data, problem, load } = useGet('/status');
	const overview = useGet('/overview');

	useLive('stats', load);
	if (!data)
		return html`<${Head} title=${t('nav.status')}/><${Waiting}
			problem=${problem} load=${load}/>`;
	return html`<${Head} title=${t('nav.status')}>
			<${Copy} text=${JSON.stringify(data, null, '  ')}/><//>
		${overview.data?.problems?.map(p => html`<p key=${p.code}
			class="banner ${p.level === 'error' ? 'bad' : 'warn'}">
			<${Icon} name="triangle-alert"/><span>${has('problems.' + p.code) ?
				t('problems.' + p.code) : p.text}</span></p>`)}
		<div class="columns"><${Daemon} s=${data}/><${Engine} s=${data}/>
			<${Store} s=${data.store}/><${Outcomes} s=${data}/></div>
		<h2>${t('settings.sources')}</h2>
		${overview.data && html`<${SourceTable}
			items=${overview.data.sources}/>`}
		<section class="card">${data.hooks?.map(h => html`<${Hook}
			key=${h.hook + h.source} hook=${h}/>`)}</section>`;
}
