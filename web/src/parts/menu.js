import { html } from 'htm/preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { Icon } from './icon.js';

/*
 * A button that shows a list of links, buttons or boxes.  Esc, a click
 * elsewhere or on one of its links and buttons shuts it.
 */
export function Menu({ label, icon, text, kind = 'ghost', at = '', stay,
	children }) {
	const [open, setOpen] = useState(false), ref = useRef(), id = useId();

	useEffect(() => {
		if (!open)
			return undefined;
		const outside = e => {
			if (!ref.current.contains(e.target))
				setOpen(false);
		};
		document.addEventListener('pointerdown', outside);
		return () =>
			document.removeEventListener('pointerdown', outside);
	}, [open]);
	const onKey = e => {
		if (e.key !== 'Escape' || !open)
			return;
		e.stopPropagation();
		setOpen(false);
		ref.current.querySelector('button').focus();
	};
	const onPick = e => {
		if (!stay && e.target.closest('a, button'))
			setOpen(false);
	};
	return html`<div class="menu ${at}" ref=${ref} onKeyDown=${onKey}
		onFocusOut=${e => e.relatedTarget &&
			!ref.current.contains(e.relatedTarget) && setOpen(false)}>
		<button type="button" class=${kind} aria-expanded=${open}
			aria-controls=${id} aria-label=${label} title=${label}
			onClick=${() => setOpen(!open)}>
			<${Icon} name=${icon}/>${text && html`<span>${text}</span>`}
		</button>
		${open && html`<div class="list" id=${id} onClick=${onPick}>
			${children}</div>`}
	</div>`;
}
