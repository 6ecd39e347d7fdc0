// Blocks an address or network by hand.

import { html } from 'htm/preact';
import { useState } from 'preact/hooks';
import { post, session } from '../api.js';
import { list, t } from '../i18n.js';
import { Dialog } from '../parts/dialog.js';
import { Duration } from '../parts/duration.js';
import { Buttons, Check, Field, ProblemBox, useSend } from '../parts/form.js';
import { toast } from '../parts/toast.js';
import { bare } from '../parts/address.js';
import { addressError, Points, sizeText, usePreview } from './preview.js';

const conflicts = ['would-block-self', 'in-never-list'];

// What should be known before: conflicts first.
function Warnings({ preview, self, never }) {
	const logins = preview?.accounts ?? [], over = preview?.overlaps ?? [];

	return html`${self && html`<${Points} kind="bad">${t('block.self',
		{ address: session.value.address })}<//>`}
		${never && html`<${Points} kind="warn">${t('block.never',
			{ addresses: list(preview?.never?.map(n => n.address) ??
				[]) })}<//>`}
		${logins.length > 0 && html`<${Points} kind="warn">
			${t('block.logins', { n: logins.length,
				names: list(logins.map(l => l.account)) })}<//>`}
		${over.length > 0 && html`<${Points}>${t('block.overlaps',
			{ n: over.length,
				names: list(over.map(b => bare(b.address))) })}<//>`}`;
}

export function BlockDialog({ address = '', onDone }) {
	const [addr, setAddr] = useState(address);
	const [duration, setDuration] = useState(86400);
	const [note, setNote] = useState(''), [force, setForce] = useState(false);
	const [preview, wrong] = usePreview('/blocks/preview', addr);
	const [send, problem, busy, clear] = useSend(async () => {
		const row = await post('/blocks', { address: addr.trim(), duration,
			note: note.trim(), ...(force && { force }) });

		toast(t('block.done', { address: bare(row.address ?? addr) }));
		onDone(row);
	});
	const self = preview?.would_block_self ||
		problem?.code === 'would-block-self';
	const never = preview?.never?.length > 0 ||
		problem?.code === 'in-never-list';
	const isConflict = conflicts.includes(problem?.code);

	return html`<${Dialog} title=${t('block.title')}
		onClose=${() => onDone(null)}><form novalidate onSubmit=${send}>
		<${Field} label=${t('block.address')} value=${addr} required autofocus
			autocomplete="off" autocapitalize="none" spellcheck=${false}
			hint=${sizeText(preview) ?? t('block.address.hint')}
			error=${wrong?.message ||
				(isConflict ? '' : addressError(problem, addr))}
			onInput=${e => { setAddr(e.target.value); clear(); }}/>
		<${Warnings} preview=${preview} self=${self} never=${never}/>
		${(self || never) && html`<${Check} label=${t('block.force')}
			checked=${force} onChange=${e => setForce(e.target.checked)}/>`}
		<${Duration} label=${t('block.for')} value=${duration}
			onChange=${setDuration} error=${problem?.at?.('duration')}/>
		<${Field} label=${t('note')} hint=${t('note.hint')} value=${note}
			error=${problem?.at?.('note')} maxlength="500"
			onInput=${e => setNote(e.target.value)}/>
		${problem && !problem.errors?.length && !isConflict && html`<${ProblemBox} problem=${problem}/>`}
		<${Buttons} text=${t('block.go')} kind="danger" busy=${busy}
			disabled=${(self || never) && !force}
			onCancel=${() => onDone(null)}/></form><//>`;
}
