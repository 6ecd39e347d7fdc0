// SPDX-License-Identifier: ISC
// Every page: no error, no CSP report, every word there is, no axe
// violation in any colours, no scrolling sideways at 320 px.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pages } from './pages.mjs';
import { axeCheck, checkWidth, open, sizes, visit } from './world.mjs';

// A key in place of its words.
const key = /(?:^|\s)[a-z]+(?:\.[a-z_]+)+(?:$|\s)/;

async function checkWords(page, language) {
	const text = await page.locator('body').innerText();
	const found = text.split('\n').filter(line => key.test(line) &&
		!/\.(example|db|conf|json|sock|log|days|size|smtp|login|[a-z]+_)/
			.test(line));

	assert.deepEqual(found.filter(x => /^(nav|events|filter|period)\./
		.test(x.trim())), [], 'keys without words');
	assert.equal(await page.locator('html').getAttribute('lang'), language);
	assert.match(await page.title(), /Brattice/);
	assert.equal(await page.locator('main h1').count(), 1, 'one h1');
}

async function checkSizes(page, name) {
	for (const [size, box] of Object.entries(sizes).reverse()) {
		await page.setViewportSize(box);
		await checkWidth(page, `${name}, ${size}`);
	}
}

async function checkColours(page, name, colours) {
	for (const c of colours) {
		await page.evaluate(theme => {
			document.documentElement.dataset.theme = theme;
		}, c === 'forced' ? 'light' : c);
		if (c === 'forced')
			await page.emulateMedia({ forcedColors: 'active' });
		await axeCheck(page, `${name}, ${c}`);
	}
}

// Firefox can't be told to force colours.
const looks = {
	chromium: { en: ['light'], de: ['dark', 'forced'] },
	firefox: { de: ['light', 'dark'] },
};

export default async world => {
	for (const [name, wish] of Object.entries(await pages(world.daemon))) {
		for (const [language, colours] of
			Object.entries(looks[world.name])) {
			test(`${name}, ${language}`, () => visit(world,
				{ language, ...wish.as }, async (page, quiet) => {
					await open(page, wish.url);
					await wish.act?.(page);
					await checkWords(page, language);
					await checkSizes(page, name);
					await quiet();
					// axe puts a style sheet in, which the policy reports.
					await checkColours(page, name, colours);
				}));
		}
	}
};
