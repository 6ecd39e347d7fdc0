// A table of rows: sorting, picking, keys, and cards on a phone.

import { html } from 'htm/preact';
import { useState } from 'preact/hooks';
import { t } from '../i18n.js';
import { Icon } from './icon.js';
import { Menu } from './menu.js';

function Heading({ column, sort, onSort }) {
	const up = sort === column.sort, down = sort === '-' + column.sort;

	if (!column.sort || !onSort)
		return html`<th role="columnheader" scope="col"
			class=${column.kind ?? ''}>${column.hidden ?
			html`<span class="sr">${column.title}</span>` :
			column.title}</th>`;
	return html`<th role="columnheader" scope="col"
		class=${column.kind ?? ''}
		aria-sort=${up ? 'ascending' : down ? 'descending' : undefined}>
		<button type="button" onClick=${() => onSort(
			down ? column.sort : '-' + column.sort)}>${column.title}
		${(up || down) && html`<${Icon}
			name=${up ? 'chevron-up' : 'chevron-down'}/>`}</button></th>`;
}

const Pick = ({ label, ...rest }) => html`<label>
	<input type="checkbox" aria-label=${label} ...${rest}/></label>`;

function step(tr, key) {
	const to = key === 'ArrowDown' ? tr.nextElementSibling :
		tr.previousElementSibling;

	to?.querySelector('a, button')?.focus();
	return !!to;
}

const isControl = e => e.target.closest('a, button, input, select, label');

/*
 * columns: { key, title, cell(row), kind, sort, hidden, label }; kind is the
 * class of its cells: first (the row's name), line (a line of its own on a
 * phone), aside (beside the name there), num, acts; label: its title is shown on a phone, too.
 * onOpen(row): a double click; onDelete(row): the Delete key; mark(row):
 * class of the row; picked: a Set of keys with onPick(Set).
 */
export function Table({ label, columns, rows, rowKey = r => r.id, sort,
	onSort, picked, onPick, nameOf, onOpen, onDelete, mark }) {
	const find = tr => rows.find(r => String(rowKey(r)) === tr.dataset.key);
	const onKey = e => {
		const tr = e.target.closest('tbody > tr');

		if (!tr || e.target.closest('input, select, .menu .list'))
			return;
		if (['ArrowDown', 'ArrowUp'].includes(e.key) && step(tr, e.key))
			e.preventDefault();
		else if (e.key === 'Delete' && onDelete && find(tr))
			onDelete(find(tr));
	};
	const toggle = key => {
		const next = new Set(picked);

		if (!next.delete(key))
			next.add(key);
		onPick(next);
	};
	const isAll = picked && rows.length > 0 &&
		rows.every(r => picked.has(rowKey(r)));

	return html`<table class="data" role="table" aria-label=${label}>
		<thead role="rowgroup"><tr role="row">
			${picked && html`<th role="columnheader" scope="col"
				class="pick"><${Pick} label=${t('table.pick_all')}
				checked=${isAll} onChange=${() => onPick(new Set(
					isAll ? [] : rows.map(rowKey)))}/></th>`}
			${columns.map(c => html`<${Heading} column=${c}
				sort=${sort} onSort=${onSort}/>`)}
		</tr></thead>
		<tbody role="rowgroup" onKeyDown=${onKey}>${rows.map(row => html`
			<tr role="row" key=${rowKey(row)} data-key=${rowKey(row)}
				class=${picked?.has(rowKey(row)) ? 'marked' :
					mark?.(row) ?? ''}
				onDblClick=${e => onOpen && !isControl(e) && onOpen(row)}>
			${picked && html`<td role="cell" class="pick">
				<${Pick} checked=${picked.has(rowKey(row))}
				label=${t('table.pick', { name: nameOf(row) })}
				onChange=${() => toggle(rowKey(row))}/></td>`}
			${columns.map(c => html`<td role="cell" class=${c.kind ?? ''}
				data-label=${c.label ? c.title : undefined}>
				${c.cell(row)}</td>`)}</tr>`)}
		</tbody></table>`;
}

/*
 * Which columns are shown, kept in this browser:
 * const [shown, chooser] = useColumns('blocks', columns).  Those with
 * `fixed` can't be hidden, those with `extra` are hidden at first.
 */
export function useColumns(name, columns) {
	const key = 'columns.' + name;
	const [hidden, setHidden] = useState(() =>
		JSON.parse(localStorage.getItem(key)) ??
		columns.filter(c => c.extra).map(c => c.key));
	const toggle = k => {
		const next = hidden.includes(k) ? hidden.filter(x => x !== k) :
			[...hidden, k];
		localStorage.setItem(key, JSON.stringify(next));
		setHidden(next);
	};
	const chooser = html`<${Menu} icon="columns-3" stay
		label=${t('table.columns')} kind="ghost wide">
		<p class="title">${t('table.columns')}</p>
		${columns.filter(c => !c.fixed).map(c => html`<label class="check">
			<input type="checkbox" checked=${!hidden.includes(c.key)}
				onChange=${() => toggle(c.key)}/>
			<span>${c.title}</span></label>`)}<//>`;

	return [columns.filter(c => c.fixed || !hidden.includes(c.key)),
		chooser];
}

// The button that reads on below a list.
export const More = ({ more }) => more && html`<div class="more">
	<button type="button" onClick=${more}>${t('table.more')}</button></div>`;

export const Empty = ({ icon = 'circle-check', children }) => html`
	<div class="empty"><p><${Icon} name=${icon}/></p>
		<p>${children}</p></div>`;

// A wide table in a frame of its own that scrolls, also by keys.
export const Scroll = ({ label, children }) => html`<div class="scroll"
	tabindex="0" role="region" aria-label=${label}>${children}</div>`;
