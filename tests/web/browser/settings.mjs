// SPDX-License-Identifier: ISC
// Settings: every kind of control, the diff, two who save, the history.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { open, until, visit } from './world.mjs';

// Firefox selects nothing in a field for numbers when it is filled.
async function put(page, name, value) {
	await page.locator(`[name="${name}"]`).focus();
	await page.keyboard.press('Control+a');
	await page.keyboard.type(value);
}

export default async world => {
	const { t, daemon } = world;
	const value = async name => (await daemon.api('GET', '/settings')).items
		.find(s => s.name === name).value;
	const review = page => page.getByRole('button',
		{ name: t('settings.look') }).click();
	const save = page => page.getByRole('dialog').getByRole('button',
		{ name: t('settings.save'), exact: true }).click();
	const isSaved = page => page.getByRole('dialog')
		.waitFor({ state: 'detached' });

	test('points are changed, looked at, saved and reset', () =>
		visit(world, {}, async page => {
			await open(page, '/settings/smtp');
			await put(page, 'weight.spam', '33');
			await put(page, 'smtp.threshold', '1200');
			await review(page);
			const diff = page.getByRole('dialog').getByRole('table');
			await diff.getByText('1200').waitFor();
			await diff.getByText('33').waitFor();
			await save(page);
			await isSaved(page);
			assert.equal(await value('weight.spam'), '33');
			assert.equal(await value('smtp.threshold'), '1200');
			await page.getByRole('button', { name: t('settings.reset'),
				exact: false }).first().click();
			await review(page);
			await save(page);
			await isSaved(page);
			assert.equal(await value('smtp.threshold'), '1000');
		}));

	test('a wrong value is said at its field and not saved', () =>
		visit(world, { expect: [/status of 4/] }, async page => {
			await open(page, '/settings/smtp');
			await page.locator('[name="smtp.period"]').fill('soon');
			await page.getByText(t('settings.bad.span')).waitFor();
			await review(page);
			await page.getByRole('dialog').getByRole('alert').first()
				.waitFor();
			await page.keyboard.press('Escape');
			await page.getByRole('button',
				{ name: t('settings.discard') }).click();
			assert.equal(await page.locator('[name="smtp.period"]')
				.inputValue(), '1h');
		}));

	test('switches, choices and texts', () => visit(world, {}, async page => {
		await open(page, '/settings/login');
		await page.getByLabel(t('set.login.repeat_once')).uncheck();
		await page.getByRole('link', { name: t('settings.accounts') })
			.click();
		await page.getByLabel(t('set.account.scope.anywhere')).check();
		await page.getByRole('link', { name: t('settings.texts') }).click();
		await page.getByLabel(t('set.text.smtp')).fill('Come back later');
		await review(page);
		await save(page);
		await isSaved(page);
		assert.equal(await value('login.repeat_once'), 'off');
		assert.equal(await value('account.scope'), 'anywhere');
		assert.equal(await value('text.smtp'), 'Come back later');
		await daemon.api('PATCH', '/settings', { 'login.repeat_once': null,
			'account.scope': null, 'text.smtp': null });
	}));

	test('all settings: found by name, and those that differ', () =>
		visit(world, {}, async page => {
			await open(page, '/settings/all');
			await page.getByLabel(t('settings.search')).fill('retention');
			await until('two rows', async () =>
				await page.locator('.one').count() === 2);
			await page.getByLabel(t('settings.search')).fill('');
			await page.getByLabel(t('settings.own')).check();
			await page.getByText('mode', { exact: true }).waitFor();
		}));

	test('the history names who changed what', () => visit(world, {},
		async page => {
			await daemon.api('PATCH', '/settings', { 'retention.days': 40 });
			await open(page, '/settings/history');
			const row = page.getByRole('row').filter({
				hasText: 'retention.days' }).first();
			await row.getByText('40').waitFor();
			await row.getByText('root').waitFor();
		}));

	test('a line is tried, and nothing counted', () => visit(world, {},
		async page => {
			await open(page, '/settings/sources');
			await page.getByLabel(t('sources.line')).fill(
				'Nov 24 06:28:02 mx postfix/smtpd[7]: NOQUEUE: reject: ' +
				'RCPT from unknown[192.0.2.99]: 554 5.7.1 <a@b.example>: ' +
				'Relay access denied; from=<x@y.example> ' +
				'to=<a@b.example> proto=ESMTP helo=<z>');
			await page.getByRole('button', { name: t('sources.try') })
				.click();
			await page.getByRole('link', { name: '192.0.2.99' }).waitFor();
			const why = await daemon.api('GET',
				'/addresses/192.0.2.99/explain');
			assert.equal(why.components[0].score, 0);
		}));

	test('a viewer sees the settings and why they are fixed', () =>
		visit(world, { user: 'vera' }, async page => {
			await open(page, '/settings/smtp');
			await page.getByText(t('need.config:write')).first().waitFor();
			assert.ok(await page.locator('[name="weight.spam"]')
				.isDisabled());
		}));
};
