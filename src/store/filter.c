/* SPDX-License-Identifier: ISC */
#include "store/filter.h"

#include <stdlib.h>

#include "base/mem.h"
#include "store/parts.h"

/* --- values ----------------------------------------------------------------- */

/* The place of one more value. */
static unsigned
add_value(struct filter *f, struct filter_value v)
{
	if (f->n == f->cap) {
		f->cap = f->cap ? 2 * f->cap : 16;
		f->values = mem_grow(f->values, f->cap, sizeof(*f->values));
	}
	f->values[f->n++] = v;
	return FILTER_FIRST + f->n - 1;
}

static unsigned
add_number(struct filter *f, int64_t v)
{
	return add_value(f, (struct filter_value){ .number = v });
}

static unsigned
add_text(struct filter *f, struct str s)
{
	return add_value(
		f, (struct filter_value){ .text = s, .is_text = true });
}

void
filter_bind(const struct filter *f, sqlite3_stmt *st)
{
	for (unsigned i = 0; i < f->n; i++) {
		const struct filter_value *v = &f->values[i];
		int at = FILTER_FIRST + (int)i;

		if (v->is_text)
			sqlite3_bind_blob(st, at, v->text.n ? v->text.p : "",
				(int)v->text.n, SQLITE_STATIC);
		else
			put_int(st, at, v->number);
	}
}

void
filter_free(struct filter *f)
{
	buf_free(&f->sql);
	arena_free(&f->arena);
	free(f->values);
	*f = (struct filter){ 0 };
}

/* --- pieces of conditions ----------------------------------------------------- */

static const char *const ops[] = {
	[QUERY_EQUAL] = "=",
	[QUERY_LESS] = "<",
	[QUERY_MORE] = ">",
	[QUERY_LESS_EQUAL] = "<=",
	[QUERY_MORE_EQUAL] = ">=",
};

/* A condition on one value; @what is the column's expression. */
typedef void add_one(struct filter *f, const char *what,
	const struct query_term *t, const union query_value *v);

static void
add_compared(struct filter *f, const char *what, const struct query_term *t,
	const union query_value *v)
{
	buf_printf(&f->sql, "%s %s ?%u", what, ops[t->op],
		add_number(f, v->number));
}

/* The smallest text behind all that begin with @s. */
static struct str
text_behind(struct filter *f, struct str s)
{
	char *copy = arena_alloc(&f->arena, s.n + 1);
	size_t n = s.n;

	if (s.n)
		memcpy(copy, s.p, s.n);
	while (n && (unsigned char)copy[n - 1] == 0xff)
		n--;
	if (!n) { /* none is: longer than any word */
		memset(copy, 0xff, s.n + 1);
		return (struct str){ copy, s.n + 1 };
	}
	copy[n - 1] = (char)((unsigned char)copy[n - 1] + 1);
	return (struct str){ copy, n };
}

/* Where a text that is kept as it is equals or begins so. */
static void
add_name(struct filter *f, const char *what, const struct query_term *t,
	const union query_value *v)
{
	unsigned at = add_text(f, v->name.text);

	(void)t;
	if (v->name.is_open)
		buf_printf(&f->sql, "begins(%s, ?%u)", what, at);
	else
		buf_printf(&f->sql, "coalesce(%s, x'') = ?%u", what, at);
}

/* A word of the era's dictionary. */
static void
add_word(struct filter *f, const char *what, const struct query_term *t,
	const union query_value *v)
{
	(void)t;
	if (!v->name.text.n && !v->name.is_open) {
		buf_printf(&f->sql, "%s = 0", what);
		return;
	}
	unsigned at = add_text(f, v->name.text);
	buf_printf(&f->sql, "%s in (select id from word where era = ?%d", what,
		FILTER_ERA);
	if (v->name.is_open)
		buf_printf(&f->sql, " and text >= ?%u and text < ?%u)", at,
			add_text(f, text_behind(f, v->name.text)));
	else
		buf_printf(&f->sql, " and text = ?%u)", at);
}

static void
add_part(struct filter *f, const char *what, const struct query_term *t,
	const union query_value *v)
{
	(void)t;
	buf_printf(&f->sql, "has(%s, ?%u)", what, add_text(f, v->name.text));
}

/* An IPv6 prefix covers no IPv4 address, whatever its bits. */
/* The + keeps the planner from an index that the walk has chosen better. */
#define IS_V4 "(+e.net = 0 and +e.host between 0 and 4294967295)"

static void
add_halves(struct filter *f, const char *what, const struct query_term *t,
	const union query_value *v)
{
	struct span s = span_of(&v->prefix);

	(void)what;
	(void)t;
	buf_printf(&f->sql,
		"+e.net between ?%u and ?%u and +e.host between ?%u and ?%u "
		"and %s" IS_V4,
		add_number(f, s.net_min), add_number(f, s.net_max),
		add_number(f, s.host_min), add_number(f, s.host_max),
		is_v4(&v->prefix) ? "" : "not ");
}

/* The first and the last address of a prefix have 16 bytes each: what is
 * bound must live as long as the filter, so SQL makes them. */
static void
add_covers(struct filter *f, const char *what, const struct query_term *t,
	const union query_value *v)
{
	unsigned addr = add_text(
		f, (struct str){ (const char *)v->prefix.addr.b,
			   sizeof(v->prefix.addr.b) });
	unsigned len = add_number(f, v->prefix.len);

	(void)what;
	(void)t;
	buf_printf(&f->sql,
		"prefix_first(b.addr, min(b.len, ?%u)) ="
		" prefix_first(?%u, min(b.len, ?%u))"
		" and (b.len >= 96 and b.addr"
		" between x'00000000000000000000ffff00000000'"
		" and x'00000000000000000000ffffffffffff') = %d",
		len, addr, len, is_v4(&v->prefix));
}

static void
add_outcome(struct filter *f, const char *what, const struct query_term *t,
	const union query_value *v)
{
	if (v->number != QUERY_FORGIVEN) {
		add_compared(f, what, t, v);
		return;
	}
	/* What counted, or told of what did. */
	buf_add(&f->sql,
		S("(e.what >> 6 & 7) <= 2 and exists (select 1 from pardon p"
		  " where p.last_event >= e.id"
		  " and e.net between p.net_min and p.net_max"
		  " and e.host between p.host_min and p.host_max"
		  " and (not " IS_V4 " or p.host_min >= 0"
		  " and p.host_max <= 4294967295))"));
}

static void
add_state(struct filter *f, const char *what, const struct query_term *t,
	const union query_value *v)
{
	static const char *const conditions[] = {
		[QUERY_ACTIVE] = "b.removed = 0 and b.until >",
		[QUERY_EXPIRED] = "b.removed = 0 and b.until <=",
		[QUERY_REMOVED] = "b.removed <> 0 and b.removed <=",
	};

	(void)what;
	(void)t;
	buf_printf(&f->sql, "%s ?%u", conditions[v->number],
		add_number(f, f->now));
}

static void
add_bits(struct filter *f, const char *what, const struct query_term *t,
	const union query_value *v)
{
	(void)t;
	buf_printf(&f->sql, "%s & ?%u != 0", what, add_number(f, v->number));
}

/* --- the two lists -------------------------------------------------------------- */

/* How a subject is asked for. */
struct rule {
	const char *what;
	add_one *add;
};

static const struct rule event_rules[QUERY_SUBJECTS] = {
	[QUERY_IP] = { "", add_halves },
	[QUERY_KIND] = { "(e.what & 63)", add_compared },
	[QUERY_ACCOUNT] = { "e.account", add_word },
	[QUERY_SERVICE] = { "e.service", add_word },
	[QUERY_SOURCE] = { "e.source", add_word },
	[QUERY_OUTCOME] = { "(e.what >> 6 & 7)", add_outcome },
	[QUERY_SESSION] = { "t.session", add_name },
	[QUERY_HELO] = { "t.helo", add_name },
	[QUERY_POINTS] = { "e.points", add_compared },
	[QUERY_SINCE] = { "e.time >=", NULL },
	[QUERY_UNTIL] = { "e.time <=", NULL },
	[QUERY_TEXT] = { "ac.text, t.session, t.helo, t.detail", add_part },
};

static const struct rule block_rules[QUERY_SUBJECTS] = {
	[QUERY_IP] = { "", add_covers },
	[QUERY_ORIGIN] = { "(b.flags & 1)", add_compared },
	[QUERY_COMPONENT] = { "(b.flags & 1 = 0) * (1 + (b.flags >> 1 & 1))"
			      " - 1",
		add_compared },
	[QUERY_STATE] = { "", add_state },
	[QUERY_SCORE] = { "b.score", add_compared },
	[QUERY_BY] = { "b.by", add_name },
	[QUERY_NOTE] = { "b.note", add_part },
	[QUERY_EXPIRES] = { "b.until", add_compared },
	[QUERY_HINT] = { "b.hints", add_bits },
	[QUERY_SINCE] = { "b.begin >=", NULL },
	[QUERY_UNTIL] = { "b.begin <=", NULL },
	[QUERY_TEXT] = { "b.note, b.by, b.removed_by", add_part },
};

static void
add_term(struct filter *f, const struct rule *rule, const struct query_term *t)
{
	buf_printf(&f->sql, " and %s(", t->is_not ? "not " : "");
	for (unsigned i = 0; i < t->n; i++) {
		if (i)
			buf_add(&f->sql, S(" or "));
		if (rule->add)
			rule->add(f, rule->what, t, &t->values[i]);
		else
			buf_printf(&f->sql, "%s ?%u", rule->what,
				add_number(f, t->values[i].number));
	}
	buf_addc(&f->sql, ')');
}

static void
add_all(struct filter *f, const struct rule *rules, const struct query *q)
{
	for (unsigned i = 0; q && i < q->n; i++) {
		const struct rule *rule = &rules[q->terms[i].field->subject];

		if (rule->what)
			add_term(f, rule, &q->terms[i]);
	}
}

void
filter_events(struct filter *f, const struct query *q)
{
	add_all(f, event_rules, q);
}

void
filter_blocks(struct filter *f, const struct query *q)
{
	add_all(f, block_rules, q);
}

/* --- functions ------------------------------------------------------------------- */

static struct str
text_of(sqlite3_value *v)
{
	const char *p = sqlite3_value_blob(v);

	return (struct str){ p, (size_t)sqlite3_value_bytes(v) };
}

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

static bool
is_at(const char *p, struct str part)
{
	for (size_t i = 0; i < part.n; i++) {
		if (lower(p[i]) != lower(part.p[i]))
			return false;
	}
	return true;
}

static bool
has_part(struct str s, struct str part)
{
	for (size_t i = 0; i + part.n <= s.n; i++) {
		if (is_at(s.p + i, part))
			return true;
	}
	return false;
}

/* has(text, …, part): is the part in one of them, in whatever case? */
static void
on_has(sqlite3_context *sql, int n, sqlite3_value **v)
{
	struct str part = text_of(v[n - 1]);
	int found = 0;

	for (int i = 0; i < n - 1 && !found; i++)
		found = has_part(text_of(v[i]), part);
	sqlite3_result_int(sql, found);
}

/* begins(text, head) */
static void
on_begins(sqlite3_context *sql, int n, sqlite3_value **v)
{
	(void)n;
	sqlite3_result_int(sql, str_starts(text_of(v[0]), text_of(v[1])));
}

int
filter_functions(struct db *db, struct err *err)
{
	int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC;
	int rc = sqlite3_create_function(
		db->h, "has", -1, flags, NULL, on_has, NULL, NULL);

	if (rc == SQLITE_OK)
		rc = sqlite3_create_function(
			db->h, "begins", 2, flags, NULL, on_begins, NULL, NULL);
	return rc == SQLITE_OK ? 0 : db_fail(db, rc, err);
}
