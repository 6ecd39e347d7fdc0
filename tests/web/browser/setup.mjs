// SPDX-License-Identifier: ISC
// The first run, of a daemon that knows nobody.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { settle, startDaemon, until, visit } from './world.mjs';

export default async world => {
	const { t } = world;

	test('the first user is made, and Brattice watches', async () => {
		const daemon = await startDaemon('empty');

		try {
			const { token } = await daemon.api('POST', '/setup/token');
			await visit({ ...world, daemon, cookies: {} }, { user: null,
				expect: [/status of 40[13]|status of 422/] },
			async page => {
				await page.goto('/');
				await page.waitForURL('**/setup');
				await page.getByLabel(t('setup.token')).fill('wrong');
				await page.getByLabel(t('login.name')).fill('ada');
				await page.getByLabel(t('login.password'))
					.fill('correct horse battery');
				await page.getByRole('button', { name: t('setup.go') })
					.click();
				await page.locator('.field.bad').waitFor();
				await page.goto('/setup#' + token);
				// A wrong one is followed by a short wait.
				await until('it is taken', async () => {
					await page.getByRole('button', { name: t('setup.go') })
						.click({ timeout: 1000 }).catch(() => {});
					return !page.url().includes('/setup');
				});
				await settle(page);
				await page.getByText(t('overview.enforce')).waitFor();
			});
			const { mode } = await daemon.api('GET', '/overview');
			assert.equal(mode, 'observe');
		} finally {
			await daemon.close();
		}
	});
};
