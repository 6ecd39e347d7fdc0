/* SPDX-License-Identifier: ISC */
#include "dialect/dovecot/words.h"

/*!include:re2c "dialect/automaton.re" */

int
tail_read(struct str s, struct str *ret_rip, struct str *ret_session)
{
	const char *cur = s.p, *end = s.p + s.n, *mark = cur;
	const char *r, *r_end, *id, *id_end;
	/*!stags:re2c format = "const char *@@;\n\t"; */

	/*!re2c
	number  = [0-9]+;
	address = [0-9A-Fa-f:.]+;

	", rip=" @r address @r_end ", lip=" address (", mpid=" number)?
		(", " ("secured" | "TLS" [^\x00<>]*))?
		", session=<" @id [^\x00<>, ]* @id_end ">" {
		*ret_rip = RUN(r, r_end);
		*ret_session = RUN(id, id_end);
		return cur == end;
	}
	* { return 0; }
	*/
}
