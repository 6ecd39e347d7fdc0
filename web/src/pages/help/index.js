// Help: keys, the search grammar, and the API.

import { html } from 'htm/preact';
import { t } from '../../i18n.js';
import { Head } from '../../parts/page.js';
import { Tabs } from '../../parts/tabs.js';
import { Api } from './api.js';

const keys = [['/'], ['?'], ['g', 'o'], ['g', 'b'], ['g', 'e'], ['g', 'n'],
	['g', 'a'], ['g', 's'], ['g', 'h'], ['↑', '↓'], ['Enter'], ['Delete'],
	['Esc']];

const Keys = () => html`<section class="card"><h2>${t('help.keys')}</h2>
	<p>${t('help.keys.text')}</p>
	<dl class="facts keys">${keys.map(k => html`<dt>${k.map(x => html`
		<kbd>${x}</kbd> `)}</dt><dd>${t('help.key.' + k.join(''))}</dd>`)}
	</dl></section>`;

const terms = ['kind:spam', 'kind:spam,virus', '-kind:probe',
	'ip:203.0.113.0/24', 'account:"j doe"', 'since:2h',
	'until:2026-11-24T06:00:00Z', 'expires<1h', 'origin:manual',
	'mail.example'];

const Grammar = () => html`<section class="card"><h2>${t('help.search')}</h2>
	<p>${t('filter.grammar')}</p>
	<dl class="facts">${terms.map((x, i) => html`<dt><code>${x}</code></dt>
		<dd>${t('help.term.' + (i + 1))}</dd>`)}</dl></section>`;

const Topics = () => html`<section class="card"><h2>${t('help.topics')}</h2>
	<dl>${['score', 'window', 'never', 'forgive', 'observe', 'lock']
		.map(x => html`<dt><strong>${t('help.topic.' + x)}</strong></dt>
		<dd>${t(`help.topic.${x}.text`)}</dd>`)}</dl>
	<p class="hint">${t('help.manuals')}</p></section>`;

export const Help = ({ tab }) => html`<${Head} title=${t('nav.help')}/>
	<${Tabs} label=${t('help.pages')} tabs=${[
		['/help', t('help.tab'), tab !== 'api'],
		['/help/api', t('help.api'), tab === 'api']]}/>
	${tab === 'api' ? html`<${Api}/>` :
		html`<${Topics}/><${Grammar}/><${Keys}/>`}`;
