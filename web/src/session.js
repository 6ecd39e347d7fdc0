// The session's own notices: offline, about to end, asks for a proof.

import { html } from 'htm/preact';
import { useEffect, useState } from 'preact/hooks';
import { get, isReachable, lastAsked, reauth, send, session, signedOut }
	from './api.js';
import { span, t } from './i18n.js';
import { Buttons, Field, ProblemBox, useSend } from './parts/form.js';
import { Dialog } from './parts/dialog.js';
import { Icon } from './parts/icon.js';

const WARN_S = 120;

export function Offline() {
	const off = !isReachable.value;

	useEffect(() => {
		if (!off)
			return undefined;
		const timer = setInterval(() =>
			get('/session').catch(() => {}), 5000);
		return () => clearInterval(timer);
	}, [off]);
	return off && html`<p class="banner bad" role="alert">
		<${Icon} name="unplug"/><span>${t('offline')}</span></p>`;
}

// Seconds until the session ends by rest or by age.
function secondsLeft() {
	const s = session.value;
	const rest = lastAsked.value + 1000 * (s.idle_seconds ?? 1800);

	return Math.round((Math.min(rest, new Date(s.expires)) - Date.now()) /
		1000);
}

export function Expiry() {
	const [left, setLeft] = useState(Infinity);

	useEffect(() => {
		const timer = setInterval(() => {
			const s = secondsLeft();

			setLeft(s);
			if (s <= 0)
				signedOut();
		}, 1000);
		return () => clearInterval(timer);
	}, []);
	if (!(left <= WARN_S))
		return null;
	const isAged = new Date(session.value.expires) - Date.now() <
		1000 * WARN_S;
	return html`<p class="banner warn" role="alert">
		<${Icon} name="clock"/><span>${t(isAged ? 'session.ends' :
			'session.idle', { span: span(left) })}</span>
		${!isAged && html`<button type="button"
			onClick=${() => get('/session').then(() =>
				setLeft(Infinity))}>${t('session.extend')}</button>`}</p>`;
}

function Proof({ done }) {
	const [password, setPassword] = useState(''), [code, setCode] =
		useState('');
	const hasTotp = session.value.user.totp;
	const [submit, problem, busy] = useSend(async () => {
		const s = await send('POST', '/session/reauth', { body:
			code ? { totp: code.trim() } : { password } });

		if (s?.user)
			session.value = s;
		done(true);
	});

	return html`<${Dialog} title=${t('proof.title')}
		onClose=${() => done(false)}><form onSubmit=${submit}>
		<p>${t('proof.text')}</p>
		${problem && (problem.status === 401 ?
			html`<p class="banner bad" role="alert">
				<span>${t('proof.wrong')}</span></p>` :
			html`<${ProblemBox} problem=${problem}/>`)}
		<${Field} label=${t('login.password')} type="password" autofocus
			autocomplete="current-password" value=${password}
			onInput=${e => setPassword(e.target.value)}/>
		${hasTotp && html`<${Field} label=${t('proof.code')}
			autocomplete="one-time-code" inputmode="numeric"
			value=${code} onInput=${e => setCode(e.target.value)}/>`}
		<${Buttons} text=${t('proof.go')} busy=${busy}
			disabled=${!password && !code}
			onCancel=${() => done(false)}/></form><//>`;
}

export const Reauth = () => reauth.value && html`<${Proof} done=${ok => {
	const { done } = reauth.value;

	reauth.value = null;
	done(ok);
}}/>`;
