// How it would have come out with other settings, by the same arithmetic.

import { html } from 'htm/preact';
import { clock, dateTime, kindLabel, span, t } from '../../i18n.js';
import { Icon } from '../../parts/icon.js';

function text(f, x) {
	const words = { ...f, n: f.value ?? f.points ?? f.score ?? 0,
		component: f.component && t('component.' + f.component) };

	if (f.kind === 'period')
		words.span = span(f.seconds);
	if (f.kind === 'without_kind') {
		words.event = kindLabel(f.event_kind, f.label);
		return t(f.blocked ? 'otherwise.without_kind_still' :
			'otherwise.without_kind', words);
	}
	if (f.kind === 'without_event')
		return t('otherwise.without_event', { event: f.event,
			time: clock(x.events.find(e => e.id === f.event)?.time) });
	if (f.kind === 'other_component')
		return t(f.blocked ? 'otherwise.other_too' : 'otherwise.other',
			words);
	if (f.kind === 'missing')
		return t('otherwise.missing.' + f.component, words);
	if (f.kind === 'end')
		return f.time && t('otherwise.end.' + f.reason,
			{ time: dateTime(f.time) });
	return t('otherwise.' + f.kind, words);
}

export function Otherwise({ x }) {
	const lines = (x.counterfactuals ?? []).map(f => text(f, x))
		.filter(Boolean);

	return lines.length > 0 && html`<section class="card">
		<h2><${Icon} name="gauge"/>${t('otherwise')}</h2>
		<ul>${lines.map(line => html`<li>${line}</li>`)}</ul></section>`;
}
