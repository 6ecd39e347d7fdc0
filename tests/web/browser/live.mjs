// SPDX-License-Identifier: ISC
// Two tabs see the same; the daemon goes and comes back.

import { test } from 'node:test';
import { open, visit } from './world.mjs';

const lost = [/Failed to load|ERR_|NetworkError|connection|Cross-Origin/i];

export default async world => {
	const { t, daemon } = world;

	test('a block made elsewhere shows in both tabs', () => visit(world, {},
		async page => {
			const other = await page.context().newPage();

			await open(page, '/blocks');
			await open(other, '/');
			await page.locator('.live.on').waitFor();
			await other.locator('.live.on').waitFor();
			await daemon.api('POST', '/blocks', { address: '192.0.2.55',
				duration: 600, note: 'from elsewhere' });
			await page.locator('[role=status] button').first().waitFor();
			await other.bringToFront();
			await other.getByText('from elsewhere').first().waitFor();
		}));

	test('the daemon restarts, and the page finds it again', () =>
		visit(world, { expect: lost, patience: 20000 }, async page => {
			await open(page, '/events');
			await page.locator('.live.on').waitFor();
			await daemon.tell('stop');
			await page.locator('.live.connecting').waitFor();
			await page.getByText(t('live.connecting.short')).waitFor();
			await daemon.tell('start');
			await page.locator('.live.on').waitFor();
			await page.getByRole('link', { name: t('nav.accounts') }).first()
				.click();
			await page.getByRole('heading', { level: 1,
				name: t('nav.accounts') }).waitFor();
		}));
};
