// SPDX-License-Identifier: ISC
// Fetches what the tests need of npm into FOLDER, when the lock file is
// another one: flock LOCK node packages.mjs FOLDER

import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const [folder] = process.argv.slice(2);
const lock = fs.readFileSync(path.join(here, 'package-lock.json'), 'utf8');
const stamp = path.join(folder, '.fetched');

if (!fs.existsSync(stamp) || fs.readFileSync(stamp, 'utf8') !== lock) {
	for (const name of ['package.json', 'package-lock.json'])
		fs.copyFileSync(path.join(here, name), path.join(folder, name));
	execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'],
		{ cwd: folder, stdio: 'inherit' });
	fs.writeFileSync(stamp, lock);
}
