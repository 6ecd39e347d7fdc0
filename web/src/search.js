// The search grammar, as the server reads it: terms that must all hold,
// [-]field(: = < > <= >=)value, a comma for "or", "quotes", bare words.

const term = /(-?)(?:([a-z_]+)(:|<=|>=|=|<|>))?((?:"(?:[^"\\]|\\.)*"|[^\s"])*)/y;

const bare = value => value.replace(/"((?:[^"\\]|\\.)*)"/g,
	(_, inner) => inner.replace(/\\(.)/g, '$1'));

// The values of a term: a,"b,c" is [a, "b,c"].
const split = value =>
	(value.match(/(?:"(?:[^"\\]|\\.)*"|[^,"])+/g) ?? []).map(bare);

export function parse(text) {
	const out = [];

	for (let i = 0; i < text.length;) {
		if (/\s/.test(text[i])) {
			i++;
			continue;
		}
		term.lastIndex = i;
		const m = term.exec(text);
		if (!m || !m[0].length) { // a quote that is never closed
			out.push({ not: false, field: '', op: ':',
				values: [text.slice(i).replace(/^"/, '')] });
			break;
		}
		i += m[0].length;
		out.push({ not: m[1] === '-', field: m[2] ?? '', op: m[3] ?? ':',
			values: m[2] ? split(m[4]) : [bare(m[4])] });
	}
	return out;
}

export const quote = value =>
	value && !/[\s",\\]/.test(value) ? value :
		'"' + value.replace(/["\\]/g, '\\$&') + '"';

// A bare word that looks like a field must not become one.
const word = value => /^-|^[a-z_]+[:=<>]/.test(value) ?
	'"' + value.replace(/["\\]/g, '\\$&') + '"' : quote(value);

export const write = terms => terms.map(x => (x.not ? '-' : '') +
	(x.field ? x.field + x.op + x.values.map(quote).join(',') :
		word(x.values[0]))).join(' ');

const isFor = (x, field) =>
	x.field === field && !x.not && (x.op === ':' || x.op === '=');

export const valuesOf = (text, field) =>
	parse(text).filter(x => isFor(x, field)).flatMap(x => x.values);

// Puts a value among those of a field, or takes it out again.
export function toggle(text, field, value) {
	const terms = parse(text), found = terms.find(x => isFor(x, field));

	if (!found)
		return write([...terms, { field, op: ':', values: [value] }]);
	found.values = found.values.includes(value) ?
		found.values.filter(v => v !== value) : [...found.values, value];
	return write(terms.filter(x => x.values.length));
}

// The only value of a field.
export const only = (text, field, value) => write([
	...parse(text).filter(x => x.field !== field),
	{ field, op: ':', values: [value] }]);

export const without = (text, i) =>
	write(parse(text).filter((_, at) => at !== i));
