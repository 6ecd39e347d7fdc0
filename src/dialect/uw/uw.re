/* SPDX-License-Identifier: ISC */

/*
 * UW-IMAP (imapd, ipop3d) and Panda IMAP.  Every line ends with the host:
 * "host=name [address]", and a name from DNS holds no bracket.
 */

#include "dialect/literal.h"
#include "dialect/said.h"

/*!include:re2c "dialect/automaton.re" */

enum {
	UW_UNKNOWN,
	UW_NOTHING,
	UW_FAILED,
	UW_SUCCESS,
	UW_PROBE,
	UW_CAUSES,
};

static const struct cause uws[UW_CAUSES] = {
	[UW_UNKNOWN] = { "anything else", CAUSE_NOTHING, "counted as unknown" },
	[UW_NOTHING] = { "service init, Logout, Killed, Autologout",
		CAUSE_NOTHING, "nothing was tried, or it ended in order",
		"Nov 24 03:03:04 mx imapd[7]: imap service init from "
		"203.0.113.7" },
	[UW_FAILED] = { "Login failed, Login disabled, … failure",
		EVENT_LOGIN_FAILURE, "a wrong name or password",
		"Nov 24 03:03:04 mx imapd[7]: Login failed user=ann auth=ann "
		"host=x.example [203.0.113.7]" },
	[UW_SUCCESS] = { "Login, Authenticated", EVENT_LOGIN_SUCCESS,
		"the right password",
		"Nov 24 03:03:04 mx ipop3d[7]: Login user=ann host=[203.0.113.7] "
		"nmsgs=3/3" },
	[UW_PROBE] = { "Command stream end of file, while nobody was logged in",
		EVENT_PROBE, "came and went without a login",
		"Nov 24 03:03:04 mx imapd[7]: Command stream end of file, "
		"while reading line user=??? host=[203.0.113.7]" },
};

static void
uw_read(struct str s, struct said *ret)
{
	const char *cur = s.p, *end = s.p + s.n, *mark = cur;
	const char *u, *ue, *a, *ae;
	/*!stags:re2c format = "const char *@@;\n\t"; */

	/*!re2c
	any     = [^\x00]*;
	address = [0-9A-Fa-f:.]+;
	host    = "host=" [^\x00 [\]]* " "? "[" @a address @ae "]"
		(" nmsgs=" [0-9]+ "/" [0-9]+)? [ \r]*;
	user    = "user=" @u any @ue " ";

	"Login " ("failed" | "failure" | "disabled" | "excessive" [a-z ]*) " "
		user "auth=" any " " host { ret->cause = UW_FAILED; goto found; }
	("AUTHENTICATE" | "AUTH") " " [A-Za-z0-9_-]+ " failure " @u @ue host
		{ ret->cause = UW_FAILED; goto found; }
	("Login" | "Authenticated" | "Preauthenticated" | "Auth") " " user
		("auth=" any " ")? host { ret->cause = UW_SUCCESS; goto found; }
	"Command stream end of file" [a-z, ]* " user=???" @u @ue " " host
		{ ret->cause = UW_PROBE; goto found; }
	("Command stream end of file" | "Logout" | "Autologout" | "Killed" |
		"Broken pipe" | "Unexpected client disconnect" | "Moved " |
		"Trying " | "Mailbox " | "Update " | "Expunge" | "Error in " |
		[a-z0-9]+ " service init from " | [a-z0-9]+ " SSL service init ")
		{ ret->cause = UW_NOTHING; return; }
	* { return; }
	*/
found:
	if (cur != end) {
		ret->cause = UW_UNKNOWN;
		return;
	}
	ret->account = RUN(u, ue);
	ret->addr = RUN(a, ae);
}

static bool
uw_owns(struct str program)
{
	return IS(program, "imapd") || IS(program, "imapsd") ||
	       IS(program, "ipop3d") || IS(program, "ipop2d") ||
	       IS(program, "pop3sd");
}

static enum reading
uw_feed(void *state, const struct line *line, struct events *ret)
{
	struct said said = { .service = BEGINS(line->program, "imap")
						? S("imap")
						: S("pop3") };

	(void)state;
	uw_read(line->text, &said);
	return said_tell(uws, &said, line->text, ret);
}

const struct dialect dialect_uw = {
	.name = "uw",
	.source = "uw-log",
	.summary = "UW-IMAP: imapd and ipop3d",
	.owns = uw_owns,
	.feed = uw_feed,
};

extern const struct causes causes_uw;
const struct causes causes_uw = {
	.dialect = "uw",
	.setup = "Nothing: it writes to syslog's facility mail.",
	.n = 1,
	.tables = { { .title = "Lines of imapd and ipop3d",
		.n = UW_CAUSES,
		.causes = uws } },
};
