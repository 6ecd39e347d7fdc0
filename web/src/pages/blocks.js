import { html } from 'htm/preact';
import { useState } from 'preact/hooks';
import { params } from '../api.js';
import { t } from '../i18n.js';
import { useLive } from '../live.js';
import { go, query, setQuery, withQuery } from '../router.js';
import { BlockDialog } from '../dialogs/block.js';
import { ExtendDialog } from '../dialogs/extend.js';
import { ImportDialog } from '../dialogs/import.js';
import { NeverDialog } from '../dialogs/never.js';
import { UnblockDialog } from '../dialogs/unblock.js';
import { Address, bare } from '../parts/address.js';
import { Button } from '../parts/button.js';
import { ExportMenu } from '../parts/export.js';
import { Filter } from '../parts/filter.js';
import { Icon } from '../parts/icon.js';
import { useList, Waiting } from '../parts/load.js';
import { Menu } from '../parts/menu.js';
import { Head } from '../parts/page.js';
import { Raw } from '../parts/raw.js';
import { Empty, More, Table, useColumns } from '../parts/table.js';
import { Tabs } from '../parts/tabs.js';
import { Ago, left, Until } from '../parts/time.js';
import { toast } from '../parts/toast.js';
import { Doubt, Origin, reason, State } from '../parts/why.js';

const states = ['active', 'expired', 'removed', 'all'];
const write = 'blocks:write';
const why = row => '/blocks/' + row.id;

const examples = () => [
	['ip:203.0.113.0/24', t('blocks.help.ip')],
	['origin:manual', t('blocks.help.origin')],
	['component:smtp,login', t('blocks.help.component')],
	['expires<1h', t('blocks.help.expires')],
	['since:24h', t('blocks.help.since')],
	['by:root', t('blocks.help.by')],
	['note:4711', t('blocks.help.note')],
	['hint:any', t('blocks.help.hint')],
];

function Actions({ row, act }) {
	if (row.state !== 'active')
		return html`<${Button} icon="rotate-ccw" scope=${write} class="ghost"
			onClick=${() => act({ block: row })}>${t('blocks.again')}<//>`;
	return html`<${Button} icon="trash-2" scope=${write} class="ghost danger"
		label=${t('blocks.remove_of', { address: bare(row.address) })}
		onClick=${() => act({ remove: [row] })}>${t('blocks.remove')}<//>
		<${Menu} icon="ellipsis" label=${t('blocks.more_of',
			{ address: bare(row.address) })}>
			<a href=${why(row)}><${Icon} name="circle-question-mark"/>
				${t('blocks.why')}</a>
			<${Button} icon="calendar-clock" scope=${write}
				onClick=${() => act({ extend: [row] })}>
				${t('blocks.extend')}<//>
			<${Button} icon="shield-check" scope="never:write"
				onClick=${() => act({ never: row })}>
				${t('blocks.never')}<//>
			<${Button} icon="copy" onClick=${() =>
				navigator.clipboard.writeText(bare(row.address)).then(
					() => toast(t('copied')))}>${t('blocks.copy')}<//>
		<//>`;
}

const Name = ({ row }) => html`<${Address} value=${row.address}
	href=${why(row)} title=${t('blocks.why_of', { address:
		bare(row.address) })}/>
	${row.host && html`<small><${Raw} text=${row.host}/></small>`}`;

const Why = ({ row }) => html`<${Raw} text=${reason(row)}/> ${
	html`<${State} row=${row}/> <${Doubt} row=${row}/>`}`;

const columns = act => [
	{ key: 'address', title: t('col.address'), kind: 'first', fixed: true,
		sort: 'address', cell: row => html`<${Name} row=${row}/>` },
	{ key: 'why', title: t('col.why'), kind: 'line',
		cell: row => html`<${Why} row=${row}/>` },
	{ key: 'origin', title: t('col.origin'), kind: 'aside',
		cell: row => html`<${Origin} row=${row}/>` },
	{ key: 'from', title: t('col.blocked'), sort: 'from', label: true,
		cell: row => html`<${Ago} time=${row.from}/>` },
	{ key: 'until', title: t('col.expires'), sort: 'until', label: true,
		cell: row => html`<${Until} row=${row}/>` },
	{ key: 'by', title: t('col.by'), extra: true, label: true,
		cell: row => html`<${Raw} text=${row.removed_by ?? row.by ?? ''}/>` },
	{ key: 'acts', title: t('col.actions'), kind: 'acts', hidden: true,
		fixed: true, cell: row => html`<${Actions} row=${row} act=${act}/>` },
];

// What is chosen, and what can be done with all of it.
function Batch({ chosen, act }) {
	const { rows, n, rest, whole, clear, chooseAll } = chosen;
	const open = op => act({ [op]: rows, all: whole });

	return rows.length > 0 && html`<div class="batch" role="region"
		aria-label=${t('batch.label')}>
		<strong role="status">${t('batch.n', { n })}</strong>
		${rest > 0 && !whole && html`<button type="button" class="link"
			onClick=${chooseAll}>${t('batch.all', { n: n + rest })}</button>`}
		<${Button} icon="trash-2" scope=${write} class="danger"
			onClick=${() => open('remove')}>${t('blocks.remove')}<//>
		<${Button} icon="calendar-clock" scope=${write}
			onClick=${() => open('extend')}>${t('blocks.extend')}<//>
		<${Button} icon="x" class="ghost" onClick=${clear}>
			${t('batch.none')}<//></div>`;
}

function Dialogs({ open, act, load, clear }) {
	const done = changed => {
		act(null);
		if (changed) {
			clear();
			load();
		}
	};

	if (open?.remove)
		return html`<${UnblockDialog} rows=${open.remove}
			all=${open.all} onDone=${done} onUndone=${load}/>`;
	if (open?.extend)
		return html`<${ExtendDialog} rows=${open.extend}
			all=${open.all} onDone=${done}/>`;
	if (open?.never)
		return html`<${NeverDialog} address=${open.never.address}
			onDone=${done}/>`;
	if (open?.import)
		return html`<${ImportDialog} url="/blocks/import" onDone=${done}
			title=${t('blocks.import')} hint=${t('blocks.import.hint')}/>`;
	return open?.block && html`<${BlockDialog}
		address=${bare(open.block.address ?? '')} onDone=${done}/>`;
}

// Follows what happens: new ones are only counted, known ones change.
function useFresh({ items, set, load }) {
	const [fresh, setFresh] = useState(0);

	useLive('block', ({ op, block }) => {
		const known = items?.some(r => r.id === block.id);

		if (known)
			set(items.map(r => r.id === block.id ? { ...r, ...block } : r));
		else if (op === 'added')
			setFresh(n => n + 1);
	});
	useLive('reset', load);
	return html`<span role="status">${fresh > 0 && html`
		<button type="button" class="small" onClick=${() => {
			setFresh(0);
			load();
		}}>${t('blocks.fresh', { n: fresh })}</button>`}</span>`;
}

function countText(state, total, n) {
	const value = total?.value ?? n;

	return t(total && !total.exact ? 'count.at_least' :
		'blocks.count.' + state, { n: value });
}

/*
 * The chosen rows that still stand there; `whole` is the search when all
 * that match it are meant, also those that are not shown.
 */
function useSelection({ items = [], total }, q) {
	const [picked, setPicked] = useState(new Set());
	const [all, setAll] = useState(false);
	const rows = items.filter(r => picked.has(r.id) && r.state === 'active');
	const isEvery = rows.length > 0 && rows.length === items.length;
	const rest = isEvery ? (total?.value ?? 0) - items.length : 0;
	const whole = all && isEvery ? { q, n: total.value } : null;
	const pick = set => {
		setAll(false);
		setPicked(set);
	};

	return { picked, pick, rows, rest, whole, clear: () => pick(new Set()),
		chooseAll: () => setAll(true), n: whole ? whole.n : rows.length };
}

export function Blocks() {
	const q = query.value.get('q') ?? '', sort = query.value.get('sort') ?? '';
	const state = states.find(s => s === query.value.get('state')) ?? 'active';
	const list = useList('/blocks' + params({ state, q, sort, limit: 50 }));
	const { items, total, problem, load, more } = list;
	const [open, act] = useState(null), fresh = useFresh(list);
	const chosen = useSelection(list, q);
	const [shown, chooser] = useColumns('blocks', columns(act));
	const isBad = problem?.status === 400;
	const isPast = row => row.state === 'active' && !row.no_end &&
		left(row.until) === 0;

	return html`<${Head} title=${t('nav.blocks')}>
		<${ExportMenu} url="/blocks/export" params=${{ q, state }}
			formats=${['csv', 'jsonl', 'txt', 'nft']}/>
		<${Button} icon="upload" scope=${write}
			onClick=${() => act({ import: true })}>${t('import')}<//>
		<${Button} icon="plus" class="primary" scope=${write}
			onClick=${() => act({ block: {} })}>${t('blocks.add')}<//><//>
		<${Tabs} label=${t('blocks.states')} tabs=${states.map(s => [
			withQuery({ state: s === 'active' ? null : s }),
			t(s === 'all' ? 'state.all' : 'state.' + s), s === state])}/>
		<${Filter} label=${t('blocks.search')} value=${q}
			onChange=${x => setQuery({ q: x })} fields=${examples()}
			problem=${isBad ? problem : null}>${chooser}<//>
		${!items && !isBad ? html`<${Waiting} problem=${problem}
			load=${load}/>` : items && html`
		<div class="count"><span role="status">
			${countText(state, total, items.length)}</span>${fresh}</div>
		<${Batch} chosen=${chosen} act=${act}/>
		${items.length ? html`<div class="card flush"><${Table}
			label=${t('nav.blocks')} columns=${shown} rows=${items}
			sort=${sort || '-from'} onSort=${s => setQuery({ sort: s })}
			picked=${chosen.picked} onPick=${chosen.pick}
			nameOf=${r => bare(r.address)} onOpen=${r => go(why(r))}
			onDelete=${r => r.state === 'active' && act({ remove: [r] })}
			mark=${r => isPast(r) ? 'past' : ''}/></div>
			<${More} more=${more}/>` : html`<div class="card">
			<${Empty}>${t(q ? 'blocks.no_match' : 'blocks.none.' + state)}<//>
			</div>`}`}
		<${Dialogs} open=${open} act=${act} load=${load}
			clear=${chosen.clear}/>`;
}
