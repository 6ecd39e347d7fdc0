// Locked accounts, in a list or of one account.

import { html } from 'htm/preact';
import { del, params } from '../api.js';
import { t } from '../i18n.js';
import { Address } from '../parts/address.js';
import { Button } from '../parts/button.js';
import { problemText } from '../parts/form.js';
import { Badge } from '../parts/icon.js';
import { Raw } from '../parts/raw.js';
import { Empty, Table } from '../parts/table.js';
import { Ago } from '../parts/time.js';
import { toast } from '../parts/toast.js';

const accountUrl = name => '/accounts?name=' +
	encodeURIComponent(name);

export const AccountLink = ({ name }) => html`<a href=${accountUrl(name)}>
	${name.trim() ? html`<${Raw} text=${name}/>` : t('accounts.unnamed')}</a>`;

export const lockUrl = ({ account, address }) =>
	'/accounts/' + encodeURIComponent(account) + '/lock' +
	params({ address: address === 'anywhere' ? null : address });

async function unlock(lock, done) {
	try {
		await del(lockUrl(lock));
		toast(t('accounts.unlocked', { account: lock.account }));
		done();
	} catch (problem) {
		toast(problemText(problem));
	}
}

const states = { locked: 'warn', unlocked: '', expired: '' };

const columns = done => [
	{ kind: 'first clip', title: t('accounts.account'),
		cell: x => html`<${AccountLink} name=${x.account}/>` },
	{ title: t('accounts.from'), cell: x => x.address === 'anywhere' ?
		t('accounts.anywhere') : html`<${Address} value=${x.address}/>` },
	{ title: t('accounts.since'), label: true,
		cell: x => html`<${Ago} time=${x.from}/>` },
	{ title: t('accounts.until'), label: true,
		cell: x => html`<${Ago} time=${x.until}/>` },
	{ title: t('accounts.state'), cell: x => html`
		<${Badge} kind=${states[x.state]}>${t('accounts.state.' + x.state)}<//>
		${x.observed && html` <${Badge}>${t('accounts.observed')}<//>`}` },
	{ kind: 'acts', hidden: true, title: t('actions'),
		cell: x => x.state === 'locked' && html`<${Button} icon="lock-open"
			scope="accounts:write" onClick=${() => unlock(x, done)}>
			${t('accounts.unlock')}<//>` },
];

export const Locks = ({ items, done }) => items.length === 0 ?
	html`<${Empty} icon="lock-open">${t('accounts.none')}<//>` :
	html`<div class="card flush"><${Table} label=${t('accounts.locks')}
		columns=${columns(done)} rows=${items} rowKey=${x => x.event}/></div>`;
