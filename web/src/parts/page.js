import { html } from 'htm/preact';
import { useEffect } from 'preact/hooks';

// Call it with the page's own title, also before its data is there.
export function useTitle(title) {
	useEffect(() => {
		document.title = title ? title + ' · Brattice' : 'Brattice';
	}, [title]);
}

// The one heading of a page, with what can be done beside it.
export function Head({ title, children }) {
	useTitle(title);
	return html`<div class="head"><h1>${title}</h1>
		<div class="row acts">${children}</div></div>`;
}
