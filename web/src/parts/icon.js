import { html } from 'htm/preact';

const sprite = new URL('icons.svg', import.meta.url).pathname;

export const Icon = ({ name }) => html`
	<svg class="icon" aria-hidden="true"><use href="${sprite}#${name}"/></svg>`;

// kind: '' bad warn good accent
export const Badge = ({ kind = '', icon, title, children }) => html`
	<span class="badge ${kind}" title=${title}>
		${icon && html`<${Icon} name=${icon}/>`}${children}</span>`;
