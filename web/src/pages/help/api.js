// The API's reference, made from its own document.

import { html } from 'htm/preact';
import { useState } from 'preact/hooks';
import { t } from '../../i18n.js';
import { Icon } from '../../parts/icon.js';
import { useGet, Waiting } from '../../parts/load.js';

const methods = ['get', 'post', 'put', 'patch', 'delete'];

function resolve(doc, x) {
	const path = x?.$ref?.replace('#/', '').split('/');

	return path ? path.reduce((at, name) => at?.[name], doc) : x;
}

// "integer", "list of Block", "text (observe, enforce)".
function typeOf(doc, schema) {
	const name = schema?.$ref?.split('/').at(-1), s = resolve(doc, schema);
	const type = [s?.type ?? ''].flat().join(' | ');

	if (s?.type === 'array')
		return `[${typeOf(doc, s.items)}]`;
	if (s?.enum)
		return s.enum.join(' | ');
	return name ?? type;
}

const Members = ({ doc, schema }) => {
	const s = resolve(doc, schema), all = Object.entries(s?.properties ?? {});

	return all.length > 0 && html`<dl class="facts">${all.map(([n, p]) => html`
		<dt><code>${n}</code>${s.required?.includes(n) &&
			html` <small>${t('api.required')}</small>`}</dt>
		<dd><span class="muted">${typeOf(doc, p)}</span>
			 ${resolve(doc, p)?.description}</dd>`)}</dl>`;
};

const bodyOf = x => x?.content && Object.values(x.content)[0];

const Parameters = ({ doc, list }) => list.length > 0 && html`
	<h4>${t('api.parameters')}</h4><dl class="facts">${list.map(p => html`
		<dt><code>${p.name}</code> <small>${p.in}</small></dt>
		<dd><span class="muted">${typeOf(doc, p.schema)}</span>
			 ${p.description}</dd>`)}</dl>`;

function Operation({ doc, op }) {
	const body = bodyOf(resolve(doc, op.requestBody));
	const list = [...op.shared, ...(op.parameters ?? [])]
		.map(p => resolve(doc, p));

	return html`<details class="op"><summary><code class="method">
		${op.method.toUpperCase()}</code> <code>${op.path}</code>
		<span>${op.summary}</span></summary><div class="body">
		${op.description && html`<p>${op.description}</p>`}
		<p><span class="muted">${t('api.scope')}</span>
			 <code>${op['x-scope']}</code></p>
		<${Parameters} doc=${doc} list=${list}/>
		${body && html`<h4>${t('api.body')}</h4><${Members} doc=${doc}
			schema=${body.schema}/>${body.example && html`<pre>
			${JSON.stringify(body.example, null, '  ')}</pre>`}`}
		<h4>${t('api.answers')}</h4><dl class="facts">${Object.entries(
			op.responses).map(([status, x]) => {
			const answer = resolve(doc, x), schema = bodyOf(answer)?.schema;
			return html`<dt><code>${status}</code></dt>
				<dd>${answer?.description} <span class="muted">
					${schema && typeOf(doc, schema)}</span></dd>`;
		})}</dl></div></details>`;
}

const operations = doc => Object.entries(doc.paths).flatMap(([path, item]) =>
	methods.filter(m => item[m]).map(method => ({ ...item[method], path,
		method, shared: item.parameters ?? [] })));

export function Api() {
	const { data, problem, load } = useGet('/openapi.json');
	const [text, setText] = useState('');

	if (!data)
		return html`<${Waiting} problem=${problem} load=${load}/>`;
	const wanted = operations(data).filter(o => `${o.method} ${o.path} ` +
		`${o.summary}`.toLowerCase().includes(text.toLowerCase()));
	return html`<p class="lead">${t('api.text')}</p>
		<p><a href="/api/v1/openapi.json" download="openapi.json">
			openapi.json</a></p>
		<div class="search filters"><${Icon} name="search"/>
			<input type="search" aria-label=${t('api.find')} value=${text}
			placeholder=${t('api.find')}
			onInput=${e => setText(e.target.value)}/></div>
		${data.tags.map(tag => [tag, wanted.filter(o =>
			o.tags?.includes(tag.name))]).filter(([, list]) => list.length)
			.map(([tag, list]) => html`<section class="card">
				<h2>${tag.description}</h2>${list.map(op => html`
				<${Operation} key=${op.method + op.path} doc=${data}
					op=${op}/>`)}</section>`)}`;
}
