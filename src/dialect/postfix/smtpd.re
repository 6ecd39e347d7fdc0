/* SPDX-License-Identifier: ISC */
#include "dialect/postfix/say.h"
#include "dialect/postfix/words.h"

/*!include:re2c "dialect/automaton.re" */

/*!re2c
queue  = [0-9A-Za-z]+;
number = [0-9]+;
where  = [A-Z][A-Z-]* (" (" number " bytes)")?;
*/

enum saying
smtpd_read(struct str s, struct said *ret)
{
	const char *cur = s.p, *end = s.p + s.n, *mark = cur;
	const char *q, *q_end, *w, *w_end;
	/*!stags:re2c format = "const char *@@;\n\t"; */

	*ret = (struct said){ 0 };
	/*!re2c
	"connect from " { SAY(SAYING_CONNECT); }
	"disconnect from " { SAY(SAYING_DISCONNECT); }
	("lost connection" | "timeout") " after " @w where @w_end " from "
		{ SAY_WHERE(SAYING_LOST); }
	"too many errors after " @w where @w_end " from "
		{ SAY_WHERE(SAYING_TOO_MANY_ERRORS); }
	"improper command pipelining after " @w where @w_end " from "
		{ SAY_WHERE(SAYING_PIPELINING); }
	"SSL_accept error from " { SAY(SAYING_TLS_ERROR); }
	@q queue @q_end ": client=" { SAY_QUEUE(SAYING_CLIENT); }
	@q queue @q_end ": " ("reject" | "milter-reject") ": "
		@w where @w_end " from " { SAY_BOTH(SAYING_REJECT); }
	@q queue @q_end ": permit: " @w where @w_end " from "
		{ SAY_BOTH(SAYING_PERMIT); }
	"proxy-reject: " @w where @w_end ": "
		{ SAY_WHERE(SAYING_PROXY_REJECT); }

	"warning: " { return warning_read(RUN(cur, end), ret); }

	queue ": " ("reject_warning" | "warn" | "info" | "hold" | "discard" |
		"delay" | "filter" | "redirect" | "bcc" | "hangup" |
		"milter-hold" | "milter-discard" | "replace" | "abort") ": "
		{ SAY(SAYING_NOTHING); }
	queue ": replacing command " { SAY(SAYING_NOTHING); }
	"proxy-accept: " { SAY(SAYING_NOTHING); }
	("Anonymous" | "Untrusted" | "Trusted" | "Verified")
		" TLS connection " ("established" | "reused")
		{ SAY(SAYING_NOTHING); }
	("setting up TLS connection" | "initializing the server-side TLS" |
		"certificate verification failed" | "statistics: " |
		"discarding EHLO keywords: " | "table " | "fatal: " |
		"panic: " | "error: " | "using backwards-compatible default" |
		"rewriting " | "milter " | "sasl_exceptions" | "cipher list " |
		"skipping address family") { SAY(SAYING_NOTHING); }
	* { SAY(SAYING_UNKNOWN); }
	*/
}
