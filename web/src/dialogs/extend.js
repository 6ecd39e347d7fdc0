import { html } from 'htm/preact';
import { useState } from 'preact/hooks';
import { patch } from '../api.js';
import { t } from '../i18n.js';
import { changeMany } from './many.js';
import { Dialog } from '../parts/dialog.js';
import { Duration } from '../parts/duration.js';
import { Buttons, Field, ProblemBox, useSend } from '../parts/form.js';
import { toast } from '../parts/toast.js';
import { bare } from '../parts/address.js';

// Lets entries hold from now on as long as is chosen.
export function ExtendDialog({ rows, all, onDone }) {
	const one = !all && rows.length === 1 ? rows[0] : null;
	const [duration, setDuration] = useState(86400);
	const [note, setNote] = useState(one?.note ?? '');
	const [send, problem, busy] = useSend(async () => {
		const n = one ? 1 : await changeMany(rows, all,
			{ op: 'extend', duration, ...(note && { note }) });

		if (one)
			await patch(`/blocks/${one.id}`, { duration,
				...(note !== (one.note ?? '') && { note }) });
		toast(t('extend.done', { n }));
		onDone(true);
	});

	return html`<${Dialog} onClose=${() => onDone(false)}
		title=${one ? t('extend.title', { address: bare(one.address) }) :
			t('extend.title_many', { n: all?.n ?? rows.length })}>
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
