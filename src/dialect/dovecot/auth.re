/* SPDX-License-Identifier: ISC */
#include "dialect/dovecot/words.h"

/*!include:re2c "dialect/automaton.re" */

enum verdict
verdict_read(struct str s)
{
	const char *cur = s.p, *end = s.p + s.n, *mark = cur;
	enum verdict found;

	/*!re2c
	any    = [^\x00];
	given  = " (" ("given password: " | "SHA1 of given password: ") any* ")";
	next   = " - trying the next " ("passdb" | "userdb");
	more   = given? next?;

	"): " ("Password mismatch" | 'unknown user' | "User unknown" |
		"invalid credentials" | "Invalid credentials") more |
		"): pam_authenticate() failed: Authentication failure"
			(" (" 'password mismatch?' ")")? more |
		"): pam_authenticate() failed: User not known to the underlying"
			" authentication module" more |
		"): Login failed (status=" [0-9]+ ")" |
		"): Username character disallowed by auth_username_chars: 0x"
			any* |
		"): " ("Invalid username" | "Username is empty" |
			"Empty username" | "invalid input" |
			"Attempted login with password having illegal chars" |
			"Login attempt with empty password" |
			"nopassword given and password is not empty" |
			"User found from deny passdb" |
			"Username or token missing" |
			"Missing username or token" |
			"Invalid base64 data in response" |
			"Invalid base64 data in initial response") |
		"): allow_nets check failed: " any* |
		"): oauth2 failed: " any* |
		"): Attempted master login with no master passdbs" any*
		{ found = VERDICT_FAILED; goto done; }
	"): Authentication failure due to policy server refusal" any*
		{ found = VERDICT_REFUSED; goto done; }
	"): " 'temporary ' any* | "): Internal " any* | "): ldap" any*
		{ found = VERDICT_TROUBLE; goto done; }
	"): " ("Policy check action " any* | "Master user " any* |
		"login" | "login user: " any* | "User " any* |
		"Falling back to expired " any* | "Password expired" |
		"Login disabled" | "missing passwd file: " any* |
		"Request timed out waiting for client " any* |
		"No password returned " any* | "Requested " any* |
		"Cached NULL password access" | "userdb_" any* |
		"Account " any* | "pam_" any* | "db-lua: " any* |
		"Request " [0-9] any* | "Auth client disconnected" any* |
		"Authentication client " any* | "Handshake " any* |
		"Performing " any* | "Finished " any* | "cache " any* |
		"Server " any* | "scram " any*)
		{ found = VERDICT_NOTHING; goto done; }
	* { return VERDICT_UNKNOWN; }
	*/
done:
	return cur == end ? found : VERDICT_UNKNOWN;
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
