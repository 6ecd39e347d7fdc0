/* SPDX-License-Identifier: ISC */

#include <string.h>

#include "base/buf.h"
#include "base/num.h"
#include "cli/doctor/checks.h"

#define TOPIC	"postfix"
#define OPTIONS "timeout=2s, try_limit=1, default_action=DUNNO"

enum {
	WAIT_MAX_S = 10, /* of Postfix for an answer that doesn't come */
	CONNECTIONS = 1024,
};

/* A service in a list of restrictions: "{ unix:x, timeout=2s }" or bare. */
struct service {
	struct str address;
	struct str options; /* "timeout=2s, …", empty for a bare one */
};

/* The service at the beginning of @rest, which is moved behind it. */
static struct service
take_service(struct str *rest)
{
	struct service s = { 0 };
	struct str inside;
	size_t n = 0;

	/* In master.cf a brace of the option's may follow. */
	*rest = str_trim(*rest);
	if (str_take(rest, S("{"))) {
		str_cut(*rest, '}', &inside, rest);
		str_cut(str_trim(inside), ',', &s.address, &s.options);
		if (!s.options.n)
			str_cut(str_trim(inside), ' ', &s.address, &s.options);
	} else {
		while (n < rest->n && !strchr(", }", rest->p[n]))
			n++;
		s.address = (struct str){ rest->p, n };
		*rest = str_from(*rest, n);
	}
	s.address = str_trim(s.address);
	return s;
}

/* An option's value; they are parted by commas or blanks. */
static bool
option_of(const struct service *s, struct str name, struct str *ret)
{
	struct str rest = s->options;

	while (rest.n) {
		size_t n = 0;

		while (n < rest.n && !strchr(", ", rest.p[n]))
			n++;
		struct str word = { rest.p, n };
		rest = str_from(rest, n + 1);
		if (str_take(&word, name) && str_take(&word, S("="))) {
			*ret = word;
			return true;
		}
	}
	return false;
}

static bool
is_short(struct str span)
{
	int64_t s;

	return num_parse_span(span, 1, &s) && s > 0 && s <= WAIT_MAX_S;
}

static bool
is_ours(struct str address, struct str wiring)
{
	return finding_listener(wiring, S("policy"), address) ||
	       str_find(address, S("brattice")) >= 0;
}

/* What a service of ours lacks, as a list; empty when mail flows. */
static void
add_lacks(struct buf *b, const struct service *s)
{
	struct str v;

	if (!option_of(s, S("default_action"), &v) ||
		!str_eq_case(v, S("dunno")))
		buf_add(b, S(" default_action=DUNNO"));
	if (!option_of(s, S("try_limit"), &v) || !str_eq(v, S("1")))
		buf_add(b, S(" try_limit=1"));
	if (!option_of(s, S("timeout"), &v) || !is_short(v))
		buf_add(b, S(" timeout=2s"));
}

static void
judge_service(struct findings *f, struct str place, const struct service *s,
	struct str wiring)
{
	struct buf lacks CLEANUP(buf_free) = { 0 };

	add_lacks(&lacks, s);
	if (wiring.n && !finding_listener(wiring, S("policy"), s->address)) {
		finding_add(f, FINDING_BAD, TOPIC,
			"%.*s asks %.*s, where the wiring doesn't listen",
			(int)place.n, place.p, (int)s->address.n, s->address.p);
	} else if (lacks.n) {
		finding_add(f, FINDING_BAD, TOPIC,
			"%.*s: no mail comes in while Brattice is down or "
			"stuck; the service lacks%s",
			(int)place.n, place.p, buf_text(&lacks));
		finding_paste(f, INTO_POSTFIX,
			"check_policy_service { %.*s, " OPTIONS " }",
			(int)s->address.n, s->address.p);
	} else {
		finding_add(f, FINDING_GOOD, TOPIC,
			"%.*s asks Brattice, and mail flows when it is down",
			(int)place.n, place.p);
	}
}

/* Every service of ours in a value; returns how many. */
static unsigned
judge_value(struct findings *f, struct str place, struct str value,
	struct str wiring)
{
	const struct str word = S("check_policy_service");
	unsigned n = 0;
	ptrdiff_t at;

	while ((at = str_find(value, word)) >= 0) {
		value = str_from(value, (size_t)at + word.n);
		struct service s = take_service(&value);

		if (!is_ours(s.address, wiring))
			continue;
		judge_service(f, place, &s, wiring);
		n++;
	}
	return n;
}

static unsigned
judge_main(struct findings *f, struct str text, struct str wiring)
{
	struct str line, name, value;
	unsigned n = 0;

	while (text.n) {
		str_cut(text, '\n', &line, &text);
		if (str_cut(line, '=', &name, &value))
			n += judge_value(f, str_trim(name), value, wiring);
	}
	return n;
}

/* A service of master.cf that replaces the restrictions; returns how many
 * services of ours it asks instead. */
static unsigned
judge_override(
	struct findings *f, struct str line, struct str wiring, bool is_asked)
{
	const struct str key = S("smtpd_client_restrictions");
	ptrdiff_t at = str_find(line, key);
	struct str name, rest;
	unsigned n;

	if (at < 0 || str_find(line, S("$smtpd_client_restrictions")) >= 0)
		return 0;
	str_cut(line, ' ', &name, &rest);
	n = judge_value(f, name, str_from(line, (size_t)at), wiring);
	if (n || !is_asked)
		return n;
	finding_add(f, FINDING_WARNING, TOPIC,
		"service %.*s has its own smtpd_client_restrictions: blocked "
		"clients are not refused there",
		(int)name.n, name.p);
	finding_paste(f, INTO_POSTFIX,
		"-o { smtpd_client_restrictions = $smtpd_client_restrictions "
		"}");
	return 0;
}

/* Nothing can ask where nothing listens. */
static void
judge_wiring(struct findings *f, struct str wiring)
{
	struct str listen;

	if (!wiring.n ||
		finding_wiring(wiring, S("policy"), S("listen"), &listen))
		return;
	finding_add(f, FINDING_BAD, "wiring",
		"there is no section policy: Postfix can't ask");
	finding_paste(f, INTO_WIRING,
		"policy {\n"
		"\tlisten = \"unix:/var/spool/postfix/brattice/policy\"\n"
		"\tmode = 0660\n"
		"}");
}

static void
judge_absence(struct findings *f, struct str main, struct str wiring)
{
	struct str listen = S("unix:/var/spool/postfix/brattice/policy");
	struct str now = { 0 };

	judge_wiring(f, wiring);
	(void)finding_wiring(wiring, S("policy"), S("listen"), &listen);
	(void)finding_value(main, S("smtpd_client_restrictions"), &now);
	str_take(&listen, S("unix:/var/spool/postfix/"));
	const char *type = str_starts(listen, S("unix:"))  ? ""
			   : str_find(listen, S("/")) >= 0 ? "unix:"
							   : "inet:";

	finding_add(f, FINDING_BAD, TOPIC,
		"Postfix does not ask Brattice: blocked clients are not "
		"refused");
	finding_paste(f, INTO_SHELL,
		"postconf -e 'smtpd_client_restrictions = "
		"check_policy_service { %s%.*s, " OPTIONS " }%s%.*s'",
		type, (int)listen.n, listen.p, now.n ? ", " : "", (int)now.n,
		now.p ? now.p : "");
}

static void
judge_delay(struct findings *f, const struct postfix_text *t)
{
	struct str v;

	if ((finding_value(t->main, S("smtpd_delay_reject"), &v) &&
		    str_eq(v, S("no"))) ||
		str_find(t->master, S("smtpd_delay_reject=no")) >= 0) {
		finding_add(f, FINDING_GOOD, TOPIC,
			"blocked clients are refused when they connect");
		return;
	}
	finding_add(f, FINDING_WARNING, TOPIC,
		"blocked clients are refused at RCPT only, and may try "
		"passwords before");
	finding_paste(
		f, INTO_SHELL, "postconf -P smtp/inet/smtpd_delay_reject=no");
}

/* A milter of ours that stops mail when it is down. */
static void
judge_milter(struct findings *f, struct str main)
{
	struct str milters, action = S("tempfail");

	if (!finding_value(main, S("smtpd_milters"), &milters) ||
		str_find(milters, S("brattice")) < 0)
		return;
	(void)finding_value(main, S("milter_default_action"), &action);
	if (str_eq(action, S("accept")) ||
		str_find(milters, S("default_action=accept")) >= 0)
		return;
	finding_add(f, FINDING_BAD, TOPIC,
		"smtpd_milters: no mail comes in while Brattice's milter is "
		"down");
	finding_paste(
		f, INTO_SHELL, "postconf -e milter_default_action=accept");
}

/* The n-th column of a line of master.cf, from 0. */
static struct str
column(struct str line, unsigned n)
{
	struct str word = { 0 };

	for (unsigned i = 0; i <= n; i++) {
		line = str_trim(line);
		str_cut(line, ' ', &word, &line);
	}
	return word;
}

static int64_t
processes_of(struct str line, int64_t initial)
{
	int64_t n = initial;

	(void)num_parse(column(line, 6), 0, 1000000, &n);
	return n;
}

static void
judge_connections(
	struct findings *f, const struct postfix_text *t, struct str wiring)
{
	struct str text = t->master, line, limit = { 0 };
	int64_t each = 100, sum = 0, room = CONNECTIONS;

	(void)num_parse(str_trim(t->limit), 1, 1000000, &each);
	if (finding_wiring(wiring, S("policy"), S("connections"), &limit))
		(void)num_parse(limit, 1, 1000000, &room);
	while (text.n) {
		str_cut(text, '\n', &line, &text);
		if (str_eq(column(line, 7), S("smtpd")))
			sum += processes_of(line, each);
	}
	if (sum <= room) {
		finding_add(f, FINDING_GOOD, TOPIC,
			"at most %lld smtpd processes ask, there is room for "
			"%lld",
			(long long)sum, (long long)room);
		return;
	}
	finding_add(f, FINDING_WARNING, TOPIC,
		"up to %lld smtpd processes may ask, but the wiring has room "
		"for %lld connections",
		(long long)sum, (long long)room);
	finding_paste(f, INTO_SECTION, "connections = %lld", (long long)sum);
}

void
check_postfix(
	struct findings *f, const struct postfix_text *t, struct str wiring)
{
	unsigned n = judge_main(f, t->main, wiring);
	struct str text = t->master, line;

	while (text.n) {
		str_cut(text, '\n', &line, &text);
		n += judge_override(f, line, wiring, n > 0);
	}
	if (n)
		judge_delay(f, t);
	else
		judge_absence(f, t->main, wiring);
	judge_milter(f, t->main);
	judge_connections(f, t, wiring);
}
