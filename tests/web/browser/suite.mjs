// SPDX-License-Identifier: ISC
// All tests of the pages in one browser: node suite.mjs chromium|firefox
// [LANGUAGE [FILE ...]]

import { after } from 'node:test';
import { openWorld } from './world.mjs';

const [browser, language = 'en', ...asked] = process.argv.slice(2);
const files = asked.length ? asked : ['look', 'blocks', 'explain', 'never',
	'events', 'settings', 'access', 'accounts', 'journeys', 'hostile', 'live',
	'setup'];
const world = await openWorld(browser, language);

after(() => world.close());
for (const file of files)
	await (await import(`./${file}.mjs`)).default(world);
