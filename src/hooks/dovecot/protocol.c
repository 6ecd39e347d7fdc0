/* SPDX-License-Identifier: ISC */

#include "hooks/dovecot/protocol.h"

#include <stddef.h>

#include "base/addr.h"
#include "base/def.h"
#include "base/json.h"
#include "hooks/dovecot/plain.h"
#include "http/json_in.h"

/* A member that is looked at. */
struct member {
	const char *name;
	size_t at;    /* offset in struct dovecot_request */
	bool is_flag; /* a struct dovecot_flag, else a struct str */
};

#define TEXT(name, member)                                            \
	{                                                             \
		name, offsetof(struct dovecot_request, member), false \
	}
#define FLAG(name, member)                                           \
	{                                                            \
		name, offsetof(struct dovecot_request, member), true \
	}

static const struct member members[] = {
	TEXT("remote", remote),
	TEXT("login", login),
	TEXT("protocol", service),
	TEXT("session_id", session),
	TEXT("pwhash", pwhash),
	TEXT("device_id", device),
	TEXT("fail_type", failure),
	FLAG("success", success),
	FLAG("policy_reject", reject),
};

static void *
place_of(struct dovecot_request *r, const struct member *m)
{
	return (char *)r + m->at;
}

/* Any JSON: jansson's verdict. */
static bool
read_any(struct str body, struct dovecot_request *r)
{
	struct json_t *o = json_in_object(body, NULL);
	enum json_in rc;

	r->json = o;
	for (size_t i = 0; o && i < ARRAY_LEN(members); i++) {
		const struct member *m = &members[i];
		void *to = place_of(r, m);

		if (m->is_flag) {
			struct dovecot_flag *flag = to;

			rc = json_in_bool(o, m->name, &flag->is_set, NULL);
			flag->is_there = rc == JSON_IN_FOUND;
		} else {
			rc = json_in_str(o, m->name, to, NULL);
		}
		if (rc == JSON_IN_WRONG)
			return false;
	}
	return o;
}

/* One plain member, where it belongs.  False: not of the right type. */
static bool
put(const struct plain_member *p, struct dovecot_request *r)
{
	for (size_t i = 0; i < ARRAY_LEN(members); i++) {
		const struct member *m = &members[i];

		if (!str_eq(str_of(m->name), p->name))
			continue;
		if (p->type == PLAIN_NULL)
			return true;
		if (!m->is_flag) {
			*(struct str *)place_of(r, m) = p->text;
			return p->type == PLAIN_STRING;
		}
		*(struct dovecot_flag *)place_of(r, m) = (struct dovecot_flag){
			true, p->type == PLAIN_TRUE
		};
		return p->type == PLAIN_TRUE || p->type == PLAIN_FALSE;
	}
	return true;
}

static bool
read_plain(struct str body, struct dovecot_request *r)
{
	struct plain_member plain[PLAIN_MEMBERS_MAX];
	int n = plain_read(body, plain);

	for (int i = 0; i < n; i++) {
		if (!put(&plain[i], r))
			return false;
	}
	return n >= 0;
}

bool
dovecot_parse(struct str body, struct dovecot_request *ret)
{
	*ret = (struct dovecot_request){ 0 };
	if (read_plain(body, ret))
		return true;
	*ret = (struct dovecot_request){ 0 };
	if (read_any(body, ret))
		return true;
	dovecot_request_fini(ret);
	return false;
}

void
dovecot_request_fini(struct dovecot_request *r)
{
	json_in_free(r->json);
	r->json = NULL;
}

static enum event_kind
kind_of(const struct dovecot_request *r)
{
	if (r->success.is_set)
		return EVENT_LOGIN_SUCCESS;
	if (str_eq(r->service, S("smtp")) ||
		str_eq(r->service, S("submission")))
		return EVENT_AUTH_FAILURE;
	return EVENT_LOGIN_FAILURE;
}

bool
dovecot_event(const struct dovecot_request *r, struct event *ret)
{
	struct event ev = {
		.kind = kind_of(r),
		.count = 1,
		.source = S("dovecot-policy"),
		.service = r->service,
		.account = r->login,
		.session = r->session,
		.tag = r->pwhash,
		.helo = r->device,
	};

	if (!r->success.is_there || r->reject.is_set)
		return false;
	if (str_eq(r->failure, S("internal")) ||
		str_eq(r->failure, S("policy")))
		return false;
	if (!addr_parse(r->remote, &ev.addr))
		return false;
	*ret = ev;
	return true;
}

void
dovecot_pass(struct buf *out)
{
	buf_add(out, S("{\"status\":0,\"msg\":\"\"}"));
}

void
dovecot_refuse(struct buf *out, struct str text)
{
	buf_add(out, S("{\"status\":-1,\"msg\":\""));
	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];
		bool is_ascii = c >= ' ' && c < 0x7f;

		if (c == '"' || c == '\\')
			buf_addc(out, '\\');
		buf_addc(out, (char)(is_ascii ? c : '?'));
	}
	buf_add(out, S("\"}"));
}
