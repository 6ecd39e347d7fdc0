/* SPDX-License-Identifier: ISC */

#include "base/num.h"
#include "cli/doctor/checks.h"

#define TOPIC "dovecot"

enum {
	TIMEOUT_MAX_MS = 2000, /* it is waited for twice [ms] */
};

/* A switch of Dovecot's; what it is when nothing is said stays silent. */
static const struct {
	const char *name, *wrong;
	enum finding_level level;
	const char *text, *paste;
} switches[] = {
	{ "auth_policy_reject_on_fail", "yes", FINDING_BAD,
		"nobody can log in while Brattice is down",
		"auth_policy_reject_on_fail = no" },
	{ "auth_policy_check_before_auth", "no", FINDING_BAD,
		"blocked clients are not refused before their password is "
		"tried",
		"auth_policy_check_before_auth = yes" },
	{ "auth_policy_report_after_auth", "no", FINDING_BAD,
		"Dovecot does not tell how logins went",
		"auth_policy_report_after_auth = yes" },
};

static void
judge_switches(struct findings *f, struct str text)
{
	struct str v;

	for (size_t i = 0; i < ARRAY_LEN(switches); i++) {
		if (!finding_value(text, str_of(switches[i].name), &v) ||
			!str_eq(v, str_of(switches[i].wrong)))
			continue;
		finding_add(f, switches[i].level, TOPIC, "%s = %s: %s",
			switches[i].name, switches[i].wrong, switches[i].text);
		finding_paste(f, "%s", switches[i].paste);
	}
}

static void
judge_nonce(struct findings *f, struct str text)
{
	struct str v = { 0 };

	/* "# hidden, use -P to show it" stands for a value. */
	if (finding_value(text, S("auth_policy_hash_nonce"), &v) && v.n) {
		finding_add(f, FINDING_GOOD, TOPIC,
			"Dovecot asks Brattice about logins");
		return;
	}
	finding_add(f, FINDING_BAD, TOPIC,
		"auth_policy_hash_nonce is missing: without it Dovecot asks "
		"nothing at all");
	finding_paste(f, "auth_policy_hash_nonce = ANY-LONG-RANDOM-TEXT");
}

static void
judge_url(struct findings *f, struct str url, struct str wiring)
{
	struct str address = url, path;

	if (!str_take(&address, S("http://"))) {
		finding_add(f, FINDING_BAD, TOPIC,
			"auth_policy_server_url: expected http://ADDRESS:PORT/");
		return;
	}
	str_cut(address, '/', &address, &path);
	if (wiring.n && !finding_listener(wiring, S("dovecot"), address))
		finding_add(f, FINDING_BAD, TOPIC,
			"auth_policy_server_url asks %.*s, where the wiring "
			"doesn't listen",
			(int)address.n, address.p);
}

static void
judge_header(struct findings *f, struct str text, struct str wiring)
{
	struct str v = { 0 };

	if (!finding_wiring(wiring, S("dovecot"), S("api_header"), &v) ||
		(finding_value(text, S("auth_policy_server_api_header"), &v) &&
			v.n))
		return;
	finding_add(f, FINDING_BAD, TOPIC,
		"auth_policy_server_api_header is missing: Brattice takes "
		"nothing from Dovecot without it");
	finding_paste(f, "auth_policy_server_api_header = (api_header of "
			 "brattice.conf)");
}

static void
judge_timeout(struct findings *f, struct str text)
{
	struct str v;
	int64_t ms;

	if (!finding_value(text, S("auth_policy_server_timeout_msecs"), &v) ||
		!num_parse(v, 0, INT64_MAX, &ms) || ms <= TIMEOUT_MAX_MS)
		return;
	finding_add(f, FINDING_WARNING, TOPIC,
		"a login waits up to 2 x %lld ms when Brattice is stuck",
		(long long)ms);
	finding_paste(f, "auth_policy_server_timeout_msecs = 2000");
}

static void
judge_absence(struct findings *f, struct str wiring)
{
	struct str listen = S("127.0.0.1:4001");

	(void)finding_wiring(wiring, S("dovecot"), S("listen"), &listen);
	finding_add(f, FINDING_BAD, TOPIC,
		"Dovecot does not ask Brattice: blocked clients may log in");
	finding_paste(f,
		"auth_policy_server_url = http://%.*s/\n"
		"auth_policy_server_api_header = (api_header of "
		"brattice.conf)\n"
		"auth_policy_hash_nonce = ANY-LONG-RANDOM-TEXT",
		(int)listen.n, listen.p);
}

void
check_dovecot(struct findings *f, struct str text, struct str wiring)
{
	struct str url = { 0 }, v;

	if (finding_value(text, S("login_access_sockets"), &v) && v.n)
		finding_add(f, FINDING_WARNING, TOPIC,
			"login_access_sockets = %.*s: nobody can log in when "
			"that socket is missing",
			(int)v.n, v.p);
	if (!finding_value(text, S("auth_policy_server_url"), &url) || !url.n) {
		judge_absence(f, wiring);
		return;
	}
	judge_url(f, url, wiring);
	judge_header(f, text, wiring);
	judge_nonce(f, text);
	judge_switches(f, text);
	judge_timeout(f, text);
}
