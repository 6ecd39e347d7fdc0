/* SPDX-License-Identifier: ISC */

/*
 * fuzz-events: a line is understood or an expectation is told; and a report
 * that was written here, with hostile texts in quotes, is read as it was
 * meant.
 */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "hooks/events/protocol.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static struct events_request request;

static void
check(int ok)
{
	if (!ok)
		abort();
}

static void
check_any(struct str line)
{
	const char *expected;
	struct buf out = { 0 };

	if (line.n > EVENTS_LINE_MAX)
		line.n = EVENTS_LINE_MAX;
	expected = events_parse(line, &request);
	check((expected != NULL) == (request.verb == EVENTS_VERBS));
	if (expected) {
		/* An answer is one line. */
		events_error(&out, expected);
		check(memchr(out.p, '\n', out.n) == out.p + out.n - 1);
		check(str_starts(buf_str(&out), S("ERR expected ")));
	}
	buf_free(&out);
}

static void
add_quoted(struct buf *b, struct str s)
{
	buf_addc(b, '"');
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (c < ' ' || c == 0x7f || c == '"' || c == '\\')
			buf_printf(b, "\\x%02x", c);
		else
			buf_addc(b, (char)c);
	}
	buf_addc(b, '"');
}

static void
check_report(struct str in)
{
	struct buf b = { 0 };
	struct str account, detail;
	struct addr addr;

	if (in.n > 800)
		in.n = 800;
	account = (struct str){ in.p, in.n / 2 };
	detail = str_from(in, in.n / 2);
	check(addr_parse(S("2001:db8::77"), &addr));
	buf_add(&b, S("EVENT 32 2001:db8::77 account="));
	add_quoted(&b, account);
	buf_add(&b, S(" service=imap detail="));
	add_quoted(&b, detail);
	check(events_parse(buf_str(&b), &request) == NULL);
	check(request.verb == EVENTS_EVENT);
	check(request.event.kind == EVENT_LOGIN_FAILURE);
	check(addr_eq(&request.event.addr, &addr));
	check(str_eq(request.event.account, account));
	check(str_eq(request.event.detail, detail));
	check(str_eq(request.event.service, S("imap")));
	buf_free(&b);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct str in = { (const char *)data, n };

	check_any(in);
	check_report(in);
	return 0;
}
