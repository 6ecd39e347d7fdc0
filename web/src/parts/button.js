import { html } from 'htm/preact';
import { can } from '../api.js';
import { t } from '../i18n.js';
import { Icon } from './icon.js';
import { toast } from './toast.js';

// Why a control is out of the reader's reach, or nothing.
export const refusal = scope =>
	scope && !can(scope) ? t('need.' + scope) : undefined;

/*
 * A button.  What the reader's role may not do is shown; pressed, it says
 * why not.
 */
export function Button({ icon, scope, label, children, title, ...rest }) {
	const no = refusal(scope);
	const refused = no && { 'aria-disabled': 'true', 'aria-description': no,
		onClick: () => toast(no) };

	return html`<button type="button" aria-label=${label}
		title=${no ?? title ?? (children ? undefined : label)}
		...${rest} ...${refused}>
		${icon && html`<${Icon} name=${icon}/>`}${children}</button>`;
}
