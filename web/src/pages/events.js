// The event log: what was reported, and what became of it.

import { html } from 'htm/preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { get, params } from '../api.js';
import { kindLabel, t } from '../i18n.js';
import { useLive } from '../live.js';
import { ExportMenu } from '../parts/export.js';
import { Filter } from '../parts/filter.js';
import { Icon } from '../parts/icon.js';
import { useList, Waiting } from '../parts/load.js';
import { Head } from '../parts/page.js';
import { Period, usePeriod } from '../parts/period.js';
import { Rows } from '../parts/rows.js';
import { Empty, More } from '../parts/table.js';
import { query, setQuery } from '../router.js';
import { COLUMNS, Row } from './event_row.js';

const PAGE = 100;
const KEPT = 1000; // rows of a list that goes on by itself
const POLL_MS = 5000;
const initial = '24h';

const examples = ['ip:203.0.113.0/24', 'kind:auth_failure,relay_denied',
	'account:ann', 'service:imap', 'source:postfix', 'outcome:scored',
	'session:4fQx2B', 'helo:client.example', 'block:12', 'since:2h'];
const fields = () => [...examples.map(x =>
	[x, t('events.field.' + x.split(':')[0])]),
['-kind:login_success', t('events.field.not')]];

const facets = () => ['kind', 'service', 'source', 'account'].map(field => ({
	url: '/events/facets', field, title: t('events.' + field),
	label: field === 'kind' ? kindLabel : undefined }));

/*
 * What came after the newest row: { waiting, show }.  The stream says when
 * to look, and a clock where there is none.
 */
function useNewer({ list, search, isLive, isPaused }) {
	const [waiting, setWaiting] = useState([]), busy = useRef(false);
	const newest = waiting[0]?.id ?? list.items?.[0]?.id ?? 0;
	const isOn = isLive && !list.isOld && !list.problem;
	const look = useRef();

	look.current = async () => {
		if (busy.current || document.hidden)
			return;
		busy.current = true;
		const found = await get('/events' + params({ ...search,
			after: newest, limit: KEPT })).catch(() => null);
		busy.current = false;
		if (found?.items.length)
			setWaiting(w => [...found.items.reverse(), ...w]
				.slice(0, KEPT));
	};
	useLive('events', () => look.current(), isOn);
	useEffect(() => {
		const timer = isOn && setInterval(() => look.current(), POLL_MS);

		return () => clearInterval(timer);
	}, [isOn]);
	const show = () => {
		list.set([...waiting, ...list.items].slice(0, KEPT));
		setWaiting([]);
	};
	useEffect(() => {
		if (waiting.length && !isPaused)
			show();
	}, [waiting, isPaused]);
	return { waiting: isPaused ? waiting.length : 0, show };
}

function count({ items, total, more }) {
	return t(total?.exact ?? !more ? 'events.count' : 'events.count.least',
		{ n: total?.value ?? items.length });
}

function Table({ list, search, isPaused, isLive }) {
	const newer = useNewer({ list, search, isLive, isPaused });
	const opened = Number(query.value.get('id'));

	return html`<p class="count" role="status">${count(list)}
		${newer.waiting > 0 && html`<button type="button" class="small"
			onClick=${newer.show}>${t('events.newer',
				{ n: newer.waiting })}</button>`}</p>
		${list.items.length === 0 ? html`<${Empty} icon="scroll-text">
			${t('events.none')}<//>` : html`<div class="card flush">
		<table class="data events" role="table"><thead role="rowgroup">
			<tr role="row"><th role="columnheader" scope="col">
			<span class="sr">${t('events.details')}</span></th>
			${['kind', 'time', 'address', 'account', 'service']
				.map(c => html`<th role="columnheader" scope="col">
					${t('events.' + c)}</th>`)}
			<th role="columnheader" scope="col" class="num">
				${t('events.points')}</th>
			<th role="columnheader" scope="col">
				${t('events.detail')}</th></tr></thead>
			<${Rows} items=${list.items} columns=${COLUMNS} row=${e => html`
				<${Row} key=${e.id} event=${e} isOpen=${e.id === opened}
					onForgiven=${list.load}/>`}/></table></div>`}
		<${More} more=${list.more}/>`;
}

export function Events() {
	const q = query.value.get('q') ?? '', period = usePeriod(initial);
	const isLive = query.value.get('live') === '1';
	const [isPaused, setPaused] = useState(false);
	const search = { q, since: period.since, until: period.until };
	const list = useList('/events' + params({ ...search, limit: PAGE }));
	const isMisread = list.problem?.status === 400;

	return html`<${Head} title=${t('nav.events')}>
		<button type="button" aria-pressed=${isLive} onClick=${() => {
			setPaused(false);
			setQuery({ live: isLive ? null : '1', until: null });
		}}><${Icon} name="activity"/>${t('events.live')}</button>
		${isLive && html`<button type="button"
			onClick=${() => setPaused(!isPaused)}>
			<${Icon} name=${isPaused ? 'play' : 'pause'}/>
			${t(isPaused ? 'events.resume' : 'events.pause')}</button>`}
		<${ExportMenu} url="/events/export" params=${search}
			formats=${['csv', 'jsonl', 'txt']}/><//>
		<${Filter} value=${q} label=${t('events.search')}
			onChange=${text => setQuery({ q: text, id: null })}
			fields=${fields()} facets=${facets()}
			problem=${isMisread && list.problem}/>
		<${Period} period=${period} initial=${initial}/>
		${list.items && !list.problem ? html`<${Table} list=${list}
			search=${search} isLive=${isLive} isPaused=${isPaused}/>` :
			!isMisread && html`<${Waiting} problem=${list.problem}
				load=${list.load}/>`}`;
}
