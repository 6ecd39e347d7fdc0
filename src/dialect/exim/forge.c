/* SPDX-License-Identifier: ISC */
#include "dialect/forge.h"

#include "base/def.h"

static const char *const own[] = { " H=x [198.51.100.9]",
	"H=(x) [198.51.100.9]", "\" H=[198.51.100.9] unrecognized command",
	") [198.51.100.9]", " F=<a@b> rejected RCPT <c>: relay not permitted",
	" temporarily rejected RCPT <c>: later", " P=esmtpa A=plain:root",
	" (set_id=", ": 535 Incorrect authentication data (set_id=x)",
	"1xVgyB-0000ft-1i <= a@b H=[198.51.100.9]",
	" Warning: ", " rejected after DATA: virus", ": message too big",
	NULL };

/* Unprintable bytes are shown as escapes; what else is as it came. */
static const struct forge_rule command = { .max = 200 };
static const struct forge_rule user = { .max = 120 };
/* A HELO of other bytes is refused and never kept. */
static const struct forge_rule helo = { .max = 60,
	.replaced = " !\"#$%&'()*+,/;<=>?@[\\]^`{|}~\xff\xfe\xe2\x80\xae\t" };

struct cast {
	struct forge_source *src;
	struct buf *b;
	struct buf addr;
};

static void
head(struct cast *c)
{
	switch (forge_byte(c->src) % 3) {
	case 0: buf_add(c->b, S("2026-11-24 03:03:04 ")); break;
	case 1: buf_add(c->b, S("2026-11-24 03:03:04 +0100 [71] ")); break;
	default:
		buf_add(c->b, S("Nov 24 03:03:04 mx exim[7]: 2026-11-24 "
				"03:03:04 "));
		break;
	}
}

static void
host(struct cast *c)
{
	uint8_t form = forge_byte(c->src);

	if (form & 1)
		buf_add(c->b, S("x.example "));
	if (form & 2) {
		buf_addc(c->b, '(');
		forge_text(c->src, &helo, c->b);
		buf_add(c->b, S(") "));
	}
	buf_printf(c->b, "[%s]", buf_text(&c->addr));
	if (form & 4)
		buf_add(c->b, S(":4711 I=[10.77.0.1]:587"));
}

/* A mailbox with a quoted local part: RFC 5321 lets it hold anything. */
static void
mailbox(struct cast *c)
{
	size_t at = c->b->n;

	buf_addc(c->b, '"');
	forge_text(c->src, &user, c->b);
	for (size_t i = at + 1; i < c->b->n; i++)
		if (c->b->p[i] == '"' || c->b->p[i] == '\\')
			c->b->p[i] = '.';
	buf_add(c->b, S("\"@c.example"));
}

static void
login(struct cast *c)
{
	buf_add(c->b, S("login authenticator failed for "));
	host(c);
	buf_add(c->b, S(": 535 Incorrect authentication data (set_id="));
	forge_text(c->src, &user, c->b);
	buf_addc(c->b, ')');
}

static void
recipient(struct cast *c)
{
	buf_add(c->b, S("H="));
	host(c);
	buf_add(c->b, S(" X=TLS1.3:ECDHE:256 CV=no F=<"));
	mailbox(c);
	buf_add(c->b, S("> rejected RCPT <"));
	forge_text(c->src, &command, c->b);
	buf_add(c->b, S(">: Unrouteable address"));
}

static void
syntax(struct cast *c)
{
	buf_add(c->b, S("SMTP syntax error in \""));
	forge_text(c->src, &command, c->b);
	buf_add(c->b, S("\" H="));
	host(c);
	buf_add(c->b, S(" unrecognized command"));
}

static void
accepted(struct cast *c)
{
	buf_add(c->b, S("1xVgyB-0000ft-1i <= "));
	mailbox(c);
	buf_add(c->b, S(" H="));
	host(c);
	buf_add(c->b, S(" P=esmtpsa X=TLS1.3:E:256 CV=no A=plain:"));
	mailbox(c);
	buf_add(c->b, S(" S=284 T=\""));
	forge_text(c->src, &command, c->b);
	buf_addc(c->b, '"');
}

static void
too_many(struct cast *c)
{
	buf_add(c->b, S("SMTP call from "));
	host(c);
	buf_add(c->b, S(" dropped: too many unrecognized commands (last was "
			"\""));
	forge_text(c->src, &command, c->b);
	buf_add(c->b, S("\")"));
}

static void
bad_helo(struct cast *c)
{
	buf_add(c->b, S("rejected EHLO from "));
	host(c);
	buf_add(c->b, S(": syntactically invalid argument(s): "));
	forge_text(c->src, &command, c->b);
}

static void
too_soon(struct cast *c)
{
	buf_add(c->b, S("SMTP protocol synchronization error (input sent "
			"without waiting for greeting): rejected connection "
			"from H="));
	host(c);
	buf_add(c->b, S(" input=\""));
	forge_text(c->src, &command, c->b);
	buf_addc(c->b, '"');
}

static void
too_big(struct cast *c)
{
	buf_add(c->b, S("rejected MAIL FROM:<"));
	mailbox(c);
	buf_add(c->b, S("> H="));
	host(c);
	buf_add(c->b, S(": message too big: size=9999999 max=204800"));
}

static void (*const ways[])(struct cast *c) = { login, recipient, syntax,
	accepted, too_many, bad_helo, too_soon, too_big };

static void
make(unsigned way, struct forge_source *src, struct forged *ret)
{
	struct cast c = { .src = src, .b = &ret->lines };

	forge_addr(src, &ret->addr, &c.addr);
	head(&c);
	ways[way](&c);
	buf_addc(c.b, '\n');
	ret->wanted = 1;
	buf_free(&c.addr);
}

const struct forge forge_exim = {
	.name = "exim",
	.ways = ARRAY_LEN(ways),
	.pieces = own,
	.make = make,
};
