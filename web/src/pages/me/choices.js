// How the pages look, in this browser and wherever one signs in.

import { html } from 'htm/preact';
import { patch } from '../../api.js';
import { languages, preferred, setLanguage, t } from '../../i18n.js';
import { Check, Field, problemText } from '../../parts/form.js';
import { toast } from '../../parts/toast.js';
import * as prefs from '../../prefs.js';

async function keep(choice) {
	try {
		await patch('/me', choice);
	} catch (problem) {
		toast(problemText(problem));
	}
}

function set(name, signal, value) {
	signal.value = value;
	return keep({ [name]: value });
}

async function speak(value) {
	prefs.language.value = value;
	await setLanguage(preferred(value));
	await keep({ language: value });
}

const named = (group, values) => values.map(v => [v, t(`${group}.${v}`)]);

export const Choices = () => html`<section class="card">
	<h2>${t('me.choices')}</h2>
	<${Field} as="select" label=${t('me.language')}
		value=${preferred(prefs.language.value)}
		options=${Object.entries(languages)}
		onChange=${e => speak(e.target.value)}/>
	<${Field} as="select" label=${t('me.theme')} value=${prefs.theme.value}
		options=${named('theme', ['system', 'light', 'dark'])}
		onChange=${e => set('theme', prefs.theme, e.target.value)}/>
	<${Field} as="select" label=${t('me.density')} value=${prefs.density.value}
		options=${named('density', ['comfortable', 'compact'])}
		onChange=${e => set('density', prefs.density, e.target.value)}/>
	<${Field} as="select" label=${t('me.zone')}
		value=${prefs.timeZone.value || 'browser'}
		options=${[['browser', t('zone.browser', { zone:
			Intl.DateTimeFormat().resolvedOptions().timeZone })],
		['UTC', 'UTC']]} onChange=${e => set('time_zone', prefs.timeZone,
			e.target.value === 'UTC' ? 'UTC' : '')}/>
	<${Check} label=${t('me.shortcuts')} hint=${t('me.shortcuts.hint')}
		checked=${prefs.shortcuts.value === 'on'}
		onChange=${e => set('shortcuts', prefs.shortcuts,
			e.target.checked ? 'on' : 'off')}/></section>`;
