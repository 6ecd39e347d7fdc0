// SPDX-License-Identifier: ISC
// Every page there is, with what makes it worth looking at.

const first = (page, role, name) =>
	page.getByRole(role, { name }).first().click();

export async function pages(daemon) {
	const blocks = await daemon.api('GET', '/blocks');
	const own = blocks.items.find(b => b.address === '203.0.113.10');

	return {
		login: { url: '/login', as: { user: null, expect: [/status of 401/] } },
		overview: { url: '/' },
		blocks: { url: '/blocks' },
		block: { url: `/blocks/${own.id}` },
		address: { url: '/addresses/198.51.100.20' },
		never: { url: '/never' },
		events: { url: '/events', isLong: true },
		'event-open': { url: '/events', isLong: true,
			act: p => first(p, 'button', /details of event|einzelheiten zu/i) },
		'events-hostile': { url: `/events?q=ip:${daemon.attacker}`,
			isLong: true },
		'events-error': { url: '/events?q=nonsense:1',
			as: { expect: [/status of 400/] } },
		accounts: { url: '/accounts' },
		'accounts-attacked': { url: '/accounts?state=attacked' },
		account: { url: '/accounts?name=ann' },
		'what-if': { url: '/what-if' },
		'settings-smtp': { url: '/settings/smtp' },
		'settings-login': { url: '/settings/login' },
		'settings-accounts': { url: '/settings/accounts' },
		'settings-sources': { url: '/settings/sources' },
		'settings-enforcement': { url: '/settings/enforcement' },
		'settings-texts': { url: '/settings/texts' },
		'settings-retention': { url: '/settings/retention' },
		'settings-all': { url: '/settings/all' },
		'settings-history': { url: '/settings/history' },
		'access-users': { url: '/access' },
		'access-tokens': { url: '/access/tokens' },
		'access-sessions': { url: '/access/sessions' },
		audit: { url: '/audit' },
		status: { url: '/status' },
		me: { url: '/me' },
		help: { url: '/help' },
		'help-api': { url: '/help/api' },
		missing: { url: '/no-such-page' },
	};
}
