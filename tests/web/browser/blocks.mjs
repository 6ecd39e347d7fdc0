// SPDX-License-Identifier: ISC
// The block list: finding, blocking, removing with undo, many at once.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { open, settle, until, visit } from './world.mjs';

const row = (page, text) => page.getByRole('row').filter({ hasText: text });
const dialog = page => page.getByRole('dialog');

export default async world => {
	const { t, daemon } = world;
	const isBlocked = async address => (await daemon.api('GET',
		'/blocked?address=' + address)).blocked;
	const button = (place, key, values) => place.getByRole('button',
		{ name: t(key, values), exact: true });

	async function add(page, address) {
		await button(page, 'blocks.add').click();
		await dialog(page).getByLabel(t('block.address')).fill(address);
	}

	test('an address is blocked, extended, removed, and brought back', () =>
		visit(world, {}, async page => {
			const address = '192.0.2.61';

			await open(page, '/blocks');
			await add(page, address);
			await dialog(page).getByText(t('preview.address',
				{ address })).waitFor();
			await dialog(page).getByLabel(t('note')).fill('Ticket 61');
			await button(dialog(page), 'block.go').click();
			await row(page, 'Ticket 61').waitFor();
			assert.ok(await isBlocked(address));

			await button(row(page, 'Ticket 61'), 'blocks.more_of',
				{ address }).click();
			await button(page, 'blocks.extend').last().click();
			await dialog(page).getByText(t('time.no_end')).click();
			await button(dialog(page), 'extend.go').click();
			await row(page, 'Ticket 61').getByText(t('time.no_end'))
				.waitFor();

			await button(row(page, 'Ticket 61'), 'blocks.remove_of',
				{ address }).click();
			await button(dialog(page), 'unblock.go').click();
			await until('it is free', async () => !await isBlocked(address));
			await button(page, 'undo').click();
			await until('it is back', () => isBlocked(address));
			await row(page, 'Ticket 61').getByText(t('time.no_end'))
				.waitFor();
		}));

	test('a block of one\'s own address needs a second word', () =>
		visit(world, { expect: [/status of 409/] }, async page => {
			await open(page, '/blocks');
			await add(page, '127.0.0.0/8');
			await dialog(page).getByText(t('block.self',
				{ address: '127.0.0.1' })).waitFor();
			assert.ok(await button(dialog(page), 'block.go').isDisabled());
			await dialog(page).getByLabel(t('block.force')).check();
			assert.ok(await button(dialog(page), 'block.go').isEnabled());
			await page.keyboard.press('Escape');
			await until('the opener has the focus', () => page.evaluate(
				() => document.activeElement.tagName === 'BUTTON'));
		}));

	test('what is no address is told beside the field', () =>
		visit(world, { expect: [/status of 422/] }, async page => {
			await open(page, '/blocks');
			await add(page, '300.1.2.3');
			await button(dialog(page), 'block.go').click();
			await dialog(page).getByText(t('block.bad_address')).waitFor();
			assert.equal(await dialog(page).getByLabel(t('block.address'))
				.getAttribute('aria-invalid'), 'true');
		}));

	test('a search is in the address bar, and a wrong one says where', () =>
		visit(world, { expect: [/status of 400/] }, async page => {
			await open(page, '/blocks');
			const box = page.getByRole('searchbox',
				{ name: t('blocks.search') });
			await box.fill('origin:automatic');
			await box.press('Enter');
			await page.waitForURL('**/blocks?q=origin:automatic');
			await page.getByRole('link', { name: '203.0.113.10',
				exact: true }).waitFor();
			await until('the manual ones are gone', async () =>
				await row(page, t('origin.manual')).count() === 0);
			await box.fill('colour:red');
			await box.press('Enter');
			await page.locator('.filters .error').waitFor();
			await page.goBack();
			await page.getByRole('link', { name: '203.0.113.10',
				exact: true }).waitFor();
		}));

	test('a double click, Enter and the arrows lead to why', () =>
		visit(world, {}, async page => {
			await open(page, '/blocks?q=origin:automatic');
			const first = page.locator('tbody a.addr').first();
			await first.focus();
			await page.keyboard.press('ArrowDown');
			await until('the next row has the focus', () => first.evaluate(
				e => e !== document.activeElement &&
					document.activeElement.closest('tbody') !== null));
			await page.keyboard.press('Enter');
			await page.waitForURL(/\/blocks\/\d+$/);
			await page.goBack();
			await settle(page);
			await page.locator('tbody > tr').first().dispatchEvent(
				'dblclick');
			await page.waitForURL(/\/blocks\/\d+$/);
		}));

	test('many are chosen and removed at once', () => visit(world, {},
		async page => {
			for (let i = 1; i <= 3; i++)
				await daemon.api('POST', '/blocks', { duration: 3600,
					address: '198.51.100.18' + i, note: 'a batch' });
			await open(page, '/blocks?q=note:%22a+batch%22');
			await page.getByLabel(t('table.pick_all')).check();
			await page.locator('.batch').getByText(/^3 /).waitFor();
			await button(page.locator('.batch'), 'blocks.remove').click();
			await button(dialog(page), 'unblock.go').click();
			await until('they are free', async () =>
				!await isBlocked('198.51.100.183'));
			await page.getByText(t('blocks.no_match')).waitFor();
		}));

	test('a list is imported; wrong lines are told before', () =>
		visit(world, {}, async page => {
			await open(page, '/blocks');
			await button(page, 'import').click();
			await dialog(page).getByLabel(t('import.text')).fill(
				'192.0.2.71 2h from a list\nnonsense\n');
			await dialog(page).locator('.banner').first().getByText('1')
				.waitFor();
			await dialog(page).locator('.banner.warn li').waitFor();
			await button(dialog(page), 'import.go').click();
			await until('it is blocked', () => isBlocked('192.0.2.71'));
		}));

	test('a viewer is told why he may not', () => visit(world,
		{ user: 'vera' }, async page => {
			await open(page, '/blocks');
			const add = button(page, 'blocks.add');
			assert.equal(await add.getAttribute('aria-disabled'), 'true');
			await add.focus();
			await page.keyboard.press('Enter');
			await page.locator('.toast').getByText(
				t('need.blocks:write')).waitFor();
			assert.equal(await dialog(page).count(), 0);
		}));
};
