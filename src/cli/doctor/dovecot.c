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
		finding_paste(f, INTO_DOVECOT, "%s", switches[i].paste);
	}
}

static void
judge_nonce(struct findings *f, const struct dovecot_text *t)
{
	struct str v = { 0 };

	if (finding_value(t->text, S("auth_policy_hash_nonce"), &v) && v.n) {
		finding_add(f, FINDING_GOOD, TOPIC,
			"Dovecot asks Brattice about logins");
		return;
	}
	finding_add(f, FINDING_BAD, TOPIC,
		"auth_policy_hash_nonce is missing: without it Dovecot asks "
		"nothing at all");
	finding_paste(f, INTO_DOVECOT, "auth_policy_hash_nonce = %.*s",
		(int)t->nonce.n, t->nonce.p);
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
	struct str wanted, v = { 0 };

	if (!finding_wiring(wiring, S("dovecot"), S("api_header"), &wanted))
		return;
	(void)finding_value(text, S("auth_policy_server_api_header"), &v);
	/* "# hidden, use -P to show it" stands for a value. */
	if (str_eq(v, wanted) || str_starts(v, S("#")))
		return;
	if (v.n) {
		finding_add(f, FINDING_BAD, TOPIC,
			"auth_policy_server_api_header is another than "
			"api_header of the wiring: Brattice takes nothing "
			"from Dovecot");
		finding_paste(f, INTO_DOVECOT,
			"auth_policy_server_api_header = %.*s", (int)wanted.n,
			wanted.p);
		return;
	}
	finding_add(f, FINDING_BAD, TOPIC,
		"auth_policy_server_api_header is missing: Brattice takes "
		"nothing from Dovecot without it");
	finding_paste(f, INTO_DOVECOT, "auth_policy_server_api_header = %.*s",
		(int)wanted.n, wanted.p);
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
	finding_paste(
		f, INTO_DOVECOT, "auth_policy_server_timeout_msecs = 2000");
}

/* Nothing can ask where nothing listens.  Returns the header to send. */
static struct str
judge_wiring(struct findings *f, const struct dovecot_text *t,
	struct str wiring, struct str *ret_listen)
{
	struct str header = { 0 };

	(void)finding_wiring(wiring, S("dovecot"), S("api_header"), &header);
	if (finding_wiring(wiring, S("dovecot"), S("listen"), ret_listen))
		return header;
	*ret_listen = S("127.0.0.1:4001");
	finding_add(f, FINDING_BAD, "wiring",
		"there is no section dovecot: Dovecot can't ask");
	finding_paste(f, INTO_WIRING,
		"dovecot {\n"
		"\tlisten = \"127.0.0.1:4001\"\n"
		"\tapi_header = \"%.*s\"\n"
		"}",
		(int)t->header.n, t->header.p);
	return t->header;
}

static void
judge_absence(
	struct findings *f, const struct dovecot_text *t, struct str wiring)
{
	struct str listen, header = judge_wiring(f, t, wiring, &listen);

	finding_add(f, FINDING_BAD, TOPIC,
		"Dovecot does not ask Brattice: blocked clients may log in");
	finding_paste(f, INTO_DOVECOT,
		"auth_policy_server_url = http://%.*s/\n%s%.*s%s"
		"auth_policy_hash_nonce = %.*s\n"
		"auth_policy_server_timeout_msecs = 2000\n"
		"auth_policy_request_attributes = %s",
		(int)listen.n, listen.p,
		header.n ? "auth_policy_server_api_header = " : "",
		(int)header.n, header.n ? header.p : "", header.n ? "\n" : "",
		(int)t->nonce.n, t->nonce.p,
		"login=%{requested_username} pwhash=%{hashed_password} "
		"remote=%{rip} device_id=%{client_id} protocol=%s "
		"session_id=%{session}");
}

void
check_dovecot(
	struct findings *f, const struct dovecot_text *t, struct str wiring)
{
	struct str url = { 0 }, v;

	if (finding_value(t->text, S("login_access_sockets"), &v) && v.n)
		finding_add(f, FINDING_WARNING, TOPIC,
			"login_access_sockets = %.*s: nobody can log in when "
			"that socket is missing",
			(int)v.n, v.p);
	if (!finding_value(t->text, S("auth_policy_server_url"), &url) ||
		!url.n) {
		judge_absence(f, t, wiring);
		return;
	}
	judge_url(f, url, wiring);
	judge_header(f, t->text, wiring);
	judge_nonce(f, t);
	judge_switches(f, t->text);
	judge_timeout(f, t->text);
}
