// Where the focus goes when what had it is no more: a row that was removed,
// the button of a block that has ended.  Browsers let it fall to the body,
// from where the next Tab begins the page anew.

export function keepFocus(root) {
	let last = null;

	root.addEventListener('focusin', e => { last = e.target; });
	new MutationObserver(() => {
		if (!last || last.isConnected)
			return;
		last = null;
		if (document.activeElement === document.body)
			document.getElementById('main')?.focus({ preventScroll: true });
	}).observe(root, { childList: true, subtree: true });
}
