/* SPDX-License-Identifier: ISC */
#include "dialect/exim/words.h"

/*!include:re2c "dialect/automaton.re" */

#define FOUND(what) \
	do { \
		*ret_rest = RUN(cur, end); \
		return what; \
	} while (0)

/* "1xVgyB-0000ft-1i " before 4.97, longer since. */
struct str
exim_id_take(struct str *s)
{
	const char *cur = s->p, *end = s->p + s->n, *mark = cur;
	struct str id = { 0 };

	/*!re2c:id
	alnum = [0-9A-Za-z];

	alnum{6} "-" (alnum{6} "-" alnum{2} | alnum{11} "-" alnum{4}) " " {
		id = RUN(s->p, cur - 1);
		*s = RUN(cur, end);
		return id;
	}
	* { return id; }
	*/
}

/* The client of the other lines stands behind the server's first words; of
 * a syntax error it stands behind the command, which is the client's: there
 * the words at the line's end are the server's, and no host is before them
 * but the last. */
enum exim_line
exim_read(struct str s, struct str *ret_rest)
{
	const char *cur = s.p, *end = s.p + s.n, *mark = cur;

	/*!re2c:line
	any     = [^\x00]*;
	word    = [A-Za-z0-9_.-]+;
		quoted  = ["] ([^"\\\x00] | "\\" [^\x00])* ["];
	mailbox = "<>" | (quoted | [^" \x00])+;

	word " authenticator failed for " { FOUND(EXIM_LOGIN_FAILED); }
	"H=" { cur -= 2; FOUND(EXIM_SAID); }
	"<= " mailbox " H=" { cur -= 2; FOUND(EXIM_ACCEPTED); }
	"SMTP call from " { FOUND(EXIM_TOO_MANY); }
	"SMTP " ("syntax" | "protocol") " error in \""
		{ FOUND(EXIM_SYNTAX); }
	"SMTP protocol synchronization error (input sent without waiting for "
		"greeting): rejected connection from "
		{ FOUND(EXIM_IMPROPER); }
	"SMTP protocol synchronization error (next input sent too soon: "
		[a-z ]+ "): rejected \"" { FOUND(EXIM_SYNTAX); }
	"rejected " ("EHLO" | "HELO") " from " { FOUND(EXIM_HELO); }
	"no MAIL in SMTP connection from " { FOUND(EXIM_NO_MAIL); }
	"TLS error on connection from " { FOUND(EXIM_TLS); }
	"Connection from " { FOUND(EXIM_CONNECTIONS); }
	"unqualified " [a-z]+ " rejected: <" mailbox "> H="
		{ cur -= 2; FOUND(EXIM_IMPROPER); }
	"rejected " ("MAIL FROM:" | "from ") "<" mailbox "> H="
		{ cur -= 2; FOUND(EXIM_TOO_BIG); }

	("<= " mailbox " " [UPR] "=" | "=> " | "-> " | ">> " | "*> " |
		"** " | "== " | "Completed" | "Frozen" | "Unfrozen " |
		"Message " | "SMTP " | "removed by " | "cancelled by " |
		"no immediate delivery" | "DKIM: " | "DMARC" | "PIPE " |
		"Spool file " | "SPF" | "greylist" | "original recipients")
		{ return EXIM_NOTHING; }
	word " authenticator " | "SMTP connection " | "SMTP data timeout " |
		"SMTP command timeout " | "unexpected disconnection " |
		"no host name found " | "no IP address found " |
		"refused connection from " | "Start queue run" |
		"End queue run" | "exim " | "daemon: " | "pid " |
		"Warning: " | "ident connection " | "host name alias " |
		"no response to " | "internal problem " | "ACL for " |
		"failed to " | "re-exec of " | "ETRN " | "socket " |
		"Remote host " | "IPv6 socket " |
		"listening " | "TLS: " | "TLS session" | "cwd=" |
		"Received from " | "VRFY " | "EXPN " | "DNS list " |
		"lowest numbered MX " | "SIGHUP " | "queue run" | "spam acl" |
		"malware acl" | "clamd" | "unable to " | "LOG: " | "expansion " |
		"Error while " | "retry " | "Failed " | "fakens"
		{ return EXIM_NOTHING; }
	* { return EXIM_UNKNOWN; }
	*/
}

/* A name from DNS has no blank, a HELO no bracket but those of an address;
 * a HELO that has more (helo_accept_junk_hosts) leaves it open which of the
 * brackets is the client. */
bool
exim_host_read(struct str s, struct exim_host *ret)
{
	const char *cur = s.p, *end = s.p + s.n, *mark = cur;
	const char *h, *he, *a, *ae, *p, *pe;
	/*!stags:re2c:host format = "const char *@@;\n\t"; */

	*ret = (struct exim_host){ 0 };
	/*!re2c:host
	number  = [0-9]+;
	address = [0-9A-Fa-f:.]+;
	name    = ([^\x00 ()[\]]+ " ")?;
	helo    = [^\x00()[\]]* | "[" [^\x00 ()[\]]* "]";
	"H="? name ("(" @h helo @he ") ")? "[" @a address @ae "]"
		(":" number)? (" I=[" address "]" (":" @p number @pe)?)?
		(" U=" [^\x00 ]+)? {
		ret->addr = RUN(a, ae);
		if (h)
			ret->helo = RUN(h, he);
		if (p)
			ret->port = RUN(p, pe);
		ret->rest = RUN(cur, end);
		return true;
	}
	* { return false; }
	*/
}

/* Sender, user and server name are the client's; the first one is quoted as
 * RFC 5321 has it, the others hold no blank outside of quotes. */
bool
exim_refusal_read(struct str s, struct exim_refusal *ret)
{
	const char *cur = s.p, *end = s.p + s.n, *mark = cur;
	const char *t, *w, *we;
	/*!stags:re2c:refusal format = "const char *@@;\n\t"; */

	/*!re2c:refusal
	bare  = ([^" \x00] | quoted)*;
	field = " " ("X" | "CV" | "DN" | "SNI" | "A" | "PRX" | "D" | "L" |
		"M8S") "=" bare | " F=<" ([^">\x00] | quoted)* ">" bare;
	(" sender verify fail for " any | " Warning: " any |
		" sender verify defer for " any) { return false; }
	field* " " ("temporarily " @t)? "rejected " @w
		("connection" | "after" | "during" | "by" | "in" |
		[A-Z]{3,10} | "EHLO or HELO") @we {
		ret->is_temporary = t != NULL;
		ret->what = RUN(w, we);
		ret->reason = RUN(cur, end);
		return true;
	}
	* { return false; }
	*/
}

bool
exim_login_read(struct str s, struct str *ret)
{
	const char *cur = s.p, *end = s.p + s.n, *mark = cur;
	const char *u, *ue;
	/*!stags:re2c:login format = "const char *@@;\n\t"; */

	(void)end;
	/*!re2c:login
	plain = " " ("P" | "X" | "CV" | "DN" | "SNI" | "L" | "PRX" | "M8S" |
		"K" | "D" | "RT") "=" bare | " L" | " K" | " PRDR";
	plain* " A=" word (":" @u bare @ue)? {
		*ret = u ? RUN(u, ue) : (struct str){ 0 };
		return true;
	}
	* { return false; }
	*/
}
