/* SPDX-License-Identifier: ISC */

/*
 * fuzz-policy: whatever comes, a request is whole or it isn't, however its
 * bytes are cut; and the address of a request that was built here is the
 * one that is read, whatever stands in the other attributes.
 */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "hooks/policy/protocol.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void
check(int ok)
{
	if (!ok)
		abort();
}

/* Every beginning of a request is unfinished; what follows doesn't
 * matter. */
static void
check_cuts(struct str in)
{
	struct policy_request whole, again;
	ptrdiff_t used = policy_parse(in, &whole);

	check(used >= -1 && used <= (ptrdiff_t)in.n);
	if (used <= 0)
		return;
	check(in.p[used - 1] == '\n');
	check(policy_parse((struct str){ in.p, (size_t)used }, &again) == used);
	check(str_eq(whole.client_address, again.client_address));
	check(str_eq(whole.instance, again.instance));
	for (size_t i = 0; i < (size_t)used; i += 1 + i / 8)
		check(policy_parse((struct str){ in.p, i }, &again) == 0);
}

/* Hostile values around an address of ours. */
static void
check_address(struct str in)
{
	static const char *const names[] = { "helo_name", "sender", "recipient",
		"client_name", "sasl_username" };
	struct buf b = { 0 };
	struct policy_request r;
	size_t at = in.n ? (unsigned char)in.p[0] % 5 : 0;

	buf_add(&b, S("request=smtpd_access_policy\n"));
	for (size_t i = 0; i < 5; i++) {
		struct str value;

		if (i == at)
			buf_add(&b, S("client_address=192.0.2.77\n"));
		str_cut(in, '\n', &value, &in);
		if (value.n > 1000)
			value.n = 1000;
		buf_printf(&b, "%s=", names[i]);
		buf_add(&b, value);
		buf_addc(&b, '\n');
	}
	buf_addc(&b, '\n');
	check(policy_parse(buf_str(&b), &r) == (ptrdiff_t)b.n);
	check(str_eq(r.client_address, S("192.0.2.77")));
	buf_free(&b);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct str in = { (const char *)data, n };

	check_cuts(in);
	check_address(in);
	return 0;
}
