// Text that an attacker may have chosen.

import { html } from 'htm/preact';

// Controls, line and paragraph separators, marks that turn the direction.
const odd = new RegExp('([\\0-\\x1f\\x7f-\\x9f\\u061c\\u200b-\\u200f' +
	'\\u2028-\\u202e\\u2060-\\u206f\\ufeff\\ufff9-\\ufffb])');

const code = c => 'U+' + c.codePointAt(0).toString(16).toUpperCase()
	.padStart(4, '0');

// Characters that can't be seen, or that move others, show as a mark.
export const Raw = ({ text }) => html`<bdi class="raw">${
	String(text ?? '').split(odd).map((part, i) => i % 2 ?
		html`<span class="odd" title=${code(part)}>${'\u241b'}<span
			class="sr">${code(part)}</span></span>` : part)}</bdi>`;
