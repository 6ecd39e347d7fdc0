// What stands around every page.

import { html } from 'htm/preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { newBuild } from './live.js';
import { t } from './i18n.js';
import { match, path } from './router.js';
import { Expiry, Offline, Reauth } from './session.js';
import { TopBar } from './topbar.js';
import { groups, pages, shown } from './pages/index.js';
import { useShortcuts } from './shortcuts.js';
import { Dialog } from './parts/dialog.js';
import { Icon } from './parts/icon.js';
import { Head } from './parts/page.js';

const isHere = to => to === '/' ? path.value === '/' :
	(path.value + '/').startsWith(to + '/') ||
	(to === '/blocks' && path.value.startsWith('/addresses/'));

const Link = ({ to, icon, name, onClick }) => html`
	<a href=${to} onClick=${onClick}
		aria-current=${isHere(to) ? 'page' : undefined}>
		<${Icon} name=${icon}/><span>${t(name)}</span></a>`;

const Nav = ({ onClick }) => html`<nav class="nav" aria-label=${t('nav.label')}>
	<div>${groups.map(([title, links]) => html`<h2>${t(title)}</h2><ul>
		${links.map(([to, icon, name]) => html`<li><${Link} to=${to}
			icon=${icon} name=${name} onClick=${onClick}/></li>`)}
	</ul>`)}</div></nav>`;

function TabBar() {
	const [open, setOpen] = useState(false);
	const links = groups.flatMap(([, l]) => l)
		.filter(([to]) => shown.includes(to))
		.sort((a, b) => shown.indexOf(a[0]) - shown.indexOf(b[0]));

	return html`<nav class="tabbar" aria-label=${t('nav.short')}>
		${links.map(([to, icon, name]) => html`<${Link} to=${to}
			icon=${icon} name=${name}/>`)}
		<button type="button" aria-haspopup="dialog"
			onClick=${() => setOpen(true)}>
			<${Icon} name="menu"/><span>${t('nav.more')}</span></button>
		${open && html`<${Dialog} kind="sheet" title=${t('nav.label')}
			onClose=${() => setOpen(false)}><div class="body">
			<${Nav} onClick=${() => setOpen(false)}/></div><//>`}
	</nav>`;
}

function Page() {
	for (const [pattern, P] of pages) {
		const found = match(pattern, path.value);

		if (found)
			return html`<${P} key=${path.value} ...${found}/>`;
	}
	return html`<${Head} title=${t('missing.title')}/>
		<p>${t('missing.text')}</p>`;
}

export function Shell() {
	const main = useRef(), first = useRef(true);

	useEffect(() => {
		if (first.current) {
			first.current = false;
			return;
		}
		main.current.focus({ preventScroll: true });
		scrollTo(0, 0);
	}, [path.value]);
	useShortcuts();
	return html`<a class="skip" href="#main" onClick=${e => {
		e.preventDefault();
		main.current.focus();
	}}>${t('skip')}</a>
		<${TopBar}/><${Nav}/>
		<main id="main" ref=${main} tabindex="-1"><${Offline}/><${Expiry}/>
			${newBuild.value && html`<p class="banner" role="status">
				<span>${t('build.new')}</span>
				<button type="button" onClick=${() => location.reload()}>
					${t('build.reload')}</button></p>`}
			<${Page}/></main>
		<${TabBar}/><${Reauth}/>`;
}
