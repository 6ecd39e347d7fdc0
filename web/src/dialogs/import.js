// Entries that come as text, one a line: from a file, or pasted.

import { html } from 'htm/preact';
import { useEffect, useState } from 'preact/hooks';
import { api } from '../api.js';
import { t } from '../i18n.js';
import { Dialog } from '../parts/dialog.js';
import { Buttons, Field, ProblemBox, useSend } from '../parts/form.js';
import { Raw } from '../parts/raw.js';
import { toast } from '../parts/toast.js';
import { Points } from './preview.js';

const ERRORS = 20; // that are shown

// What the text would do, asked while it is written.
function useTrial(url, text) {
	const [trial, setTrial] = useState(null);

	useEffect(() => {
		setTrial(null);
		if (!text.trim())
			return undefined;
		let isOld = false;
		const timer = setTimeout(() => api('POST', url + '?dry_run=true',
			{ text }).then(x => isOld || setTrial(x), () => {}), 400);
		return () => { isOld = true; clearTimeout(timer); };
	}, [url, text]);
	return trial;
}

const Wrong = ({ rows }) => html`<${Points} kind="warn">
	${t('import.wrong', { n: rows.length })}<ul>${rows.slice(0, ERRORS)
	.map(e => html`<li>${t('import.line', { line: e.line }) + ' '}
		<${Raw} text=${e.detail}/></li>`)}</ul><//>`;

// hint: what stands in a line; onDone(true) when something was added.
export function ImportDialog({ url, title, hint, onDone }) {
	const [text, setText] = useState(''), trial = useTrial(url, text);
	const [send, problem, busy] = useSend(async () => {
		const { added } = await api('POST', url, { text });

		toast(t('import.done', { n: added }));
		onDone(added > 0);
	});
	const read = e => e.target.files[0]?.text().then(setText);

	return html`<${Dialog} title=${title} onClose=${() => onDone(false)}>
		<form onSubmit=${send}><${ProblemBox} problem=${problem}/>
		<${Field} label=${t('import.file')} type="file"
			accept=".txt,.csv,text/plain" onChange=${read}/>
		<${Field} as="textarea" label=${t('import.text')} hint=${hint}
			value=${text} spellcheck=${false} rows="8"
			onInput=${e => setText(e.target.value)}/>
		${trial && html`<${Points}>${t('import.adds', { n: trial.added })}<//>`}
		${trial?.errors?.length > 0 &&
			html`<${Wrong} rows=${trial.errors}/>`}
		<${Buttons} text=${t('import.go')} busy=${busy}
			disabled=${!text.trim() || trial?.added === 0}
			onCancel=${() => onDone(false)}/></form><//>`;
}
