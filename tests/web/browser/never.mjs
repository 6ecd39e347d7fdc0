// SPDX-License-Identifier: ISC
// The never-block list: adding, asking, changing, removing with undo.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { open, until, visit } from './world.mjs';

export default async world => {
	const { t, daemon } = world;
	const has = async address => (await daemon.api('GET', '/never')).items
		.find(x => x.address === address);
	const row = (page, text) => page.getByRole('row').filter(
		{ hasText: text });
	const button = (place, key, values) => place.getByRole('button',
		{ name: t(key, values), exact: true });

	test('added, found by an address inside, changed, removed, undone', () =>
		visit(world, {}, async page => {
			const address = '198.51.100.240/28';

			await open(page, '/never');
			await button(page, 'never.add').click();
			const dialog = page.getByRole('dialog');
			await dialog.getByLabel(t('block.address')).fill(address);
			await dialog.getByLabel(t('note')).fill('a branch');
			await button(dialog, 'never.go').click();
			await row(page, 'a branch').waitFor();

			await page.getByRole('searchbox', { name: t('never.search') })
				.fill('198.51.100.250');
			await page.getByText(t('never.covered', { entry: address,
				address: '198.51.100.250' })).waitFor();
			await page.getByRole('searchbox', { name: t('never.search') })
				.fill('branch');

			await button(row(page, address), 'never.edit', { address })
				.click();
			await dialog.getByLabel(t('note')).fill('the branch');
			await button(dialog, 'save').click();
			await row(page, 'the branch').waitFor();

			await button(row(page, address), 'never.remove_of', { address })
				.click();
			await until('it is gone', async () => !await has(address));
			await button(page, 'undo').click();
			await until('it is back', () => has(address));
			assert.equal((await has(address)).note, 'the branch');
		}));

	test('a very wide network needs a second word', () => visit(world, {},
		async page => {
			await open(page, '/never');
			await button(page, 'never.add').click();
			const dialog = page.getByRole('dialog');
			await dialog.getByLabel(t('block.address')).fill('8.0.0.0/7');
			await dialog.getByText(t('never.sure')).waitFor();
			assert.ok(await button(dialog, 'never.go').isDisabled());
		}));
};
