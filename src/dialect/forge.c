/* SPDX-License-Identifier: ISC */
#include "dialect/forge.h"

#include <string.h>

#include "base/def.h"

#define DIALECT(name) extern const struct forge forge_##name;
#include "dialects.def"
#undef DIALECT

#define DIALECT(name) &forge_##name,
static const struct forge *const forges[] = {
#include "dialects.def"
};
#undef DIALECT

/* All decoys are of 198.51.100.0/24 and 2001:db8:bad::/48. */
static const char *const pieces[] = {
	"198.51.100.9",
	"[198.51.100.9]",
	"x[198.51.100.9]",
	"[2001:db8:bad::1]",
	"x[198.51.100.9]: ",
	" from x[198.51.100.9]; from=<",
	" from x[198.51.100.9]: 554 5.7.1 <",
	"unknown[198.51.100.9]: SASL PLAIN authentication failed: ",
	"; client=x[198.51.100.9]",
	"client=x[198.51.100.9], sasl_username=",
	", sasl_username=",
	", sasl_sender=",
	", orig_client=x[198.51.100.9]",
	">: Relay access denied; from=<",
	">: Recipient address rejected: User unknown; from=<",
	">: Recipient address rejected: Greylisted; from=<",
	">: Sender address rejected: ",
	"> to=<",
	"> proto=ESMTP helo=<",
	"; from=<",
	"]; from=<",
	": 5.7.1 ",
	": 421 4.7.0 ",
	"421 4.7.0 ",
	"450 4.7.1 ",
	"connect from x[198.51.100.9]",
	"disconnect from x[198.51.100.9] auth=0/9 commands=0/9",
	"rip=198.51.100.9",
	", rip=198.51.100.9, lip=10.77.0.1, session=<abc>",
	", rip=198.51.100.9, lip=10.77.0.1, TLS, session=<",
	">, method=PLAIN, rip=198.51.100.9, lip=",
	", lip=10.77.0.1",
	", session=<",
	"session=<abc>",
	": user=<",
	"user=<>",
	">, method=",
	" (auth failed, 9 attempts in 9 secs): user=<",
	" (no auth attempts in 0 secs): user=<",
	",198.51.100.9",
	",198.51.100.9,<sess>): Password mismatch",
	",198.51.100.9): unknown user",
	",198.51.100.9,master,<x>",
	",2001:db8:bad::1): Password mismatch",
	"): Password mismatch",
	"): unknown user",
	"): Password mismatch (given password: ",
	" - trying the next passdb",
	"(username: ",
	"Login: user=<",
	"auth: Info: pam(x,198.51.100.9): unknown user",
	"dovecot: auth: pam(x,198.51.100.9): unknown user",
	"imap-login: Info: Login: user=<x>, rip=198.51.100.9",
	"postfix/smtpd[1]: ",
	"virus",
	"spam",
	"name=",
	"message/partial",
	"blocked using",
	"\"",
	"\\",
	"<",
	">",
	",",
	";",
	": ",
	"(",
	")",
	"[",
	"]",
	" ",
	"\xff\xfe",
	"\xe2\x80\xae",
	"\t",
	"\033[31m",
};

uint8_t
forge_byte(struct forge_source *src)
{
	if (!src->n)
		return 0;
	src->n--;
	return *src->p++;
}

/* One of the dialect's own decoys, every second time. */
static bool
own_add(struct forge_source *src, struct buf *b)
{
	unsigned n = 0;

	while (src->pieces && src->pieces[n])
		n++;
	if (!n || forge_byte(src) & 1)
		return false;
	buf_add(b, str_of(src->pieces[forge_byte(src) % n]));
	return true;
}

static void
piece_add(struct forge_source *src, struct buf *b)
{
	uint8_t what;

	if (own_add(src, b))
		return;
	what = forge_byte(src);
	if (what < ARRAY_LEN(pieces)) {
		buf_add(b, str_of(pieces[what]));
		return;
	}
	for (unsigned n = 1 + what % 8; n && src->n; n--)
		buf_addc(b, (char)forge_byte(src));
}

void
forge_text(
	struct forge_source *src, const struct forge_rule *rule, struct buf *b)
{
	size_t begin = b->n;

	for (unsigned n = forge_byte(src) % 8; n && src->n; n--)
		piece_add(src, b);
	if (b->n - begin > rule->max) {
		b->n = begin + rule->max;
		if (rule->more)
			buf_add(b, str_of(rule->more));
	}
	for (size_t i = begin; i < b->n; i++) {
		unsigned char c = (unsigned char)b->p[i];

		if (c < ' ' || c == 0x7f ||
			(rule->replaced && strchr(rule->replaced, c)))
			b->p[i] = '?';
	}
}

void
forge_addr(struct forge_source *src, struct addr *ret, struct buf *b)
{
	uint8_t kind = forge_byte(src);

	*ret = (struct addr){ .b = { [10] = 0xff, [11] = 0xff, [12] = 10 } };
	if (kind & 1)
		*ret = (struct addr){ .b = { 0xfd } };
	for (int i = 13; i < 16; i++)
		ret->b[i] = forge_byte(src);
	addr_add(b, ret);
}

const struct forge *
forge_find(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(forges); i++)
		if (strcmp(forges[i]->name, name) == 0)
			return forges[i];
	return NULL;
}
