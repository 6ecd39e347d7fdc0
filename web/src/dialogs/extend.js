import { html } from 'htm/preact';
import { useState } from 'preact/hooks';
import { patch, post } from '../api.js';
import { t } from '../i18n.js';
import { Dialog } from '../parts/dialog.js';
import { Duration } from '../parts/duration.js';
import { Buttons, Field, ProblemBox, useSend } from '../parts/form.js';
import { toast } from '../parts/toast.js';
import { bare } from '../parts/address.js';

// Lets entries hold from now on as long as is chosen.
export function ExtendDialog({ rows, onDone }) {
	const one = rows.length === 1 ? rows[0] : null;
	const [duration, setDuration] = useState(86400);
	const [note, setNote] = useState(one?.note ?? '');
	const [send, problem, busy] = useSend(async () => {
		if (one)
			await patch(`/blocks/${one.id}`, { duration,
				...(note !== (one.note ?? '') && { note }) });
		else
			await post('/blocks/batch', { op: 'extend', duration,
				ids: rows.map(r => r.id), ...(note && { note }) });
		toast(t('extend.done', { n: rows.length }));
		onDone(true);
	});

	return html`<${Dialog} onClose=${() => onDone(false)}
		title=${one ? t('extend.title', { address: bare(one.address) }) :
			t('extend.title_many', { n: rows.length })}>
		<form onSubmit=${send}>
		${problem && !problem.at?.('duration') &&
			html`<${ProblemBox} problem=${problem}/>`}
		<${Duration} label=${t('extend.for')} value=${duration}
			onChange=${setDuration} error=${problem?.at?.('duration')}/>
		<${Field} label=${t('note')} value=${note} maxlength="500"
			onInput=${e => setNote(e.target.value)}/>
		<${Buttons} text=${t('extend.go')} busy=${busy}
			onCancel=${() => onDone(false)}/></form><//>`;
}
