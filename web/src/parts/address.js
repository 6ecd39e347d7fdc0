// Addresses and networks: whether a text is one, and the link to its page.

import { html } from 'htm/preact';

function bitsOf(s) {
	const v4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(s);

	if (v4)
		return v4.slice(1).every(o => +o < 256) ? 32 : 0;
	if (!/^[0-9a-f:.]+$/i.test(s) || !s.includes(':'))
		return 0;
	return URL.canParse(`http://[${s}]/`) ? 128 : 0;
}

export const isAddress = s => bitsOf(s) > 0;

export function isNetwork(s) {
	const [head, len, ...rest] = s.split('/');

	return rest.length === 0 && /^\d{1,3}$/.test(len ?? '') &&
		+len <= bitsOf(head);
}

// A network of one address is that address.
export const bare = s => s.replace(/^([^:]+)\/32$|^(.+)\/128$/, '$1$2');

// The page of an address; a network has only the page of its block.
export const addressUrl = s => isAddress(bare(s)) ?
	'/addresses/' + encodeURIComponent(bare(s)) :
	'/blocks?state=all&q=' + encodeURIComponent('ip:' + s);

export const Address = ({ value, href, ...rest }) => html`
	<a class="addr" dir="ltr" href=${href ?? addressUrl(value)} ...${rest}>
		${bare(value)}</a>`;
