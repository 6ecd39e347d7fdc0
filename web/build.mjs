// Makes the browser's side: node web/build.mjs OUT [BUILD]
// OUT gets index.html, which is served anew each time, and beside it what
// /ui/BUILD/ serves for ever.  BUILD is a digest of all that unless it is
// given; it stands in OUT/build, too.

import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';

const here = path.dirname(fileURLToPath(import.meta.url));
const at = (...names) => path.join(here, ...names);

export function options(out) {
	return {
		entryPoints: { main: at('src/main.js'), app: at('app.css') },
		outdir: out,
		bundle: true,
		minify: true,
		format: 'esm',
		target: ['chrome123', 'firefox121', 'safari17.5'],
		legalComments: 'none',
		logLevel: 'warning',
	};
}

// One file with a <symbol> for each icon that icons.json names.
function sprite() {
	const names = JSON.parse(fs.readFileSync(at('icons.json'), 'utf8'));
	const from = at('node_modules/lucide-static/icons');
	const symbols = names.map(name => {
		const svg = fs.readFileSync(path.join(from, name + '.svg'), 'utf8');
		const inner = svg.replace(/^[\s\S]*?<svg[\s\S]*?>|<\/svg>\s*$/g, '');
		return `<symbol id="${name}" viewBox="0 0 24 24" fill="none" ` +
			'stroke="currentColor" stroke-width="2" ' +
			'stroke-linecap="round" stroke-linejoin="round">' +
			inner.replace(/\s*\n\s*/g, '') + '</symbol>';
	});

	return '<svg xmlns="http://www.w3.org/2000/svg">' + symbols.join('') +
		'</svg>';
}

function digest(out, page) {
	const hash = crypto.createHash('sha256').update(page);
	const names = fs.readdirSync(out, { recursive: true })
		.filter(n => /\.(js|css|svg|json)$/.test(n)).sort();

	for (const name of names)
		hash.update(name).update(fs.readFileSync(path.join(out, name)));
	return hash.digest('hex').slice(0, 12);
}

// What needs no bundling.
export function rest(out, build) {
	fs.mkdirSync(path.join(out, 'i18n'), { recursive: true });
	const words = name => JSON.parse(fs.readFileSync(at('i18n', name)));
	for (const name of fs.readdirSync(at('i18n'))) {
		// What a language lacks is said in English.
		fs.writeFileSync(path.join(out, 'i18n', name), JSON.stringify(
			{ ...words('en.json'), ...words(name) }));
	}
	fs.writeFileSync(path.join(out, 'icons.svg'), sprite());
	fs.copyFileSync(at('favicon.svg'), path.join(out, 'favicon.svg'));
	const page = fs.readFileSync(at('index.html'), 'utf8');
	build ??= digest(out, page);
	fs.writeFileSync(path.join(out, 'index.html'),
		page.replaceAll('@BUILD@', build));
	fs.writeFileSync(path.join(out, 'build'), build + '\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	const [out, build] = process.argv.slice(2);

	if (!out) {
		console.error('usage: node web/build.mjs OUT [BUILD]');
		process.exit(2);
	}
	await esbuild.build(options(out));
	rest(out, build);
}
