import assert from 'node:assert/strict';
import { test } from 'node:test';
import { only, parse, toggle, valuesOf, without, write } from './search.js';

test('reads terms, fields, signs and quotes', () => {
	assert.deepEqual(
		parse('ip:203.0.113.0/24 -kind:spam,virus points>=50 "two words"'),
		[{ not: false, field: 'ip', op: ':', values: ['203.0.113.0/24'] },
			{ not: true, field: 'kind', op: ':',
				values: ['spam', 'virus'] },
			{ not: false, field: 'points', op: '>=', values: ['50'] },
			{ not: false, field: '', op: ':', values: ['two words'] }]);
});

test('a quoted comma belongs to the value', () => {
	assert.deepEqual(valuesOf('account:"a,b",c', 'account'), ['a,b', 'c']);
});

test('what it writes it reads again', () => {
	for (const text of ['kind:a,b -ip:1.2.3.4', 'account:"a \\"b\\" \\\\ c"',
		'"-x" "ip:1"', 'x', 'until<2026-11-24T06:28:02Z'])
		assert.equal(write(parse(text)), text);
});

test('any text is read, and without end', () => {
	for (const text of ['"', 'a"b', '"a', ':::', '-', '\\', 'ip:', 'a: b',
		'=x', '"\\'])
		assert.ok(write(parse(write(parse(text)))).length < 40);
});

test('a value comes, joins others and goes', () => {
	let q = toggle('x', 'kind', 'spam');

	assert.equal(q, 'x kind:spam');
	q = toggle(q, 'kind', 'two words');
	assert.equal(q, 'x kind:spam,"two words"');
	q = toggle(q, 'kind', 'spam');
	assert.equal(q, 'x kind:"two words"');
	assert.equal(toggle(q, 'kind', 'two words'), 'x');
	assert.equal(without('a b c', 1), 'a c');
	assert.equal(only('ip:1.1.1.1 x', 'ip', '2.2.2.2'), 'x ip:2.2.2.2');
});
