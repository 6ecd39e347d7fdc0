// SPDX-License-Identifier: ISC
// From one page to another: signing in, and everything by keyboard alone.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { open, settle, until, visit } from './world.mjs';

// Presses Tab until what has the focus is wanted.
async function tabTo(page, what, matches) {
	for (let i = 0; i < 80; i++) {
		await page.keyboard.press('Tab');
		const found = await page.evaluate(() => {
			const e = document.activeElement;

			return { text: e.textContent.trim(), tag: e.tagName,
				label: e.getAttribute('aria-label') ?? '',
				href: e.getAttribute('href') ?? '' };
		});
		if (matches(found))
			return;
	}
	assert.fail(`Tab never came to ${what}`);
}

export default async world => {
	const { t, daemon } = world;

	test('by keyboard alone: in, find, explain, remove, undo', () =>
		visit(world, { user: null, expect: [/status of 401/] },
			async page => {
				const { keyboard } = page;
				const isBlocked = async () => (await daemon.api('GET',
					'/blocked?address=203.0.113.10')).blocked;

				await open(page, '/login');
				await keyboard.type('ada');
				await keyboard.press('Tab');
				await keyboard.type(daemon.password);
				await keyboard.press('Enter');
				await page.waitForURL(daemon.url + '/');
				await settle(page);
				await page.locator('main').focus();
				await keyboard.press('/');
				await keyboard.type('203.0.113.10');
				await keyboard.press('Enter');
				await page.waitForURL('**/addresses/203.0.113.10');
				await settle(page);
				await tabTo(page, 'remove', e => e.tag === 'BUTTON' &&
					e.text.startsWith(t('blocks.remove')));
				await keyboard.press('Enter');
				await page.getByRole('dialog').waitFor();
				await tabTo(page, 'the dialog\'s button', e =>
					e.tag === 'BUTTON' &&
					e.text === t('unblock.go', { n: 1 }));
				await keyboard.press('Enter');
				await until('it is free', async () => !await isBlocked());
				await tabTo(page, 'undo', e => e.text === t('undo'));
				await keyboard.press('Enter');
				await until('it is blocked again', isBlocked);
			}));

	test('keys lead to pages, and can be turned off', () => visit(world, {},
		async page => {
			await open(page, '/');
			await page.locator('main').focus();
			await page.keyboard.press('g');
			await page.keyboard.press('e');
			await page.waitForURL('**/events');
			await page.locator('main').focus();
			await page.keyboard.press('?');
			await page.waitForURL('**/help');
			await page.evaluate(() => localStorage.setItem('shortcuts',
				'off'));
		}));

	test('the API reference is there and searched', () => visit(world, {},
		async page => {
			await open(page, '/help/api');
			await page.getByLabel(t('api.find')).fill('/blocks');
			await page.locator('details.op').first().locator('summary')
				.click();
			await page.getByText(t('api.answers')).first().waitFor();
		}));

	test('a phone: the bar below and the sheet lead everywhere', () =>
		visit(world, { size: 'phone' }, async page => {
			await open(page, '/');
			await page.getByRole('button', { name: t('nav.more') }).click();
			await page.getByRole('dialog').getByRole('link',
				{ name: t('nav.audit') }).click();
			await page.waitForURL('**/audit');
			await settle(page);
		}));

	test('who is not signed in comes back to the page asked for', () =>
		visit(world, { user: null, expect: [/status of 401/] },
			async page => {
				await page.goto('/status');
				await page.waitForURL('**/login?next=*');
				await page.getByLabel(t('login.name')).fill('vera');
				await page.getByLabel(t('login.password'))
					.fill(daemon.password);
				await page.getByRole('button', { name: t('login.go') })
					.click();
				await page.waitForURL('**/status');
				await settle(page);
			}));
};
