import { html } from 'htm/preact';
import { useState } from 'preact/hooks';
import { session } from './api.js';
import { signOut } from './enter.js';
import { relative, t } from './i18n.js';
import { lastHeard, live } from './live.js';
import { theme } from './prefs.js';
import { go } from './router.js';
import { isAddress, isNetwork } from './parts/address.js';
import { Brand } from './parts/brand.js';
import { Icon } from './parts/icon.js';
import { Menu } from './parts/menu.js';
import { now } from './parts/time.js';

const themes = [['system', 'monitor'], ['light', 'sun'], ['dark', 'moon']];

// Where a search leads: an address, a network, a block, or an account.
export function destination(text) {
	const s = text.trim();

	if (isAddress(s))
		return '/addresses/' + encodeURIComponent(s);
	if (isNetwork(s))
		return '/blocks?state=all&q=' + encodeURIComponent('ip:' + s);
	if (/^#?\d+$/.test(s))
		return '/blocks/' + s.replace('#', '');
	return '/accounts?name=' + encodeURIComponent(s);
}

function Search() {
	const [text, setText] = useState('');
	const submit = e => {
		e.preventDefault();
		if (!text.trim())
			return;
		go(destination(text));
		setText('');
	};

	return html`<search><form class="search" onSubmit=${submit}>
		<${Icon} name="search"/><input id="search" type="search"
			aria-label=${t('search.label')} autocapitalize="none"
			placeholder=${t('search.placeholder')} autocomplete="off"
			spellcheck=${false} value=${text} aria-keyshortcuts="/"
			onInput=${e => setText(e.target.value)}/></form></search>`;
}

function Live() {
	const state = live.value;
	const words = t('live.' + state,
		{ ago: relative(lastHeard.value, now.value) });

	return html`<span class="live ${state}" role="status" title=${words}
		aria-label=${words}><i aria-hidden="true"></i><span>
		${t('live.' + state + '.short')}</span></span>`;
}

export const TopBar = () => html`<header class="bar">
	<a class="brand" href="/" aria-label="Brattice"><${Brand}/></a>
	<${Search}/><${Live}/>
	<${Menu} icon="circle-user" label=${t('me.menu')}>
		<p class="title">${t('me.signed_in',
			{ name: session.value.user.name,
				role: t('role.' + session.value.user.role) })}</p>
		<a href="/me"><${Icon} name="wrench"/>${t('nav.me')}</a>
		<a href="/help"><${Icon} name="circle-question-mark"/>
			${t('nav.help')}</a>
		${themes.map(([name, icon]) => html`<button type="button"
			aria-pressed=${theme.value === name}
			onClick=${() => { theme.value = name; }}>
			<${Icon} name=${icon}/>${t('theme.' + name)}
			${theme.value === name && html`<${Icon} name="check"/>`}
		</button>`)}
		<button type="button" onClick=${signOut}>
			<${Icon} name="log-out"/>${t('logout')}</button>
	<//></header>`;
