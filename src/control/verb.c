/* SPDX-License-Identifier: ISC */

#include "control/verb.h"

#include <stddef.h>

#include "base/def.h"

static const char *const colors[] = { "auto", "always", "never", NULL };
static const char *const roles[] = { "viewer", "operator", "admin", NULL };
static const char *const states[] = { "active", "expired", "removed", "all",
	NULL };

const char *const exit_meanings[EXIT_CODES] = {
	[EXIT_CODE_DONE] = "Done.",
	[EXIT_CODE_FAILED] = "It failed; the message says why.",
	[EXIT_CODE_USAGE] = "The command line is wrong; nothing was done.",
	[EXIT_CODE_NOT_FOUND] = "There is no such thing, or the address is not "
				"blocked.",
	[EXIT_CODE_NO_DAEMON] = "The daemon cannot be reached.",
	[EXIT_CODE_NOT_ALLOWED] = "The user may not do this.",
	[EXIT_CODE_CONFLICT] = "It conflicts with what is there, such as a "
			       "wider entry or the never-block list.",
	[EXIT_CODE_INVALID] = "A setting or settings file is invalid.",
	[EXIT_CODE_PARTLY] = "Some of it was done and some failed; the "
			     "messages say what.",
};

const struct option_row option_rows[OPTIONS] = {
	[OPT_JSON] = { "json", 'j', VALUE_NONE, NULL, NULL,
		"Print the answer of the API as JSON." },
	[OPT_JSONL] = { "jsonl", 0, VALUE_NONE, NULL, NULL,
		"Print each item of a list as JSON on a line of its own." },
	[OPT_QUIET] = { "quiet", 'q', VALUE_NONE, NULL, NULL,
		"Print addresses, names or numbers only, or nothing when a "
		"change is made." },
	[OPT_CSV] = { "csv", 0, VALUE_NONE, NULL, NULL,
		"Print a list as comma-separated values (RFC 4180)." },
	[OPT_COLUMNS] = { "columns", 0, VALUE_TEXT, "NAMES", NULL,
		"Print these columns of a list, in this order: "
		"address,until." },
	[OPT_NO_HEADER] = { "no-header", 0, VALUE_NONE, NULL, NULL,
		"Leave the heading of tables out." },
	[OPT_UTC] = { "utc", 0, VALUE_NONE, NULL, NULL,
		"Show times in UTC on a terminal, too." },
	[OPT_COLOR] = { "color", 0, VALUE_CHOICE, "WHEN", colors,
		"Use colours: auto, always or never." },
	[OPT_NO_PAGER] = { "no-pager", 0, VALUE_NONE, NULL, NULL,
		"Don't show long output by way of a pager." },
	[OPT_YES] = { "yes", 'y', VALUE_NONE, NULL, NULL,
		"Do it without asking." },
	[OPT_SOCKET] = { "socket", 0, VALUE_TEXT, "PATH", NULL,
		"Control socket of the daemon." },
	[OPT_URL] = { "url", 0, VALUE_TEXT, "URL", NULL,
		"Ask a daemon elsewhere: https://mx.example.org. Needs "
		"--token-file." },
	[OPT_TOKEN_FILE] = { "token-file", 0, VALUE_TEXT, "FILE", NULL,
		"Where the token for --url stands, from \"brattice token "
		"create\"." },
	[OPT_CA_FILE] = { "ca-file", 0, VALUE_TEXT, "FILE", NULL,
		"Whom to trust for --url, in place of the system's "
		"authorities." },
	[OPT_TIMEOUT] = { "timeout", 0, VALUE_NUMBER, "SECONDS", NULL,
		"How long to wait for the daemon; 10 if not given." },
	[OPT_HELP] = { "help", 'h', VALUE_NONE, NULL, NULL,
		"Print help and exit." },
	[OPT_FOR] = { "for", 0, VALUE_SPAN, "SPAN", NULL,
		"How long: 90s, 30m, 2h, 7d, or a number of minutes; 30m if "
		"not given, \"none\" for no end." },
	[OPT_NOTE] = { "note", 'm', VALUE_TEXT, "NOTE", NULL,
		"Say why, for those who look later." },
	[OPT_FORCE] = { "force", 0, VALUE_NONE, NULL, NULL,
		"Do it although a never-block entry or your own address lies "
		"inside, or the network is wider than /8 (IPv6: /16)." },
	[OPT_WITHIN] = { "within", 0, VALUE_NONE, NULL, NULL,
		"End all entries that lie inside, too." },
	[OPT_COVERING] = { "covering", 0, VALUE_NONE, NULL, NULL,
		"End wider entries that cover it, too." },
	[OPT_STATE] = { "state", 0, VALUE_CHOICE, "STATE", states,
		"Which entries: active (if not given), expired, removed or "
		"all." },
	[OPT_LIMIT] = { "limit", 0, VALUE_NUMBER, "N", NULL,
		"At most N rows; 50 if not given, 0 for all." },
	[OPT_RAW] = { "raw", 0, VALUE_NONE, NULL, NULL,
		"List every event with the server's own words." },
	[OPT_AT] = { "at", 0, VALUE_TIME, "TIME", NULL,
		"As it was at this time: RFC 3339, or a span ago such as "
		"2h." },
	[OPT_FOLLOW] = { "follow", 'f', VALUE_NONE, NULL, NULL,
		"Go on printing events as they come." },
	[OPT_KIND] = { "kind", 0, VALUE_TEXT, "KIND", NULL,
		"Only events of this kind, by name or number." },
	[OPT_ACCOUNT] = { "account", 0, VALUE_TEXT, "ACCOUNT", NULL,
		"Only events of this account." },
	[OPT_SERVICE] = { "service", 0, VALUE_TEXT, "NAME", NULL,
		"Only events of this service: smtp, submission, imap, pop3 "
		"and so on." },
	[OPT_SOURCE] = { "source", 0, VALUE_TEXT, "NAME", NULL,
		"Only events from this source, such as postfix-log." },
	[OPT_SINCE] = { "since", 0, VALUE_TIME, "TIME", NULL,
		"Only from this time on: RFC 3339, or a span ago such as "
		"2h." },
	[OPT_UNTIL] = { "until", 0, VALUE_TIME, "TIME", NULL,
		"Only up to this time." },
	[OPT_DIALECT] = { "source", 0, VALUE_TEXT, "DIALECT", NULL,
		"What wrote the lines: auto (if not given), or the name of a "
		"mail server, such as postfix, dovecot or exim." },
	[OPT_RULE] = { "rule", 0, VALUE_TEXT, "RULE", NULL,
		"A rule to try before all else, as the wiring has it: \"event "
		"service program: line\"." },
	[OPT_ALL] = { "all", 0, VALUE_NONE, NULL, NULL,
		"Print the lines that gave no event, too, and how they were "
		"read." },
	[OPT_SETTINGS] = { "settings", 0, VALUE_TEXT, "FILE", NULL,
		"Settings to use, one \"name = value\" a line; the defaults "
		"where it says nothing." },
	[OPT_MDOC] = { "mdoc", 0, VALUE_NONE, NULL, NULL,
		"Print the list of commands as the source of the manual." },
	[OPT_CHANGED] = { "changed", 0, VALUE_NONE, NULL, NULL,
		"Only the settings that differ from their default." },
	[OPT_CONFIG] = { "config", 'c', VALUE_TEXT, "FILE", NULL,
		"The wiring, /etc/brattice/brattice.conf if not given." },
	[OPT_POSTFIX_CONFIG] = { "postfix-config", 0, VALUE_TEXT, "DIR", NULL,
		"Where main.cf and master.cf are, if not in /etc/postfix." },
	[OPT_DOVECOT_CONFIG] = { "dovecot-config", 0, VALUE_TEXT, "FILE", NULL,
		"Dovecot's configuration, if not "
		"/etc/dovecot/dovecot.conf." },
	[OPT_DRY_RUN] = { "dry-run", 'n', VALUE_NONE, NULL, NULL,
		"Say what would change, and change nothing." },
	[OPT_FROM] = { "from", 0, VALUE_TEXT, "ADDR", NULL,
		"Only for logins from this address." },
	[OPT_END] = { "until", 0, VALUE_TIME, "TIME", NULL,
		"Until when, in place of --for: RFC 3339." },
	[OPT_ROLE] = { "role", 0, VALUE_CHOICE, "ROLE", roles,
		"What the user may do: viewer (if not given) looks, operator "
		"changes lists, admin all." },
	[OPT_RESET] = { "reset", 0, VALUE_NONE, NULL, NULL,
		"Take the second factor away." },
	[OPT_USER] = { "user", 0, VALUE_TEXT, "USER", NULL,
		"Whose token it is; it can do no more than that user." },
	[OPT_SCOPES] = { "scopes", 0, VALUE_TEXT, "SCOPES", NULL,
		"What it may do, with commas: read (if not given), "
		"blocks:write, never:write, accounts:write, events:ingest, "
		"config:write, audit:read, admin." },
	[OPT_EXPIRES] = { "expires", 0, VALUE_SPAN, "SPAN", NULL,
		"How long it is good: 365d if not given, \"none\" for no "
		"end." },
	[OPT_NETWORKS] = { "networks", 0, VALUE_TEXT, "NETS", NULL,
		"From where it is taken, with commas; from everywhere if not "
		"given." },
};

#define OPT(o)	(UINT64_C(1) << (OPT_##o))
#define CODE(c) (UINT16_C(1) << (EXIT_CODE_##c))
#define ASKS	(CODE(NO_DAEMON) | CODE(NOT_ALLOWED))
#define API	"/api/v1"

const struct verb verbs[] = {
	{ "status", "", 0, 0, 0, ASKS, "GET " API "/status",
		"one screen: running, sources, blocked, what is wrong",
		"Says whether the daemon runs and has loaded its lists, in "
		"which mode, what its sources tell and how much of it is not "
		"understood, how many addresses are blocked, near the "
		"threshold and tracked, and what it had to mend or could not "
		"store.",
		"$ brattice status", VERB_LONG },
	{ "top", "", 0, 0, 0, ASKS, "GET " API "/overview",
		"watch what happens, in the terminal",
		"Events by kind, the newest blocks, and the addresses at half "
		"the threshold or more, anew every 2 s. The keys: left and "
		"right choose hour, day or week, up and down scroll, the "
		"space bar pauses, q quits. In a pipe it prints once.",
		"$ brattice top" },
	{ "why", "ADDR|ID", 1, 1, OPT(RAW) | OPT(AT), ASKS | CODE(NOT_FOUND),
		"GET " API "/addresses/{address}/explain",
		"why an address is blocked, or what stands against it",
		"While an address is blocked this explains the block as it "
		"came about: score, threshold, period and weights of that "
		"moment, the count of every kind of event, and how the score "
		"went. Otherwise it explains the score of now, or of the time "
		"that --at names. Hints say what speaks for the address or "
		"against it. With --raw every event is listed with the score "
		"behind it, or why it does not count. ID is the number of an "
		"entry of the block list or of its history.",
		"$ brattice why 203.0.113.10", VERB_LONG, .live = "blocks" },
	{ "block", "NET", 1, 1,
		OPT(FOR) | OPT(END) | OPT(DRY_RUN) | OPT(NOTE) | OPT(FORCE),
		ASKS | CODE(CONFLICT), "POST " API "/blocks",
		"block an address or network by hand",
		"NET is an address or a network such as 198.51.100.0/24. The "
		"entry is in force at once and stored when the command "
		"returns. The never-block list is stronger: addresses in it "
		"stay unblocked. In the mode \"observe\" it is recorded and "
		"nothing is refused.",
		"$ brattice block 198.51.100.0/24 --for 2h -m 'password "
		"spraying'" },
	{ "unblock", "NET|ID ...", 1, VERB_MANY,
		OPT(DRY_RUN) | OPT(WITHIN) | OPT(COVERING),
		ASKS | CODE(NOT_FOUND) | CODE(CONFLICT) | CODE(PARTLY),
		"DELETE " API "/blocks",
		"end an entry now and forgive its events",
		"Ends the entry that was made for exactly this address or "
		"network, and says so when a wider one still covers it. "
		"Several arguments are all checked before the first is "
		"done. The events stay in the log, marked as forgiven, and "
		"score no more. An address that only a wider entry covers is "
		"not unblocked without \"--covering\": the message says which "
		"entry that is.",
		"$ brattice unblock 203.0.113.10", .live = "blocks" },
	{ "blocked", "ADDR", 1, 1, 0, ASKS | CODE(NOT_FOUND),
		"GET " API "/blocked", "is an address blocked? For scripts",
		"Exits with 0 when the address is refused now, with 3 when it "
		"is not. In the mode \"observe\" nothing is refused. On a terminal "
		"it says so in words, too. Asking changes nothing.",
		"$ brattice blocked 192.0.2.1 && echo yes || echo \"no ($?)\"" },
	{ "blocks", "[QUERY ...]", 0, VERB_MANY, OPT(STATE) | OPT(LIMIT), ASKS,
		"GET " API "/blocks", "list the block list or its history",
		"QUERY is a search: a network finds the entries that cover it "
		"or lie inside it, \"origin:manual expires<1h\" those made by "
		"hand that end soon. Fields are ip, origin, component, state, "
		"score, hint, by, note, expires, since, until and text; a "
		"comma means or, a minus in front not. Entries that have "
		"ended stay in the history for 30 days.",
		"$ brattice blocks --state all 203.0.113.0/24\n"
		"$ brattice blocks origin:manual 'expires<1h'",
		VERB_LIST },
	{ "never list", "", 0, 0, 0, ASKS, "GET " API "/never",
		"list the never-block list",
		"The entries that are always in force, loopback and the "
		"addresses of the machine, come first. The word \"list\" may "
		"be left out.",
		"$ brattice never", VERB_LIST },
	{ "never add", "NET", 1, 1, OPT(NOTE) | OPT(DRY_RUN),
		ASKS | CODE(CONFLICT), "POST " API "/never",
		"never block an address or network",
		"Lifts every block inside NET at once. Events of these "
		"addresses are logged and not scored.",
		"$ brattice never add 192.0.2.0/24 -m 'head office'" },
	{ "never remove", "NET", 1, 1, OPT(DRY_RUN), ASKS | CODE(NOT_FOUND),
		"DELETE " API "/never",
		"take an entry out of the never-block list",
		"NET must be written as it was added.",
		"$ brattice never remove 192.0.2.0/24", .live = "never" },
	{ "never check", "ADDR", 1, 1, 0, ASKS | CODE(NOT_FOUND),
		"GET " API "/never/check",
		"does the never-block list cover an address?",
		"Exits with 0 when it does and prints the entry, with 3 when "
		"it does not.",
		"$ brattice never check 192.0.2.77" },
	{ "accounts list", "", 0, 0, OPT(LIMIT), ASKS, "GET " API "/accounts",
		"list the accounts that are locked",
		"An account is locked for the address from which it failed to "
		"log in too often in a row: settings \"account.failures\", "
		"\"account.lock_time\" and \"account.scope\". Its logins fail "
		"like those with a wrong password; nobody is told. The word "
		"\"list\" may be left out.",
		"$ brattice accounts", VERB_LIST },
	{ "accounts show", "ACCOUNT", 1, 1, 0, ASKS,
		"GET " API "/accounts/{account}",
		"the locks of an account, and its newest events",
		"Locks that are over are shown for 30 days. Events are those "
		"of the name exactly as it is written.",
		"$ brattice accounts show ann@example.org", VERB_LONG,
		.live = "accounts" },
	{ "accounts unlock", "ACCOUNT", 1, 1, OPT(FROM) | OPT(DRY_RUN),
		ASKS | CODE(NOT_FOUND),
		"DELETE " API "/accounts/{account}/lock",
		"end the locks of an account now",
		"The failed logins that were counted are forgotten. Exits with "
		"3 when the account was not locked.",
		"$ brattice accounts unlock ann@example.org --from "
		"203.0.113.10",
		.live = "accounts" },
	{ "events", "[QUERY ...]", 0, VERB_MANY,
		OPT(KIND) | OPT(ACCOUNT) | OPT(SERVICE) | OPT(SOURCE) |
			OPT(SINCE) | OPT(UNTIL) | OPT(LIMIT) | OPT(FOLLOW),
		ASKS, "GET " API "/events", "list the event log, or follow it",
		"The newest events, oldest of them first, and what became of "
		"each. An event that another source had told already is "
		"\"joined\", the same wrong password again is a \"repeat\". "
		"\"brattice help events\" lists the kinds.\n"
		"QUERY is a search such as a network, or \"kind:spam,virus "
		"-service:imap account:info@*\". Fields are ip, kind, "
		"account, service, source, outcome, points, session, helo, "
		"block, since, until and text; a comma means or, a minus in "
		"front not, and a text alone is looked for in what the "
		"server said.",
		"$ brattice events 203.0.113.0/24 kind:relay_denied since:2h",
		VERB_LIST },
	{ "settings list", "", 0, 0, 0, ASKS, "GET " API "/settings",
		"list all settings",
		"The settings that differ from their default are marked. The "
		"word \"list\" may be left out. "
		"brattice.conf holds what these settings do not: listeners, "
		"log sources, paths.",
		"$ brattice settings", VERB_LIST },
	{ "settings get", "[KEY ...]", 0, VERB_MANY, 0, ASKS | CODE(NOT_FOUND),
		"GET " API "/settings", "print settings as \"name = value\"",
		"What it prints for all settings can be given to \"brattice "
		"replay --settings\".",
		"$ brattice settings get smtp.threshold\n"
		"smtp.threshold = 1000",
		VERB_LONG },
	{ "settings set", "KEY=VALUE ...", 1, VERB_MANY, OPT(DRY_RUN),
		ASKS | CODE(INVALID), "PATCH " API "/settings",
		"change settings, all or none of them",
		"A changed weight acts on the events that are in the window "
		"already. Who changed what is kept.",
		"$ brattice settings set smtp.threshold=1200 "
		"weight.relay_denied=200" },
	{ "settings reset", "KEY ...", 1, VERB_MANY, OPT(DRY_RUN),
		ASKS | CODE(INVALID), "PATCH " API "/settings",
		"give settings their default value again", "",
		"$ brattice settings reset smtp.threshold" },
	{ "settings diff", "[FILE]", 0, 1, 0, ASKS | CODE(INVALID),
		"PATCH " API "/settings",
		"how settings differ from their defaults, or from a file",
		"With FILE, or \"-\" for standard input, what \"brattice "
		"settings import\" would change, and how many of the addresses "
		"that are watched now would then be over a threshold.",
		"$ brattice settings diff settings.txt" },
	{ "settings history", "[KEY]", 0, 1, OPT(LIMIT), ASKS,
		"GET " API "/settings/history",
		"who changed which setting, when, and from what",
		"The number in front is what \"brattice settings rollback\" "
		"takes.",
		"$ brattice settings history smtp.threshold", VERB_LIST },
	{ "settings rollback", "N", 1, 1, OPT(NOTE), ASKS | CODE(NOT_FOUND),
		"POST " API "/settings/rollback",
		"make a setting what it was before a change",
		"N is the number of the change in \"brattice settings "
		"history\". Only the setting of that change is touched, and "
		"that is a change of its own in the history.",
		"$ brattice settings rollback 12" },
	{ "settings export", "", 0, 0, OPT(CHANGED), ASKS,
		"GET " API "/settings",
		"print settings as a file with comments",
		"\"brattice settings import\" and \"brattice replay "
		"--settings\" take what it prints.",
		"$ brattice settings export --changed >settings.txt",
		VERB_LONG },
	{ "settings import", "FILE", 1, 1, OPT(DRY_RUN), ASKS | CODE(INVALID),
		"PATCH " API "/settings",
		"take settings from a file, all or none of them",
		"FILE holds one \"name = value\" a line, or is \"-\" for "
		"standard input. Settings that it does not name stay as they "
		"are. Each one that changes is printed with its value before "
		"and after.",
		"$ brattice settings import --dry-run settings.txt" },
	{ "setup", "", 0, 0, 0, ASKS | CODE(NOT_FOUND) | CODE(CONFLICT),
		"POST " API "/setup/token",
		"print the way to the first user of the web interface",
		"There is no default password. The page that is printed holds "
		"a token, good once and for an hour, and lets you choose name "
		"and password of the first administrator. Exits with 6 when "
		"there are users already, with 3 when no page is served.",
		"# brattice setup" },
	{ "user list", "", 0, 0, 0, ASKS, "GET " API "/users",
		"list who may sign in to the web interface",
		"The word \"list\" may be left out.", "# brattice user",
		VERB_LIST },
	{ "user add", "NAME", 1, 1, OPT(ROLE) | OPT(DRY_RUN),
		ASKS | CODE(CONFLICT), "POST " API "/users", "add a user",
		"Asks for the password, which is not shown; when standard "
		"input is no terminal its first line is the password.",
		"# brattice user add ann --role operator" },
	{ "user role", "NAME ROLE", 2, 2, OPT(DRY_RUN),
		ASKS | CODE(NOT_FOUND) | CODE(CONFLICT),
		"PATCH " API "/users/{id}", "give a user another role",
		"ROLE is viewer, operator or admin. The sessions of the user "
		"end.",
		"# brattice user role ann admin", .live = "users" },
	{ "user passwd", "NAME", 1, 1, OPT(DRY_RUN), ASKS | CODE(NOT_FOUND),
		"PATCH " API "/users/{id}", "give a user a new password",
		"Asks for it as \"user add\" does. The sessions of the user "
		"end.",
		"# pwgen 20 1 | brattice user passwd ann", .live = "users" },
	{ "user totp", "NAME", 1, 1, OPT(RESET) | OPT(DRY_RUN),
		ASKS | CODE(NOT_FOUND), "PATCH " API "/users/{id}",
		"take a lost second factor away",
		"For somebody whose phone is lost. The user sets up a new one "
		"on the page \"Me\".",
		"# brattice user totp ann --reset", .live = "users" },
	{ "user disable", "NAME", 1, 1, OPT(DRY_RUN),
		ASKS | CODE(NOT_FOUND) | CODE(CONFLICT),
		"PATCH " API "/users/{id}", "shut a user out",
		"Sessions end and tokens are void at once.",
		"# brattice user disable ann", .live = "users" },
	{ "user enable", "NAME", 1, 1, OPT(DRY_RUN), ASKS | CODE(NOT_FOUND),
		"PATCH " API "/users/{id}", "let a user in again", "",
		"# brattice user enable ann", .live = "users" },
	{ "user remove", "NAME", 1, 1, OPT(DRY_RUN),
		ASKS | CODE(NOT_FOUND) | CODE(CONFLICT),
		"DELETE " API "/users/{id}", "remove a user",
		"Sessions and tokens of the user go, too. Asks first.",
		"# brattice user remove ann --yes", .live = "users" },
	{ "token list", "", 0, 0, 0, ASKS, "GET " API "/tokens",
		"list the tokens of programs",
		"The tokens themselves are kept nowhere. The word \"list\" may "
		"be left out.",
		"# brattice token", VERB_LIST },
	{ "token create", "NAME", 1, 1,
		OPT(USER) | OPT(SCOPES) | OPT(EXPIRES) | OPT(NETWORKS) |
			OPT(DRY_RUN),
		ASKS, "POST " API "/tokens",
		"make a token for a program that uses the API",
		"The token is printed to standard output, only this once. A "
		"program sends it as \"Authorization: Bearer TOKEN\".",
		"# brattice token create grafana --user ann --expires 90d "
		">token" },
	{ "token revoke", "ID ...", 1, VERB_MANY, OPT(DRY_RUN),
		ASKS | CODE(NOT_FOUND) | CODE(PARTLY),
		"DELETE " API "/tokens/{id}", "make tokens void", "",
		"# brattice token revoke 3", .live = "tokens" },
	{ "session list", "", 0, 0, 0, ASKS, "GET " API "/sessions",
		"list who is signed in to the web interface",
		"The word \"list\" may be left out.", "# brattice session",
		VERB_LIST },
	{ "session revoke", "ID ...", 1, VERB_MANY, OPT(DRY_RUN),
		ASKS | CODE(NOT_FOUND) | CODE(PARTLY),
		"DELETE " API "/sessions/{id}", "sign people out", "",
		"# brattice session revoke 12", .live = "sessions" },
	{ "audit list", "[WORD]", 0, 1, OPT(LIMIT), ASKS, "GET " API "/audit",
		"who changed what, and how",
		"Every change by the command line, a session or a token, "
		"newest first; secrets are not in it. With WORD only rows "
		"that hold it. The word \"list\" may be left out when there is "
		"no WORD.",
		"$ brattice audit", VERB_LIST },
	{ "audit verify", "", 0, 0, 0, ASKS, "GET " API "/audit/verify",
		"is the record of changes whole?",
		"Each row holds a digest of the row before. Exits with 1 and "
		"names the row when one was changed or taken out.",
		"$ brattice audit verify" },
	{ "backup", "FILE", 1, 1, 0, ASKS, "GET " API "/backup",
		"copy block list, never-block list and settings to a file",
		"Works while the daemon runs. FILE is a database in the form "
		"of control.db, replaced when it is there, or \"-\" for "
		"standard output. The event log is not in it.",
		"# brattice backup /root/brattice.db" },
	{ "restore", "FILE", 1, 1, 0, ASKS | CODE(INVALID),
		"POST " API "/restore",
		"put a backup in the place of lists and settings",
		"The file is checked first: when it is damaged, not ours, or "
		"of a newer Brattice, nothing is changed. The lists of before "
		"stay in force until those of the backup are. What was "
		"changed since the backup is lost; events stay.",
		"# brattice restore /root/brattice.db" },
	{ "doctor", "", 0, 0,
		OPT(CONFIG) | OPT(POSTFIX_CONFIG) | OPT(DOVECOT_CONFIG), 0,
		NULL, "is this machine wired safely?",
		"Looks at the wiring, the daemon with its sandbox and store, "
		"sockets and their rights, logs, disk and clock, and at what "
		"Postfix, Dovecot and Exim are told, where they are "
		"installed. Each finding is a line: good, warning or bad, "
		"with what to paste beneath, and where. What would stop mail or logins "
		"while Brattice is down is bad. Exits with 1 when something "
		"is bad, with 0 otherwise. With \"--quiet\" what is good is "
		"left out.",
		"# brattice doctor --quiet" },
	{ "support-bundle", "[FILE]", 0, 1, OPT(CONFIG), 0, NULL,
		"write one file for somebody who helps",
		"Versions, status, changed settings, the findings of "
		"\"doctor\", the last lines of the log and the wiring. "
		"Passwords, keys and tokens are masked, addresses and account "
		"names are not. Works without the daemon, too. FILE is made "
		"readable for you alone, or is \"-\" for standard output; its "
		"name is made from the time if not given.",
		"# brattice support-bundle" },
	{ "reload", "", 0, 0, 0, ASKS, "GET " API "/version",
		"make the daemon read its wiring again",
		"As \"systemctl reload brattice\" does. When the wiring is "
		"wrong the one in force stays: the log says what was "
		"expected.",
		"# brattice reload" },
	{ "parse", "FILE ...", 1, VERB_MANY,
		OPT(DIALECT) | OPT(RULE) | OPT(ALL), 0, NULL,
		"how log lines are understood, one JSON object an event",
		"Works without the daemon. FILE is a log file, or \"-\" for "
		"standard input. With several files each object names its "
		"file. The year of lines that have none comes from the "
		"file's modification time. With \"--all\" a line that gave no "
		"event is printed with its reading: \"nothing\" (nobody's "
		"fault), \"unknown\" (no rule knows it), \"ambiguous\" (it "
		"can be read two ways, nobody is scored) or \"foreign\" (not "
		"of a server that is known here). \"--rule\" tries a rule of "
		"your own before it goes into the wiring.",
		"$ brattice parse --all /var/log/mail.log | grep unknown" },
	{ "replay", "FILE ...", 1, VERB_MANY, OPT(DIALECT) | OPT(SETTINGS),
		CODE(INVALID), NULL,
		"which blocks would these log files have made?",
		"Works without the daemon: folds the files, merged by the "
		"times of their events, through the same engine, and prints "
		"each block and a summary. Logs don't tell every connection, "
		"so each event is judged when it comes, whatever the setting "
		"\"smtp.evaluate\" says. The never-block list is the built-in one.",
		"$ brattice replay --settings strict.txt /var/log/mail.log" },
	{ "completion", "SHELL", 1, 1, 0, 0, NULL,
		"print the completion for a shell",
		"SHELL is bash, zsh or fish. Packages install all three.",
		"$ eval \"$(brattice completion bash)\"" },
	{ "version", "", 0, 0, 0, 0, NULL, "print the version", "",
		"$ brattice version" },
	{ "help", "[COMMAND|TOPIC]", 0, 3, OPT(MDOC), CODE(NOT_FOUND), NULL,
		"print help, of a command or topic if one is named", "",
		"$ brattice help never add", VERB_LONG, .live = "commands" },
};

const unsigned verbs_n = ARRAY_LEN(verbs);

const struct verb *
verb_find(struct str path)
{
	for (unsigned i = 0; i < verbs_n; i++) {
		if (str_eq(path, str_of(verbs[i].path)))
			return &verbs[i];
	}
	return NULL;
}

struct str
verb_name(const struct verb *v)
{
	struct str path = str_of(v->path);

	if (str_ends(path, S(" list")))
		path.n -= 5;
	return path;
}
