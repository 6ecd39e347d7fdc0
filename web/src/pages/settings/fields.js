// One control for each setting, by its type.

import { html } from 'htm/preact';
import { useId } from 'preact/hooks';
import { can } from '../../api.js';
import { has, span, t } from '../../i18n.js';
import { refusal } from '../../parts/button.js';
import { Field } from '../../parts/form.js';
import { draft, faults, find, seconds, valueOf, wish } from './draft.js';

export const labelOf = name => has('set.' + name) ? t('set.' + name) :
	name.startsWith('weight.') ? t('set.weight',
		{ kind: t('ev.' + name.slice(7)) }) : name;

const hintOf = s => has(`set.${s.name}.hint`) ? t(`set.${s.name}.hint`) :
	has('set.' + s.name) ? undefined : s.summary;

// A value as it is read: choices and switches by their names.
export function shown(s, value) {
	if (value === null)
		return t('settings.default', { value: shown(s, s.default) });
	if (s?.type === 'choice')
		return has(`set.${s.name}.${value}`) ?
			t(`set.${s.name}.${value}`) : value;
	if (s?.type === 'boolean')
		return t(value === 'on' ? 'settings.on' : 'settings.off');
	return value;
}

const Changed = ({ s }) => {
	const isWished = s.name in draft.value, isOwn = valueOf(s) !== s.default;

	return (isOwn || isWished) && html`<p class="row changed">
		${isWished && html`<span class="badge accent">
			${t('settings.wished')}</span>`}
		${isOwn && html`<small>${t('settings.default',
			{ value: shown(s, s.default) })}</small>
			<button type="button" class="link" disabled=${
				!can('config:write')} aria-label=${
				t('settings.reset.of', { name: labelOf(s.name) })}
				onClick=${() => wish(s, s.default)}>
				${t('settings.reset')}</button>`}</p>`;
};

function Choice({ s }) {
	const hint = useId(), value = valueOf(s), no = refusal('config:write');

	return html`<fieldset class="choice" aria-describedby=${hint}
		title=${no} disabled=${!!no}><legend>${labelOf(s.name)}</legend>
		${s.choices.map(c => html`<label class="check">
			<input type="radio" name=${s.name} value=${c}
				checked=${value === c} onChange=${() => wish(s, c)}/>
			<span>${shown(s, c)}</span></label>`)}
		<p class="hint" id=${hint}>${hintOf(s)}</p>
		<${Changed} s=${s}/></fieldset>`;
}

function Switch({ s }) {
	const hint = useId(), no = refusal('config:write');

	return html`<div class="field"><label class="check" title=${no}>
		<input type="checkbox" checked=${valueOf(s) === 'on'}
			disabled=${!!no} aria-describedby=${hint}
			onChange=${e => wish(s, e.target.checked ? 'on' : 'off')}/>
		<span>${labelOf(s.name)}</span></label>
		<p class="hint" id=${hint}>${hintOf(s)}</p>
		<${Changed} s=${s}/></div>`;
}

function unitOf(s, value) {
	const length = s.type === 'duration' ? seconds(value) : NaN;

	if (length > 0)
		return span(length);
	return has(`set.${s.name}.unit`) ? t(`set.${s.name}.unit`) : '';
}

function errorOf(s, value) {
	const n = s.type === 'duration' ? seconds(value) : Number(value);

	if (faults.value[s.name])
		return faults.value[s.name];
	if (s.min === undefined || (n >= s.min && n <= s.max && value !== ''))
		return '';
	return t(s.type === 'duration' ? 'settings.bad.span' :
		'settings.bad.number', { min: s.min, max: s.max });
}

function Line({ s }) {
	const value = valueOf(s), no = refusal('config:write');
	const isNumber = s.type === 'integer';

	return html`<div><${Field} label=${labelOf(s.name)} hint=${hintOf(s)}
		value=${value} unit=${unitOf(s, value)} disabled=${!!no}
		title=${no} error=${errorOf(s, value)} name=${s.name}
		type=${isNumber ? 'number' : 'text'} min=${isNumber ? s.min : null}
		max=${isNumber ? s.max : null} spellcheck=${false}
		onInput=${e => wish(s, e.target.value)}/><${Changed} s=${s}/></div>`;
}

export function Setting({ s }) {
	return s.type === 'choice' ? html`<${Choice} s=${s}/>` :
		s.type === 'boolean' ? html`<${Switch} s=${s}/>` :
			html`<${Line} s=${s}/>`;
}

// The settings of these names, those that this daemon has.
export const Settings = ({ names }) => html`<div class="fields">
	${names.map(find).filter(Boolean).map(s => html`
		<${Setting} key=${s.name} s=${s}/>`)}</div>`;

// Points of one kind, without a label of their own to be seen.
export function Points({ s, label }) {
	const no = refusal('config:write'), value = valueOf(s);

	return html`<input type="number" class="points" aria-label=${label}
		value=${value} min=${s.min} max=${s.max} disabled=${!!no} title=${no}
		name=${s.name} aria-invalid=${errorOf(s, value) ? 'true' : undefined}
		onInput=${e => wish(s, e.target.value)}/>`;
}
