/* SPDX-License-Identifier: ISC */

/*
 * fuzz-dovecot: the bodies.  What the plain reader takes, jansson takes and
 * reads the same; a report that was written here, with hostile texts, is
 * read as it was meant; an answer is one strict JSON object.
 */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/addr.h"
#include "base/json.h"
#include "hooks/dovecot/plain.h"
#include "hooks/dovecot/protocol.h"
#include "http/json_in.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void
check(int ok)
{
	if (!ok)
		abort();
}

static void
check_member(const struct json_t *o, const struct plain_member *m)
{
	char name[256] = "";
	struct str text;
	int64_t number;
	bool flag;

	if (m->name.n >= sizeof(name))
		return;
	memcpy(name, m->name.p, m->name.n);
	switch (m->type) {
	case PLAIN_STRING:
		check(json_in_str(o, name, &text, NULL) == JSON_IN_FOUND);
		check(str_eq(text, m->text));
		return;
	case PLAIN_TRUE:
	case PLAIN_FALSE:
		check(json_in_bool(o, name, &flag, NULL) == JSON_IN_FOUND);
		check(flag == (m->type == PLAIN_TRUE));
		return;
	case PLAIN_NULL:
		check(json_in_bool(o, name, &flag, NULL) == JSON_IN_ABSENT);
		return;
	case PLAIN_NUMBER:
		check(json_in_int(o, name,
			      (struct json_in_range){ 0, INT64_MAX }, &number,
			      NULL) == JSON_IN_FOUND);
		return;
	}
}

static void
check_plain(struct str body)
{
	struct plain_member members[PLAIN_MEMBERS_MAX];
	int n = plain_read(body, members);
	struct json_t *o;

	if (n < 0)
		return;
	o = json_in_object(body, NULL);
	check(o != NULL);
	for (int i = 0; i < n; i++)
		check_member(o, &members[i]);
	json_in_free(o);
}

static void
check_any(struct str body)
{
	struct dovecot_request r;
	struct event ev;
	struct addr addr;

	if (!dovecot_parse(body, &r))
		return;
	if (dovecot_event(&r, &ev)) {
		check(addr_parse(r.remote, &addr));
		check(addr_eq(&ev.addr, &addr));
		check(ev.count == 1);
	}
	dovecot_request_fini(&r);
}

static void
check_report(struct str in)
{
	struct buf b = { 0 };
	struct json j = { .b = &b };
	struct dovecot_request r;
	struct event ev;
	struct addr addr;

	check(addr_parse(S("192.0.2.77"), &addr));
	json_open(&j, '{');
	json_member_str(&j, "device_id", str_from(in, in.n / 2));
	json_member_str(&j, "login", (struct str){ in.p, in.n / 2 });
	json_member_str(&j, "remote", S("192.0.2.77"));
	json_member_str(&j, "session_id", in);
	json_member_bool(&j, "success", false);
	json_close(&j, '}');
	/* Only NUL, which JSON can say and we don't take, may fail it. */
	if (!dovecot_parse(buf_str(&b), &r)) {
		check(memchr(in.p, '\0', in.n) != NULL);
	} else {
		check(dovecot_event(&r, &ev));
		check(addr_eq(&ev.addr, &addr));
		check(ev.kind == EVENT_LOGIN_FAILURE);
		dovecot_request_fini(&r);
	}
	buf_free(&b);
}

static void
check_answer(struct str text)
{
	struct buf b = { 0 };
	struct json_t *o;
	struct str msg;

	dovecot_refuse(&b, text);
	for (size_t i = 0; i < b.n; i++)
		check(b.p[i] >= ' ' && b.p[i] < 0x7f);
	o = json_in_object(buf_str(&b), NULL);
	check(o != NULL);
	check(json_in_str(o, "msg", &msg, NULL) == JSON_IN_FOUND);
	check(msg.n == text.n);
	json_in_free(o);
	buf_free(&b);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct str in = { (const char *)data, n };

	check_plain(in);
	check_any(in);
	check_report(in);
	check_answer(in);
	return 0;
}
