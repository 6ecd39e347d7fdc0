// Bundles the pages and writes them as C for the daemon:
//
//	node web/embed.mjs NPM OUT.c OUT.c.d FOLDER
//
// FOLDER takes what is bundled.  The packages are fetched again only when
// the lock file is another one.

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const web = path.dirname(fileURLToPath(import.meta.url));
const [npm, outC, outD, folder] = process.argv.slice(2);
const types = {
	'.css': 'text/css; charset=utf-8',
	'.html': 'text/html; charset=utf-8',
	'.js': 'text/javascript; charset=utf-8',
	'.json': 'application/json',
	'.png': 'image/png',
	'.svg': 'image/svg+xml',
	'.txt': 'text/plain; charset=utf-8',
	'.webmanifest': 'application/manifest+json',
	'.woff2': 'font/woff2',
};

const digest = bytes =>
	createHash('sha256').update(bytes).digest('hex').slice(0, 16);

// Files and folders in it, in an order that is the same everywhere.
function walk(at, files = [], folders = []) {
	folders.push(at);
	for (const name of fs.readdirSync(at).sort()) {
		const full = path.join(at, name);

		if (name === 'node_modules')
			continue;
		if (fs.statSync(full).isDirectory())
			walk(full, files, folders);
		else
			files.push(full);
	}
	return { files, folders };
}

function fetchPackages() {
	const lock = digest(fs.readFileSync(path.join(web,
		'package-lock.json')));
	const stamp = path.join(web, 'node_modules', '.fetched');

	if (fs.existsSync(stamp) && fs.readFileSync(stamp, 'utf8') === lock)
		return;
	try {
		execFileSync(npm, ['ci', '--ignore-scripts', '--no-audit',
			'--no-fund'], { cwd: web, stdio: 'pipe' });
	} catch (e) {
		process.stderr.write(`${e.stdout}${e.stderr}` +
			'web/embed.mjs: npm could not fetch the packages of ' +
			'the pages; with "meson configure build ' +
			'-Dweb=disabled" bratticed is built without them\n');
		process.exit(1);
	}
	fs.writeFileSync(stamp, lock);
}

const literal = text => JSON.stringify(text);

const include = (symbol, file) => `__asm__(${literal(
	`.section .rodata\n${symbol}: .incbin ${literal(file)}\n.previous\n`)});
HIDDEN extern const char ${symbol}[];
`;

// One file: its bytes, plain and packed, and its row of the table.
function embed(full, i) {
	const plain = fs.readFileSync(full);
	const packed = gzipSync(plain, { level: 9 });
	const name = path.relative(folder, full);
	const isSmaller = packed.length < plain.length;
	const tag = digest(plain);

	// The time in its head is zero already; the system's mark isn't.
	packed[9] = 255;
	fs.writeFileSync(`${full}.gz`, packed);
	return {
		bytes: include(`asset_${i}`, full) +
			include(`asset_${i}_gz`, `${full}.gz`),
		row: `\t{ ${literal(name)}, ` +
			`${literal(types[path.extname(name)] ??
				'application/octet-stream')},\n` +
			`\t\t${literal(`"${tag}"`)}, ${literal(`"${tag}-gz"`)},\n` +
			`\t\t{ asset_${i}, ${plain.length} }, ` +
			`{ asset_${i}_gz, ${isSmaller ? packed.length : 0} } },\n`,
	};
}

fetchPackages();
const inputs = walk(web);

fs.rmSync(folder, { recursive: true, force: true });
fs.mkdirSync(folder, { recursive: true });
execFileSync(process.execPath, [path.join(web, 'build.mjs'), folder],
	{ stdio: 'inherit' });
const build = fs.readFileSync(path.join(folder, 'build'), 'utf8').trim();

fs.rmSync(path.join(folder, 'build'));
const assets = walk(path.resolve(folder)).files.map(embed);

fs.writeFileSync(outC, `/* Made by web/embed.mjs. */

#include "web/assets.h"

#define HIDDEN __attribute__((visibility("hidden")))

${assets.map(a => a.bytes).join('')}
const char assets_build[] = ${literal(build)};
const struct asset assets[] = {
${assets.map(a => a.row).join('')}};
const size_t assets_n = sizeof(assets) / sizeof(assets[0]);
`);
fs.writeFileSync(outD, `${outC}: ${[...inputs.files, ...inputs.folders]
	.map(f => f.replace(/[ #$\\]/g, '\\$&')).join(' ')}\n`);
