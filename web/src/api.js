// One place for requests: JSON, problems, the CSRF token, signing in again.

import { signal } from '@preact/signals';
import { go, path } from './router.js';

export class Problem extends Error {
	constructor(body, status) {
		super(body.detail || body.title || `HTTP ${status}`);
		Object.assign(this, body, { status });
	}

	// What was said about one field of a form, or ''.
	at(name) {
		return this.errors?.find(e => e.pointer === '#/' + name)?.detail ??
			'';
	}
}

export const session = signal(null); // as GET /session gives it
export const lastAsked = signal(Date.now());
export const reauth = signal(null); // { done } while a password is asked for
export const isReachable = signal(true);

export const can = scope => !!session.value?.scopes?.includes(scope);

// One request, without api()'s help when it is refused.
export async function send(method, url, { body, text, headers, signal } = {}) {
	const write = method !== 'GET';
	const type = text !== undefined ? 'text/plain; charset=utf-8' :
		body !== undefined && 'application/json';
	let r;

	try {
		r = await fetch('/api/v1' + url, {
			method, signal,
			credentials: 'same-origin',
			headers: {
				accept: 'application/json',
				...(type && { 'content-type': type }),
				...(write && session.value?.csrf &&
					{ 'x-csrf-token': session.value.csrf }),
				...headers,
			},
			body: body === undefined ? text : JSON.stringify(body),
		});
	} catch (e) {
		if (e.name === 'AbortError')
			throw e;
		isReachable.value = false;
		throw new Problem({ code: 'unreachable' }, 0);
	}
	isReachable.value = r.status !== 502;
	lastAsked.value = Date.now();
	const answer = r.status === 204 ? null :
		await r.json().catch(() => ({}));
	if (!r.ok)
		throw new Problem({ ...answer,
			retry: +r.headers.get('retry-after') || 0 }, r.status);
	if (answer && r.headers.get('etag'))
		Object.defineProperty(answer, 'etag',
			{ value: r.headers.get('etag') });
	return answer;
}

const askPassword = () => new Promise(done => { reauth.value = { done }; });

const isOutside = () => ['/login', '/setup'].includes(path.value);

// Sends the user to where the problem can be solved.
function lead(problem) {
	if (isOutside())
		return;
	if (problem.code === 'setup-needed')
		go('/setup', { replace: true });
	else if (problem.code === 'totp-setup-required' && path.value !== '/me')
		go('/me', { replace: true });
	else if (problem.code === 'unauthenticated')
		signedOut();
}

export function signedOut() {
	const next = location.pathname + location.search;

	session.value = null;
	go('/login' + (next === '/' ? '' :
		'?next=' + encodeURIComponent(next)), { replace: true });
}

/*
 * api('PATCH', '/settings', { body, headers, signal }): the answer, or a
 * Problem is thrown.  `text` in place of `body` goes as it is.  An answer with an ETag has it as .etag.
 */
export async function api(method, url, options) {
	try {
		return await send(method, url, options);
	} catch (e) {
		if (e.code === 'reauth-required' && await askPassword())
			return send(method, url, options);
		if (e instanceof Problem)
			lead(e);
		throw e;
	}
}

export const get = (url, options) => api('GET', url, options);
export const post = (url, body) => api('POST', url, { body });
export const patch = (url, body, etag) => api('PATCH', url,
	{ body, headers: etag && { 'if-match': etag } });
export const put = (url, body) => api('PUT', url, { body });
export const del = url => api('DELETE', url);

// ?a=1&b=2 of what is set.
export function params(o) {
	const q = new URLSearchParams();

	for (const [name, value] of Object.entries(o)) {
		if (value !== undefined && value !== null && value !== '')
			q.set(name, value);
	}
	const text = q.toString();
	return text && '?' + text;
}
