// Access: users, programs' tokens, and who is signed in.

import { html } from 'htm/preact';
import { can } from '../../api.js';
import { t } from '../../i18n.js';
import { Icon } from '../../parts/icon.js';
import { Head } from '../../parts/page.js';
import { Tabs } from '../../parts/tabs.js';
import { Sessions } from './sessions.js';
import { Tokens } from './tokens.js';
import { Users } from './users.js';

const parts = { users: Users, tokens: Tokens, sessions: AllSessions };
const open = ['tokens']; // to everybody: their own

function AllSessions() {
	return html`<p class="hint">${t('sessions.hint')}</p>
		<${Sessions} url="/sessions"/>`;
}

export function Access({ tab = 'users' }) {
	const Part = parts[tab], isOpen = can('admin') || open.includes(tab);

	return html`<${Head} title=${t('nav.access')}/>
		<${Tabs} label=${t('access.pages')} tabs=${Object.keys(parts)
			.map(name => [name === 'users' ? '/access' : '/access/' + name,
				t('access.' + name), name === tab])}/>
		${!isOpen ? html`<p class="banner"><${Icon} name="info"/>
			<span>${t('need.admin')}</span></p>` : Part ?
			html`<${Part}/>` : html`<p>${t('missing.text')}</p>`}`;
}
