// Puts an address or network on the never-block list.

import { html } from 'htm/preact';
import { useState } from 'preact/hooks';
import { post } from '../api.js';
import { t } from '../i18n.js';
import { Dialog } from '../parts/dialog.js';
import { Buttons, Check, Field, ProblemBox, useSend } from '../parts/form.js';
import { toast } from '../parts/toast.js';
import { bare } from '../parts/address.js';
import { addressError, covers, Points, sizeText, usePreview } from './preview.js';

export function NeverDialog({ address = '', onDone }) {
	const [addr, setAddr] = useState(bare(address)), [note, setNote] =
		useState(''), [sure, setSure] = useState(false);
	const [preview, wrong] = usePreview('/never/preview', addr);
	const [send, problem, busy, clear] = useSend(async () => {
		const row = await post('/never', { address: addr.trim(),
			note: note.trim(), ...(sure && { force: true }) });
		const n = row?.lifted?.length ?? row?.lifted ?? preview?.lifts ?? 0;

		toast(t('never.done', { address: bare(row?.address ?? addr), n }));
		onDone(row);
	});

	return html`<${Dialog} title=${t('never.title')}
		onClose=${() => onDone(null)}><form novalidate onSubmit=${send}>
		<${Field} label=${t('block.address')} value=${addr} required autofocus
			autocomplete="off" autocapitalize="none" spellcheck=${false}
			hint=${sizeText(preview) ?? t('block.address.hint')}
			error=${wrong?.message || addressError(problem, addr)}
			onInput=${e => { setAddr(e.target.value); clear(); }}/>
		${preview?.lifts > 0 && html`<${Points}>
			${t('never.lifts', { n: preview.lifts })}<//>`}
		${preview?.covers_you && html`<${Points}>${t('never.you')}<//>`}
		${preview?.wide && html`<${Points} kind="warn">${t('never.wide',
			{ covers: covers(preview.covers) })}<//>
			<${Check} label=${t('never.sure')} checked=${sure}
				onChange=${e => setSure(e.target.checked)}/>`}
		<${Field} label=${t('note')} hint=${t('note.hint')} value=${note}
			error=${problem?.at?.('note')} maxlength="500"
			onInput=${e => setNote(e.target.value)}/>
		${problem && !problem.errors?.length &&
			html`<${ProblemBox} problem=${problem}/>`}
		<${Buttons} text=${t('never.go')} busy=${busy}
			disabled=${preview?.wide && !sure}
			onCancel=${() => onDone(null)}/></form><//>`;
}
