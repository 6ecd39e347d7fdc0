import { html } from 'htm/preact';

const mark = new URL('favicon.svg', import.meta.url).pathname;

export const Brand = () => html`
	<img src=${mark} alt="" width="24" height="24"/><span>Brattice</span>`;
