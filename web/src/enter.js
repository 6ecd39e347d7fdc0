// Coming in: what a session brings with it, and leaving again.

import { del, get, session } from './api.js';
import { preferred, setLanguage } from './i18n.js';
import { start, stop } from './live.js';
import { adopt, language } from './prefs.js';
import { go } from './router.js';

// Takes a session as the API gave it, and its owner's preferences.
export async function welcome(s) {
	session.value = s;
	adopt(await get('/me').catch(() => null));
	await setLanguage(preferred(language.value));
	start();
}

// A path of ours, never another site's.
const inside = next => /^\/(?![/\\])/.test(next ?? '') ? next : '/';

export async function signedIn(s, next) {
	await welcome(s);
	go(inside(next), { replace: true });
}

export async function signOut() {
	stop();
	await del('/session').catch(() => {});
	session.value = null;
	go('/login');
}
