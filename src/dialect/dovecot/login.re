/* SPDX-License-Identifier: ISC */
#include "dialect/dovecot/words.h"

/*!include:re2c "dialect/automaton.re" */

/* The number whose last digit is the last before @to; @ret_from is where
 * it begins.  There is one. */
static uint32_t
number_before(const char *to, const char **ret_from)
{
	uint32_t n = 0, unit = 1;

	while (*--to < '0' || *to > '9')
		;
	for (; *to >= '0' && *to <= '9'; to--, unit *= 10)
		if (unit <= 10000000)
			n += unit * (uint32_t)(*to - '0');
	*ret_from = to;
	return n;
}

#define FOUND(what) \
	do { \
		ret->rest = RUN(cur, end); \
		return what; \
	} while (0)

/* Up to "user=<" no rule has a '<': what a client wrote is behind it. */
enum login
login_read(struct str s, struct login_said *ret)
{
	const char *cur = s.p, *end = s.p + s.n, *mark = cur;
	const char *at;

	*ret = (struct login_said){ 0 };
	/*!re2c
	number = [0-9]+;
	any    = [^\x00];
	text  = [^\x00<]*;
	user  = ": user=<";
	gone  = ("Disconnected" | "Aborted login" | "Login aborted" |
		"Maximum number of connections" | "Disconnecting" |
		"Connection closed") text;
	waited = (", waited " number " secs")?;

	("Login" | ("proxy(" text "): ")? [Ss] "tarted proxying to " any*)
		user { FOUND(LOGIN_SUCCESS); }
	gone "(" ("auth failed" | "authorization failed") ", " number
		" attempts in " number " secs)" user {
		ret->secs = number_before(cur, &at);
		ret->attempts = number_before(at, &at);
		FOUND(LOGIN_FAILED);
	}
	gone "(no auth attempts in " number " secs)" user |
		gone "(no auth attempts)" user { FOUND(LOGIN_NO_ATTEMPT); }
	gone "(" ("sent invalid base64 in response" |
		"tried to use unsupported auth mechanism" |
		"proxy dest auth failed") ")" user
		{ FOUND(LOGIN_FAILED_ONCE); }
	gone "(" ("auth process communication failure" |
		"auth service reported temporary failure" |
		"internal failure, " number " successful auths" |
		"disconnected before auth was ready" waited) ")" user
		{ FOUND(LOGIN_TROUBLE); }
	gone "(" ("client didn't finish SASL auth" |
		"disconnected while authenticating" |
		"disconnected while finishing login" |
		"aborted authentication" |
		"cert required, client didn't start TLS" |
		"client didn't send a cert" | "client sent an invalid cert" |
		"tried to use disallowed plaintext auth") waited ")" user
		{ FOUND(LOGIN_UNFINISHED); }
	gone "(" ("user disabled" | "password expired" | "login disabled")
		")" user { FOUND(LOGIN_RIGHT); }
	gone user { FOUND(LOGIN_UNFINISHED); }

	"Logged out" | "ID sent: " | "Login failed" | "Authenticate " |
		"APOP failed: " | "proxy(" | "access(" | "SSL is disabled" |
		"Disconnected by " | "client in: " | "Tried to log" |
		"TLS " | "SSL_" { return LOGIN_NOTHING; }
	* { return LOGIN_UNKNOWN; }
	*/
}
