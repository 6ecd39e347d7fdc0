// Who changed which setting, and the way back.

import { html } from 'htm/preact';
import { useState } from 'preact/hooks';
import { post } from '../../api.js';
import { exact, t } from '../../i18n.js';
import { Button } from '../../parts/button.js';
import { Dialog } from '../../parts/dialog.js';
import { Buttons, ProblemBox, useSend } from '../../parts/form.js';
import { useList, Waiting } from '../../parts/load.js';
import { Raw } from '../../parts/raw.js';
import { Empty, More, Table } from '../../parts/table.js';
import { Ago } from '../../parts/time.js';
import { toast } from '../../parts/toast.js';
import { find, load as loadSettings } from './draft.js';
import { labelOf, shown } from './fields.js';

const Value = ({ name, text }) => html`<${Raw}
	text=${shown(find(name) ?? {}, text)}/>`;

function Rollback({ row, close, done }) {
	const [send, problem, busy] = useSend(async () => {
		await post('/settings/rollback', { id: row.id });
		toast(t('history.done'));
		close();
		done();
		await loadSettings();
	});

	return html`<${Dialog} title=${t('history.back')} onClose=${close}>
		<form onSubmit=${send}><p>${t('history.ask',
			{ name: labelOf(row.name), time: exact(row.time) })}</p>
		<${ProblemBox} problem=${problem}/>
		<${Buttons} text=${t('history.back')} busy=${busy}
			onCancel=${close}/></form><//>`;
}

const columns = ask => [
	{ kind: 'first', title: t('settings.setting'), cell: x => html`
		${labelOf(x.name)} <small><code>${x.name}</code></small>` },
	{ kind: 'clip', title: t('settings.before'), label: true,
		cell: x => html`<${Value} name=${x.name} text=${x.before}/>` },
	{ kind: 'clip', title: t('settings.after'), label: true,
		cell: x => html`<${Value} name=${x.name} text=${x.after}/>` },
	{ title: t('history.time'), cell: x => html`<${Ago} time=${x.time}/>` },
	{ title: t('history.by'), cell: x => html`<${Raw} text=${x.by}/>` },
	{ kind: 'acts', title: t('actions'), hidden: true,
		cell: x => x.id !== undefined && html`<${Button} icon="undo-2"
			scope="config:write" onClick=${() => ask(x)}>
			${t('history.back')}<//>` },
];

export function History() {
	const list = useList('/settings/history?limit=200');
	const [row, ask] = useState(null);

	if (!list.items)
		return html`<${Waiting} problem=${list.problem} load=${list.load}/>`;
	if (!list.items.length)
		return html`<${Empty} icon="history">${t('history.none')}<//>`;
	return html`<p class="hint">${t('history.hint')}</p>
		<div class="card flush"><${Table} label=${t('settings.history')}
			columns=${columns(ask)} rows=${list.items}
			rowKey=${x => x.id ?? x.time + x.name}/></div>
		<${More} more=${list.more}/>
		${row && html`<${Rollback} row=${row} close=${() => ask(null)}
			done=${list.load}/>`}`;
}
