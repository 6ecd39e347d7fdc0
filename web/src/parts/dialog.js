import { html } from 'htm/preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { t } from '../i18n.js';
import { Icon } from './icon.js';

/*
 * A native dialog: it keeps the focus inside, Esc closes it.  When it goes,
 * the focus returns to what opened it.
 */
export function Dialog({ title, onClose, kind = '', children }) {
	const ref = useRef(), id = useId();

	useEffect(() => {
		const d = ref.current, from = document.activeElement;

		d.showModal();
		return () => {
			d.close();
			if (from?.isConnected)
				from.focus();
		};
	}, []);
	return html`<dialog ref=${ref} class=${kind} aria-labelledby=${id}
		onCancel=${e => { e.preventDefault(); onClose(); }}
		onClick=${e => e.target === ref.current && kind === 'sheet' &&
			onClose()}>
		<header><h2 id=${id}>${title}</h2>
			<button type="button" class="ghost" aria-label=${t('close')}
				onClick=${onClose}><${Icon} name="x"/></button></header>
		${children}</dialog>`;
}
