// The settings: their pages, and what is wished but not yet saved.

import { html } from 'htm/preact';
import { useEffect, useState } from 'preact/hooks';
import { can } from '../../api.js';
import { t } from '../../i18n.js';
import { useLive } from '../../live.js';
import { Icon } from '../../parts/icon.js';
import { Waiting } from '../../parts/load.js';
import { Head } from '../../parts/page.js';
import { Tabs } from '../../parts/tabs.js';
import { changes, current, load, problem } from './draft.js';
import { labelOf, Setting, Settings as Group } from './fields.js';
import { History } from './history.js';
import { SaveBar } from './save.js';
import { Smtp } from './smtp.js';
import { Sources } from './sources.js';

const Card = ({ name, names }) => html`<section class="card">
	<p class="lead">${t(`settings.${name}.text`)}</p>
	<${Group} names=${names}/></section>`;

const Login = () => html`<${Card} name="login" names=${['login.threshold',
	'login.period', 'login.block_time', 'login.repeat_once']}/>
	<section class="card"><h2>${t('settings.trust')}</h2>
	<p>${t('settings.trust.text')}</p>
	<${Group} names=${['trust.days', 'trust.weight_percent']}/></section>`;

const Accounts = () => html`<${Card} name="accounts" names=${[
	'account.failures', 'account.lock_time', 'account.scope',
	'account.loopback_exempt']}/>`;

const Enforcement = () => html`<${Card} name="enforcement"
	names=${['mode']}/>`;
const Texts = () => html`<${Card} name="texts"
	names=${['text.smtp', 'text.login']}/>`;
const Retention = () => html`<${Card} name="retention"
	names=${['retention.days', 'retention.size']}/>`;

// Every setting there is, also those that no page knows.
function All() {
	const [text, setText] = useState(''), [own, setOwn] = useState(false);
	const wanted = text.trim().toLowerCase();
	const items = current.value.items.filter(s =>
		(!own || s.changed) && (s.name + ' ' + labelOf(s.name) + ' ' +
			s.summary).toLowerCase().includes(wanted));

	return html`<div class="row filters"><div class="search">
		<${Icon} name="search"/><input type="search" value=${text}
			aria-label=${t('settings.search')}
			placeholder=${t('settings.search')}
			onInput=${e => setText(e.target.value)}/></div>
		<label class="check"><input type="checkbox" checked=${own}
			onChange=${e => setOwn(e.target.checked)}/>
			<span>${t('settings.own')}</span></label></div>
		<p class="count" role="status">${t('settings.count',
			{ n: items.length })}</p>
		<div class="card">${items.map(s => html`<div class="one" key=${s.name}>
			<code>${s.name}</code><${Setting} s=${s}/></div>`)}</div>`;
}

const parts = { smtp: Smtp, login: Login, accounts: Accounts,
	sources: Sources, enforcement: Enforcement, texts: Texts,
	retention: Retention, all: All, history: History };

// Others save, too: a form that nobody has touched follows.
function useCurrent() {
	useEffect(() => {
		if (!changes())
			load();
	}, []);
	useLive('config', () => changes() || load());
}

export function SettingsPage({ tab = 'smtp' }) {
	const Part = parts[tab];

	useCurrent();
	return html`<${Head} title=${t('nav.settings')}/>
		<${Tabs} label=${t('settings.pages')} tabs=${Object.keys(parts)
			.map(name => ['/settings/' + name, t('settings.' + name),
				name === tab])}/>
		${!can('config:write') && html`<p class="banner" role="note">
			<${Icon} name="info"/><span>${t('need.config:write')}</span></p>`}
		${!current.value ? html`<${Waiting} problem=${problem.value}
			load=${load}/>` : Part ? html`<${Part}/>` :
			html`<p>${t('missing.text')}</p>`}
		<${SaveBar}/>`;
}
