// SPDX-License-Identifier: ISC
// A daemon and a browser, and what every test wants of them.

import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import { createRequire } from 'node:module';
import path from 'node:path';
import readline from 'node:readline';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const top = path.resolve(here, '../../..');
const build = process.env.BRATTICE_BUILD ?? path.join(top, 'build');

// The packages lie in the build folder.
function packages() {
	const folder = path.join(build, 'browser');

	fs.mkdirSync(folder, { recursive: true });
	execFileSync('flock', [path.join(folder, '.lock'), process.execPath,
		path.join(here, 'packages.mjs'), folder], { stdio: 'inherit' });
	return createRequire(path.join(folder, 'package.json'));
}

const require = packages();
const playwright = require('playwright-core');
const axe = fs.readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

// What the pages say: words('de')('nav.events').
export function words(language) {
	const read = name => JSON.parse(fs.readFileSync(
		path.join(top, 'web/i18n', name + '.json'), 'utf8'));
	const all = { ...read('en'), ...read(language) };

	return (key, values = {}) => {
		assert.ok(key in all, key);
		return all[key].replace(/\{(\w+)\}/g, (_, name) => values[name]);
	};
}

export const sizes = {
	desktop: { width: 1280, height: 800 },
	phone: { width: 390, height: 844 },
	narrow: { width: 320, height: 700 },
};

const launchers = {
	chromium: () => playwright.chromium.launch({
		executablePath: '/usr/bin/chromium',
		args: ['--no-sandbox', '--disable-gpu'] }),
	firefox: () => playwright.firefox.launch({
		channel: 'moz-firefox',
		executablePath: '/usr/bin/firefox-esr' }),
};

/* --- the daemon ---------------------------------------------------------- */

export async function startDaemon(...words) {
	const child = spawn('python3', ['-B', path.join(here, 'daemon.py'),
		...words], { stdio: ['pipe', 'pipe', 'inherit'] });
	const lines = readline.createInterface({ input: child.stdout });
	const next = async () => {
		const { value, done } = await lines[Symbol.asyncIterator]().next();
		if (done)
			throw new Error('daemon.py ended');
		return value;
	};
	const daemon = JSON.parse(await next());

	daemon.tell = async word => {
		child.stdin.write(word + '\n');
		await next();
	};
	daemon.close = () => new Promise(resolve => {
		child.on('exit', resolve);
		child.stdin.end();
	});
	// The API over the Unix socket, as an administrator.
	daemon.api = (method, url, body) => new Promise((resolve, reject) => {
		const text = body && JSON.stringify(body);
		const req = http.request({ socketPath: daemon.control, method,
			path: '/api/v1' + url, headers: text && {
				'content-type': 'application/json',
				'content-length': Buffer.byteLength(text) } }, res => {
			let got = '';
			res.setEncoding('utf8').on('data', x => { got += x; });
			res.on('end', () => res.statusCode < 300 ?
				resolve(got && JSON.parse(got)) :
				reject(new Error(`${method} ${url}: ` +
					`${res.statusCode} ${got}`)));
		});
		req.on('error', reject);
		req.end(text);
	});
	return daemon;
}

/* --- the browser --------------------------------------------------------- */

export async function openWorld(name, language = 'en') {
	const [daemon, browser] = await Promise.all(
		[startDaemon(), launchers[name]()]);
	const cookies = {};

	return { name, language, daemon, browser, cookies, t: words(language),
		async close() {
			await browser.close();
			await daemon.close();
		} };
}

async function signIn(world, user) {
	const { url, password } = world.daemon;
	const r = await fetch(url + '/api/v1/session', { method: 'POST',
		headers: { 'content-type': 'application/json', origin: url },
		body: JSON.stringify({ name: user, password }) });

	assert.equal(r.status, 200, `${user} signs in`);
	const [pair] = r.headers.get('set-cookie').split(';');
	const [key, value] = pair.split('=');
	return { name: key, value, url };
}

// Listens to what must not happen.
async function watch(page, bad) {
	page.on('console', m => {
		if (m.type() === 'error')
			bad.push('console: ' + m.text());
	});
	page.on('pageerror', e => bad.push('error: ' + e.message));
	page.on('dialog', d => {
		bad.push('dialog: ' + d.message());
		d.dismiss();
	});
	await page.addInitScript(() => {
		globalThis.violations = [];
		document.addEventListener('securitypolicyviolation', e =>
			globalThis.violations.push(
				`${e.violatedDirective} ${e.blockedURI} ${e.sample}`));
	});
}

async function checkQuiet(page, bad) {
	const violations = await page.evaluate(() => globalThis.violations)
		.catch(() => []);

	assert.deepEqual(violations, [], 'CSP reports');
	assert.deepEqual(bad, [], 'errors in the console');
}

async function checkTame(page, bad) {
	const ran = await page.evaluate(() => globalThis.hostile).catch(() => {});

	assert.equal(ran, undefined, 'a hostile string ran');
	assert.deepEqual(bad.filter(x => x.startsWith('dialog')), []);
}

const defaults = { user: 'ada', size: 'desktop', theme: 'light',
	colors: null };

/*
 * Runs what(page, quiet) in a context of its own.  Nothing may have gone
 * wrong when quiet() is called, but for what matches one of `expect`; it is
 * called at the end for a test that doesn't do so.
 */
export async function visit(world, wish, what) {
	const w = { ...defaults, language: world.language, ...wish };
	const context = await world.browser.newContext({
		viewport: sizes[w.size], locale: w.language, timezoneId: 'UTC',
		baseURL: world.daemon.url });
	const bad = [];

	try {
		if (w.user) {
			world.cookies[w.user] ??= await signIn(world, w.user);
			await context.addCookies([world.cookies[w.user]]);
		}
		const page = await context.newPage();
		page.setDefaultTimeout(w.patience ?? 20000);
		if (world.name === 'chromium')
			await page.emulateMedia({ colorScheme: w.theme,
				forcedColors: w.colors, reducedMotion: 'reduce' });
		await page.addInitScript(o => {
			// The blank page that comes first has no store.
			try {
				for (const [k, v] of Object.entries(o))
					localStorage.setItem(k, v);
			} catch { /* it is that page */ }
		}, { theme: w.theme, language: w.language });
		await watch(page, bad);
		let isDone = false;
		const quiet = () => {
			isDone = true;
			return checkQuiet(page, bad.filter(text =>
				!(w.expect ?? []).some(x => x.test(text))));
		};
		await what(page, quiet);
		await checkTame(page, bad);
		if (!isDone)
			await quiet();
	} finally {
		await context.close();
	}
}

// Opens a page of ours and waits until it has what it shows.
export async function open(page, url) {
	await page.goto(url);
	await settle(page);
}

export const settle = page => page.waitForFunction(() =>
	document.querySelector('main h1') &&
	!document.querySelector('.skeleton'));

export async function axeCheck(page, what) {
	await page.evaluate(axe);
	const found = await page.evaluate(() => globalThis.axe.run(document, {
		resultTypes: ['violations'] }));

	assert.deepEqual(found.violations.map(v => `${v.id}: ` +
		v.nodes.map(n => n.target.join(' ')).slice(0, 3).join('; ')), [],
	`axe: ${what}`);
}

export async function checkWidth(page, what) {
	const over = await page.evaluate(() =>
		document.documentElement.scrollWidth - innerWidth);

	assert.ok(over <= 0, `${what}: ${over} px too wide`);
}

// Polls until look() gives what is wanted.
export async function until(what, look, ms = 20000) {
	for (const end = Date.now() + ms; ;) {
		const found = await look();

		if (found)
			return found;
		assert.ok(Date.now() < end, `${what}: not within ${ms} ms`);
		await new Promise(done => setTimeout(done, 50));
	}
}
