// What an entry would do, asked while it is typed.

import { html } from 'htm/preact';
import { useEffect, useState } from 'preact/hooks';
import { post } from '../api.js';
import { num, t } from '../i18n.js';
import { isAddress, isNetwork } from '../parts/address.js';

const raised = n => [...n].map(c => '⁰¹²³⁴⁵⁶⁷⁸⁹'[c]).join('');

// "256" or "2^64" addresses, for people.
export const covers = text => text.startsWith('2^') ?
	'2' + raised(text.slice(2)) : num(+text);

const isRead = text => isAddress(text) || isNetwork(text);

// What is wrong with the address, in the reader's language where it is
// plain to see.
export const addressError = (problem, address) => problem?.at?.('address') &&
	(isRead(address.trim()) ? problem.at('address') : t('block.bad_address'));

/*
 * const [preview, problem] = usePreview('/blocks/preview', address): null
 * while the text is no address yet, or nothing is known.
 */
export function usePreview(path, address) {
	const [state, setState] = useState([null, null]);
	const text = address.trim();

	useEffect(() => {
		setState([null, null]);
		if (!isRead(text))
			return undefined;
		let isOld = false;
		const timer = setTimeout(() => post(path, { address: text }).then(
			p => isOld || setState([p, null]),
			e => isOld || setState([null, e])), 250);
		return () => { isOld = true; clearTimeout(timer); };
	}, [path, text]);
	return state;
}

// The normalised form and its size below the field.
export const sizeText = p => p && t(p.kind === 'network' ?
	'preview.network' : 'preview.address',
{ address: p.address, covers: covers(p.covers) });

export const Points = ({ kind = '', children }) => html`
	<div class="banner ${kind}" role="status"><span>${children}</span></div>`;
