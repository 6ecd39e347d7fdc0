/* SPDX-License-Identifier: ISC */
#include <stdbool.h>

#include "dialect/dovecot/words.h"

/*!include:re2c "dialect/automaton.re" */

/* What may stand behind "Password mismatch": nothing, the password that
 * was given, that the next database is asked. */
static bool
is_end(struct str s)
{
	bool is_next = str_ends(s, S(" - trying the next passdb")) ||
		str_ends(s, S(" - trying the next userdb"));

	if (is_next)
		s.n -= 25;
	return !s.n ||
		((str_starts(s, S(" (given password: ")) ||
			 str_starts(s, S(" (SHA1 of given password: "))) &&
			s.p[s.n - 1] == ')');
}

enum verdict
verdict_read(struct str s)
{
	const char *cur = s.p, *end = s.p + s.n, *mark = cur;

	/*!re2c
	"): " ("Password mismatch" | 'unknown user' | "User unknown" |
		"invalid credentials" | "Invalid credentials") |
		"): pam_authenticate() failed: Authentication failure"
			(" (" 'password mismatch?' ")")? |
		"): pam_authenticate() failed: User not known to the underlying"
			" authentication module"
		{ goto whole; }
	"): Login failed (status=" [0-9]+ ")" |
		"): " ("Invalid username" | "Username is empty" |
			"Empty username" | "invalid input" |
			"Attempted login with password having illegal chars" |
			"Login attempt with empty password" |
			"nopassword given and password is not empty" |
			"User found from deny passdb" |
			"Username or token missing" |
			"Missing username or token" |
			"Invalid base64 data in response" |
			"Invalid base64 data in initial response")
		{ goto whole; }
	"): " ("Username character disallowed by auth_username_chars: 0x" |
		"allow_nets check failed: " | "oauth2 failed: " |
		"Attempted master login with no master passdbs")
		{ return VERDICT_FAILED; }
	"): Authentication failure due to policy server refusal"
		{ return VERDICT_REFUSED; }
	"): " ('temporary ' | "Internal " | "ldap")
		{ return VERDICT_TROUBLE; }
	"): " ("Policy check action " | "Master user " | "login user: " |
		"User " | "Falling back to expired " | "Password expired" |
		"Login disabled" | "missing passwd file: " |
		"Request timed out waiting for client " |
		"No password returned " | "Requested " |
		"Cached NULL password access" | "userdb_" | "Account " |
		"pam_" | "db-lua: " | "Request " [0-9] |
		"Auth client disconnected" | "Authentication client " |
		"Performing " | "Finished " | "cache " | "Server ")
		{ return VERDICT_NOTHING; }
	* { return VERDICT_UNKNOWN; }
	*/
whole:
	return is_end(RUN(cur, end)) ? VERDICT_FAILED : VERDICT_UNKNOWN;
}

int
auth_read(struct str *s)
{
	const char *cur = s->p, *end = s->p + s->n, *mark = cur;

	/*!re2c
	worker = "conn unix:" [^\x00 ]* " (pid=" [0-9]+ ",uid=" [0-9]+ "): "
		"auth-worker<" [0-9]+ ">: ";

	worker? [A-Za-z0-9_.-]+ "(" { goto done; }
	* { return 0; }
	*/
done:
	*s = RUN(cur, end);
	return 1;
}
