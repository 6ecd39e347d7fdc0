// Why is this address blocked, or what stands against it?

import { html } from 'htm/preact';
import { useState } from 'preact/hooks';
import { params } from '../../api.js';
import { t } from '../../i18n.js';
import { useLive } from '../../live.js';
import { query, withQuery } from '../../router.js';
import { bare } from '../../parts/address.js';
import { Badge } from '../../parts/icon.js';
import { useGet, Waiting } from '../../parts/load.js';
import { useTitle } from '../../parts/page.js';
import { Crumbs, Tabs } from '../../parts/tabs.js';
import { leftText } from '../../parts/time.js';
import { Actions, Dialogs } from './actions.js';
import { Dossier, Earlier } from './dossier.js';
import { Events } from './events.js';
import { Hints } from './hints.js';
import { blockOf, explained, Sentence } from './sentence.js';
import { Contributions, Course } from './score.js';
import { Otherwise } from './otherwise.js';

const looks = {
	blocked: ['bad', 'shield-ban'],
	active: ['bad', 'shield-ban'],
	would_block: ['warn', 'eye'],
	never: ['good', 'shield-check'],
	not_blocked: ['good', 'circle-check'],
};

function StateBadge({ x }) {
	const [kind, icon] = looks[x.state] ?? ['', 'history'];
	const row = blockOf(x) ?? x;
	const isLive = ['blocked', 'active', 'would_block'].includes(x.state);

	return html`<${Badge} kind=${kind} icon=${icon}>
		${t('explain.state.' + x.state)}${isLive && (row.until || row.no_end) ?
			', ' + leftText(row) : ''}<//>`;
}

// An address can be near both thresholds: one is looked at.
function Components({ x }) {
	const shown = explained(x);

	return x.components.length > 1 && html`<${Tabs}
		label=${t('explain.components')} tabs=${x.components.map(c => [
			withQuery({ component: c.component }),
			t('explain.component.' + c.component, { score: c.score,
				threshold: c.threshold }), c === shown])}/>`;
}

function Found({ x, load }) {
	const [open, act] = useState(null), address = bare(x.address);
	const c = explained(x);

	useTitle(t('explain.title', { address }));
	return html`<${Crumbs} label=${t('crumbs')}
			up=${[['/blocks', t('nav.blocks')]]} here=${address}/>
		<div class="head"><div class="row"><h1 class="addr" dir="ltr">
			${address}</h1><${StateBadge} x=${x}/></div>
			<div class="row acts"><${Actions} x=${x} act=${act}
				load=${load}/></div></div>
		<${Sentence} x=${x}/>
		<${Hints} rows=${x.hints ?? []} x=${x} act=${act}/>
		<${Components} x=${x}/>
		${c && html`<${Course} x=${x} c=${c}/><${Contributions} c=${c}/>`}
		${(c || x.events.length > 0) && html`<${Events} x=${x}
			load=${load}/>`}
		<div class="columns"><${Dossier} x=${x}/><${Otherwise} x=${x}/></div>
		<${Earlier} address=${x.address}/>
		<${Dialogs} open=${open} act=${act} load=${load}/>`;
}

function Page({ path, title }) {
	const component = query.value.get('component');
	const { data, problem, load } = useGet(path + params({ component }));

	useTitle(title);
	useLive('block', m => {
		if (data && (m.block.id === blockOf(data)?.id ||
			bare(m.block.address) === data.address))
			load();
	});
	return data ? html`<${Found} x=${data} load=${load}/>` :
		html`<h1>${title}</h1><${Waiting} problem=${problem} load=${load}/>`;
}

export const ExplainAddress = ({ address }) => html`<${Page} title=${address}
	path=${`/addresses/${encodeURIComponent(address)}/explain`}/>`;

export const ExplainBlock = ({ id }) => html`<${Page}
	title=${t('explain.block', { id })}
	path=${`/blocks/${encodeURIComponent(id)}/explain`}/>`;
