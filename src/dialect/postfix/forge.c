/* SPDX-License-Identifier: ISC */
#include "dialect/forge.h"

#include "base/def.h"

/* printable() of the whole line; neuter() of the HELO name; "%.100s". */
static const struct forge_rule address = { .max = 300 };
static const struct forge_rule helo = { .max = 200, .replaced = " <>()\\\";@" };
static const struct forge_rule hundred = { .max = 100 };
static const struct forge_rule two_hundred = { .max = 200 };
static const struct forge_rule method = { .max = 100, .replaced = " " };

/* The parts of a line, made before it is put together. */
struct cast {
	struct forge_source *src;
	struct forged *ret;
	struct buf client, from, to, helo, text;
};

static void
cast_open(struct cast *c, struct forge_source *src, struct forged *ret)
{
	*c = (struct cast){ .src = src, .ret = ret };
	buf_add(&c->client,
		forge_byte(src) & 1 ? S("unknown[") : S("c2.client.test["));
	forge_addr(src, &ret->addr, &c->client);
	buf_addc(&c->client, ']');
}

static void
cast_close(struct cast *c)
{
	buf_free(&c->client);
	buf_free(&c->from);
	buf_free(&c->to);
	buf_free(&c->helo);
	buf_free(&c->text);
}

static void
begin(struct cast *c, const char *daemon)
{
	buf_printf(
		&c->ret->lines, "Nov 24 03:03:04 mx postfix/%s[77]: ", daemon);
}

#define ADD(c, part) buf_add(&(c)->ret->lines, buf_str(&(c)->part))
#define SAY(c, lit)  buf_add(&(c)->ret->lines, S(lit))

static void
tail_add(struct cast *c)
{
	forge_text(c->src, &address, &c->from);
	forge_text(c->src, &helo, &c->helo);
	SAY(c, "; from=<");
	ADD(c, from);
	SAY(c, "> to=<");
	ADD(c, to);
	SAY(c, "> proto=ESMTP helo=<");
	ADD(c, helo);
	SAY(c, ">");
}

static void
refused(struct cast *c, const char *codes, const char *why)
{
	forge_text(c->src, &address, &c->to);
	begin(c, "smtpd");
	SAY(c, "NOQUEUE: reject: RCPT from ");
	ADD(c, client);
	buf_printf(&c->ret->lines, ": %s <", codes);
	ADD(c, to);
	buf_printf(&c->ret->lines, ">: %s", why);
	tail_add(c);
	SAY(c, "\n");
	c->ret->wanted = 1;
}

static void
relay(struct cast *c)
{
	refused(c, "554 5.7.1", "Relay access denied");
}

static void
unknown_user(struct cast *c)
{
	refused(c, "550 5.1.1",
		"Recipient address rejected: User unknown in virtual mailbox "
		"table");
}

/* A list's text is anybody's who runs the list. */
static void
listed(struct cast *c)
{
	forge_text(c->src, &hundred, &c->text);
	begin(c, "smtpd");
	SAY(c, "NOQUEUE: reject: RCPT from ");
	ADD(c, client);
	SAY(c, ": 554 5.7.1 Service unavailable; Client host [192.0.2.1] "
	       "blocked using bl.test; ");
	ADD(c, text);
	tail_add(c);
	SAY(c, "\n");
	c->ret->wanted = 1;
}

static void
password(struct cast *c)
{
	begin(c, "smtpd");
	SAY(c, "warning: ");
	ADD(c, client);
	SAY(c, ": SASL X");
	forge_text(c->src, &method, &c->text);
	ADD(c, text);
	SAY(c, " authentication failed: (reason unavailable), "
	       "sasl_username=");
	forge_text(c->src, &hundred, &c->to);
	ADD(c, to);
	SAY(c, "\n");
	c->ret->wanted = 1;
}

static void
said(struct cast *c, const char *before, const char *behind,
	const struct forge_rule *rule)
{
	begin(c, "smtpd");
	buf_add(&c->ret->lines, str_of(before));
	ADD(c, client);
	buf_add(&c->ret->lines, str_of(behind));
	forge_text(c->src, rule, &c->text);
	ADD(c, text);
	SAY(c, "\n");
	c->ret->wanted = 1;
}

static void
not_smtp(struct cast *c)
{
	said(c, "warning: non-SMTP command from ", ": ", &hundred);
}

static void
bad_address(struct cast *c)
{
	said(c, "warning: Illegal address syntax from ",
		" in MAIL command: ", &address);
}

static void
pipelining(struct cast *c)
{
	said(c, "improper command pipelining after CONNECT from ", ": ",
		&two_hundred);
}

static void
accepted(struct cast *c)
{
	begin(c, "smtpd");
	SAY(c, "4C5E0A7E041: client=");
	ADD(c, client);
	SAY(c, ", sasl_method=PLAIN, sasl_username=");
	forge_text(c->src, &address, &c->text);
	ADD(c, text);
	SAY(c, "\n");
	c->ret->wanted = 1;
}

static void
header_add(struct cast *c)
{
	begin(c, "cleanup");
	SAY(c, "4C5E0A7E041: reject: header Subject: ");
	forge_text(c->src, &two_hundred, &c->text);
	ADD(c, text);
	SAY(c, " from ");
	ADD(c, client);
	forge_text(c->src, &address, &c->to);
	tail_add(c);
	SAY(c, ": 5.7.1 not wanted\n");
}

static void
header(struct cast *c)
{
	begin(c, "smtpd");
	SAY(c, "4C5E0A7E041: client=");
	ADD(c, client);
	SAY(c, "\n");
	header_add(c);
	c->ret->wanted = 2;
}

/* The line that would tell whose message it is was never seen. */
static void
lone_header(struct cast *c)
{
	header_add(c);
}

static void
milter(struct cast *c)
{
	forge_text(c->src, &address, &c->to);
	begin(c, "cleanup");
	SAY(c, "4C5E0A7E041: milter-reject: END-OF-MESSAGE from ");
	ADD(c, client);
	SAY(c, ": 5.7.1 ");
	forge_text(c->src, &hundred, &c->text);
	ADD(c, text);
	tail_add(c);
	SAY(c, "\n");
	c->ret->wanted = 1;
}

static void (*const ways[])(struct cast *c) = { relay, unknown_user, listed,
	password, not_smtp, bad_address, pipelining, accepted, header,
	lone_header, milter };

static void
make(unsigned way, struct forge_source *src, struct forged *ret)
{
	struct cast c;

	cast_open(&c, src, ret);
	ways[way](&c);
	cast_close(&c);
}

const struct forge forge_postfix = {
	.name = "postfix",
	.ways = ARRAY_LEN(ways),
	.make = make,
};
