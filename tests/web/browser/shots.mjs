// SPDX-License-Identifier: ISC
// Pictures of every page to look at: node shots.mjs FOLDER [WORD ...]
// A WORD picks the pages whose name has it; @WORD the looks.

import fs from 'node:fs';
import path from 'node:path';
import { pages } from './pages.mjs';
import { open, openWorld, visit } from './world.mjs';

const looks = [
	{ name: 'desktop-light', size: 'desktop' },
	{ name: 'desktop-dark', size: 'desktop', theme: 'dark' },
	{ name: 'desktop-german', size: 'desktop', language: 'de' },
	{ name: 'desktop-forced', size: 'desktop', colors: 'active' },
	{ name: 'phone-light', size: 'phone' },
	{ name: 'phone-dark', size: 'phone', theme: 'dark' },
	{ name: 'narrow-light', size: 'narrow' },
	{ name: 'narrow-german', size: 'narrow', language: 'de' },
];

const [folder, ...all] = process.argv.slice(2);
const words = all.filter(w => !w.startsWith('@'));
const chosenLooks = looks.filter(l => all.every(w =>
	!w.startsWith('@') || l.name.includes(w.slice(1))));

if (!folder) {
	console.error('usage: node shots.mjs FOLDER [WORD ...]');
	process.exit(2);
}
fs.mkdirSync(folder, { recursive: true });
const world = await openWorld('chromium');
let n = 0;

try {
	const chosen = Object.entries(await pages(world.daemon))
		.filter(([name]) => !words.length ||
			words.some(w => name.includes(w)));
	for (const look of chosenLooks) {
		for (const [name, page] of chosen) {
			const file = path.join(folder, `${name}-${look.name}.png`);

			await visit(world, { user: 'ada', ...look, ...page.as, expect: [/./] },
				async tab => {
					await open(tab, page.url);
					await page.act?.(tab);
					await tab.waitForTimeout(150);
					await tab.screenshot({ path: file,
						fullPage: !page.isLong });
				});
			n++;
		}
	}
} finally {
	await world.close();
}
console.log(`${n} pictures in ${folder}`);
