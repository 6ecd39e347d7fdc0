// Files of exactly what is filtered; the browser saves what is streamed.

import { html } from 'htm/preact';
import { params as text } from '../api.js';
import { t } from '../i18n.js';
import { Icon } from './icon.js';
import { Menu } from './menu.js';

export const ExportMenu = ({ url, params, formats }) => html`
	<${Menu} icon="download" text=${t('export')} kind="">
		<p class="title">${t('export.title')}</p>
		${formats.map(format => html`<a download
			href=${'/api/v1' + url + text({ format, ...params })}>
			<${Icon} name="file-text"/>${t('export.' + format)}</a>`)}<//>`;
