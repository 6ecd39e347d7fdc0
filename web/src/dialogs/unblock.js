// Removes one entry of the block list, or many.

import { html } from 'htm/preact';
import { useEffect, useState } from 'preact/hooks';
import { del, params, post } from '../api.js';
import { list, t } from '../i18n.js';
import { changeMany } from './many.js';
import { Dialog } from '../parts/dialog.js';
import { NO_END } from '../parts/duration.js';
import { Buttons, Check, ProblemBox, useSend } from '../parts/form.js';
import { toast } from '../parts/toast.js';
import { left } from '../parts/time.js';
import { bare, isNetwork } from '../parts/address.js';

const isWide = row => isNetwork(row.address) && bare(row.address).includes('/');

// The same block as it was, for as long as it would still have held.
function undoing(row, undo) {
	return undo ?? { address: row.address, note: row.note ?? '',
		duration: row.no_end ? NO_END : Math.ceil(left(row.until)) };
}

function offerUndo(row, answer, onUndone) {
	const undo = undoing(row, answer?.undo);
	const text = answer?.forgiven ? t('unblock.done_forgiven',
		{ address: bare(row.address), n: answer.forgiven }) :
		t('unblock.done', { address: bare(row.address) });

	toast(text, { label: t('undo'), run: async () => {
		try {
			await post('/blocks', { ...undo, force: true });
			toast(t('unblock.undone', { address: bare(row.address) }));
			onUndone?.();
		} catch (e) {
			toast(e.message);
		}
	} });
}

// Entries of their own that lie inside a network.
function useInside(row) {
	const [rows, setRows] = useState([]);

	useEffect(() => {
		if (row && isWide(row))
			post('/blocks/preview', { address: row.address }).then(p =>
				setRows(p.overlaps.filter(b => b.id !== row.id &&
					b.address !== row.address && b.state === 'active')),
			() => {});
	}, [row]);
	return rows;
}

const removeOne = (row, never) =>
	del(`/blocks/${row.id}` + params({ never: never || null }));

/*
 * rows: one or more; all: { q, n } when all that match a search are meant;
 * onDone(true) when they are gone, onUndone() when one was brought back.
 */
export function UnblockDialog({ rows, all, onDone, onUndone }) {
	const [never, setNever] = useState(false), [within, setWithin] =
		useState(false);
	const one = !all && rows.length === 1 ? rows[0] : null, inside = useInside(one);
	const [send, problem, busy] = useSend(async () => {
		if (one && !within) {
			offerUndo(one, await removeOne(one, never), onUndone);
		} else {
			const n = await changeMany([...rows, ...within ? inside : []],
				all, { op: never ? 'never' : 'remove' });
			toast(t('unblock.many', { n }));
		}
		onDone(true);
	});
	const hasEvents = rows.some(r => r.origin !== 'manual');

	return html`<${Dialog} onClose=${() => onDone(false)}
		title=${one ? t('unblock.title', { address: bare(one.address) }) :
			t('unblock.title_many', { n: all?.n ?? rows.length })}>
		<form onSubmit=${send}><${ProblemBox} problem=${problem}/>
		${inside.length > 0 && html`<${Check} checked=${within}
			label=${t('unblock.within', { n: inside.length })}
			hint=${list(inside.map(b => bare(b.address)))}
			onChange=${e => setWithin(e.target.checked)}/>`}
		${hasEvents && html`<p>${t('unblock.forgiven')}</p>`}
		<${Check} label=${t('unblock.never')} hint=${t('unblock.never.hint')}
			checked=${never} onChange=${e => setNever(e.target.checked)}/>
		<${Buttons} text=${t('unblock.go')} kind="danger" busy=${busy}
			onCancel=${() => onDone(false)}/></form><//>`;
}
