// Saving: the diff is looked at first, and what others changed meanwhile.

import { html } from 'htm/preact';
import { useEffect, useState } from 'preact/hooks';
import { patch } from '../../api.js';
import { t } from '../../i18n.js';
import { Button } from '../../parts/button.js';
import { Dialog } from '../../parts/dialog.js';
import { Buttons, Check, Field, ProblemBox, useSend } from '../../parts/form.js';
import { Raw } from '../../parts/raw.js';
import { toast } from '../../parts/toast.js';
import { changes, current, discard, draft, faults, find, load, wish }
	from './draft.js';
import { labelOf, shown } from './fields.js';

const isStale = e => e.status === 412;

// What the server said of single settings stands at their fields, too.
function note(e) {
	faults.value = Object.fromEntries((e.errors ?? []).map(x =>
		[x.pointer.replace('#/', ''), x.detail ?? e.detail]));
}

const Value = ({ s, text }) => html`<${Raw} text=${shown(s, text)}/>`;

const Diff = ({ rows }) => html`<div class="scroll"><table class="plain">
	<thead><tr><th scope="col">${t('settings.setting')}</th>
	<th scope="col">${t('settings.before')}</th>
	<th scope="col">${t('settings.after')}</th></tr></thead>
	<tbody>${rows.map(r => html`<tr><th scope="row">${labelOf(r.name)}
		<small><code>${r.name}</code></small></th>
		<td><del><${Value} s=${find(r.name)} text=${r.before}/></del></td>
		<td><ins><${Value} s=${find(r.name)} text=${r.after}/></ins></td>
		</tr>`)}</tbody></table></div>`;

// What it would mean for the addresses that are watched now.
const Impact = ({ impact }) => ['would_block', 'no_longer']
	.filter(name => impact?.[name] > 0)
	.map(name => html`<p class="hint">
		${t('settings.impact.' + name, { n: impact[name] })}</p>`);

// The changes as the server understands them.
function useDiff(conflict) {
	const [diff, setDiff] = useState(null), [problem, fail] = useState(null);

	useEffect(() => {
		patch('/settings?dry_run=true', draft.value, current.value.etag)
			.then(setDiff, e => {
				note(e);
				return isStale(e) ? conflict() : fail(e);
			});
	}, []);
	return [diff, problem];
}

function Review({ close, conflict }) {
	const [diff, unread] = useDiff(conflict), [text, setText] = useState('');
	const [send, problem, busy] = useSend(async () => {
		const body = { ...draft.value, ...(text && { note: text }) };

		try {
			await patch('/settings', body, current.value.etag);
		} catch (e) {
			note(e);
			if (isStale(e))
				return conflict();
			throw e;
		}
		toast(t('settings.saved', { n: changes() }));
		await load(); // the next change is made to what is now
		discard();
		return close();
	});
	const rows = diff?.diff ?? diff?.changed;

	return html`<${Dialog} kind="wide" title=${t('settings.review')}
		onClose=${close}><form onSubmit=${send}>
		${rows && html`<${Diff} rows=${rows}/><${Impact}
			impact=${diff.impact}/>`}
		<${Field} label=${t('settings.note')} value=${text} maxlength="200"
			hint=${t('settings.note.hint')}
			onInput=${e => setText(e.target.value)}/>
		<${ProblemBox} problem=${problem ?? unread}/>
		<${Buttons} text=${t('settings.save')} onCancel=${close}
			busy=${busy} disabled=${!rows}/></form><//>`;
}

// Somebody saved first: what they wish, what you wish, whose it shall be.
function Conflict({ close, review }) {
	const [old] = useState(current.value), [ours, setOurs] = useState({});

	useEffect(() => { load(); }, []);
	const was = name => old.items.find(s => s.name === name)?.value;
	const isNew = current.value !== old;
	const all = current.value.items.filter(s => s.value !== was(s.name));
	const both = all.filter(s => s.name in draft.value);
	const submit = e => {
		e.preventDefault();
		for (const s of both.filter(x => !ours[x.name]))
			wish(s, s.value);
		return changes() ? review() : close();
	};

	return html`<${Dialog} kind="wide" title=${t('settings.conflict')}
		onClose=${close}><form onSubmit=${submit}>
		<p>${t('settings.conflict.text')}</p>
		<div class="scroll"><table class="plain"><thead><tr>
			<th scope="col">${t('settings.setting')}</th>
			<th scope="col">${t('settings.was')}</th>
			<th scope="col">${t('settings.theirs')}</th>
			<th scope="col">${t('settings.ours')}</th></tr></thead>
			<tbody>${isNew && all.map(s => html`<tr><th scope="row">
				${labelOf(s.name)}</th>
				<td><${Value} s=${s} text=${was(s.name)}/></td>
				<td><${Value} s=${s} text=${s.value}/></td>
				<td>${s.name in draft.value ? html`<${Check}
					label=${shown(s, draft.value[s.name])}
					checked=${!!ours[s.name]} onChange=${e => setOurs({
						...ours, [s.name]: e.target.checked })}/>` :
					t('settings.ours.none')}</td></tr>`)}</tbody></table></div>
		${both.length > 0 && html`<p class="hint">
			${t('settings.conflict.hint')}</p>`}
		<${Buttons} text=${t('settings.continue')} onCancel=${close}
			disabled=${!isNew}/></form><//>`;
}

export function SaveBar() {
	const [step, setStep] = useState(null), n = changes();
	const close = () => setStep(null);

	return html`${n > 0 && html`<div class="savebar" role="region"
		aria-label=${t('settings.unsaved')}><span role="status">
		${t('settings.changes', { n })}</span>
		<button type="button" onClick=${discard}>
			${t('settings.discard')}</button>
		<${Button} class="primary" scope="config:write"
			onClick=${() => setStep('review')}>${t('settings.look')}<//>
		</div>`}
		${step === 'review' && html`<${Review} close=${close}
			conflict=${() => setStep('conflict')}/>`}
		${step === 'conflict' && html`<${Conflict} close=${close}
			review=${() => setStep('review')}/>`}`;
}
