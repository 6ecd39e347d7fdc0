// SPDX-License-Identifier: ISC
// Accounts: unlocking one and all, and what became of one.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { open, until, visit } from './world.mjs';

export default async world => {
	const { t, daemon } = world;
	const locked = async () => (await daemon.api('GET', '/accounts')).items;

	test('an account: who logged in, who tried, and its locks', () =>
		visit(world, {}, async page => {
			await open(page, '/accounts?name=bob');
			await page.getByRole('img').first().waitFor();
			const row = page.getByRole('row').filter(
				{ hasText: '192.0.2.200' });
			await row.getByText('3', { exact: true }).waitFor();
			await page.getByRole('link', { name: t('account.events') })
				.click();
			await page.waitForURL('**/events?*account*bob*');
		}));

	test('the most attacked lead to their page', () => visit(world, {},
		async page => {
			await open(page, '/accounts?state=attacked');
			await page.getByRole('link', { name: 'ann', exact: true })
				.click();
			await page.waitForURL('**/accounts?name=ann');
			await page.getByRole('heading', { level: 1,
				name: /ann/ }).waitFor();
		}));

	test('one is unlocked, then all', () => visit(world, {}, async page => {
		await open(page, '/accounts');
		await page.getByRole('row').filter({ hasText: 'ann' })
			.getByRole('button', { name: t('accounts.unlock'),
				exact: true }).click();
		await until('ann is free', async () =>
			!(await locked()).some(x => x.account === 'ann'));
		assert.ok((await locked()).length > 1);
		await page.getByRole('button', { name: t('accounts.unlock.all'),
			exact: true }).click();
		await page.getByRole('dialog').getByRole('button',
			{ name: t('accounts.unlock.all'), exact: true }).click();
		await until('nobody is locked', async () =>
			(await locked()).length === 0);
		await page.getByText(t('accounts.none')).first().waitFor();
	}));
};
