// Rows of the block list in words.

import { html } from 'htm/preact';
import { t } from '../i18n.js';
import { Badge } from './icon.js';

// Why an entry is there, in a few words.
export function reason(b) {
	if (b.origin === 'manual')
		return b.note || t('why.by', { by: b.by ?? '' });
	const s = b.summary ?? b;

	return t('why.' + s.component,
		{ score: s.score, threshold: s.threshold, n: s.score });
}

export const Origin = ({ row }) => row.origin === 'manual' ?
	html`<${Badge} icon="hand">${t('origin.manual')}<//>` :
	html`<${Badge} icon="bot">${t('origin.automatic')}<//>`;

// State of an entry, when it says more than that it blocks.
export function State({ row }) {
	if (row.state !== 'active')
		return html`<${Badge}>${t('state.' + row.state)}<//>`;
	return (row.would_block || row.observed) && html`
		<${Badge} kind="warn" icon="eye" title=${t('observed.title')}>
			${t('observed')}<//>`;
}

// Signs of an attack; all other hints speak for the address.
const hostile = ['break_in', 'attack_pattern', 'address_harvest',
	'blocked_again', 'neighbours'];

export const Doubt = ({ row }) => row.state === 'active' &&
	row.hints?.some(h => !hostile.includes(h)) && html`
	<${Badge} kind="warn" icon="lightbulb">${t('doubt')}<//>`;
