// Accounts: which are locked, which are attacked, and what became of one.

import { html } from 'htm/preact';
import { useState } from 'preact/hooks';
import { del, params } from '../api.js';
import { num, t } from '../i18n.js';
import { useLive } from '../live.js';
import { Button } from '../parts/button.js';
import { Dialog } from '../parts/dialog.js';
import { Buttons, ProblemBox, useSend } from '../parts/form.js';
import { useGet, useList, Waiting } from '../parts/load.js';
import { Head } from '../parts/page.js';
import { Empty, More, Table } from '../parts/table.js';
import { Tabs } from '../parts/tabs.js';
import { toast } from '../parts/toast.js';
import { query } from '../router.js';
import { Account } from './account.js';
import { AccountLink, Locks, lockUrl } from './locks.js';

const WEEK_S = 604800;

function UnlockAll({ items, done, close }) {
	const [send, problem, busy] = useSend(async () => {
		for (const lock of items)
			await del(lockUrl(lock));
		toast(t('accounts.unlocked.all', { n: items.length }));
		close();
		done();
	});

	return html`<${Dialog} title=${t('accounts.unlock.all')}
		onClose=${close}><form onSubmit=${send}>
		<p>${t('accounts.unlock.ask', { n: items.length })}</p>
		<${ProblemBox} problem=${problem}/>
		<${Buttons} text=${t('accounts.unlock.all')} busy=${busy}
			onCancel=${close}/></form><//>`;
}

function LockList({ state }) {
	const list = useList('/accounts' + params({ state, limit: 200 }));
	const [isAsking, setAsking] = useState(false);

	useLive('stats', list.load, state === 'locked');
	if (!list.items)
		return html`<${Waiting} problem=${list.problem} load=${list.load}/>`;
	const locked = list.items.filter(x => x.state === 'locked');
	return html`<p class="count" role="status">${t(state === 'locked' ?
		'accounts.count' : 'accounts.count.all', { n: list.items.length })}
		${locked.length > 1 && html`<${Button} scope="accounts:write"
			icon="lock-open" onClick=${() => setAsking(true)}>
			${t('accounts.unlock.all')}<//>`}</p>
		<${Locks} items=${list.items} done=${list.load}/>
		<${More} more=${list.more}/>
		${isAsking && html`<${UnlockAll} items=${locked} done=${list.load}
			close=${() => setAsking(false)}/>`}`;
}

const attacked = () => [
	{ kind: 'first clip', title: t('accounts.account'),
		cell: x => html`<${AccountLink} name=${x.account}/>` },
	{ kind: 'num', label: true, title: t('accounts.events'),
		cell: x => num(x.events) },
	{ kind: 'num', label: true, title: t('accounts.points'),
		cell: x => num(x.points) },
];

function Attacked() {
	const [since] = useState(() => new Date(Date.now() - 1000 * WEEK_S)
		.toISOString().replace(/\.\d+/, ''));
	const { data, problem, load } = useGet('/stats/top' +
		params({ by: 'account', since, limit: 50 }));

	if (!data)
		return html`<${Waiting} problem=${problem} load=${load}/>`;
	if (!data.items.length)
		return html`<${Empty}>${t('accounts.none.attacked')}<//>`;
	return html`<p class="hint">${t('accounts.attacked.hint')}</p>
		<div class="card flush"><${Table} label=${t('accounts.tab.attacked')}
			columns=${attacked()} rows=${data.items}
			rowKey=${x => x.account}/></div>`;
}

export function Accounts() {
	const name = query.value.get('name');
	const state = query.value.get('state') ?? 'locked';

	if (name !== null)
		return html`<${Account} key=${name} name=${name}/>`;
	return html`<${Head} title=${t('nav.accounts')}/>
		<${Tabs} label=${t('accounts.which')} tabs=${
			['locked', 'attacked', 'all'].map(s => [s === 'locked' ?
				'/accounts' : '/accounts?state=' + s,
			t('accounts.tab.' + s), s === state])}/>
		${state === 'attacked' ? html`<${Attacked}/>` :
			html`<${LockList} key=${state} state=${state}/>`}`;
}
