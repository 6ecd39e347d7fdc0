// How long a block holds: what is often wanted, a number, or no end.

import { html } from 'htm/preact';
import { useId, useState } from 'preact/hooks';
import { span, t } from '../i18n.js';

// As the server stores "no end": as many minutes as VPOP3 can show.
export const NO_END = 999999999 * 60;

const presets = [1800, 7200, 86400, 604800, 2592000];
const units = { minutes: 60, hours: 3600, days: 86400, weeks: 604800 };

function Choice({ group, text, checked, onPick }) {
	return html`<label><input type="radio" name=${group} checked=${checked}
		onChange=${onPick}/>${text}</label>`;
}

// A number with its unit; onChange gets seconds.
function Other({ onChange, error }) {
	const [n, setN] = useState('3'), [unit, setUnit] = useState('days');
	const tell = (number, u) => onChange(Math.round(+number * units[u]) || 0);

	return html`<div class="control ${error ? 'bad' : ''}">
		<input class="short" type="number" min="1" value=${n}
			aria-label=${t('duration.number')} onInput=${e => {
				setN(e.target.value);
				tell(e.target.value, unit);
			}}/>
		<select class="short" aria-label=${t('duration.unit')}
			onChange=${e => {
				setUnit(e.target.value);
				tell(n, e.target.value);
			}}>${Object.keys(units).map(u => html`<option value=${u}
				selected=${u === unit}>${t('duration.' + u)}</option>`)}
		</select></div>`;
}

// value: seconds; NO_END for no end.
export function Duration({ label, value, onChange, error }) {
	const group = useId();
	const [isOther, setOther] = useState(
		value !== NO_END && !presets.includes(value));
	const pick = v => () => { setOther(false); onChange(v); };

	return html`<fieldset><legend>${label}</legend>
		<div class="presets">${presets.map(s => html`<${Choice} group=${group}
			text=${span(s)} checked=${!isOther && value === s}
			onPick=${pick(s)}/>`)}
		<${Choice} group=${group} text=${t('time.no_end')}
			checked=${!isOther && value === NO_END} onPick=${pick(NO_END)}/>
		<${Choice} group=${group} text=${t('duration.other')}
			checked=${isOther} onPick=${() => {
				setOther(true);
				onChange(3 * 86400);
			}}/></div>
		${isOther && html`<${Other} onChange=${onChange} error=${error}/>`}
		${error && html`<p class="error" role="alert">${error}</p>`}
	</fieldset>`;
}
