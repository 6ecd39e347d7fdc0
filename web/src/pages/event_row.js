// One row of the event log, and what is known about the event.

import { html } from 'htm/preact';
import { post } from '../api.js';
import { clock, dateTime, exact, kindLabel, num, t } from '../i18n.js';
import { Address } from '../parts/address.js';
import { Button } from '../parts/button.js';
import { ProblemBox, useSend } from '../parts/form.js';
import { Badge, Icon } from '../parts/icon.js';
import { Raw } from '../parts/raw.js';
import { toast } from '../parts/toast.js';
import { query, setQuery, withQuery } from '../router.js';
import { only } from '../search.js';

export const COLUMNS = 8;
const HALF_DAY = 43200000;

const icons = { auth_failure: 'key-round', login_failure: 'key-round',
	login_success: 'circle-check', relay_denied: 'shield-alert',
	bad_recipient: 'user-x', spam: 'triangle-alert',
	virus: 'triangle-alert', probe: 'eye', rate: 'gauge' };

export const Kind = ({ event }) => html`<span class="kind">
	<${Icon} name=${icons[event.kind] ?? 'activity'}/>
	${kindLabel(event.kind, event.label)}</span>`;

// What became of it, unless it is the usual.
function Became({ event }) {
	if (event.forgiven)
		return html`<${Badge}>${t('events.forgiven')}<//>`;
	if (event.cause)
		return html`<${Badge} kind="bad" icon="shield-ban">
			${t('events.cause')}<//>`;
	if (event.locked)
		return html`<${Badge} kind="warn" icon="user-lock">
			${t('events.locked')}<//>`;
	return event.outcome !== 'scored' && html`<${Badge}>
		${t('events.outcome.' + event.outcome)}<//>`;
}

function reasons(event) {
	const why = [event.forgiven ? 'forgiven' : event.outcome];

	return [...why, ...['cause', 'locked', 'trusted', 'summary']
		.filter(x => event[x])].map(x => t('events.why.' + x));
}

const facts = event => [
	['time', exact(event.time)],
	['kind', html`${kindLabel(event.kind, event.label)}
		<code> ${event.kind}</code>, ${event.event}`],
	['address', html`<${Address} value=${event.address}/>`],
	['account', html`<${Raw} text=${event.account}/>`, !!event.account],
	['service', html`<${Raw} text=${event.service}/>`, !!event.service],
	['source', html`<${Raw} text=${event.source}/>`, !!event.source],
	['session', html`<${Raw} text=${event.session}/>`, !!event.session],
	['helo', html`<${Raw} text=${event.helo}/>`, !!event.helo],
	['count.of', num(event.count), event.count > 1],
	['points', num(event.points)],
	['number', String(event.id)],
];

const narrowed = (field, value) => withQuery({ id: null,
	q: only(query.value.get('q') ?? '', field, value) });

function Narrow({ event }) {
	const fields = [['ip', event.address], ['account', event.account],
		['session', event.session]];

	return fields.filter(([, value]) => value).map(([field, value]) => html`
		<a class="button" href=${narrowed(field, value)}>
			<${Icon} name="list-filter"/>${t('events.only.' + field)}</a>`);
}

function Reading({ event, onForgiven }) {
	const [forgive, problem, busy] = useSend(async () => {
		await post('/events/forgive', { ids: [event.id] });
		toast(t('events.forgave'));
		onForgiven();
	});
	const counts = event.outcome === 'scored' && !event.forgiven;

	return html`<div class="reading"><h2>${t('events.raw')}</h2>
		<pre>${event.detail ? html`<${Raw} text=${event.detail}/>` :
			t('events.raw.none')}</pre>
		<h2>${t('events.read')}</h2>
		<p>${reasons(event).join(' ')}</p>
		<dl class="facts">${facts(event)
			.filter(([, , show = true]) => show)
			.map(([name, value]) => html`<dt>${t('events.' + name)}</dt>
				<dd>${value}</dd>`)}</dl>
		<${ProblemBox} problem=${problem}/>
		<p class="row"><a class="button" href=${'/addresses/' +
				encodeURIComponent(event.address)}>
			<${Icon} name="lightbulb"/>${t('events.explain')}</a>
			<${Narrow} event=${event}/>
			${counts && html`<${Button} icon="eraser"
				scope="blocks:write" disabled=${busy}
				onClick=${forgive}>${t('events.forgive')}<//>`}</p></div>`;
}

export function Row({ event, isOpen, onForgiven }) {
	const id = 'event-' + event.id;
	const isOld = Date.now() - new Date(event.time) > HALF_DAY;
	const turn = () => setQuery({ id: isOpen ? null : event.id },
		{ replace: true });

	return html`<tr role="row" class=${isOpen ? 'marked' : ''} onDblClick=${turn}>
		<td role="cell" class="open"><button type="button" class="ghost"
			aria-expanded=${isOpen} aria-controls=${isOpen ? id : undefined}
			aria-label=${t('events.open', { n: event.id })} onClick=${turn}>
			<${Icon} name=${isOpen ? 'chevron-down' : 'chevron-right'}/>
			</button></td>
		<td role="cell" class="first"><${Kind} event=${event}/> <${Became}
			event=${event}/></td>
		<td role="cell"><time datetime=${event.time} title=${exact(event.time)}>
			${isOld ? dateTime(event.time) : clock(event.time)}</time></td>
		<td role="cell"><${Address} value=${event.address}/></td>
		<td role="cell" class="account"><${Raw} text=${event.account}/></td>
		<td role="cell" class="service"><${Raw} text=${event.service}/></td>
		<td role="cell" class="num" data-label=${t('events.points')}>
			${num(event.points)}</td>
		<td role="cell" class="line detail"><${Raw} text=${event.detail}/></td></tr>
		${isOpen && html`<tr role="row" id=${id}><td role="cell" class="line"
			colspan=${COLUMNS}><${Reading} event=${event}
			onForgiven=${onForgiven}/></td></tr>`}`;
}
