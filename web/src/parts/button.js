import { html } from 'htm/preact';
import { can } from '../api.js';
import { t } from '../i18n.js';
import { Icon } from './icon.js';

// Why a control is out of the reader's reach, or nothing.
export const refusal = scope =>
	scope && !can(scope) ? t('need.' + scope) : undefined;

/*
 * A button.  What the reader's role may not do is shown, disabled, with the
 * reason.
 */
export function Button({ icon, scope, label, children, disabled, ...rest }) {
	const no = refusal(scope);

	return html`<button type="button" aria-label=${label}
		title=${no ?? rest.title ?? (children ? undefined : label)}
		disabled=${disabled || !!no} ...${no ? { ...rest, title: no } : rest}>
		${icon && html`<${Icon} name=${icon}/>`}${children}</button>`;
}
