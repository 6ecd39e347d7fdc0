/* SPDX-License-Identifier: ISC */

/*
 * Fuzz target: whatever is read as an address or CIDR is written so that
 * it is read as the same, and is covered by itself.
 */

#include <stdlib.h>

#include "base/addr.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void
must(bool is_right)
{
	if (!is_right)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct str s = { (const char *)bytes, n };
	char text[PREFIX_TEXT_MAX];
	struct prefix p, q;
	struct addr a, b;
	struct err err;

	if (addr_parse(s, &a)) {
		must(addr_parse(str_of(addr_format(&a, text)), &b));
		must(addr_eq(&a, &b));
	}
	if (prefix_parse(s, &p, &err)) {
		must(prefix_parse(str_of(prefix_format(&p, text)), &q, &err));
		must(prefix_eq(&p, &q) && prefix_covers(&p, &q));
	}
	return 0;
}
