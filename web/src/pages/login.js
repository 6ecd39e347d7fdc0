import { html } from 'htm/preact';
import { useEffect, useState } from 'preact/hooks';
import { post } from '../api.js';
import { num, span, t } from '../i18n.js';
import { signedIn } from '../enter.js';
import { query } from '../router.js';
import { Buttons, Field, ProblemBox, useSend } from '../parts/form.js';
import { Alone } from '../parts/alone.js';
import { useTitle } from '../parts/page.js';

// Seconds until the next try is worth it.
function useThrottle(problem) {
	const [left, setLeft] = useState(0);

	useEffect(() => {
		if (problem?.status !== 429)
			return undefined;
		const until = Date.now() + 1000 * (problem.retry || 5);
		const tick = () => setLeft(Math.max(0,
			Math.ceil((until - Date.now()) / 1000)));
		tick();
		const timer = setInterval(tick, 1000);
		return () => clearInterval(timer);
	}, [problem]);
	return left;
}

// The second step of a login: a code of the app, or one kept for need.
const Code = ({ value, set, recovery, swap }) => html`
	<${Field} label=${t(recovery ? 'login.recovery' : 'login.code')}
		hint=${t(recovery ? 'login.recovery.hint' : 'login.code.hint')}
		name="totp" autocomplete="one-time-code" required autofocus
		inputmode=${recovery ? 'text' : 'numeric'} value=${value}
		onInput=${e => set(e.target.value)}/>
	<p><button type="button" class="link" onClick=${swap}>
		${t(recovery ? 'login.use_code' : 'login.use_recovery')}</button></p>`;

export function Login() {
	const [name, setName] = useState(''), [password, setPassword] =
		useState(''), [code, setCode] = useState('');
	const [step, setStep] = useState(1), [recovery, setRecovery] =
		useState(false);
	const [send, problem, busy, clear] = useSend(async () => {
		const proof = step === 1 ? {} :
			{ [recovery ? 'recovery' : 'totp']: code.trim() };

		try {
			await signedIn(await post('/session',
				{ name, password, ...proof }),
			query.value.get('next'));
		} catch (e) {
			if (e.code !== 'totp-required' || step === 2)
				throw e;
			setStep(2);
		}
	});
	const wait = useThrottle(problem);

	useTitle(t('login.title'));
	return html`<${Alone}><h1>${t('login.title')}</h1>
		<form class="card" method="post" onSubmit=${send}>
		${wait > 0 ? html`<p class="banner warn" role="status"><span>
			${t('login.wait', { span: span(wait), n: num(wait) })}
			</span></p>` : problem?.status === 401 ?
			html`<p class="banner bad" role="alert"><span>
				${t(step === 2 ? 'login.wrong_code' : 'login.wrong')}
				</span></p>` : problem?.status !== 429 &&
			html`<${ProblemBox} problem=${problem}/>`}
		${step === 1 ? html`
			<${Field} label=${t('login.name')} name="username" required
				autocomplete="username" autocapitalize="none"
				spellcheck=${false} autofocus value=${name}
				onInput=${e => setName(e.target.value)}/>
			<${Field} label=${t('login.password')} type="password"
				name="password" autocomplete="current-password" required
				value=${password}
				onInput=${e => setPassword(e.target.value)}/>` :
			html`<${Code} value=${code} set=${setCode} recovery=${recovery}
				swap=${() => { setRecovery(!recovery); setCode(''); }}/>`}
		<${Buttons} text=${t('login.go')} busy=${busy}
			disabled=${wait > 0} onCancel=${step === 2 ? () => {
				setStep(1);
				clear();
			} : null}/></form><//>`;
}
