/* SPDX-License-Identifier: ISC */
#include "dialect/postfix/say.h"
#include "dialect/postfix/words.h"

/*!include:re2c "dialect/automaton.re" */

/*!re2c
queue  = [0-9A-Za-z]+;
number = [0-9]+;
client = [^\x00 [\]]+ "[" [0-9A-Fa-f:.]+ "]" (":" [0-9]+)?;
mech   = [^\x00 ]+;
*/

enum saying
warning_read(struct str s, struct said *ret)
{
	const char *cur = s.p, *end = s.p + s.n, *mark = cur;
	const char *q, *q_end, *c;
	/*!stags:re2c format = "const char *@@;\n\t"; */

	/*!re2c
	"non-SMTP command from " { SAY(SAYING_NOT_SMTP); }
	"Illegal address syntax from " { SAY(SAYING_BAD_ADDRESS); }
	[A-Z] [A-Za-z ]+ " limit exceeded: " number " from "
		{ SAY(SAYING_RATE); }
	"Refusing " ("STARTTLS" | "TLS service") " request from "
		{ SAY(SAYING_RATE); }
	@c client ": SASL " mech " authentication failed: "
		{ ret->where = RUN(c, cur); SAY(SAYING_AUTH_FAILED); }
	@c client ": SASL " mech " authentication aborted"
		{ SAY_CLIENT(SAYING_AUTH_ABORTED); }
	@c client ": request longer than "
		{ SAY_CLIENT(SAYING_LONG_LINE); }
	@q queue @q_end ": queue file size limit exceeded"
		{ SAY_QUEUE(SAYING_TOO_BIG); }
	@q queue @q_end ": BDAT request from "
		{ SAY_QUEUE(SAYING_CHUNK_TOO_BIG); }
	@q queue @q_end ": " ("malformed BDAT command syntax" |
		"null BDAT request") " from " { SAY_QUEUE(SAYING_BAD_CHUNK); }
	client ": " | [A-Z] [A-Za-z0-9 :]+ " from "
		{ SAY(SAYING_UNKNOWN); }
	* { SAY(SAYING_NOTHING); }
	*/
}
