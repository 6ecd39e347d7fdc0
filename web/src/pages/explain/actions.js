// What can be done about the address that is explained.

import { html } from 'htm/preact';
import { t } from '../../i18n.js';
import { BlockDialog } from '../../dialogs/block.js';
import { ExtendDialog } from '../../dialogs/extend.js';
import { NeverDialog } from '../../dialogs/never.js';
import { UnblockDialog } from '../../dialogs/unblock.js';
import { Button } from '../../parts/button.js';
import { Menu } from '../../parts/menu.js';
import { toast } from '../../parts/toast.js';
import { abuseReport, asText } from './report.js';
import { blockOf } from './sentence.js';

const copy = text => navigator.clipboard.writeText(text).then(
	() => toast(t('copied')), () => toast(t('copy_failed')));

export function Actions({ x, act }) {
	const b = blockOf(x), isLive = b?.state === 'active';

	return html`${isLive ? html`
		<${Button} icon="trash-2" class="danger" scope="blocks:write"
			onClick=${() => act({ remove: [b] })}>${t('blocks.remove')}<//>
		<${Button} icon="calendar-clock" scope="blocks:write"
			onClick=${() => act({ extend: [b] })}>${t('blocks.extend')}<//>` :
		x.state !== 'never' && html`<${Button} icon="shield-ban"
			scope="blocks:write" onClick=${() =>
				act({ block: x.address })}>${t('blocks.block')}<//>`}
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
