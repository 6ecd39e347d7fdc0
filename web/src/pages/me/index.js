// Oneself: password, second factor, sessions, and how the pages look.

import { html } from 'htm/preact';
import { t } from '../../i18n.js';
import { useGet, Waiting } from '../../parts/load.js';
import { Head } from '../../parts/page.js';
import { Sessions } from '../access/sessions.js';
import { Choices } from './choices.js';
import { Password } from './password.js';
import { SecondFactor } from './totp.js';

export function Me() {
	const { data, problem, load } = useGet('/me');

	if (!data)
		return html`<${Head} title=${t('nav.me')}/><${Waiting}
			problem=${problem} load=${load}/>`;
	return html`<${Head} title=${t('nav.me')}/>
		<p class="lead">${t('me.who', { name: data.name,
			role: t('role.' + data.role) })}</p>
		<div class="columns"><${Choices}/>
			<div><${Password}/><${SecondFactor} has=${data.totp}
				done=${load}/></div></div>
		<h2>${t('me.sessions')}</h2><${Sessions} url="/me/sessions"/>`;
}
