// SPDX-License-Identifier: ISC
// What an attacker wrote, wherever it is shown: no script runs, nothing is
// reported, nothing leaves its cell.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkWidth, open, until, visit } from './world.mjs';

// Boxes of text that stand outside of the cell they belong to.
const escaped = page => page.evaluate(() => {
	const out = [];

	for (const raw of document.querySelectorAll('td .raw')) {
		const cell = raw.closest('td');
		const a = raw.getBoundingClientRect();
		const b = cell.getBoundingClientRect();
		const isClipped = getComputedStyle(cell).overflowX !== 'visible' ||
			getComputedStyle(raw).overflowX !== 'visible';

		if (!isClipped && (a.right > b.right + 1 || a.left < b.left - 1))
			out.push(raw.textContent.slice(0, 40));
	}
	return out;
});

const elements = page => page.evaluate(() => [...document.querySelectorAll(
	'main :is(script, img, iframe, object, video, base, style, form form)')]
	.map(e => e.outerHTML));

async function check(page, what) {
	await checkWidth(page, what);
	assert.deepEqual(await escaped(page), [], what);
	assert.deepEqual(await elements(page), [], what);
}

export default async world => {
	const { t, daemon } = world;

	for (const size of ['desktop', 'narrow']) {
		test(`every hostile string in the event log, ${size}`, () =>
			visit(world, { size, patience: 20000 }, async page => {
				await open(page, '/events?range=all');
				const count = page.locator('p.count');
				const more = page.getByRole('button',
					{ name: t('table.more') });
				while (await more.count()) {
					const before = await count.innerText();

					await check(page, before);
					await more.click();
					await until('more', async () =>
						await count.innerText() !== before);
				}
				await check(page, 'the last page');
				const n = Number(/\d+/.exec((await count.innerText())
					.replace(/[.,]/g, ''))[0]);
				assert.ok(n > daemon.hostile.length, `${n} events`);
			}));
	}

	test('where else they stand', () => visit(world, {}, async page => {
		const { items } = await daemon.api('GET', '/blocks?limit=1000');
		const own = items.find(b => b.address === daemon.attacker);

		for (const url of ['/blocks', '/never', '/accounts',
			'/accounts?state=attacked', '/audit?range=all', '/',
			`/blocks/${own.id}`, `/addresses/${daemon.attacker}`,
			'/accounts?name=' + encodeURIComponent(daemon.hostile[0])]) {
			await open(page, url);
			await check(page, url);
		}
	}));

	test('what such an event says of itself', () => visit(world, {},
		async page => {
			await open(page, '/events?range=all');
			const buttons = page.locator('td.open button');
			await buttons.nth(40).waitFor();
			// rows out of sight aren't drawn
			for (let i = 0; i <= 40; i += 8) {
				await buttons.nth(i).click();
				await page.locator('.reading').waitFor();
				await check(page, `row ${i}`);
			}
		}));
};
