// What can be done about the address that is explained.

import { html } from 'htm/preact';
import { post } from '../../api.js';
import { t } from '../../i18n.js';
import { BlockDialog } from '../../dialogs/block.js';
import { ExtendDialog } from '../../dialogs/extend.js';
import { NeverDialog } from '../../dialogs/never.js';
import { UnblockDialog } from '../../dialogs/unblock.js';
import { Button } from '../../parts/button.js';
import { problemText } from '../../parts/form.js';
import { Menu } from '../../parts/menu.js';
import { toast } from '../../parts/toast.js';
import { abuseReport, asText } from './report.js';
import { blockOf } from './sentence.js';

const copy = text => navigator.clipboard.writeText(text).then(
	() => toast(t('copied')), () => toast(t('copy_failed')));

// What counts against an address that isn't blocked, taken away.
function Forgive({ x, load }) {
	const forgive = async () => {
		try {
			const { forgiven } = await post(`/addresses/${
				encodeURIComponent(x.address)}/forgive`, {});

			toast(t('forgive.done', { n: forgiven ?? 0 }));
			load();
		} catch (e) {
			toast(problemText(e));
		}
	};

	return x.state === 'not_blocked' && x.components.some(c => c.score > 0) &&
		html`<${Button} icon="eraser" scope="blocks:write"
			onClick=${forgive}>${t('forgive')}<//>`;
}

export function Actions({ x, act, load }) {
	const b = blockOf(x), isLive = b?.state === 'active';

	return html`${isLive ? html`
		<${Button} icon="trash-2" class="danger" scope="blocks:write"
			onClick=${() => act({ remove: [b] })}>${t('blocks.remove')}<//>
		<${Button} icon="calendar-clock" scope="blocks:write"
			onClick=${() => act({ extend: [b] })}>${t('blocks.extend')}<//>` :
		x.state !== 'never' && html`<${Button} icon="shield-ban"
			scope="blocks:write" onClick=${() =>
				act({ block: x.address })}>${t('blocks.block')}<//>`}
		<${Forgive} x=${x} load=${load}/>
		${x.state !== 'never' && html`<${Button} icon="shield-check"
			scope="never:write" onClick=${() => act({ never: x })}>
			${t('blocks.never')}<//>`}
		<${Menu} icon="clipboard-copy" kind="" label=${t('explain.copy')}>
			<${Button} onClick=${() => copy(asText(x))}>
				${t('explain.copy_text')}<//>
			<${Button} onClick=${() => copy(abuseReport(x))}>
				${t('explain.copy_report')}<//>
			<${Button} onClick=${() => copy(location.origin +
				'/blocks/' + (b?.id ?? ''))} disabled=${!b}>
				${t('explain.copy_link')}<//><//>`;
}

export function Dialogs({ open, act, load }) {
	const done = changed => {
		act(null);
		if (changed)
			load();
	};

	return html`${open?.remove && html`<${UnblockDialog} rows=${open.remove}
			onDone=${done} onUndone=${load}/>`}
		${open?.extend && html`<${ExtendDialog} rows=${open.extend}
			onDone=${done}/>`}
		${open?.never && html`<${NeverDialog} address=${open.never.address}
			onDone=${done}/>`}
		${open?.block && html`<${BlockDialog} address=${open.block}
			onDone=${done}/>`}`;
}
