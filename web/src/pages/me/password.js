// Changing one's password.

import { html } from 'htm/preact';
import { useState } from 'preact/hooks';
import { post, session } from '../../api.js';
import { t } from '../../i18n.js';
import { Buttons, Field, ProblemBox, useSend } from '../../parts/form.js';
import { toast } from '../../parts/toast.js';

export function Password() {
	const [old, setOld] = useState(''), [fresh, setFresh] = useState('');
	const [send, problem, busy] = useSend(async () => {
		session.value = await post('/me/password', { old, new: fresh });
		setOld('');
		setFresh('');
		toast(t('password.changed'));
	});
	const at = name => problem?.at?.(name) || undefined;

	return html`<section class="card"><h2>${t('password.title')}</h2>
		<form onSubmit=${send}>
		<${Field} label=${t('password.old')} type="password" required
			autocomplete="current-password" value=${old}
			error=${at('old')} onInput=${e => setOld(e.target.value)}/>
		<${Field} label=${t('password.new')} type="password" required
			autocomplete="new-password" value=${fresh}
			hint=${t('password.hint')} error=${at('new')}
			onInput=${e => setFresh(e.target.value)}/>
		${!at('old') && !at('new') && html`<${ProblemBox}
			problem=${problem}/>`}
		<${Buttons} text=${t('password.change')} busy=${busy}/>
		</form></section>`;
}
