// SPDX-License-Identifier: ISC
// The event log: opening a row, time, searching, following.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { open, settle, until, visit } from './world.mjs';

const rows = page => page.locator('table.events tbody > tr:has(.first)');

const report = (daemon, address, detail) => daemon.api('POST', '/events', {
	events: [{ address, kind: 'relay_denied', service: 'smtp',
		source: 'test', session: 's' + Math.random(), detail }] });

export default async world => {
	const { t } = world;

	test('an event opens, and says how it was read', () => visit(world, {},
		async page => {
			await open(page, '/events');
			await page.getByRole('button', { expanded: false,
				name: new RegExp(t('events.open', { n: '\\d+' })) })
				.first().click();
			await page.getByRole('heading',
				{ name: t('events.read') }).waitFor();
			assert.match(page.url(), /[?&]id=\d+/);
			await page.reload();
			await page.getByRole('heading',
				{ name: t('events.read') }).waitFor();
			await page.getByRole('link',
				{ name: t('events.explain') }).click();
			await page.waitForURL('**/addresses/**');
		}));

	test('the time is in the address bar and can be one\'s own', () =>
		visit(world, {}, async page => {
			await open(page, '/events');
			const choice = page.locator('.period select');
			await choice.selectOption('15m');
			await page.waitForURL('**/events?range=15m');
			await settle(page);
			await choice.selectOption('own');
			await page.getByLabel(t('period.until'), { exact: true })
				.fill('2020-01-01T00:00');
			await page.getByRole('button', { name: t('period.go') }).click();
			await page.waitForURL('**/events?*until=2020*');
			await page.getByText(t('events.none')).waitFor();
			await page.goBack();
			await page.waitForURL('**/events?range=15m');
		}));

	test('further pages are read, and far rows leave the page', () =>
		visit(world, { expect: [/ResizeObserver/] }, async page => {
			await open(page, '/events?range=all');
			const more = page.getByRole('button', { name: t('table.more') });
			await more.click();
			const seen = async () => {
				const text = await page.locator('p.count').innerText();
				return Number(/\d+/.exec(text.replace(/[.,]/g, ''))[0]);
			};
			await until('200 rows', async () => await seen() >= 200);
			await page.evaluate(() => scrollTo(0, 0));
			await until('fewer rows in the document', async () =>
				await rows(page).count() < 200);
		}));

	test('new events come by themselves, or wait while paused', () =>
		visit(world, {}, async page => {
			await open(page, '/events');
			await page.getByRole('button', { name: t('events.live'),
				exact: true }).click();
			await page.waitForURL('**/events?live=1');
			await report(world.daemon, '192.0.2.77', 'first of the live');
			await page.getByText('first of the live').waitFor();
			await page.getByRole('button',
				{ name: t('events.pause') }).click();
			await report(world.daemon, '192.0.2.77', 'second of the live');
			const show = page.locator('p.count button');
			await show.waitFor();
			assert.equal(await page.getByText('second of the live').count(),
				0);
			await show.click();
			await page.getByText('second of the live').waitFor();
		}));
};
