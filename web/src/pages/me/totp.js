// The second factor: an app that shows codes, and codes for need.

import { html } from 'htm/preact';
import { useState } from 'preact/hooks';
import { del, get, post, put, session } from '../../api.js';
import { t } from '../../i18n.js';
import { Button } from '../../parts/button.js';
import { Copy } from '../../parts/copy.js';
import { Dialog } from '../../parts/dialog.js';
import { Buttons, Field, ProblemBox, useSend } from '../../parts/form.js';
import { Badge } from '../../parts/icon.js';
import { toast } from '../../parts/toast.js';

const QUIET = 4; // modules of white around the code

// rows of 0 and 1; drawn dark on white in every theme, or no app reads it.
export function Qr({ rows }) {
	const size = rows.length + 2 * QUIET;
	const d = rows.flatMap((row, y) => [...row].map((dark, x) => dark ?
		`M${x + QUIET} ${y + QUIET}h1v1h-1z` : '')).join('');

	return html`<svg class="qr" role="img" aria-label=${t('totp.qr')}
		viewBox="0 0 ${size} ${size}" shape-rendering="crispEdges">
		<rect width=${size} height=${size} fill="#fff"/>
		<path d=${d} fill="#000"/></svg>`;
}

function Enrol({ secret, close, done }) {
	const [code, setCode] = useState('');
	const [send, problem, busy] = useSend(async () =>
		done((await put('/me/totp', { code: code.trim() })).recovery));

	return html`<${Dialog} title=${t('totp.enrol')} onClose=${close}>
		<form onSubmit=${send}><p>${t('totp.scan')}</p>
		<${Qr} rows=${secret.qr}/>
		<details><summary>${t('totp.by_hand')}</summary>
			<p class="secret"><code>${secret.secret}</code></p>
			<${Copy} text=${secret.secret}/></details>
		<${Field} label=${t('totp.code')} value=${code} required autofocus
			inputmode="numeric" autocomplete="one-time-code"
			hint=${t('totp.code.hint')} error=${problem?.at?.('code') ||
				undefined} onInput=${e => setCode(e.target.value)}/>
		${!problem?.at?.('code') && html`<${ProblemBox}
			problem=${problem}/>`}
		<${Buttons} text=${t('totp.on')} busy=${busy} onCancel=${close}/>
		</form><//>`;
}

const Recovery = ({ codes, close }) => html`<${Dialog}
	title=${t('totp.recovery')} onClose=${close}><div class="body">
	<p>${t('totp.recovery.text')}</p>
	<ol class="codes">${codes.map(c => html`<li><code>${c}</code></li>`)}</ol>
	<footer class="buttons"><${Copy} text=${codes.join('\n')}/>
		<button type="button" class="primary" onClick=${close}>
			${t('tokens.kept')}</button></footer></div><//>`;

function Off({ close, done }) {
	const [send, problem, busy] = useSend(async () => {
		await del('/me/totp');
		toast(t('totp.is_off'));
		close();
		done();
	});

	return html`<${Dialog} title=${t('totp.off')} onClose=${close}>
		<form onSubmit=${send}><p>${t('totp.off.ask')}</p>
		<${ProblemBox} problem=${problem}/>
		<${Buttons} kind="danger" text=${t('totp.off')} busy=${busy}
			onCancel=${close}/></form><//>`;
}

export function SecondFactor({ has, done }) {
	const [step, setStep] = useState({});
	const close = () => setStep({});
	const refresh = async () => {
		session.value = await get('/session');
		done();
	};
	const [begin, problem] = useSend(async () =>
		setStep({ secret: await post('/me/totp', {}) }));
	const [renew, unmade] = useSend(async () =>
		setStep({ codes: (await post('/me/recovery-codes', {})).recovery }));

	return html`<section class="card"><h2>${t('totp.title')}
		<${Badge} kind=${has ? 'good' : 'warn'}>
			${t(has ? 'totp.is_on' : 'totp.is_off')}<//></h2>
		<p>${t('totp.text')}</p><${ProblemBox} problem=${problem ?? unmade}/>
		<p class="row">${has ? html`
			<${Button} icon="refresh-cw" onClick=${renew}>
				${t('totp.renew')}<//>
			<${Button} class="danger" onClick=${() => setStep({ off: true })}>
				${t('totp.off')}<//>` : html`
			<${Button} icon="key-round" onClick=${begin}>
				${t('totp.enrol')}<//>`}</p>
		${step.secret && html`<${Enrol} secret=${step.secret} close=${close}
			done=${codes => { setStep({ codes }); refresh(); }}/>`}
		${step.codes && html`<${Recovery} codes=${step.codes}
			close=${close}/>`}
		${step.off && html`<${Off} close=${close} done=${refresh}/>`}
		</section>`;
}
