import { html } from 'htm/preact';
import { useState } from 'preact/hooks';
import { del, params, patch, post } from '../api.js';
import { num, t } from '../i18n.js';
import { ImportDialog } from '../dialogs/import.js';
import { NeverDialog } from '../dialogs/never.js';
import { Address, bare, isAddress } from '../parts/address.js';
import { Button } from '../parts/button.js';
import { Dialog } from '../parts/dialog.js';
import { ExportMenu } from '../parts/export.js';
import { Buttons, Field, problemText, ProblemBox, useSend }
	from '../parts/form.js';
import { Badge, Icon } from '../parts/icon.js';
import { useGet, useList, Waiting } from '../parts/load.js';
import { Head } from '../parts/page.js';
import { Raw } from '../parts/raw.js';
import { Empty, More, Table } from '../parts/table.js';
import { Ago } from '../parts/time.js';
import { toast } from '../parts/toast.js';

const write = 'never:write';

async function remove(row, load) {
	try {
		await del('/never' + params({ address: row.address }));
		toast(t('never.removed', { address: bare(row.address) }),
			{ label: t('undo'), run: () => post('/never',
				{ address: row.address, note: row.note ?? '' })
				.then(load, e => toast(problemText(e))) });
		load();
	} catch (e) {
		toast(problemText(e));
	}
}

function NoteDialog({ row, onDone }) {
	const [note, setNote] = useState(row.note ?? '');
	const [send, problem, busy] = useSend(async () => {
		await patch('/never/' + row.id, { note: note.trim() });
		onDone(true);
	});

	return html`<${Dialog} onClose=${() => onDone(false)}
		title=${t('never.note_of', { address: bare(row.address) })}>
		<form onSubmit=${send}><${ProblemBox} problem=${problem}/>
		<${Field} label=${t('note')} value=${note} maxlength="500" autofocus
			onInput=${e => setNote(e.target.value)}/>
		<${Buttons} text=${t('save')} busy=${busy}
			onCancel=${() => onDone(false)}/></form><//>`;
}

const Name = ({ row }) => html`<${Address} value=${row.address}/>
	${row.covers_you && html` <${Badge} kind="accent" icon="circle-user">
		${t('never.badge_you')}<//>`}
	${row.builtin && html` <${Badge} icon="lock">
		${t('never.builtin')}<//>`}`;

const Saved = ({ row }) => row.hits_30d === undefined ? null :
	row.hits_30d > 0 ? html`<a href=${'/events' + params({ range: '30d',
		q: 'outcome:never ip:' + row.address })}>
		${t('never.hits', { n: row.hits_30d })}</a>` : num(0);

const Actions = ({ row, act, load }) => !row.builtin && html`
	<${Button} icon="pencil" class="ghost" scope=${write}
		label=${t('never.edit', { address: bare(row.address) })}
		onClick=${() => act({ edit: row })}/>
	<${Button} icon="trash-2" class="ghost danger" scope=${write}
		label=${t('never.remove_of', { address: bare(row.address) })}
		onClick=${() => remove(row, load)}>${t('never.remove')}<//>`;

const columns = (act, load) => [
	{ title: t('col.address'), kind: 'first',
		cell: row => html`<${Name} row=${row}/>` },
	{ title: t('note'), kind: 'line clip',
		cell: row => html`<${Raw} text=${row.note ?? ''}/>` },
	{ title: t('col.by'), label: true,
		cell: row => html`<${Raw} text=${row.by ?? ''}/>` },
	{ title: t('col.added'), label: true,
		cell: row => html`<${Ago} time=${row.added}/>` },
	{ title: t('never.hits_30d'), kind: 'num', label: true,
		cell: row => html`<${Saved} row=${row}/>` },
	{ title: t('col.actions'), kind: 'acts', hidden: true,
		cell: row => html`<${Actions} row=${row} act=${act} load=${load}/>` },
];

// Whether an address is on the list, by what entry.
function Check({ address }) {
	const { data } = useGet('/never/check' + params({ address }));

	return data && html`<p class="banner ${data.covered ? '' : 'warn'}"
		role="status"><${Icon} name=${data.covered ? 'shield-check' :
		'circle-alert'}/><span>${data.covered ? t('never.covered', {
		address, entry: bare(data.entry.address) }) :
		t('never.not_covered', { address })}</span></p>`;
}

const matches = (row, text) => !text || [row.address, row.note, row.by]
	.some(x => x?.toLowerCase().includes(text.toLowerCase()));

function Dialogs({ open, act, load }) {
	const done = changed => {
		act(null);
		if (changed)
			load();
	};

	return html`${open?.add && html`<${NeverDialog} onDone=${done}/>`}
		${open?.edit && html`<${NoteDialog} row=${open.edit}
			onDone=${done}/>`}
		${open?.import && html`<${ImportDialog} url="/never/import"
			title=${t('never.import')} hint=${t('never.import.hint')}
			onDone=${done}/>`}`;
}

export function Never() {
	const { items, problem, load, more } = useList('/never');
	const [text, setText] = useState(''), [open, act] = useState(null);
	const rows = (items ?? []).filter(r => matches(r, text.trim()));

	return html`<${Head} title=${t('nav.never')}>
		<${ExportMenu} url="/never/export" params=${{}}
			formats=${['csv', 'jsonl', 'txt']}/>
		<${Button} icon="upload" scope=${write}
			onClick=${() => act({ import: true })}>${t('import')}<//>
		<${Button} icon="plus" class="primary" scope=${write}
			onClick=${() => act({ add: true })}>${t('never.add')}<//><//>
		<p class="lead">${t('never.lead')}</p>
		<div class="filters"><div class="search"><${Icon} name="search"/>
			<input type="search" aria-label=${t('never.search')}
			placeholder=${t('never.search')} value=${text}
			autocapitalize="none" spellcheck=${false}
			onInput=${e => setText(e.target.value)}/></div></div>
		${isAddress(text.trim()) && html`<${Check} address=${text.trim()}/>`}
		${!items ? html`<${Waiting} problem=${problem} load=${load}/>` : html`
		<div class="count" role="status">
			${t('never.count', { n: rows.length })}</div>
		${(rows.length > 0 || !isAddress(text.trim())) && html`
		<div class="card flush">${rows.length ? html`<${Table}
			label=${t('nav.never')} columns=${columns(act, load)}
			rows=${rows} rowKey=${r => r.address}
			onDelete=${r => !r.builtin && remove(r, load)}/>` :
			html`<${Empty}>${t(text ? 'never.no_match' :
				'never.none')}<//>`}</div>`}<${More} more=${more}/>`}
		<${Dialogs} open=${open} act=${act} load=${load}/>`;
}
