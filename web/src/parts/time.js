// Times as a reader wants them: near, and exact on demand.

import { html } from 'htm/preact';
import { signal } from '@preact/signals';
import { exact, relative, span, t } from '../i18n.js';

export const now = signal(Date.now()); // turns on every 10 s

setInterval(() => { now.value = Date.now(); }, 10000);

export const Ago = ({ time }) => time && html`
	<time datetime=${time} title=${exact(time)}>
		${relative(time, now.value)}</time>`;

export const left = time => Math.max(0, (new Date(time) - now.value) / 1000);

// Until when something holds; no end is said.
export const Until = ({ row }) => row.no_end ?
	html`<span>${t('time.no_end')}</span>` : html`<${Ago} time=${row.until}/>`;

export const leftText = row => row.no_end ? t('time.no_end') :
	t('time.left', { span: span(Math.round(left(row.until))) });
