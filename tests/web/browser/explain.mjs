// SPDX-License-Identifier: ISC
// Why an address is blocked: the sentence, the sum, the course, the deeds.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { open, until, visit } from './world.mjs';

export default async world => {
	const { t, daemon } = world;

	test('the vendor\'s example: counts, sum, and what crossed', () =>
		visit(world, {}, async page => {
			await open(page, '/addresses/203.0.113.10');
			const parts = page.getByRole('region',
				{ name: t('explain.parts.smtp') });
			await parts.waitFor();
			const cells = await parts.locator('tbody tr').evaluateAll(rows =>
				rows.map(r => [...r.cells].map(c =>
					c.textContent.replace(/\D/g, ''))));
			const sum = cells.reduce((n, c) => n + +c[1] * +c[2], 0);
			assert.ok(sum >= 1000, `the sum is ${sum}`);
			assert.equal(await page.locator('tr.cause').count(), 1);
			await page.getByRole('img').first().waitFor();
			const label = await page.getByRole('img').first()
				.getAttribute('aria-label');
			assert.match(label, /203\.0\.113\.10/);
			await page.locator('tr.cause').getByRole('button').first()
				.click();
			await page.getByText(t('event.helo')).waitFor();
		}));

	test('an address that is not blocked has the page, too', () =>
		visit(world, {}, async page => {
			await open(page, '/addresses/198.51.100.20');
			await page.getByText(t('explain.state.not_blocked'),
				{ exact: true }).waitFor();
			await page.locator('.tabs a').nth(1).click();
			await page.waitForURL('**component=login');
			await page.getByRole('button', { name: t('blocks.block'),
				exact: true }).click();
			assert.equal(await page.getByRole('dialog').getByLabel(
				t('block.address')).inputValue(), '198.51.100.20');
		}));

	test('the search above leads to any address', () => visit(world, {},
		async page => {
			await open(page, '/');
			await page.locator('#search').fill('2001:db8:4::25');
			await page.keyboard.press('Enter');
			await page.waitForURL('**/addresses/2001*');
			await page.getByRole('heading', { level: 1 }).getByText(
				'2001:db8:4::25').waitFor();
		}));

	test('never blocking from there lifts the block', () => visit(world, {},
		async page => {
			await daemon.api('POST', '/blocks',
				{ address: '192.0.2.81', duration: 3600, note: 'a mistake' });
			await open(page, '/addresses/192.0.2.81');
			await page.getByText('a mistake').first().waitFor();
			await page.locator('.head').getByRole('button',
				{ name: t('blocks.never'), exact: true }).click();
			const dialog = page.getByRole('dialog');
			await dialog.locator('.banner').getByText('1').waitFor();
			await dialog.getByRole('button', { name: t('never.go'),
				exact: true }).click();
			await page.getByText(t('explain.state.never')).first().waitFor();
			await until('it is free', async () => !(await daemon.api('GET',
				'/blocked?address=192.0.2.81')).blocked);
		}));
};
