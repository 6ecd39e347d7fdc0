// Reading from the API for a page: one thing, or a list page by page.

import { html } from 'htm/preact';
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { get } from '../api.js';
import { t } from '../i18n.js';
import { ProblemBox } from './form.js';

/*
 * const { data, problem, load, set } = useGet('/overview').
 * A null path reads nothing.  While it reads anew, the old data stays.
 */
export function useGet(path) {
	const [state, setState] = useState({});
	const asked = useRef(0);
	const load = useCallback(async () => {
		const mine = ++asked.current;

		if (!path)
			return;
		try {
			const data = await get(path);
			if (mine === asked.current)
				setState({ data, path });
		} catch (problem) {
			if (mine === asked.current)
				setState(s => ({ ...s, problem, path }));
		}
	}, [path]);

	useEffect(() => {
		load();
		return () => { asked.current++; };
	}, [load]);
	const set = data => setState(s => ({ ...s, data }));
	return { data: state.data, problem: state.problem, load, set,
		isOld: state.path !== path };
}

/*
 * A list: const { items, total, problem, more, load, set } =
 * useList('/blocks?…').  more reads the next page, or is null.
 */
export function useList(path) {
	const { data, problem, load, set, isOld } = useGet(path);
	const [late, setLate] = useState(null);
	const more = data?.next == null ? null : async () => {
		try {
			const next = await get(path + (path.includes('?') ?
				'&' : '?') + 'cursor=' +
				encodeURIComponent(data.next));
			set({ ...next, total: data.total ?? next.total,
				items: [...data.items, ...next.items] });
		} catch (e) {
			setLate(e);
		}
	};

	return { items: data?.items, total: data?.total, data, load, more,
		isOld, problem: problem ?? late,
		set: items => set({ ...data, items }) };
}

// Shows what a page waits for, or why it does not come.
export const Waiting = ({ problem, load }) => problem ?
	html`<${ProblemBox} problem=${problem}>
		${load && html`<button type="button" class="small" onClick=${load}>
			${t('again')}</button>`}<//>` :
	html`<p class="skeleton" role="status">${t('loading')}</p>`;
