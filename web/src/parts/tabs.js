import { html } from 'htm/preact';

// Links that switch a part of the page: tabs are [url, text, isHere].
export const Tabs = ({ label, tabs }) => html`
	<nav class="tabs" aria-label=${label}>${tabs.map(([url, text, here]) =>
		html`<a href=${url} aria-current=${here ? 'page' : undefined}>
			${text}</a>`)}</nav>`;

// The way back up: [url, text] …, then where one is.
export const Crumbs = ({ label, up, here }) => html`
	<nav class="crumbs" aria-label=${label}>${up.map(([url, text]) => html`
		<a href=${url}>${text}</a><span aria-hidden="true">›</span>`)}
		<span aria-current="page" class="addr" dir="ltr">${here}</span></nav>`;
