import { html } from 'htm/preact';
import { t } from '../i18n.js';
import { Brand } from './brand.js';

// A page without navigation: nobody is signed in.
export const Alone = ({ wide, children }) => html`<div class="alone">
	<header class="brand"><${Brand}/></header>
	<main id="main" tabindex="-1" class=${wide ? 'wide' : ''}>
		${children}</main>
	<footer class="hint">${t('login.foot')}</footer></div>`;
