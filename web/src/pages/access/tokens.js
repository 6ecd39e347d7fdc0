// Tokens, with which programs sign in.

import { html } from 'htm/preact';
import { useState } from 'preact/hooks';
import { can, del, post, session } from '../../api.js';
import { dateTime, t } from '../../i18n.js';
import { Button } from '../../parts/button.js';
import { Copy } from '../../parts/copy.js';
import { Dialog } from '../../parts/dialog.js';
import { Buttons, Check, Field, ProblemBox, useSend }
	from '../../parts/form.js';
import { Badge } from '../../parts/icon.js';
import { useList, Waiting } from '../../parts/load.js';
import { Raw } from '../../parts/raw.js';
import { Empty, Table } from '../../parts/table.js';
import { Ago } from '../../parts/time.js';
import { toast } from '../../parts/toast.js';

const DAY_MS = 86400000;
const lives = ['30', '365', 'none']; // days

const expiryOf = life => life === 'none' ? {} : { expires:
	new Date(Date.now() + life * DAY_MS).toISOString().replace(/\.\d+/, '') };

function Scopes({ chosen, set, error }) {
	return html`<fieldset class=${error ? 'bad' : ''}>
		<legend>${t('tokens.scopes')}</legend>
		${session.value.scopes.map(s => html`<${Check} key=${s}
			label=${t('scope.' + s)} checked=${chosen.includes(s)}
			onChange=${e => set(e.target.checked ? [...chosen, s] :
				chosen.filter(x => x !== s))}/>`)}
		${error && html`<p class="error" role="alert">${error}</p>`}
		</fieldset>`;
}

function Add({ close, done }) {
	const [name, setName] = useState(''), [scopes, setScopes] =
		useState(['read']), [life, setLife] = useState('365'),
		[networks, setNetworks] = useState('');
	const [send, problem, busy] = useSend(async () => {
		done(await post('/tokens', { name, scopes, ...expiryOf(life),
			networks: networks.split(/[\s,]+/).filter(Boolean) }));
	});
	const at = field => problem?.at?.(field) || undefined;
	const isSaid = ['name', 'scopes', 'networks', 'expires'].some(at);

	return html`<${Dialog} title=${t('tokens.add')} onClose=${close}>
		<form onSubmit=${send}>
		<${Field} label=${t('tokens.name')} value=${name} required autofocus
			hint=${t('tokens.name.hint')} error=${at('name')}
			onInput=${e => setName(e.target.value)}/>
		<${Scopes} chosen=${scopes} set=${setScopes} error=${at('scopes')}/>
		<${Field} as="select" label=${t('tokens.life')} value=${life}
			options=${lives.map(d => [d, t('tokens.life.' + d)])}
			error=${at('expires')} onChange=${e => setLife(e.target.value)}/>
		<${Field} label=${t('tokens.networks')} value=${networks}
			hint=${t('tokens.networks.hint')} spellcheck=${false}
			error=${at('networks')}
			onInput=${e => setNetworks(e.target.value)}/>
		${!isSaid && html`<${ProblemBox} problem=${problem}/>`}
		<${Buttons} text=${t('tokens.add')} busy=${busy}
			onCancel=${close}/></form><//>`;
}

const Secret = ({ token, close }) => html`<${Dialog} kind="wide"
	title=${t('tokens.made', { name: token.name })} onClose=${close}>
	<div class="body"><p>${t('tokens.once')}</p>
	<p class="secret"><code>${token.token}</code></p>
	<footer class="buttons"><${Copy} text=${token.token}/>
		<button type="button" class="primary" onClick=${close}>
			${t('tokens.kept')}</button></footer></div><//>`;

function Remove({ token, close, done }) {
	const [send, problem, busy] = useSend(async () => {
		await del('/tokens/' + token.id);
		toast(t('tokens.removed', { name: token.name }));
		close();
		done();
	});

	return html`<${Dialog} title=${t('tokens.remove')} onClose=${close}>
		<form onSubmit=${send}>
		<p>${t('tokens.remove.ask', { name: token.name })}</p>
		<${ProblemBox} problem=${problem}/>
		<${Buttons} kind="danger" text=${t('tokens.remove')} busy=${busy}
			onCancel=${close}/></form><//>`;
}

const isOver = x => x.expires && new Date(x.expires) < Date.now();

const columns = remove => [
	{ kind: 'first', title: t('tokens.name'), cell: x => html`
		<${Raw} text=${x.name}/> ${can('admin') && html`<small>
			<${Raw} text=${x.user}/></small>`}` },
	{ kind: 'line', title: t('tokens.scopes'),
		cell: x => x.scopes.map(s => html`<code>${s}</code> `) },
	{ title: t('tokens.networks'), label: true,
		cell: x => x.networks.join(' ') || t('tokens.anywhere') },
	{ title: t('tokens.expires'), label: true, cell: x => isOver(x) ?
		html`<${Badge} kind="bad">${t('tokens.over')}<//>` :
		x.expires ? dateTime(x.expires) : t('time.no_end') },
	{ title: t('tokens.used'), label: true, cell: x => x.last_used ?
		html`<${Ago} time=${x.last_used}/>` : t('tokens.used.never') },
	{ kind: 'acts', title: t('actions'), hidden: true, cell: x => html`
		<${Button} icon="trash-2" class="danger"
			label=${t('tokens.remove.of', { name: x.name })}
			onClick=${() => remove(x)}/>` },
];

export function Tokens() {
	const list = useList('/tokens'), [asked, ask] = useState({});
	const close = () => ask({});

	if (!list.items)
		return html`<${Waiting} problem=${list.problem} load=${list.load}/>`;
	return html`<p class="count"><span role="status">${t('tokens.count',
			{ n: list.items.length })}</span>
		<${Button} class="primary" icon="plus"
			onClick=${() => ask({ add: true })}>${t('tokens.add')}<//></p>
		${list.items.length === 0 ? html`<${Empty} icon="key-round">
			${t('tokens.none')}<//>` : html`<div class="card flush"><${Table}
			label=${t('access.tokens')} rows=${list.items}
			columns=${columns(token => ask({ token }))}/></div>`}
		${asked.add && html`<${Add} close=${close} done=${made => {
			ask({ made });
			list.load();
		}}/>`}
		${asked.made && html`<${Secret} token=${asked.made}
			close=${close}/>`}
		${asked.token && html`<${Remove} token=${asked.token} close=${close}
			done=${list.load}/>`}`;
}
