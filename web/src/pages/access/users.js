// Users and their roles.

import { html } from 'htm/preact';
import { useState } from 'preact/hooks';
import { del, get, patch, post, session } from '../../api.js';
import { t } from '../../i18n.js';
import { Button } from '../../parts/button.js';
import { Dialog } from '../../parts/dialog.js';
import { Buttons, Check, Field, ProblemBox, useSend }
	from '../../parts/form.js';
import { Badge } from '../../parts/icon.js';
import { useList, Waiting } from '../../parts/load.js';
import { Raw } from '../../parts/raw.js';
import { Table } from '../../parts/table.js';
import { Ago } from '../../parts/time.js';
import { toast } from '../../parts/toast.js';

const roles = () => ['viewer', 'operator', 'admin'].map(r =>
	[r, t('role.' + r)]);

const at = (problem, name) => problem?.at?.(name) || undefined;

// What no field of the form has said.
const Rest = ({ problem, names }) => problem &&
	!names.some(name => at(problem, name)) &&
	html`<${ProblemBox} problem=${problem}/>`;

function Role({ value, set, problem }) {
	return html`<${Field} as="select" label=${t('users.role')} value=${value}
		options=${roles()} hint=${t('users.role.' + value)}
		onChange=${e => set(e.target.value)} error=${at(problem, 'role')}/>`;
}

const Password = ({ value, set, label, problem, ...rest }) => html`
	<${Field} label=${label} type="password" autocomplete="new-password"
		value=${value} hint=${t('password.hint')} ...${rest}
		onInput=${e => set(e.target.value)}
		error=${at(problem, 'password')}/>`;

function Add({ close, done }) {
	const [name, setName] = useState(''), [role, setRole] = useState('viewer'),
		[password, setPassword] = useState('');
	const [send, problem, busy] = useSend(async () => {
		await post('/users', { name, role, password });
		toast(t('users.added', { name }));
		close();
		done();
	});

	return html`<${Dialog} title=${t('users.add')} onClose=${close}>
		<form onSubmit=${send}>
		<${Field} label=${t('users.name')} value=${name} required autofocus
			autocapitalize="none" spellcheck=${false} autocomplete="off"
			onInput=${e => setName(e.target.value)}
			error=${at(problem, 'name')}/>
		<${Role} value=${role} set=${setRole} problem=${problem}/>
		<${Password} value=${password} set=${setPassword} required
			label=${t('users.password')} problem=${problem}/>
		<${Rest} problem=${problem} names=${['name', 'role', 'password']}/>
		<${Buttons} text=${t('users.add')} busy=${busy}
			onCancel=${close}/></form><//>`;
}

function Edit({ user, close, done }) {
	const [role, setRole] = useState(user.role),
		[disabled, setDisabled] = useState(user.disabled),
		[noTotp, setNoTotp] = useState(false),
		[password, setPassword] = useState('');
	const [send, problem, busy] = useSend(async () => {
		await patch('/users/' + user.id, { role, disabled,
			...(noTotp && { totp: false }), ...(password && { password }) },
		user.etag);
		toast(t('users.changed', { name: user.name }));
		close();
		done();
	});

	return html`<${Dialog} title=${t('users.edit', { name: user.name })}
		onClose=${close}><form onSubmit=${send}>
		<${Role} value=${role} set=${setRole} problem=${problem}/>
		<${Check} label=${t('users.disabled')} checked=${disabled}
			hint=${t('users.disabled.hint')}
			onChange=${e => setDisabled(e.target.checked)}/>
		${user.totp && html`<${Check} label=${t('users.no_totp')}
			checked=${noTotp} hint=${t('users.no_totp.hint')}
			onChange=${e => setNoTotp(e.target.checked)}/>`}
		<${Password} value=${password} set=${setPassword}
			label=${t('users.password.new')} problem=${problem}/>
		<${Rest} problem=${problem} names=${['role', 'password']}/>
		<${Buttons} text=${t('save')} busy=${busy} onCancel=${close}/>
		</form><//>`;
}

function Remove({ user, close, done }) {
	const [send, problem, busy] = useSend(async () => {
		await del('/users/' + user.id);
		toast(t('users.removed', { name: user.name }));
		close();
		done();
	});

	return html`<${Dialog} title=${t('users.remove')} onClose=${close}>
		<form onSubmit=${send}>
		<p>${t('users.remove.ask', { name: user.name })}</p>
		<${ProblemBox} problem=${problem}/>
		<${Buttons} kind="danger" text=${t('users.remove')} busy=${busy}
			onCancel=${close}/></form><//>`;
}

const dialogs = { add: Add, edit: Edit, remove: Remove };

const Name = ({ user }) => html`<${Raw} text=${user.name}/>
	${user.id === session.value.user.id && html` <${Badge} kind="accent">
		${t('users.you')}<//>`}
	${user.disabled && html` <${Badge} kind="warn">
		${t('users.disabled')}<//>`}`;

const columns = (edit, remove) => [
	{ kind: 'first', title: t('users.name'),
		cell: u => html`<${Name} user=${u}/>` },
	{ title: t('users.role'), cell: u => t('role.' + u.role) },
	{ title: t('users.totp'), label: true,
		cell: u => t(u.totp ? 'yes' : 'no') },
	{ title: t('users.created'), label: true,
		cell: u => html`<${Ago} time=${u.created}/>` },
	{ title: t('users.login'), label: true, cell: u => u.last_login ?
		html`<${Ago} time=${u.last_login}/>` : t('users.login.never') },
	{ kind: 'acts', title: t('actions'), hidden: true, cell: u => html`
		<${Button} icon="pencil" scope="admin" onClick=${() => edit(u)}
			label=${t('users.edit', { name: u.name })}/>
		<${Button} icon="trash-2" class="danger" scope="admin"
			label=${t('users.remove.of', { name: u.name })}
			onClick=${() => remove(u)}/>` },
];

export function Users() {
	const list = useList('/users'), [asked, ask] = useState(null);
	const Asked = asked && dialogs[asked.what];
	const edit = async row => ask({ what: 'edit',
		user: await get('/users/' + row.id) });
	const remove = user => ask({ what: 'remove', user });

	if (!list.items)
		return html`<${Waiting} problem=${list.problem} load=${list.load}/>`;
	return html`<p class="count"><span role="status">${t('users.count',
			{ n: list.items.length })}</span>
		<${Button} class="primary" icon="plus" scope="admin"
			onClick=${() => ask({ what: 'add' })}>${t('users.add')}<//></p>
		<div class="card flush"><${Table} label=${t('access.users')}
			columns=${columns(edit, remove)} rows=${list.items}/></div>
		${asked && html`<${Asked} user=${asked.user} done=${list.load}
			close=${() => ask(null)}/>`}`;
}
