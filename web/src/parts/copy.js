import { html } from 'htm/preact';
import { t } from '../i18n.js';
import { Icon } from './icon.js';
import { toast } from './toast.js';

// Copies a text; where the browser lets no page do that, it says so.
export function Copy({ text }) {
	const copy = async () => {
		try {
			await navigator.clipboard.writeText(text);
			toast(t('copy.done'));
		} catch {
			toast(t('copy.failed'));
		}
	};

	return html`<button type="button" onClick=${copy}><${Icon} name="copy"/>
		${t('copy')}</button>`;
}
