// The first run: the first user, whom never to block, whether to begin.

import { html } from 'htm/preact';
import { useEffect, useState } from 'preact/hooks';
import { post } from '../api.js';
import { t } from '../i18n.js';
import { signedIn } from '../enter.js';
import { Alone } from '../parts/alone.js';
import { Buttons, Check, Field, ProblemBox, useSend } from '../parts/form.js';
import { useGet, Waiting } from '../parts/load.js';
import { useTitle } from '../parts/page.js';
import { bare } from '../parts/address.js';

// The network an own address lies in says no more than that address.
const loopback = /^(127\.|::1($|\/))/;

function Networks({ found, chosen, set }) {
	const rows = [[found.your_address, t('setup.you',
		{ address: bare(found.your_address) })],
	...found.networks.map(n => [n, t('setup.network', { network: n })])]
		.filter(([net]) => !loopback.test(net));
	const turn = net => set(chosen.includes(net) ?
		chosen.filter(x => x !== net) : [...chosen, net]);

	return html`<fieldset><legend>${t('setup.never')}</legend>
		<p class="hint">${t('setup.never.hint')}</p>
		${rows.length === 0 ? html`<p>${t('setup.never.none')}</p>` :
		rows.map(([net, label]) => html`<${Check} label=${label}
			checked=${chosen.includes(net)}
			onChange=${() => turn(net)}/>`)}</fieldset>`;
}

const Mode = ({ mode, set }) => html`<fieldset>
	<legend>${t('setup.mode')}</legend>${['observe', 'enforce'].map(m => html`
	<${Check} type="radio" name="mode" checked=${mode === m}
		label=${t('setup.' + m)} hint=${t('setup.' + m + '.hint')}
		onChange=${() => set(m)}/>`)}</fieldset>`;

const Account = ({ v, put, problem }) => html`
	<${Field} label=${t('setup.token')} hint=${t('setup.token.hint')} required
		value=${v.token} autocomplete="off" spellcheck=${false}
		autocapitalize="none" error=${problem?.at?.('token')}
		onInput=${put('token')}/>
	<${Field} label=${t('login.name')} name="username" required
		autocomplete="username" autocapitalize="none" spellcheck=${false}
		value=${v.name} error=${problem?.at?.('name')}
		onInput=${put('name')}/>
	<${Field} label=${t('login.password')} type="password" name="password"
		required minlength="8" autocomplete="new-password"
		value=${v.password} hint=${t('setup.password.hint')}
		error=${problem?.at?.('password')} onInput=${put('password')}/>`;

function Form({ found }) {
	const [v, setV] = useState({ token: location.hash.slice(1), name: '',
		password: '' });
	const [never, setNever] = useState([found.your_address, ...found.networks]
		.filter(net => !loopback.test(net)));
	const [mode, setMode] = useState('observe');

	// The link of "brattice setup" may be opened where this page is already.
	useEffect(() => {
		const take = () => setV(x => ({ ...x,
			token: location.hash.slice(1) }));
		addEventListener('hashchange', take);
		return () => removeEventListener('hashchange', take);
	}, []);
	const put = name => e => setV({ ...v, [name]: e.target.value });
	const [send, problem, busy] = useSend(async () => {
		await signedIn(await post('/setup', { ...v,
			token: v.token.trim(), never, mode }));
	});

	return html`<form class="card" method="post" onSubmit=${send}>
		${problem && !problem.errors?.length &&
			html`<${ProblemBox} problem=${problem}/>`}
		<${Account} v=${v} put=${put} problem=${problem}/>
		<${Networks} found=${found} chosen=${never} set=${setNever}/>
		${problem?.at?.('never') && html`<p class="error" role="alert">
			${problem.at('never')}</p>`}
		<${Mode} mode=${mode} set=${setMode}/>
		<${Buttons} text=${t('setup.go')} busy=${busy}/></form>`;
}

export function Setup() {
	const { data, problem, load } = useGet('/setup');

	useTitle(t('setup.title'));
	return html`<${Alone} wide><h1>${t('setup.title')}</h1>
		${!data ? html`<${Waiting} problem=${problem} load=${load}/>` :
		data.needed ? html`<p class="lead">${t('setup.lead')}</p>
			<${Form} found=${data}/>` : html`<p>${t('setup.over')}</p>
			<p><a href="/login">${t('login.title')}</a></p>`}<//>`;
}
