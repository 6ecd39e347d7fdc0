// Serves web/ while it is being worked on, and hands /api to a bratticed:
//
//	node web/dev.mjs [--port 4090] [--to 127.0.0.1:4080 | --to SOCKET]
//
// SOCKET is the path of a control socket.  Reload the page to see a change.

import fs from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import * as esbuild from 'esbuild';
import { options, rest } from './build.mjs';

const { values } = parseArgs({ options: {
	port: { type: 'string', default: '4090' },
	to: { type: 'string', default: '127.0.0.1:4080' },
} });
const types = {
	'.css': 'text/css; charset=utf-8',
	'.html': 'text/html; charset=utf-8',
	'.js': 'text/javascript; charset=utf-8',
	'.json': 'application/json',
	'.svg': 'image/svg+xml',
};
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; " +
	"img-src 'self'; connect-src 'self'; font-src 'self'; " +
	"manifest-src 'self'; base-uri 'none'; form-action 'self'; " +
	"frame-ancestors 'none'; require-trusted-types-for 'script'; " +
	"trusted-types 'none'";
const out = fs.mkdtempSync(path.join(os.tmpdir(), 'brattice-web-'));

async function build() {
	await esbuild.build(options(out));
	rest(out, 'dev');
}

function target() {
	if (values.to.includes('/'))
		return { socketPath: values.to };
	const [host, port] = values.to.split(':');
	return { host, port };
}

function proxy(req, res) {
	const to = http.request({ ...target(), path: req.url,
		method: req.method, headers: req.headers }, from => {
		res.writeHead(from.statusCode, from.headers);
		from.pipe(res);
	});

	to.on('error', e => {
		if (!res.headersSent)
			res.writeHead(502, { 'content-type':
				'application/problem+json' });
		res.end(JSON.stringify({ code: 'unreachable', status: 502,
			title: 'bratticed cannot be reached',
			detail: String(e.message) }));
	});
	res.on('close', () => to.destroy());
	req.pipe(to);
}

async function page(req, res) {
	const where = new URL(req.url, 'http://x').pathname;
	let name = where.startsWith('/ui/dev/') ? where.slice(8) : 'index.html';

	try {
		if (name === 'index.html')
			await build();
	} catch (e) {
		res.writeHead(500, { 'content-type': 'text/plain' });
		return res.end(String(e.message));
	}
	name = path.join(out, path.normalize('/' + name));
	if (!fs.existsSync(name)) {
		res.writeHead(404);
		return res.end();
	}
	res.writeHead(200, { 'content-type': types[path.extname(name)],
		'cache-control': 'no-cache',
		'content-security-policy': policy });
	fs.createReadStream(name).pipe(res);
}

http.createServer((req, res) =>
	req.url.startsWith('/api/') ? proxy(req, res) : page(req, res))
	.listen(+values.port, '127.0.0.1', () =>
		console.log(`http://127.0.0.1:${values.port} -> ${values.to}`));
