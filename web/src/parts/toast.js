import { html } from 'htm/preact';
import { signal } from '@preact/signals';
import { t } from '../i18n.js';
import { Icon } from './icon.js';

const toasts = signal([]);
let last = 0;

const drop = id => {
	toasts.value = toasts.value.filter(x => x.id !== id);
};

// It waits while somebody points at it or has the focus in it.
const isHeld = () =>
	document.querySelector('.toasts')?.matches(':hover, :focus-within');
const expire = (id, ms) =>
	setTimeout(() => isHeld() ? expire(id, 2000) : drop(id), ms);

// toast(t('blocks.removed'), { label: t('undo'), run: () => … })
export function toast(text, action) {
	const id = ++last;

	toasts.value = [...toasts.value.slice(-3), { id, text, action }];
	expire(id, action ? 12000 : 6000);
}

export const Toasts = () => html`
	<div class="toasts" role="status" aria-live="polite">
		${toasts.value.map(({ id, text, action }) => html`
			<div class="toast" key=${id}><span>${text}</span>
				${action && html`<button type="button" onClick=${() => {
					drop(id);
					action.run();
				}}>${action.label}</button>`}
				<button type="button" class="ghost" aria-label=${t('close')}
					onClick=${() => drop(id)}><${Icon} name="x"/></button>
			</div>`)}
	</div>`;
