import { html } from 'htm/preact';
import { useId, useState } from 'preact/hooks';
import { t } from '../i18n.js';
import { Icon } from './icon.js';

const described = (...ids) => ids.filter(Boolean).join(' ') || undefined;

/*
 * One field of a form.  as: input (default), select or textarea; options:
 * [value, text] for a select; error stands beside it and is spoken.
 */
export function Field({ label, hint, error, unit, as = 'input', options,
	children, ...rest }) {
	const id = useId(), h = hint && id + 'h', e = error && id + 'e';

	return html`<div class="field ${error ? 'bad' : ''}">
		<label for=${id}>${label}</label>
		<div class="control"><${as} id=${id} ...${rest}
			aria-describedby=${described(h, e)}
			aria-invalid=${error ? 'true' : undefined}>
			${options?.map(([value, text]) => html`<option value=${value}
				selected=${value === rest.value}>${text}</option>`)}
			<//>${unit && html`<span class="unit">${unit}</span>`}${children}
		</div>
		${hint && html`<p class="hint" id=${h}>${hint}</p>`}
		${error && html`<p class="error" id=${e} role="alert">${error}</p>`}
	</div>`;
}

export function Check({ label, hint, type = 'checkbox', ...rest }) {
	const id = useId();

	return html`<label class="check"><input type=${type} ...${rest}
		aria-describedby=${hint ? id : undefined}/>
		<span>${label}</span></label>
		${hint && html`<p class="hint" id=${id}>${hint}</p>`}`;
}

// What went wrong, when it belongs to no field.
export function ProblemBox({ problem, children }) {
	if (!problem)
		return null;
	return html`<p class="banner bad" role="alert">
		<${Icon} name="circle-alert"/><span>${problemText(problem)}
		${problem.hint && problem.code !== 'would-block-self' &&
			html` <small>${problem.hint}</small>`}</span>${children}</p>`;
}

export function problemText(p) {
	if (p.code === 'unreachable')
		return t('problem.unreachable');
	if (p.code === 'forbidden')
		return t('problem.forbidden');
	return p.detail || p.title || p.message;
}

/*
 * Sends a form: const [send, problem, busy, clear] = useSend(async () => …).
 * send is for onSubmit and onClick.
 */
export function useSend(run) {
	const [problem, setProblem] = useState(null);
	const [busy, setBusy] = useState(false);
	const send = async (...args) => {
		args[0]?.preventDefault?.();
		setProblem(null);
		setBusy(true);
		try {
			return await run(...args);
		} catch (e) {
			setProblem(e);
			return undefined;
		} finally {
			setBusy(false);
		}
	};

	return [send, problem, busy, () => setProblem(null)];
}

// The buttons below a form; the last one sends it.
export const Buttons = ({ onCancel, busy, kind = '', text, disabled,
	children }) => html`
	<footer class="buttons">${children}
		${onCancel && html`<button type="button" onClick=${onCancel}>
			${t('cancel')}</button>`}
		<button class="primary ${kind}" disabled=${busy || disabled}>
			${text}</button></footer>`;
