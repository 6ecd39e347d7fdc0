// The search box of a list: text, chips and facets are views of one query.

import { html } from 'htm/preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { params } from '../api.js';
import { num, t } from '../i18n.js';
import { parse, toggle, valuesOf, without, write } from '../search.js';
import { Icon } from './icon.js';
import { useGet, Waiting } from './load.js';
import { Menu } from './menu.js';
import { Raw } from './raw.js';

function Chips({ value, onChange }) {
	const terms = parse(value);

	return terms.length > 0 && html`<ul class="chips"
		aria-label=${t('filter.chips')}>${terms.map((x, i) => html`
		<li class="chip"><${Raw} text=${write([x])}/>
			<button type="button" title=${t('filter.remove')}
				aria-label=${t('filter.remove') + ' ' + write([x])}
				onClick=${() => onChange(without(value, i))}>
				<${Icon} name="x"/></button></li>`)}
		<li><button type="button" class="link"
			onClick=${() => onChange('')}>${t('filter.clear')}</button></li>
		</ul>`;
}

// The values of a field that are there, with how often.
function Choices({ url, field, label, value, onChange }) {
	const { data, problem, load } = useGet(url + params({ field, q: value }));
	const chosen = valuesOf(value, field);

	if (!data)
		return html`<${Waiting} problem=${problem} load=${load}/>`;
	const gone = chosen.filter(v => !data.items.some(x => x.value === v));
	const all = [...data.items, ...gone.map(v => ({ value: v, count: 0 }))];
	if (!all.length)
		return html`<p class="title">${t('filter.nothing')}</p>`;
	return all.map(x => html`<label class="check">
		<input type="checkbox" checked=${chosen.includes(x.value)}
			onChange=${() => onChange(toggle(value, field, x.value))}/>
		<${Raw} text=${label?.(x.value, x.label) ?? x.value}/>
		<span class="num">${num(x.count)}</span></label>`);
}

const Help = ({ fields, pick }) => html`<details class="grammar">
	<summary>${t('filter.help')}</summary><p>${t('filter.grammar')}</p>
	<dl class="facts">${fields.map(([example, meaning]) => html`
		<dt><button type="button" class="link"
			onClick=${() => pick(example)}><code>${example}</code></button>
		</dt><dd>${meaning}</dd>`)}</dl></details>`;

/*
 * value is the query; onChange gets another one.  fields: [[example,
 * meaning]]; facets: [{ url, field, title, label(value, label) }]; problem:
 * why the server could not read the query.
 */
export function Filter({ value, onChange, label, fields, facets = [], problem,
	children }) {
	const [text, setText] = useState(value), input = useRef(), id = useId();

	useEffect(() => setText(value), [value]);
	const submit = e => {
		e.preventDefault();
		onChange(text.trim());
	};
	const pick = example => {
		setText((text.trim() + ' ' + example).trim());
		input.current.focus();
	};

	return html`<div class="filters"><form class="row" role="search"
		aria-label=${label} onSubmit=${submit}>
		<div class="search ${problem ? 'bad' : ''}"><${Icon} name="search"/>
			<input ref=${input} type="search" aria-label=${label}
			placeholder=${label} value=${text} spellcheck=${false}
			autocapitalize="none" autocomplete="off"
			aria-invalid=${problem ? 'true' : undefined}
			aria-describedby=${problem ? id : undefined}
			onInput=${e => setText(e.target.value)}/></div>
		<button>${t('filter.go')}</button>
		${facets.map(f => html`<${Menu} key=${f.field} icon="list-filter"
			kind="" at="start" stay text=${f.title}><${Choices} ...${f}
			value=${value} onChange=${onChange}/><//>`)}${children}</form>
		${problem && html`<p class="error" id=${id} role="alert">
			${problem.detail ?? problem.message} ${problem.hint}</p>`}
		<${Chips} value=${value} onChange=${onChange}/>
		<${Help} fields=${fields} pick=${pick}/></div>`;
}
