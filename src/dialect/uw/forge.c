/* SPDX-License-Identifier: ISC */
#include "dialect/forge.h"

#include "base/def.h"

static const struct forge_rule user = { .max = 64 };

static const char *const own[] = { " host=x [198.51.100.9]",
	" auth=x host=[198.51.100.9]", " host=", "user=", "[198.51.100.9]",
	"Login failed user=", "Logout user=", " nmsgs=1/1", NULL };

static void
make(unsigned way, struct forge_source *src, struct forged *ret)
{
	static const char *const heads[] = { "imapd[7]: Login failed user=",
		"imapd[7]: Login user=",
		"ipop3d[7]: Login excessive login failures user=" };
	struct buf addr = { 0 };

	forge_addr(src, &ret->addr, &addr);
	buf_printf(&ret->lines, "Nov 24 03:03:04 mx %s", heads[way]);
	forge_text(src, &user, &ret->lines);
	if (way != 1) {
		buf_add(&ret->lines, S(" auth="));
		forge_text(src, &user, &ret->lines);
	}
	buf_printf(&ret->lines, " host=%s[%s]\n",
		forge_byte(src) & 1 ? "x.example " : "", buf_text(&addr));
	ret->wanted = 1;
	buf_free(&addr);
}

const struct forge forge_uw = {
	.name = "uw",
	.ways = 3,
	.pieces = own,
	.make = make,
};
