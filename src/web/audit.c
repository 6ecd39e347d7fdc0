/* SPDX-License-Identifier: ISC */

/*
 * The audit log: what every request wrote, and reading it.
 */

#include "web/audit.h"

#include <stdio.h>

#include "base/stamp.h"
#include "http/json_tree.h"
#include "web/route.h"

/* --- writing ------------------------------------------------------------------ */

/* Members of bodies that nobody may read later. */
static const char *const secrets[] = { "password", "old", "new", "token",
	"code", "totp", "recovery" };

static int
on_member(void *ctx, struct str name, const struct json_t *value)
{
	struct json *j = ctx;
	bool is_secret = false;

	for (size_t i = 0; i < ARRAY_LEN(secrets); i++)
		is_secret |= str_eq(name, str_of(secrets[i]));
	if (j->comma)
		buf_addc(j->b, ',');
	json_quote(j->b, name);
	buf_addc(j->b, ':');
	if (is_secret)
		json_quote(j->b, S("***"));
	else
		json_tree_write(j->b, value);
	j->comma = true;
	return 0;
}

static void
add_body(struct buf *b, const struct json_t *body)
{
	struct json j = { .b = b };

	json_open(&j, '{');
	(void)json_in_each(body, on_member, &j);
	json_close(&j, '}');
}

static const char *const via_names[] = {
	[VIA_NOBODY] = "web",
	[VIA_WEB] = "web",
	[VIA_TOKEN] = "token",
	[VIA_SOCKET] = "socket",
};

void
access_audit(
	struct ask *a, struct str target, struct str before, struct str after)
{
	struct prefix from = addr_prefix(&a->addr, ADDR_BITS);
	struct buf body CLEANUP(buf_free) = { 0 };
	struct buf action CLEANUP(buf_free) = { 0 };
	char text[PREFIX_TEXT_MAX];
	struct store_access row = { .op = ACCESS_AUDIT };

	a->is_audited = true;
	if (!after.n && a->body) {
		add_body(&body, a->body);
		after = buf_str(&body);
	}
	buf_printf(&action, "%s %s", route_method_name(a->route->method),
		a->route->path);
	row.audit = (struct store_audit){
		.time = node_now(a->node),
		.actor = *a->by ? str_of(a->by) : target,
		.via = str_of(via_names[a->via]),
		.action = buf_str(&action),
		.target = target,
		.before = before,
		.after = after,
		.note = json_tree_str(a->body, "note"),
	};
	if (a->via != VIA_SOCKET)
		row.audit.address = str_of(prefix_format(&from, text));
	node_keep(a->node, &row);
}

void
access_audit_rest(struct ask *a, unsigned status)
{
	struct str target = a->id;

	if (!a->route || a->is_audited || status >= 300 ||
		a->route->method == HTTP_GET || a->route->is_quiet ||
		a->route->scope == SCOPE_EVENTS_INGEST ||
		a->route->scope == SCOPE_NONE ||
		a->route->scope == SCOPE_READ || ask_flag(a, "dry_run"))
		return;
	if (!target.n)
		target = json_tree_str(a->body, "address");
	if (!target.n)
		(void)http_query(a->request, "address", &target);
	access_audit(a, target, S(""), S(""));
}

void
api_note(const struct api *a, const char *action)
{
	struct node *node = a->config.node;

	if (!node_is_loaded(node))
		return; /* nothing can be written */
	node_keep(
		node, &(struct store_access){ .op = ACCESS_AUDIT,
			      .audit = { .time = node_now(node),
				      .actor = S("bratticed"),
				      .via = S("daemon"),
				      .action = str_of(action),
				      .target = str_of(a->config.version) } });
}

/* --- reading ------------------------------------------------------------------- */

struct search {
	struct audit_query query;
	struct audit_verdict verdict;
	int64_t limit;
	unsigned rows;
	bool has_more, has_failed;
	struct err err;
};

void
audit_add_row(struct json *j, const struct store_audit *r)
{
	json_open(j, '{');
	json_member_int(j, "id", (int64_t)r->id);
	json_member_time(j, "time", r->time);
	json_member_str(j, "actor", r->actor);
	json_member_str(j, "via", r->via);
	json_member_str(j, "address", r->address);
	json_member_str(j, "action", r->action);
	json_member_str(j, "target", r->target);
	json_member_str(j, "before", r->before);
	json_member_str(j, "after", r->after);
	json_member_str(j, "note", r->note);
	json_close(j, '}');
}

static int
on_row(void *ctx, const struct store_audit *r)
{
	struct ask *a = ctx;
	struct search *s = a->state;

	if (s->rows == s->limit) {
		s->has_more = true;
		return 1;
	}
	s->query.before = r->id;
	s->rows++;
	audit_add_row(&a->out, r);
	return 0;
}

static void
search_read(struct ask *a, struct store *store, struct store_reader *events)
{
	struct search *s = a->state;
	struct audit_query q = s->query;

	(void)events;
	s->has_failed = audit_find(store, &q, on_row, a, &s->err) < 0;
}

static void
search_done(struct ask *a)
{
	struct search *s = a->state;

	if (s->has_failed) {
		ask_fail(a, PROBLEM_INTERNAL, NULL, "%s", s->err.text);
		return;
	}
	ask_page_end(a, s->has_more ? s->query.before : 0);
}

bool
audit_query_get(struct ask *a, struct audit_query *ret)
{
	if (http_query(a->request, "q", &ret->text))
		ret->text = arena_str(&a->arena, ret->text);
	return ask_time(a, "since", &ret->since) &&
	       ask_time(a, "until", &ret->until);
}

void
audit_get(struct ask *a)
{
	static const struct ask_number limit = { "limit", 1, 1000, 100 };
	static const struct ask_number cursor = { "cursor", 0, INT64_MAX, 0 };
	struct search *s = arena_alloc(&a->arena, sizeof(*s));
	int64_t before;

	a->state = s;
	if (!ask_int(a, &limit, &s->limit) || !ask_int(a, &cursor, &before) ||
		!audit_query_get(a, &s->query))
		return;
	s->query.before = (uint64_t)before;
	s->query.limit = (unsigned)s->limit + 1;
	json_open(&a->out, '{');
	json_key(&a->out, "items");
	json_open(&a->out, '[');
	ask_read(a, search_read, search_done);
}

static void
verify_read(struct ask *a, struct store *store, struct store_reader *events)
{
	struct search *s = a->state;

	(void)events;
	s->has_failed = audit_verify(store, &s->verdict, &s->err) < 0;
}

static void
verify_done(struct ask *a)
{
	struct search *s = a->state;
	struct json *j = &a->out;

	if (s->has_failed) {
		ask_fail(a, PROBLEM_INTERNAL, NULL, "%s", s->err.text);
		return;
	}
	json_open(j, '{');
	json_member_bool(j, "intact", s->verdict.first_bad == 0);
	json_member_int(j, "rows", (int64_t)s->verdict.rows);
	json_key(j, "first_bad");
	if (s->verdict.first_bad)
		json_int(j, (int64_t)s->verdict.first_bad);
	else
		json_null(j);
	json_close(j, '}');
	ask_reply(a, 200);
}

void
audit_verify_get(struct ask *a)
{
	a->state = arena_alloc(&a->arena, sizeof(struct search));
	ask_read(a, verify_read, verify_done);
}
