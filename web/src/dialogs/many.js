// One change for many entries of the block list.

import { post } from '../api.js';

/*
 * rows, or all that match when `all` is { q }.  Returns how many were
 * changed; the first reason why one was not is thrown when none was.
 */
export async function changeMany(rows, all, change) {
	const { results } = await post('/blocks/batch', { ...change,
		...(all ? { q: all.q } : { ids: rows.map(r => r.id) }) });
	const done = results.filter(r => r.ok);

	if (!done.length && results.length)
		throw new Error(results[0].detail);
	return done.length;
}
