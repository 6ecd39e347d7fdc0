/* SPDX-License-Identifier: ISC */

#include "web/ask.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/num.h"
#include "base/stamp.h"
#include "web/access.h"
#include "web/ask_stream.h"
#include "web/route.h"

static const struct {
	unsigned status;
	const char *code, *title;
} problems[PROBLEMS] = {
	[PROBLEM_BAD_REQUEST] = { 400, "bad-request",
		"The request is malformed" },
	[PROBLEM_VALIDATION] = { 422, "validation", "A value is not valid" },
	[PROBLEM_UNAUTHENTICATED] = { 401, "unauthenticated",
		"Who asks is not known" },
	[PROBLEM_TOTP] = { 401, "totp-required", "A second factor is needed" },
	[PROBLEM_TOTP_SETUP] = { 403, "totp-setup-required",
		"A second factor must be set up first" },
	[PROBLEM_REAUTH] = { 403, "reauth-required",
		"The password is needed again" },
	[PROBLEM_CSRF] = { 403, "csrf", "It is not from this site's pages" },
	[PROBLEM_FORBIDDEN] = { 403, "forbidden", "It is not allowed" },
	[PROBLEM_ATTEMPTS] = { 429, "too-many-attempts", "Too many attempts" },
	[PROBLEM_STREAMS] = { 429, "too-many-streams",
		"Too many live streams" },
	[PROBLEM_SETUP] = { 401, "setup-needed", "There is no user yet" },
	[PROBLEM_UNSEEN] = { 428, "precondition-required",
		"It must be said which state is meant" },
	[PROBLEM_OLD] = { 412, "precondition-failed",
		"It was changed meanwhile" },
	[PROBLEM_NOT_FOUND] = { 404, "not-found", "There is no such thing" },
	[PROBLEM_METHOD] = { 405, "method-not-allowed",
		"The method does not fit the path" },
	[PROBLEM_MEDIA_TYPE] = { 415, "media-type",
		"The body is of another type" },
	[PROBLEM_SELF] = { 409, "would-block-self",
		"This would block you yourself" },
	[PROBLEM_WIDE] = { 409, "would-block-much",
		"This would block much of the internet" },
	[PROBLEM_NEVER] = { 409, "in-never-list",
		"It is in the never-block list" },
	[PROBLEM_EXISTS] = { 409, "already-exists", "It is there already" },
	[PROBLEM_COVERED] = { 409, "covered", "A wider entry covers it" },
	[PROBLEM_BUDGET] = { 503, "query-budget",
		"The event log could not be read in time" },
	[PROBLEM_LOADING] = { 503, "daemon-busy",
		"The daemon is still loading its lists" },
	[PROBLEM_INTERNAL] = { 500, "internal",
		"It could not be stored or read" },
};

struct ask *
ask_new(const struct api *api, struct http_request *r)
{
	struct ask *a = mem_alloc(1, sizeof(*a));

	a->api = api;
	a->node = api->config.node;
	a->request = r;
	a->out.b = &a->text;
	a->status = 200;
	return a;
}

void
ask_free(struct ask *a)
{
	if (a->source && a->source->free)
		a->source->free(a);
	json_in_free(a->body);
	arena_free(&a->arena);
	buf_free(&a->text);
	free(a);
}

static void
finish(struct ask *a, const struct http_response *response)
{
	http_reply(a->request, response);
	ask_free(a);
}

void
ask_reply(struct ask *a, unsigned status)
{
	ask_reply_as(a, status, "application/json");
}

void
ask_reply_as(struct ask *a, unsigned status, const char *type)
{
	struct http_field fields[3] = {
		{ "Cache-Control", "no-store" },
	};
	size_t n = 1;

	if (*a->cookie)
		fields[n++] = (struct http_field){ "Set-Cookie", a->cookie };
	if (*a->etag)
		fields[n++] = (struct http_field){ "ETag", a->etag };
	access_audit_rest(a, status);
	finish(a, &(struct http_response){ .status = status,
			  .type = status == 204 ? NULL : type,
			  .fields = fields,
			  .fields_n = n,
			  .body = buf_str(&a->text) });
}

static void
write_problem(
	struct ask *a, enum problem p, const char *pointer, const char *detail)
{
	struct json *j = &a->out;

	a->text.n = 0;
	j->comma = false;
	json_open(j, '{');
	json_member_str(j, "type", S("about:blank"));
	json_member_str(j, "code", str_of(problems[p].code));
	json_member_str(j, "title", str_of(problems[p].title));
	json_member_int(j, "status", problems[p].status);
	json_member_str(j, "detail", str_of(detail));
	if (pointer) {
		json_key(j, "errors");
		json_open(j, '[');
		json_open(j, '{');
		json_member_str(j, "pointer", str_of(pointer));
		json_member_str(j, "detail", str_of(detail));
		json_close(j, '}');
		json_close(j, ']');
	}
	if (a->hint)
		json_member_str(j, "hint", str_of(a->hint));
	json_close(j, '}');
}

void
ask_fail(struct ask *a, enum problem p, const char *pointer, const char *fmt,
	...)
{
	struct err detail;
	va_list ap;

	va_start(ap, fmt);
	err_set_args(&detail, fmt, ap);
	va_end(ap);
	write_problem(a, p, pointer, detail.text);
	/* 405 has had its Allow from the caller as hint. */
	struct http_field fields[2] = {
		{ "Cache-Control", "no-store" },
		{ "Allow", a->hint },
	};
	char seconds[16];
	if (a->retry_s) {
		snprintf(seconds, sizeof(seconds), "%u", a->retry_s);
		fields[1] = (struct http_field){ "Retry-After", seconds };
	}
	bool has_more = p == PROBLEM_METHOD || a->retry_s;
	finish(a, &(struct http_response){ .status = problems[p].status,
			  .type = "application/problem+json",
			  .fields = fields,
			  .fields_n = has_more ? 2 : 1,
			  .body = buf_str(&a->text) });
}

void
ask_hold(struct ask *a)
{
	a->pending++;
}

void
ask_on_done(void *ctx, const struct err *failed)
{
	struct ask *a = ctx;

	if (failed && !*a->failed.text)
		a->failed = *failed;
	if (--a->pending)
		return;
	if (*a->failed.text)
		ask_fail(a, PROBLEM_INTERNAL, NULL, "%s", a->failed.text);
	else
		ask_reply(a, a->status);
}

static void
on_read(struct node_query *q, struct store *store, struct store_reader *events)
{
	struct ask *a = CONTAINER_OF(q, struct ask, query);

	a->steps.read(a, store, events);
}

static void
on_done(struct node_query *q)
{
	struct ask *a = CONTAINER_OF(q, struct ask, query);

	a->is_reading = false;
	if (a->has_ended)
		ask_free(a);
	else
		a->steps.done(a);
}

static void
prepare(struct ask *a, ask_reader *read, ask_ender *done)
{
	a->is_reading = true;
	a->steps.read = read;
	a->steps.done = done;
	a->query = (struct node_query){ .read = on_read, .done = on_done };
}

void
ask_read(struct ask *a, ask_reader *read, ask_ender *done)
{
	prepare(a, read, done);
	node_read(a->node, &a->query);
}

bool
ask_may(struct ask *a, enum scope s)
{
	if (a->scopes & UINT32_C(1) << s)
		return true;
	ask_fail(a, PROBLEM_FORBIDDEN, NULL, "this takes the scope %s",
		route_scope_name(s));
	return false;
}

void
ask_search(struct ask *a, ask_reader *read, ask_ender *done)
{
	prepare(a, read, done);
	node_search(a->node, &a->query);
}

static void
read_nothing(struct ask *a, struct store *store, struct store_reader *events)
{
	(void)a;
	(void)store;
	(void)events;
}

void
ask_pause(struct ask *a, ask_ender *fn)
{
	ask_read(a, read_nothing, fn);
}

void
ask_total(struct ask *a, uint64_t n, bool is_exact)
{
	json_key(&a->out, "total");
	json_open(&a->out, '{');
	json_member_int(&a->out, "value", (int64_t)n);
	json_member_bool(&a->out, "exact", is_exact);
	json_close(&a->out, '}');
}

void
ask_page_end(struct ask *a, uint64_t next)
{
	struct buf cursor CLEANUP(buf_free) = { 0 };

	json_close(&a->out, ']');
	json_key(&a->out, "next");
	num_add(&cursor, (int64_t)next);
	if (next)
		json_str(&a->out, buf_str(&cursor));
	else
		json_null(&a->out);
	json_close(&a->out, '}');
	ask_reply(a, 200);
}

bool
ask_time(struct ask *a, const char *name, int64_t *ret)
{
	struct str text;

	if (!http_query(a->request, name, &text) || stamp_parse(text, ret))
		return true;
	ask_fail(a, PROBLEM_VALIDATION, NULL,
		"%s must be a time such as 2026-11-24T06:28:02Z", name);
	return false;
}

/* A text of the body or else of the query. */
static bool
text_find(struct ask *a, const char *name, struct str *ret)
{
	if (a->body && json_in_str(a->body, name, ret, NULL) == JSON_IN_FOUND)
		return true;
	return http_query(a->request, name, ret);
}

bool
ask_prefix(struct ask *a, struct prefix *ret)
{
	struct str s;
	struct err err;

	if (!text_find(a, "address", &s)) {
		ask_fail(a, PROBLEM_VALIDATION, "#/address",
			"address is missing; expected an address or network, "
			"as text");
		return false;
	}
	if (!prefix_parse(s, ret, &err)) {
		ask_fail(a, PROBLEM_VALIDATION, "#/address", "%s", err.text);
		return false;
	}
	return true;
}

bool
ask_addr(struct ask *a, struct str s, struct addr *ret)
{
	struct buf b CLEANUP(buf_free) = { 0 };

	if (addr_parse(s, ret))
		return true;
	json_quote(&b, s);
	ask_fail(a, PROBLEM_VALIDATION, "#/address",
		"%s is no address; expected one such as 192.0.2.1 or "
		"2001:db8::1",
		buf_text(&b));
	return false;
}

bool
ask_flag(const struct ask *a, const char *name)
{
	struct str s;

	return http_query(a->request, name, &s) && !str_eq(s, S("false")) &&
	       !str_eq(s, S("0"));
}

bool
ask_int(struct ask *a, const struct ask_number *n, int64_t *ret)
{
	struct str s;

	*ret = n->initial;
	if (!http_query(a->request, n->name, &s) ||
		num_parse(s, n->min, n->max, ret))
		return true;
	ask_fail(a, PROBLEM_BAD_REQUEST, NULL,
		"%s must be a whole number from %jd to %jd", n->name,
		(intmax_t)n->min, (intmax_t)n->max);
	return false;
}

bool
ask_id(struct ask *a, uint64_t *ret)
{
	int64_t id;

	if (!num_parse(a->id, 1, INT64_MAX - 1, &id)) {
		ask_fail(a, PROBLEM_BAD_REQUEST, NULL,
			"what the path names must be a whole number");
		return false;
	}
	*ret = (uint64_t)id;
	return true;
}

bool
ask_name(struct ask *a, struct str *ret)
{
	struct str s = { 0 };
	struct err err = { { 0 } };
	bool is_good = json_in_str(a->body, "name", &s, &err) ==
			       JSON_IN_FOUND &&
		       s.n > 0 && s.n < USER_NAME_MAX;

	for (size_t i = 0; is_good && i < s.n; i++)
		is_good = (unsigned char)s.p[i] > ' ' && s.p[i] != 0x7f;
	if (!is_good) {
		ask_fail(a, PROBLEM_VALIDATION, "#/name",
			"name must be a text of 1 to %d bytes without blanks",
			USER_NAME_MAX - 1);
		return false;
	}
	*ret = s;
	return true;
}
