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
cleanup_read(struct str s, struct said *ret)
{
	const char *cur = s.p, *end = s.p + s.n, *mark = cur;
	const char *q, *q_end, *w, *w_end;
	/*!stags:re2c format = "const char *@@;\n\t"; */

	*ret = (struct said){ 0 };
	/*!re2c
	queue ": " ("resent-")? "message-id=" { SAY(SAYING_NOTHING); }
	@q queue @q_end ": reject: " ("header " | "body " | "mime-error " |
		"content ") { SAY_QUEUE(SAYING_HEADER); }
	@q queue @q_end ": milter-reject: " @w where @w_end " from "
		{ SAY_BOTH(SAYING_REJECT); }
	"warning: " @q queue @q_end ": queue file size limit exceeded"
		{ SAY_QUEUE(SAYING_TOO_BIG); }
	queue ": " ("warning" | "info" | "hold" | "discard" | "redirect" |
		"filter" | "replace" | "prepend" | "bcc" | "delay" | "strip" |
		"milter-hold" | "milter-discard" | "milter-header-add") ": "
		{ SAY(SAYING_HEADER_OTHER); }
	("warning: " | "fatal: " | "panic: " | "error: " | "milter ")
		{ SAY(SAYING_NOTHING); }
	queue ": " { SAY(SAYING_NOTHING); }
	"table " | "statistics: " { SAY(SAYING_NOTHING); }
	* { SAY(SAYING_UNKNOWN); }
	*/
}
