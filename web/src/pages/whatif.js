// The place of "what if", which comes later.

import { html } from 'htm/preact';
import { t } from '../i18n.js';
import { Icon } from '../parts/icon.js';
import { Head } from '../parts/page.js';

export const WhatIf = () => html`<${Head} title=${t('nav.whatif')}/>
	<section class="card stack"><p class="lead">${t('whatif.text')}</p>
		<p>${t('whatif.later')}</p>
		<p class="row"><a class="button" href="/settings/smtp">
			<${Icon} name="settings"/>${t('settings.smtp')}</a>
			<a class="button" href="/blocks"><${Icon} name="shield-ban"/>
			${t('nav.blocks')}</a></p></section>`;
