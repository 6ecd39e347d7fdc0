/* SPDX-License-Identifier: ISC */

#include "hooks/policy/protocol.h"

#include <stdint.h>
#include <string.h>

#include "base/def.h"
#include "base/test.h"

#define HEAD "request=smtpd_access_policy\n"

struct row {
	const char *name;
	const char *input;
	ptrdiff_t used;
	const char *client_address, *instance;
};

static const struct row rows[] = {
	{ "as Postfix asks",
		HEAD "protocol_state=CONNECT\nprotocol_name=ESMTP\n"
		     "client_address=192.0.2.9\nclient_name=a.test\n"
		     "instance=2a.674.5.0\nhelo_name=\n\n",
		147, "192.0.2.9", "2a.674.5.0" },
	{ "attributes in another order",
		"instance=7\nclient_address=2001:db8::1\n" HEAD "\n", 67,
		"2001:db8::1", "7" },
	{ "no address", HEAD "\n", 29, "", "" },
	{ "an address in the HELO name is none of ours",
		HEAD "helo_name=client_address=192.0.2.1\n"
		     "client_address=192.0.2.2\n\n",
		89, "192.0.2.2", "" },
	{ "names are whole", HEAD "xclient_address=192.0.2.1\n\n", 55, "", "" },
	{ "two requests: the first",
		HEAD "instance=1\n\n" HEAD "instance=2\n\n", 40, "", "1" },
	{ "an equals sign in a value", HEAD "instance=a=b\n\n", 42, "", "a=b" },
	{ "nothing yet", "", 0, NULL, NULL },
	{ "half a line", HEAD "client_addr", 0, NULL, NULL },
	{ "the empty line is missing", HEAD "client_address=192.0.2.1\n", 0,
		NULL, NULL },
	{ "no request=", "client_address=192.0.2.1\n\n", -1, NULL, NULL },
	{ "another request", "request=junk\n\n", -1, NULL, NULL },
	{ "empty", "\n", -1, NULL, NULL },
	{ "a line without =", HEAD "client_address\n\n", -1, NULL, NULL },
	{ "a line without a name", HEAD "=x\n\n", -1, NULL, NULL },
	{ "two addresses",
		HEAD "client_address=192.0.2.1\nclient_address=192.0.2.2\n\n",
		-1, NULL, NULL },
	{ "HTTP", "GET / HTTP/1.1\r\n", -1, NULL, NULL },
};

static void
check_text(const char *want, struct str is)
{
	assert_int_equal(strlen(want), is.n);
	assert_memory_equal(want, is.p ? is.p : "", is.n);
}

static void
reads_requests(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct row *t = &rows[i];
		struct policy_request r = { 0 };

		print_message("%s\n", t->name);
		assert_int_equal(policy_parse(str_of(t->input), &r), t->used);
		if (t->used <= 0)
			continue;
		check_text(t->client_address, r.client_address);
		check_text(t->instance, r.instance);
	}
}

/* Every beginning of a good request is unfinished, none is bad. */
static void
waits_for_the_rest(void **state)
{
	struct str whole = str_of(rows[0].input);
	struct policy_request r;

	(void)state;
	for (size_t n = 0; n < whole.n; n++)
		assert_int_equal(
			policy_parse((struct str){ whole.p, n }, &r), 0);
}

static void
fill_lines(char *to, size_t n, size_t line)
{
	memset(to, 'x', n);
	for (size_t i = 1; i < n; i += 2)
		to[i] = '=';
	for (size_t i = line; i < n; i += line)
		to[i - 1] = '\n';
}

static void
refuses_what_is_too_long(void **state)
{
	static char in[POLICY_REQUEST_MAX + 100];
	struct policy_request r;

	(void)state;
	memset(in, 'x', sizeof(in));
	in[1] = '=';
	assert_int_equal(
		policy_parse((struct str){ in, POLICY_ATTRIBUTE_MAX }, &r), 0);
	assert_int_equal(
		policy_parse((struct str){ in, POLICY_ATTRIBUTE_MAX + 1 }, &r),
		-1);
	fill_lines(in, sizeof(in), 100);
	assert_int_equal(
		policy_parse((struct str){ in, POLICY_REQUEST_MAX - 1 }, &r),
		0);
	assert_int_equal(
		policy_parse((struct str){ in, POLICY_REQUEST_MAX }, &r), -1);
	assert_int_equal(policy_parse((struct str){ in, sizeof(in) }, &r), -1);
}

static void
answers(void **state)
{
	struct buf out = { 0 };

	(void)state;
	policy_pass(&out);
	policy_refuse(&out, S("Go away"));
	assert_string_equal(buf_text(&out), "action=DUNNO\n\n"
					    "action=421 4.7.0 Go away\n\n");
	buf_free(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_requests),
		cmocka_unit_test(waits_for_the_rest),
		cmocka_unit_test(refuses_what_is_too_long),
		cmocka_unit_test(answers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
