// SPDX-License-Identifier: ISC
// Users, tokens, sessions, one's own account, the audit log, and roles.

import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { open, until, visit } from './world.mjs';

// The code of an authenticator app (RFC 6238) for a secret in base 32.
function codeOf(secret) {
	const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
	const bits = [...secret].map(c => letters.indexOf(c).toString(2)
		.padStart(5, '0')).join('');
	const key = Buffer.from(bits.match(/.{8}/g).map(b => parseInt(b, 2)));
	const step = Buffer.alloc(8);

	step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30000)));
	const digest = createHmac('sha1', key).update(step).digest();
	const at = digest[19] & 15;
	return String((digest.readUInt32BE(at) & 0x7fffffff) % 1000000)
		.padStart(6, '0');
}

export default async world => {
	const { t, daemon } = world;
	const dialog = page => page.getByRole('dialog');
	const press = (where, name) => where.getByRole('button',
		{ name, exact: true }).click();
	const isGone = page => dialog(page).waitFor({ state: 'detached' });

	test('a user comes, changes and goes', () => visit(world, {},
		async page => {
			await open(page, '/access');
			await press(page, t('users.add'));
			await dialog(page).getByLabel(t('users.name')).fill('nora');
			await dialog(page).getByLabel(t('users.password'))
				.fill('a long sentence');
			await press(dialog(page), t('users.add'));
			await isGone(page);
			await press(page, t('users.edit', { name: 'nora' }));
			await dialog(page).getByLabel(t('users.role'))
				.selectOption('operator');
			await press(dialog(page), t('save'));
			await isGone(page);
			const users = await daemon.api('GET', '/users');
			assert.equal(users.items.find(u => u.name === 'nora').role,
				'operator');
			await press(page, t('users.remove.of', { name: 'nora' }));
			await press(dialog(page), t('users.remove'));
			await isGone(page);
			await until('no nora', async () => !await page.getByRole('row')
				.filter({ hasText: 'nora' }).count());
		}));

	test('a name that is taken is said at its field', () => visit(world,
		{ expect: [/status of 4/] }, async page => {
			await open(page, '/access');
			await press(page, t('users.add'));
			await dialog(page).getByLabel(t('users.name')).fill('ada');
			await dialog(page).getByLabel(t('users.password'))
				.fill('a long sentence');
			await press(dialog(page), t('users.add'));
			await dialog(page).getByRole('alert').waitFor();
			assert.equal(await dialog(page).getByLabel(t('users.name'))
				.getAttribute('aria-invalid'), 'true');
		}));

	test('a token is shown once, works, and goes', () => visit(world, {},
		async page => {
			await open(page, '/access/tokens');
			await press(page, t('tokens.add'));
			await dialog(page).getByLabel(t('tokens.name')).fill('robot');
			await press(dialog(page), t('tokens.add'));
			const text = await dialog(page).locator('.secret').innerText();
			assert.match(text, /^brt_/);
			const ask = () => fetch(daemon.url + '/api/v1/status', {
				headers: { authorization: 'Bearer ' + text.trim() } });
			assert.equal((await ask()).status, 200);
			await press(dialog(page), t('tokens.kept'));
			await isGone(page);
			assert.ok(!(await page.content()).includes(text.trim()));
			await press(page, t('tokens.remove.of', { name: 'robot' }));
			await press(dialog(page), t('tokens.remove'));
			await isGone(page);
			assert.equal((await ask()).status, 401);
		}));

	test('a session is ended from elsewhere', () => visit(world, {},
		async page => {
			const r = await fetch(daemon.url + '/api/v1/session', {
				method: 'POST', headers: {
					'content-type': 'application/json',
					'user-agent': 'another browser',
					origin: daemon.url }, body: JSON.stringify({
					name: 'oscar', password: daemon.password }) });
			const cookie = r.headers.get('set-cookie').split(';')[0];
			await open(page, '/access/sessions');
			await page.getByRole('row').filter({
				hasText: 'another browser' }).getByRole('button').click();
			await until('the end', async () => (await fetch(daemon.url +
				'/api/v1/session', { headers: { cookie } }))
				.status === 401);
		}));

	test('language, colours and rows are kept', () => visit(world,
		{ user: 'oscar' }, async page => {
			const root = page.locator('html');
			await open(page, '/me');
			await page.getByLabel(t('me.density'), { exact: true })
				.selectOption('compact');
			await page.getByLabel(t('me.theme'), { exact: true })
				.selectOption('dark');
			await until('dark', async () =>
				await root.getAttribute('data-theme') === 'dark' &&
				await root.getAttribute('data-density') === 'compact');
			const other = world.language === 'de' ? 'en' : 'de';
			await page.getByLabel(t('me.language'), { exact: true })
				.selectOption(other);
			await until('the other language', async () =>
				await root.getAttribute('lang') === other);
			await page.getByRole('heading', { level: 1 }).waitFor();
		}));

	test('a wrong old password is said at its field', () => visit(world,
		{ user: 'vera', expect: [/status of 4/] }, async page => {
			await open(page, '/me');
			await page.getByLabel(t('password.old')).fill('wrong');
			await page.getByLabel(t('password.new')).fill('a long sentence');
			await press(page, t('password.change'));
			await page.locator('.field .error').waitFor();
		}));

	test('a second factor: set up, kept codes, renewed, turned off', () =>
		visit(world, { user: 'vera' }, async page => {
			await open(page, '/me');
			await press(page, t('totp.enrol'));
			await dialog(page).getByRole('img', { name: t('totp.qr') })
				.waitFor();
			await dialog(page).locator('summary').click();
			const secret = await dialog(page).locator('.secret').innerText();
			await dialog(page).getByLabel(t('totp.code'))
				.fill(codeOf(secret.replace(/\s/g, '')));
			await press(dialog(page), t('totp.on'));
			const codes = page.locator('.codes li');
			await codes.first().waitFor();
			assert.equal(await codes.count(), 10);
			const before = await codes.first().innerText();
			await press(dialog(page), t('tokens.kept'));
			await isGone(page);
			await press(page, t('totp.renew'));
			await codes.first().waitFor();
			assert.notEqual(await codes.first().innerText(), before);
			await press(dialog(page), t('tokens.kept'));
			await isGone(page);
			await press(page, t('totp.off'));
			await press(dialog(page), t('totp.off'));
			await isGone(page);
			await page.getByRole('button', { name: t('totp.enrol') })
				.waitFor();
		}));

	test('the audit log is whole, searched, and names the change', () =>
		visit(world, {}, async page => {
			await daemon.api('POST', '/never', { address: '192.0.2.3',
				note: 'audited' });
			await open(page, '/audit');
			await page.getByText(t('audit.intact').split('{')[0].slice(0, 15))
				.first().waitFor();
			await page.getByLabel(t('audit.search')).last().fill('192.0.2.3');
			await press(page.locator('main'), t('filter.go'));
			await page.waitForURL('**/audit?q=192.0.2.3');
			await page.getByRole('row').filter({ hasText: 'audited' })
				.first().waitFor();
		}));

	test('what a role may not do is shown, with the reason', () =>
		visit(world, { user: 'vera' }, async page => {
			await open(page, '/access');
			await page.getByText(t('need.admin')).waitFor();
			await open(page, '/accounts');
			const unlock = page.getByRole('button',
				{ name: t('accounts.unlock'), exact: true }).first();
			assert.ok(await unlock.isDisabled());
			assert.equal(await unlock.getAttribute('title'),
				t('need.accounts:write'));
		}));
};
