/* SPDX-License-Identifier: ISC */

#include "core/query_inside.h"

static int
keep_term(struct query_parser *p, struct query_term *t, const char *at)
{
	if (p->query->n == QUERY_TERMS_MAX)
		return query_fail(p, at, "a search has at most %d terms",
			QUERY_TERMS_MAX);
	t->values = arena_alloc(p->arena, t->n * sizeof(*t->values));
	memcpy(t->values, p->values, t->n * sizeof(*t->values));
	p->query->terms[p->query->n++] = *t;
	return 0;
}

static int
read_values(struct query_parser *p, struct query_term *t, const char *at)
{
	struct query_piece v;

	do {
		if (t->n == QUERY_VALUES_MAX)
			return query_fail(p, p->at,
				"a field is compared with at most %d values",
				QUERY_VALUES_MAX);
		if (t->n)
			p->at++; /* the comma */
		if (query_take(p, true, &v))
			return -1;
		if (!v.text.n && !v.is_quoted)
			return query_fail(p, v.at,
				"a value is missing behind %s",
				t->n ? "the comma" : t->field->name);
		if (query_read(p, t->field, &v, &p->values[t->n]))
			return -1;
		t->n++;
	} while (p->at < p->end && *p->at == ',');
	if (p->at < p->end && !is_blank(*p->at))
		return query_fail(p, p->at,
			"expected a blank or a comma behind the quotes");
	if (t->op != QUERY_EQUAL && t->n > 1)
		return query_fail(
			p, at, "only one value can be compared by size");
	return keep_term(p, t, at);
}

static enum query_op
take_op(struct query_parser *p)
{
	static const struct {
		struct str text;
		enum query_op op;
	} ops[] = {
		{ { "<=", 2 }, QUERY_LESS_EQUAL },
		{ { ">=", 2 }, QUERY_MORE_EQUAL },
		{ { "<", 1 }, QUERY_LESS },
		{ { ">", 1 }, QUERY_MORE },
		{ { "=", 1 }, QUERY_EQUAL },
	};
	struct str rest = { p->at, (size_t)(p->end - p->at) };
	enum query_op op = QUERY_EQUAL;

	(void)str_take(&rest, S(":")); /* "score:>5" is "score>5" */
	for (size_t i = 0; i < ARRAY_LEN(ops); i++) {
		if (str_take(&rest, ops[i].text)) {
			op = ops[i].op;
			break;
		}
	}
	p->at = rest.p;
	return op;
}

/* Which comparisons a type allows. */
static int
check_op(struct query_parser *p, const struct query_term *t, const char *at)
{
	bool by_size = t->op != QUERY_EQUAL;

	switch (t->field->type) {
	case QUERY_IS_NUMBER: return 0;
	case QUERY_IS_END:
		return by_size ? 0
			       : query_fail(p, at,
					 "%s is compared by < or >, such as "
					 "%s<1h",
					 t->field->name, t->field->name);
	default:
		return by_size ? query_fail(p, at,
					 "%s is not compared by size; expected "
					 "%s:",
					 t->field->name, t->field->name)
			       : 0;
	}
}

static const struct query_field *
find_field(const struct query_parser *p, struct str name)
{
	const struct query_fields *f = p->in->fields;

	for (unsigned i = 0; i < f->n; i++) {
		if (str_eq(name, str_of(f->rows[i].name)))
			return &f->rows[i];
	}
	return NULL;
}

/* The row of a subject that every list has. */
static const struct query_field *
field_of(const struct query_parser *p, enum query_subject subject)
{
	const struct query_fields *f = p->in->fields;

	for (unsigned i = 0; i < f->n; i++) {
		if (f->rows[i].subject == subject)
			return &f->rows[i];
	}
	return NULL;
}

/* "192.0.2." is the network that the reader means. */
static bool
read_octets(struct str s, struct prefix *ret)
{
	struct buf b CLEANUP(buf_free) = { 0 };
	unsigned dots = 0;

	for (size_t i = 0; i < s.n; i++)
		dots += s.p[i] == '.';
	if (!str_ends(s, S(".")) || dots < 1 || dots > 3)
		return false;
	buf_add(&b, s);
	for (unsigned i = dots; i < 4; i++)
		buf_printf(&b, i < 3 ? "0." : "0");
	buf_printf(&b, "/%u", dots * 8);
	return prefix_parse(buf_str(&b), ret, NULL);
}

/* A text alone: an address, or what was said. */
static int
take_text(struct query_parser *p, struct query_term *t)
{
	const struct query_field *ip = field_of(p, QUERY_IP);
	struct query_piece v;

	if (query_take(p, false, &v))
		return -1;
	t->n = 1;
	if (!v.is_quoted && ip &&
		(prefix_parse(v.text, &p->values[0].prefix, NULL) ||
			read_octets(v.text, &p->values[0].prefix))) {
		t->field = ip;
		return keep_term(p, t, v.at);
	}
	t->field = field_of(p, QUERY_TEXT);
	if (!v.text.n)
		return query_fail(p, v.at, "expected a text or a field");
	p->values[0].name.text = v.text;
	p->values[0].name.is_open = false;
	return keep_term(p, t, v.at);
}

/* The name in front of an operator, when there is one. */
static struct str
peek_name(const struct query_parser *p)
{
	const char *c = p->at;

	while (c < p->end && ((*c >= 'a' && *c <= 'z') || *c == '_'))
		c++;
	if (c == p->at || c == p->end || !memchr(":=<>", *c, 4))
		return (struct str){ 0 };
	return (struct str){ p->at, (size_t)(c - p->at) };
}

/* Some IPv6 addresses begin like a field. */
static bool
is_address(const struct query_parser *p)
{
	const char *c = p->at;
	struct prefix ignored;

	while (c < p->end && !is_blank(*c))
		c++;
	return prefix_parse(
		(struct str){ p->at, (size_t)(c - p->at) }, &ignored, NULL);
}

static int
take_term(struct query_parser *p)
{
	struct query_term t = { 0 };
	const char *at = p->at;

	t.is_not = *p->at == '-';
	p->at += t.is_not;
	struct str name = peek_name(p);
	if (!name.n || is_address(p))
		return take_text(p, &t);
	t.field = find_field(p, name);
	if (!t.field)
		return query_fail_field(p, name);
	p->at += name.n;
	t.op = take_op(p);
	return check_op(p, &t, at) ? -1 : read_values(p, &t, at);
}

int
query_parse(const struct query_input *in, struct arena *arena,
	struct query *ret, struct query_error *err)
{
	struct query_parser p = {
		.in = in,
		.at = in->text.p,
		.arena = arena,
		.query = ret,
		.err = err,
	};

	ret->n = 0;
	ret->fields = in->fields;
	if (!in->text.n)
		return 0;
	p.end = p.at + in->text.n;
	if (in->text.n > QUERY_BYTES_MAX)
		return query_fail(&p, p.end, "a search has at most %d bytes",
			QUERY_BYTES_MAX);
	for (;;) {
		while (p.at < p.end && is_blank(*p.at))
			p.at++;
		if (p.at == p.end)
			return 0;
		if (take_term(&p))
			return -1;
	}
}

const struct query_term *
query_find(const struct query *q, enum query_subject subject)
{
	for (unsigned i = 0; i < q->n; i++) {
		const struct query_term *t = &q->terms[i];

		if (t->field->subject == subject && !t->is_not)
			return t;
	}
	return NULL;
}
