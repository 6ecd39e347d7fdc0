/* SPDX-License-Identifier: ISC */

/*
 * Writes a mixed log of a mail server as syslog keeps it, about 30 % of
 * its lines events: sessions of Postfix and Dovecot with changing
 * addresses, accounts and queue ids, and lines of other programs.
 *
 *   cli-log LINES [SEED] >FILE
 */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/def.h"

enum {
	LINES_PER_S = 100,
	CLIENTS = 30000,
};

struct maker {
	uint64_t seed;
	uint64_t lines, wanted;
	int64_t begin; /* wall time of the first line [s] */
	/* Of the session that is being written. */
	unsigned pid, user, word;
	char addr[48], name[80], queue[16], session[20], stamp[24];
};

/* Source: S. Vigna, splitmix64. */
static uint64_t
dice(struct maker *m)
{
	uint64_t z = (m->seed += UINT64_C(0x9e3779b97f4a7c15));

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

static unsigned
below(struct maker *m, unsigned n)
{
	return (unsigned)(dice(m) % n);
}

static void
begin_session(struct maker *m)
{
	/* A few clients come often, most of them rarely. */
	unsigned client = below(m, 1 + below(m, CLIENTS));
	time_t t = m->begin + (int64_t)(m->lines / LINES_PER_S);
	struct tm tm;

	if (client % 10 == 9)
		snprintf(m->addr, sizeof(m->addr), "2001:db8:%x:%x::%x",
			client >> 4, client & 15, client * 7 & 0xffff);
	else
		snprintf(m->addr, sizeof(m->addr), "%u.%u.%u.%u",
			11 + client % 180, client / 180 % 256,
			client * 37 % 256, 1 + client * 11 % 254);
	if (client % 3 == 0)
		snprintf(m->name, sizeof(m->name), "unknown");
	else
		snprintf(m->name, sizeof(m->name), "host-%u.dyn%u.example.net",
			client, client % 50);
	snprintf(m->queue, sizeof(m->queue), "%011" PRIX64,
		dice(m) & UINT64_C(0xfffffffffff));
	snprintf(m->session, sizeof(m->session), "%08" PRIx64 "MdKTQAC",
		dice(m) & 0xffffffff);
	m->pid = 10000 + below(m, 200);
	m->user = below(m, 4000);
	m->word = below(m, 1000000);
	localtime_r(&t, &tm);
	strftime(m->stamp, sizeof(m->stamp), "%b %e %H:%M:%S", &tm);
}

#define LINE(m, program, fmt, ...)                                 \
	do {                                                       \
		printf("%s mx " program ": " fmt "\n", (m)->stamp, \
			__VA_ARGS__);                              \
		(m)->lines++;                                      \
	} while (0)
#define SMTPD(m, fmt, ...) \
	LINE(m, "postfix/smtpd[%u]", fmt, (m)->pid, __VA_ARGS__)
#define CLIENT(m) (m)->name, (m)->addr

static void
bad_password(struct maker *m)
{
	SMTPD(m, "connect from %s[%s]", CLIENT(m));
	SMTPD(m,
		"warning: %s[%s]: SASL LOGIN authentication failed: (reason "
		"unavailable), sasl_username=user%u@example.test",
		CLIENT(m), m->user);
	SMTPD(m, "disconnect from %s[%s] ehlo=1 auth=0/1 quit=1 commands=2/3",
		CLIENT(m));
}

static void
bad_recipients(struct maker *m)
{
	unsigned n = 1 + below(m, 3);

	SMTPD(m, "connect from %s[%s]", CLIENT(m));
	for (unsigned i = 0; i < n; i++)
		SMTPD(m,
			"NOQUEUE: reject: RCPT from %s[%s]: 550 5.1.1 "
			"<nosuch%u@example.test>: Recipient address rejected: "
			"User unknown in virtual mailbox table; "
			"from=<news@sender%u.example> "
			"to=<nosuch%u@example.test> proto=ESMTP helo=<mail%u>",
			CLIENT(m), m->word + i, m->user, m->word + i, m->user);
	SMTPD(m,
		"disconnect from %s[%s] ehlo=1 mail=1 rcpt=0/%u quit=1 "
		"commands=3/%u",
		CLIENT(m), n, n + 3);
}

static void
relay_denied(struct maker *m)
{
	SMTPD(m, "connect from %s[%s]", CLIENT(m));
	SMTPD(m,
		"NOQUEUE: reject: RCPT from %s[%s]: 554 5.7.1 "
		"<box%u@elsewhere.test>: Relay access denied; "
		"from=<x@sender%u.example> to=<box%u@elsewhere.test> "
		"proto=ESMTP helo=<[192.0.2.1]>",
		CLIENT(m), m->word, m->user, m->word);
	SMTPD(m, "lost connection after RCPT from %s[%s]", CLIENT(m));
	SMTPD(m, "disconnect from %s[%s] ehlo=1 mail=1 rcpt=0/1 commands=2/3",
		CLIENT(m));
}

static void
listed(struct maker *m)
{
	SMTPD(m, "connect from %s[%s]", CLIENT(m));
	SMTPD(m,
		"NOQUEUE: reject: RCPT from %s[%s]: 554 5.7.1 Service "
		"unavailable; Client host [%s] blocked using bl.test; listed "
		"for testing; from=<x@sender%u.example> "
		"to=<user%u@example.test> proto=ESMTP helo=<mail%u>",
		CLIENT(m), m->addr, m->word, m->user, m->user);
	SMTPD(m,
		"disconnect from %s[%s] ehlo=1 mail=1 rcpt=0/1 quit=1 "
		"commands=3/4",
		CLIENT(m));
}

static void
good_mail(struct maker *m)
{
	SMTPD(m, "connect from %s[%s]", CLIENT(m));
	SMTPD(m, "%s: client=%s[%s]", m->queue, CLIENT(m));
	LINE(m, "postfix/cleanup[%u]", "%s: message-id=<%u.%u@sender.example>",
		m->pid + 1000, m->queue, m->word, m->user);
	LINE(m, "postfix/qmgr[901]",
		"%s: from=<x@sender%u.example>, size=%u, nrcpt=1 (queue "
		"active)",
		m->queue, m->user, 2000 + m->word % 90000);
	SMTPD(m,
		"disconnect from %s[%s] ehlo=2 starttls=1 mail=1 rcpt=1 "
		"data=1 quit=1 commands=7",
		CLIENT(m));
	LINE(m, "postfix/lmtp[%u]",
		"%s: to=<user%u@example.test>, relay=mx[private/lmtp], "
		"delay=0.4, delays=0.2/0/0.1/0.1, dsn=2.0.0, status=sent (250 "
		"2.0.0 <user%u@example.test> Saved)",
		m->pid + 2000, m->queue, m->user, m->user);
	LINE(m, "postfix/qmgr[901]", "%s: removed", m->queue);
}

static void
probe(struct maker *m)
{
	SMTPD(m, "connect from %s[%s]", CLIENT(m));
	SMTPD(m, "lost connection after CONNECT from %s[%s]", CLIENT(m));
	SMTPD(m, "disconnect from %s[%s] commands=0/0", CLIENT(m));
}

static void
login(struct maker *m)
{
	LINE(m, "dovecot",
		"imap-login: Login: user=<user%u@example.test>, method=PLAIN, "
		"rip=%s, lip=192.0.2.25, mpid=%u, TLS, session=<%s>",
		m->user, m->addr, m->pid, m->session);
	LINE(m, "dovecot",
		"imap(user%u@example.test)<%u><%s>: Disconnected: Logged out "
		"in=%u out=%u deleted=0 expunged=0 trashed=0 hdr_count=0 "
		"hdr_bytes=0 body_count=0 body_bytes=0",
		m->user, m->pid, m->session, m->word % 900, m->word);
}

static void
failed_login(struct maker *m)
{
	LINE(m, "dovecot",
		"auth: passwd-file(user%u@example.test,%s,<%s>): Password "
		"mismatch",
		m->user, m->addr, m->session);
	LINE(m, "dovecot",
		"imap-login: Disconnected: Aborted login by logging out (auth "
		"failed, 1 attempts in 2 secs): user=<user%u@example.test>, "
		"method=PLAIN, rip=%s, lip=192.0.2.25, TLS, session=<%s>",
		m->user, m->addr, m->session);
}

static void
others(struct maker *m)
{
	LINE(m, "CRON[%u]", "(root) CMD (test -x /usr/sbin/backup)", m->pid);
	LINE(m, "postfix/anvil[%u]",
		"statistics: max connection rate 3/60s for (smtp:%s) at %s",
		m->pid + 3000, m->addr, m->stamp);
	LINE(m, "postfix/anvil[%u]", "statistics: max cache size 9 at %s",
		m->pid + 3000, m->stamp);
}

/* How often each comes, of 100 sessions. */
static const struct {
	unsigned share;
	void (*write)(struct maker *m);
} kinds[] = {
	{ 16, bad_password },
	{ 16, bad_recipients },
	{ 5, relay_denied },
	{ 5, listed },
	{ 16, good_mail },
	{ 10, probe },
	{ 15, login },
	{ 9, failed_login },
	{ 8, others },
};

static void
write_session(struct maker *m)
{
	unsigned pick = below(m, 100), k = 0;

	while (pick >= kinds[k].share)
		pick -= kinds[k++].share;
	begin_session(m);
	kinds[k].write(m);
}

int
main(int argc, char **argv)
{
	struct maker m = { .seed = 1 };

	if (argc < 2) {
		fprintf(stderr, "usage: cli-log LINES [SEED]\n");
		return 2;
	}
	m.wanted = strtoull(argv[1], NULL, 10);
	if (argc > 2)
		m.seed = strtoull(argv[2], NULL, 10);
	m.begin = time(NULL) - (int64_t)(m.wanted / LINES_PER_S) - 1;
	while (m.lines < m.wanted)
		write_session(&m);
	return ferror(stdout) != 0;
}
