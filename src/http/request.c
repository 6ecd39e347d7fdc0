/* SPDX-License-Identifier: ISC */

#include "http/request.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/def.h"
#include "base/json.h"
#include "base/mem.h"
#include "http/inside.h"

static struct MHD_Response *
respond(const struct http_response *response)
{
	bool is_static = response->is_static;
	struct str body = response->body;
	struct buf copy = { 0 };
	struct MHD_Response *made;

	if (!is_static) {
		buf_add(&copy, body);
		body = buf_str(&copy);
	}
	/* MHD only reads it, but doesn't say so. */
	made = MHD_create_response_from_buffer(body.n,
		(void *)(uintptr_t)body.p,
		is_static ? MHD_RESPMEM_PERSISTENT : MHD_RESPMEM_MUST_FREE);
	if (!made)
		abort();
	return made;
}

void
http_list(struct http_request *r)
{
	struct http_server *s = r->server;

	if (r->is_open)
		return;
	r->is_open = true;
	r->after = s->open;
	if (s->open)
		s->open->before = r;
	s->open = r;
}

void
http_unlist(struct http_request *r)
{
	struct http_server *s = r->server;

	if (!r->is_open)
		return;
	r->is_open = false;
	if (r->before)
		r->before->after = r->after;
	else
		s->open = r->after;
	if (r->after)
		r->after->before = r->before;
	r->before = r->after = NULL;
}

void
http_resume(struct http_request *r)
{
	r->is_suspended = false;
	MHD_resume_connection(r->connection);
	http_wake(r->server);
}

static void
add_fields(struct MHD_Response *response, const struct http_field *fields,
	size_t n)
{
	for (size_t i = 0; i < n; i++)
		MHD_add_response_header(
			response, fields[i].name, fields[i].value);
}

void
http_answer(struct http_request *r, const struct http_response *response,
	struct MHD_Response *made)
{
	if (response->type)
		MHD_add_response_header(
			made, MHD_HTTP_HEADER_CONTENT_TYPE, response->type);
	add_fields(made, r->server->config.fields, r->server->config.fields_n);
	add_fields(made, response->fields, response->fields_n);
	r->response = made;
	r->status = response->status;
	r->state = HTTP_ANSWERED;
	if (r->is_suspended)
		http_resume(r);
}

void
http_reply(struct http_request *r, const struct http_response *response)
{
	if (!r->server) {
		buf_free(&r->body);
		free(r);
		return;
	}
	http_unlist(r);
	http_answer(r, response, respond(response));
}

/* The methods that are allowed, for the field of that name. */
static void
add_allow(struct http_request *r)
{
	static const char *const names[HTTP_METHODS] = { "GET", "HEAD", "POST",
		"PUT", "PATCH", "DELETE" };
	struct buf b = { 0 };

	for (size_t i = 0; i < HTTP_METHODS; i++) {
		if (r->server->config.methods & 1U << i)
			buf_printf(&b, b.n ? ", %s" : "%s", names[i]);
	}
	MHD_add_response_header(
		r->response, MHD_HTTP_HEADER_ALLOW, buf_text(&b));
	buf_free(&b);
}

/* Why a request doesn't reach its handler. */
static const struct refusal {
	unsigned status;
	const char *code, *detail;
} refusals[] = {
	{ MHD_HTTP_METHOD_NOT_ALLOWED, "method-not-allowed",
		"this address takes another method; the field Allow names "
		"those" },
	{ MHD_HTTP_CONTENT_TOO_LARGE, "body-too-large",
		"the body is larger than this path takes; send less at a "
		"time" },
	{ MHD_HTTP_NOT_IMPLEMENTED, "not-implemented",
		"the method or the transfer coding is not known here" },
	{ MHD_HTTP_BAD_REQUEST, "bad-head",
		"the head of the request can be read in two ways or holds "
		"what no client sends" },
};

static const struct refusal *
refusal_of(unsigned status)
{
	size_t i = 0;

	while (i < ARRAY_LEN(refusals) - 1 && refusals[i].status != status)
		i++;
	return &refusals[i];
}

void
http_refuse(struct http_request *r, unsigned status)
{
	const struct refusal *why = refusal_of(status);
	struct buf body = { 0 };
	struct json j = { .b = &body };

	json_open(&j, '{');
	json_member_str(&j, "type", S("about:blank"));
	json_member_str(&j, "code", str_of(why->code));
	json_member_str(&j, "title", str_of(MHD_get_reason_phrase_for(status)));
	json_member_int(&j, "status", status);
	json_member_str(&j, "detail", str_of(why->detail));
	json_close(&j, '}');
	struct http_response response = {
		.status = status,
		.type = "application/problem+json",
		.body = buf_str(&body),
	};
	http_answer(r, &response, respond(&response));
	if (status == MHD_HTTP_METHOD_NOT_ALLOWED)
		add_allow(r);
	buf_free(&body);
}

enum http_method
http_method(const struct http_request *r)
{
	return r->method;
}

struct str
http_path(const struct http_request *r)
{
	return str_of(r->path);
}

static bool
look_up(const struct http_request *r, enum MHD_ValueKind kind, const char *name,
	struct str *ret)
{
	const char *value = NULL;
	size_t n = 0;

	if (!r->connection ||
		MHD_lookup_connection_value_n(r->connection, kind, name,
			strlen(name), &value, &n) != MHD_YES)
		return false;
	*ret = value ? (struct str){ value, n } : S("");
	return true;
}

bool
http_query(const struct http_request *r, const char *name, struct str *ret)
{
	return look_up(r, MHD_GET_ARGUMENT_KIND, name, ret);
}

bool
http_head(const struct http_request *r, const char *name, struct str *ret)
{
	return look_up(r, MHD_HEADER_KIND, name, ret);
}

struct each {
	http_on_pair *fn;
	void *ctx;
	int rc;
};

/* NOLINTBEGIN(readability-function-size): MHD wants these six */
static enum MHD_Result
on_pair(void *ctx, enum MHD_ValueKind kind, const char *key, size_t key_n,
	const char *value, size_t value_n)
{
	struct each *e = ctx;

	(void)kind;
	e->rc = e->fn(e->ctx, (struct str){ key, key_n },
		value ? (struct str){ value, value_n } : S(""));
	return e->rc ? MHD_NO : MHD_YES;
}
/* NOLINTEND(readability-function-size) */

int
http_query_each(const struct http_request *r, http_on_pair *fn, void *ctx)
{
	struct each e = { fn, ctx, 0 };

	if (r->connection)
		MHD_get_connection_values_n(
			r->connection, MHD_GET_ARGUMENT_KIND, on_pair, &e);
	return e.rc;
}

struct str
http_body(const struct http_request *r)
{
	return buf_str(&r->body);
}

bool
http_is_type(const struct http_request *r, const char *type)
{
	struct str value, head, rest;

	if (!http_head(r, MHD_HTTP_HEADER_CONTENT_TYPE, &value))
		return false;
	str_cut(value, ';', &head, &rest);
	return str_eq_case(str_trim(head), str_of(type));
}
