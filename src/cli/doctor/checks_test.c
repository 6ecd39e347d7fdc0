/* SPDX-License-Identifier: ISC */

#include "cli/doctor/checks.h"

#include <string.h>

#include "base/test.h"

#define SAFE                                                        \
	"check_policy_service { unix:brattice/policy, timeout=2s, " \
	"try_limit=1, default_action=DUNNO }"
#define CONNECT "smtpd_delay_reject = no\n"
#define SMTPD	"smtp       inet  n       -       y       -       -       smtpd"

static const char wiring[] =
	"- state /var/lib/brattice\n"
	"policy listen unix:/var/spool/postfix/brattice/policy\n"
	"policy listen 127.0.0.1:9998\n"
	"dovecot listen 127.0.0.1:4001\n"
	"dovecot api_header X-API-Key: secret\n"
	"events listen unix:/run/brattice/events.sock\n";

/* One text, and the finding that must be among those of the check; @paste
 * is part of what mends it, or NULL. */
struct row {
	const char *text, *master;
	enum finding_level level;
	const char *want, *paste;
};

static const struct row postfix[] = {
	{ "smtpd_client_restrictions = " SAFE "\n" CONNECT, SMTPD, FINDING_GOOD,
		"mail flows when it is down", NULL },
	{ "smtpd_client_restrictions = permit_mynetworks, " SAFE "\n", SMTPD,
		FINDING_WARNING, "at RCPT only",
		"smtp/inet/smtpd_delay_reject=no" },
	{ "smtpd_client_restrictions = " SAFE "\n" CONNECT, SMTPD, FINDING_GOOD,
		"refused when they connect", NULL },
	{ "smtpd_client_restrictions = check_policy_service "
	  "inet:127.0.0.1:9998\n",
		SMTPD, FINDING_BAD,
		"lacks default_action=DUNNO try_limit=1 timeout=2s",
		"{ inet:127.0.0.1:9998, timeout=2s, try_limit=1, "
		"default_action=DUNNO }" },
	{ "smtpd_client_restrictions = check_policy_service "
	  "unix:brattice/policy\n",
		SMTPD, FINDING_BAD, "no mail comes in",
		"unix:brattice/policy" },
	{ "smtpd_recipient_restrictions = check_policy_service "
	  "{ unix:brattice/policy, timeout=2s, default_action=DUNNO }\n",
		SMTPD, FINDING_BAD, "smtpd_recipient_restrictions: no mail",
		"try_limit=1" },
	{ "smtpd_client_restrictions = check_policy_service "
	  "{ unix:brattice/policy, timeout=100s, try_limit=1, "
	  "default_action=DUNNO }\n",
		SMTPD, FINDING_BAD, "lacks timeout=2s", NULL },
	{ "smtpd_client_restrictions = check_policy_service "
	  "{ unix:brattice/policy, timeout=2s, try_limit=1, "
	  "default_action=REJECT }\n",
		SMTPD, FINDING_BAD, "lacks default_action=DUNNO", NULL },
	{ "smtpd_client_restrictions = check_policy_service "
	  "{ unix:brattice/other, timeout=2s }\n",
		SMTPD, FINDING_BAD, "where the wiring doesn't listen", NULL },
	{ "smtpd_client_restrictions = permit_mynetworks\n", SMTPD, FINDING_BAD,
		"does not ask Brattice", SAFE ", permit_mynetworks'" },
	{ "smtpd_recipient_restrictions = check_policy_service "
	  "unix:private/policyd-spf\n",
		SMTPD, FINDING_BAD, "does not ask Brattice", SAFE },
	{ "smtpd_client_restrictions = " SAFE "\n",
		"submission inet n - y - - smtpd -o smtpd_client_restrictions="
		"permit_sasl_authenticated,reject",
		FINDING_WARNING, "submission has its own",
		"$smtpd_client_restrictions" },
	{ "smtpd_client_restrictions = " SAFE "\n",
		"submission inet n - y - 2000 smtpd", FINDING_WARNING,
		"2000 smtpd processes", "connections = 2000" },
	{ "smtpd_milters = unix:brattice/milter\n", SMTPD, FINDING_BAD,
		"milter is down", "milter_default_action=accept" },
};

static const struct row dovecot[] = {
	{ "mail_location = maildir:~\n", NULL, FINDING_BAD, "does not ask",
		"auth_policy_server_url = http://127.0.0.1:4001/" },
	{ "auth_policy_server_url = http://127.0.0.1:4001/\n"
	  "auth_policy_hash_nonce = # hidden, use -P to show it\n"
	  "auth_policy_server_api_header = # hidden, use -P to show it\n",
		NULL, FINDING_GOOD, "asks Brattice", NULL },
	{ "auth_policy_server_url = http://127.0.0.1:4001/\n", NULL,
		FINDING_BAD, "asks nothing at all",
		"auth_policy_hash_nonce = fresh-nonce" },
	{ "auth_policy_server_url = http://127.0.0.1:4001/\n"
	  "auth_policy_hash_nonce = x\n",
		NULL, FINDING_BAD, "api_header is missing",
		"api_header = X-API-Key: secret" },
	{ "auth_policy_server_url = http://127.0.0.1:4001/\n"
	  "auth_policy_server_api_header = X-API-Key: other\n",
		NULL, FINDING_BAD, "api_header is another",
		"api_header = X-API-Key: secret" },
	{ "auth_policy_server_url = http://127.0.0.1:4444/\n", NULL,
		FINDING_BAD, "where the wiring doesn't listen", NULL },
	{ "auth_policy_server_url = http://127.0.0.1:4001/\n"
	  "auth_policy_reject_on_fail = yes\n",
		NULL, FINDING_BAD, "nobody can log in",
		"auth_policy_reject_on_fail = no" },
	{ "auth_policy_server_url = http://127.0.0.1:4001/\n"
	  "auth_policy_report_after_auth = no\n",
		NULL, FINDING_BAD, "how logins went", "= yes" },
	{ "auth_policy_server_url = http://127.0.0.1:4001/\n"
	  "auth_policy_server_timeout_msecs = 9000\n",
		NULL, FINDING_WARNING, "2 x 9000 ms", "= 2000" },
	{ "login_access_sockets = brattice\n", NULL, FINDING_WARNING,
		"socket is missing", NULL },
};

static const struct row exim[] = {
	{ "acl_smtp_connect = acl_check_connect\n", NULL, FINDING_BAD,
		"does not ask", "${readsocket{/run/brattice/events.sock}" },
	{ "warn set acl_c_brattice = ${readsocket{/run/brattice/events.sock}"
	  "{CONNECT $sender_host_address\\n}{2s}{ }{OK}}\n",
		NULL, FINDING_GOOD, "mail flows", NULL },
	{ "warn set acl_c_brattice = ${readsocket{/run/brattice/events.sock}"
	  "{CONNECT ${lc:$sender_host_address}\\n}{2s}}\n",
		NULL, FINDING_BAD, "no text for a failure", "{OK}}" },
};

static bool
has(const struct findings *f, const struct row *r)
{
	for (const struct finding *one = f->first; one; one = one->next) {
		if (one->level != r->level ||
			str_find(one->text, str_of(r->want)) < 0)
			continue;
		return !r->paste || str_find(one->paste, str_of(r->paste)) >= 0;
	}
	return false;
}

static void
expect(struct findings *f, const struct row *r)
{
	if (!has(f, r)) {
		for (const struct finding *one = f->first; one; one = one->next)
			print_message("%u %.*s | %.*s\n", one->level,
				(int)one->text.n, one->text.p,
				(int)one->paste.n, one->paste.p);
		fail_msg("lacks \"%s\"", r->want);
	}
	finding_free(f);
}

static void
test_what_postfix_is_told(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(postfix); i++) {
		const struct postfix_text t = { str_of(postfix[i].text),
			str_of(postfix[i].master), S("100") };
		struct findings f = { .first = NULL };

		check_postfix(&f, &t, str_of(wiring));
		expect(&f, &postfix[i]);
	}
}

static struct dovecot_text
dovecot_of(const char *text)
{
	return (struct dovecot_text){ str_of(text), S("X-API-Key: fresh-key"),
		S("fresh-nonce") };
}

static void
test_what_dovecot_is_told(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(dovecot); i++) {
		const struct dovecot_text t = dovecot_of(dovecot[i].text);
		struct findings f = { .first = NULL };

		check_dovecot(&f, &t, str_of(wiring));
		expect(&f, &dovecot[i]);
	}
}

static void
test_what_exim_is_told(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(exim); i++) {
		struct findings f = { .first = NULL };

		check_exim(&f, str_of(exim[i].text), str_of(wiring));
		expect(&f, &exim[i]);
	}
}

static void
test_what_is_safe_is_not_bad(void **state)
{
	const struct postfix_text t = { str_of(postfix[0].text), S(SMTPD),
		S("100") };
	const struct dovecot_text d = dovecot_of(dovecot[1].text);
	struct findings f = { .first = NULL };

	(void)state;
	check_postfix(&f, &t, str_of(wiring));
	check_dovecot(&f, &d, str_of(wiring));
	check_exim(&f, str_of(exim[1].text), str_of(wiring));
	assert_int_equal(f.n[FINDING_BAD] + f.n[FINDING_WARNING], 0);
	finding_free(&f);
}

/* A fresh wiring: its sections are to be pasted, too, with one secret. */
static void
test_what_the_wiring_lacks(void **state)
{
	static const struct row rows[] = {
		{ NULL, NULL, FINDING_BAD, "no section policy",
			"unix:/var/spool/postfix/brattice/policy" },
		{ NULL, NULL, FINDING_BAD, "no section dovecot",
			"api_header = \"X-API-Key: fresh-key\"" },
		{ NULL, NULL, FINDING_BAD, "Dovecot does not ask",
			"api_header = X-API-Key: fresh-key\n" },
		{ NULL, NULL, FINDING_BAD, "Postfix does not ask", SAFE },
	};
	const struct postfix_text p = { S(""), S(SMTPD), S("100") };
	const struct dovecot_text d = dovecot_of("");

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct findings f = { .first = NULL };

		check_postfix(&f, &p, S("- state /var/lib/brattice\n"));
		check_dovecot(&f, &d, S("- state /var/lib/brattice\n"));
		expect(&f, &rows[i]);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_postfix_is_told),
		cmocka_unit_test(test_what_dovecot_is_told),
		cmocka_unit_test(test_what_exim_is_told),
		cmocka_unit_test(test_what_is_safe_is_not_bad),
		cmocka_unit_test(test_what_the_wiring_lacks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
