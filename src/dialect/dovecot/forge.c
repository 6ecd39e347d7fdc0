/* SPDX-License-Identifier: ISC */
#include "dialect/forge.h"

#include "base/def.h"

/* str_sanitize() at the lengths that Dovecot uses. */
static const struct forge_rule user = { .max = 64, .more = "..." };
static const struct forge_rule login_user = { .max = 80, .more = "..." };
static const struct forge_rule refused_user = { .max = 128, .more = "..." };
static const struct forge_rule free_text = { .max = 300 };
static const struct forge_rule method = { .max = 64 };

struct cast {
	struct forge_source *src;
	struct buf *b;
	struct forged *ret;
	struct buf addr;
};

static void
begin(struct cast *c, const char *process)
{
	if (forge_byte(c->src) & 1)
		buf_printf(c->b, "Nov 24 03:03:04 %s: Info: ", process);
	else
		buf_printf(c->b,
			"2026-11-24T03:03:04.5Z mx dovecot: %s: ", process);
}

static void
text_add(struct cast *c, const struct forge_rule *rule)
{
	forge_text(c->src, rule, c->b);
}

static void
addr_put(struct cast *c)
{
	buf_add(c->b, buf_str(&c->addr));
}

static void
try_add(struct cast *c, const char *driver, const char *behind)
{
	begin(c, "auth");
	buf_printf(c->b, "%s(", driver);
	text_add(c, &user);
	buf_addc(c->b, ',');
	addr_put(c);
	buf_add(c->b, str_of(behind));
}

/* A try is told once the session's login, seconds later, shows that it
 * failed. */
static void
login_later(struct cast *c)
{
	buf_add(c->b, S("Nov 24 03:03:09 imap-login: Info: Login: user=<ann>, "
			"method=PLAIN, rip="));
	addr_put(c);
	buf_add(c->b, S(", lip=10.77.0.1, mpid=1, "
			"session=<7oPCMgBhZxLAAAJN>\n"));
	c->ret->wanted++;
}

static void
unknown_user(struct cast *c)
{
	try_add(c, "passwd-file", ",<7oPCMgBhZxLAAAJN>): unknown user\n");
	c->ret->wanted = 1;
	login_later(c);
}

/* Postfix' SASL has no session, and Postfix tells the outcome. */
static void
of_postfix(struct cast *c)
{
	try_add(c, "sql", "): Password mismatch\n");
}

static void
worker(struct cast *c)
{
	begin(c, "auth-worker(12)");
	buf_add(c->b, S("conn unix:auth-worker (pid=1,uid=0): auth-worker<3>: "
			"pam("));
	text_add(c, &user);
	buf_addc(c->b, ',');
	addr_put(c);
	buf_add(c->b, S(",<7oPCMgBhZxLAAAJN>): pam_authenticate() failed: "
			"Authentication failure (password mismatch?)\n"));
	c->ret->wanted = 1;
	login_later(c);
}

/* The password is the client's, too, and stands at the end: such a line
 * may be ambiguous. */
static void
password_told(struct cast *c)
{
	try_add(c, "passwd-file",
		",<7oPCMgBhZxLAAAJN>): Password mismatch (given password: ");
	text_add(c, &free_text);
	buf_add(c->b, S(")\n"));
	login_later(c);
}

static void
bad_name(struct cast *c)
{
	begin(c, "auth");
	buf_add(c->b, S("plain(?,"));
	addr_put(c);
	buf_add(c->b, S(",<7oPCMgBhZxLAAAJN>): Username character disallowed "
			"by auth_username_chars: 0x2c (username: "));
	text_add(c, &refused_user);
	buf_add(c->b, S(")\n"));
	login_later(c);
}

static void
tail_add(struct cast *c)
{
	static const char *const seals[] = { "", ", TLS", ", secured",
		", TLS handshaking: SSL_accept() failed: error:1408F10B:",
		", mpid=123, TLS" };

	buf_add(c->b, S(", rip="));
	addr_put(c);
	buf_printf(c->b, ", lip=10.77.0.1%s, session=<7oPCMgBhZxLAAAJN>\n",
		seals[forge_byte(c->src) % ARRAY_LEN(seals)]);
}

static void
summary(struct cast *c)
{
	begin(c, "imap-login");
	buf_add(c->b, S("Disconnected: Aborted login by logging out (auth "
			"failed, 2 attempts in 3 secs): user=<"));
	text_add(c, &login_user);
	buf_add(c->b, S(">, method=PLAIN"));
	tail_add(c);
	c->ret->wanted = 1;
}

static void
bad_method(struct cast *c)
{
	begin(c, "pop3-login");
	buf_add(c->b, S("Disconnected: Connection closed (tried to use "
			"unsupported auth mechanism): user=<>, method="));
	text_add(c, &method);
	tail_add(c);
	c->ret->wanted = 1;
}

static void
success(struct cast *c)
{
	begin(c, "imap-login");
	buf_add(c->b, S("Login: user=<"));
	text_add(c, &login_user);
	buf_add(c->b, S(">, method=PLAIN"));
	tail_add(c);
	c->ret->wanted = 1;
}

static void
nothing_tried(struct cast *c)
{
	begin(c, "managesieve-login");
	buf_add(c->b, S("Disconnected: Connection closed (no auth attempts in "
			"0 secs): user=<>"));
	tail_add(c);
	c->ret->wanted = 1;
}

static void
id_sent(struct cast *c)
{
	begin(c, "imap-login");
	buf_add(c->b, S("ID sent: name="));
	text_add(c, &free_text);
	buf_add(c->b, S(": user=<>"));
	tail_add(c);
}

/* The process of somebody who has logged in is named after him. */
static void
inside(struct cast *c)
{
	if (forge_byte(c->src) & 1)
		buf_add(c->b, S("Nov 24 03:03:04 imap("));
	else
		buf_add(c->b, S("Nov 24 03:03:04 mx dovecot: imap("));
	text_add(c, &login_user);
	buf_add(c->b, S(")<12><7oPCMgBhZxLAAAJN>: delete: box="));
	text_add(c, &free_text);
	buf_addc(c->b, '\n');
}

static void (*const ways[])(struct cast *c) = { unknown_user, of_postfix,
	worker, password_told, bad_name, summary, bad_method, success,
	nothing_tried, id_sent, inside };

static void
make(unsigned way, struct forge_source *src, struct forged *ret)
{
	struct cast c = { .src = src, .b = &ret->lines, .ret = ret };

	forge_addr(src, &ret->addr, &c.addr);
	ways[way](&c);
	buf_free(&c.addr);
}

const struct forge forge_dovecot = {
	.name = "dovecot",
	.ways = ARRAY_LEN(ways),
	.make = make,
};
