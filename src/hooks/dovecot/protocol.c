/* SPDX-License-Identifier: ISC */

#include "hooks/dovecot/protocol.h"

#include <stddef.h>

#include "base/addr.h"
#include "base/def.h"
#include "base/json.h"
#include "http/json_in.h"

struct member {
	const char *name;
	size_t at; /* offset in struct dovecot_request */
};

static bool
read_texts(struct json_t *o, struct dovecot_request *r)
{
	static const struct member texts[] = {
		{ "remote", offsetof(struct dovecot_request, remote) },
		{ "login", offsetof(struct dovecot_request, login) },
		{ "protocol", offsetof(struct dovecot_request, service) },
		{ "session_id", offsetof(struct dovecot_request, session) },
		{ "pwhash", offsetof(struct dovecot_request, pwhash) },
		{ "device_id", offsetof(struct dovecot_request, device) },
		{ "fail_type", offsetof(struct dovecot_request, failure) },
	};

	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		struct str *to = (void *)((char *)r + texts[i].at);

		if (json_in_str(o, texts[i].name, to, NULL) == JSON_IN_WRONG)
			return false;
	}
	return true;
}

static bool
read_flags(struct json_t *o, struct dovecot_request *r)
{
	enum json_in success = json_in_bool(o, "success", &r->is_success, NULL);

	r->has_success = success == JSON_IN_FOUND;
	return success != JSON_IN_WRONG &&
	       json_in_bool(o, "policy_reject", &r->is_ours, NULL) !=
		       JSON_IN_WRONG;
}

bool
dovecot_parse(struct str body, struct dovecot_request *ret)
{
	struct json_t *o = json_in_object(body, NULL);

	*ret = (struct dovecot_request){ .json = o };
	if (o && read_texts(o, ret) && read_flags(o, ret))
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
	if (r->is_success)
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

	if (!r->has_success || r->is_ours)
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

		if (c == '"' || c == '\\')
			buf_addc(out, '\\');
		buf_addc(out, c < ' ' || c >= 0x7f ? '?' : c);
	}
	buf_add(out, S("\"}"));
}
