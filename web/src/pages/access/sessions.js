// Who is signed in, and from where.

import { html } from 'htm/preact';
import { del } from '../../api.js';
import { t } from '../../i18n.js';
import { Address } from '../../parts/address.js';
import { Button } from '../../parts/button.js';
import { problemText } from '../../parts/form.js';
import { Badge } from '../../parts/icon.js';
import { useList, Waiting } from '../../parts/load.js';
import { Raw } from '../../parts/raw.js';
import { Table } from '../../parts/table.js';
import { Ago } from '../../parts/time.js';
import { toast } from '../../parts/toast.js';

const columns = end => [
	{ kind: 'first', title: t('sessions.user'), cell: x => html`
		<${Raw} text=${x.user}/> ${x.current && html`
			<${Badge} kind="accent">${t('sessions.current')}<//>`}` },
	{ title: t('sessions.address'),
		cell: x => html`<${Address} value=${x.address}/>` },
	{ kind: 'line clip', title: t('sessions.agent'),
		cell: x => html`<${Raw} text=${x.agent}/>` },
	{ title: t('sessions.created'), label: true,
		cell: x => html`<${Ago} time=${x.created}/>` },
	{ title: t('sessions.seen'), label: true,
		cell: x => html`<${Ago} time=${x.last_seen}/>` },
	{ kind: 'acts', title: t('actions'), hidden: true,
		cell: x => !x.current && html`<${Button} icon="log-out"
			onClick=${() => end(x)}>${t('sessions.end')}<//>` },
];

// url: whose sessions, /sessions or /me/sessions.
export function Sessions({ url }) {
	const list = useList(url);
	const end = async row => {
		try {
			await del(`${url}/${row.id}`);
			toast(t('sessions.ended'));
			list.load();
		} catch (problem) {
			toast(problemText(problem));
		}
	};

	return list.items ? html`<div class="card flush"><${Table}
		label=${t('access.sessions')} columns=${columns(end)}
		rows=${list.items}/></div>` :
		html`<${Waiting} problem=${list.problem} load=${list.load}/>`;
}
