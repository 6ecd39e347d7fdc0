/* SPDX-License-Identifier: ISC */
#include "dialect/postfix/phrase.h"
#include "dialect/postfix/words.h"

/*!include:re2c "dialect/automaton.re" */

enum phrase
phrase_read(struct str s)
{
	const char *cur = s.p, *end = s.p + s.n, *mark = cur;

	/*!re2c
	echo = ("<" [^\x00<>]* ">: ")?;

	echo "Relay access denied" { return PHRASE_RELAY; }
	echo ("Recipient" | "Sender") " address rejected: unverified address"
		{ return PHRASE_UNVERIFIED; }
	echo "Recipient address rejected: " ("User unknown" |
		"undeliverable address") { return PHRASE_NO_USER; }
	echo "Recipient address rejected: need fully-qualified address"
		{ return PHRASE_RECIPIENT_FORM; }
	echo "Helo command rejected: " { return PHRASE_HELO; }
	echo "Sender address rejected: " { return PHRASE_SENDER; }
	echo "Client host rejected: cannot find your " ("reverse ")? "hostname"
		{ return PHRASE_NO_NAME; }
	echo "Data command rejected: Improper use of SMTP command pipelining"
		{ return PHRASE_PIPELINING; }
	"Service unavailable; " ("Client host" | "Unverified Client host" |
		"Client address" | "Reverse client hostname") " ["
		{ return PHRASE_DNSBL; }
	"Service unavailable; Sender address [" { return PHRASE_SENDER; }
	"Service unavailable; Helo command [" { return PHRASE_HELO; }
	"Message size exceeds " { return PHRASE_TOO_BIG; }
	"bare <LF> received" { return PHRASE_BARE_LF; }
	* { return PHRASE_OTHER; }
	*/
}

enum phrase
phrase_search(struct str s, enum phrase least)
{
	const char *cur = s.p, *end = s.p + s.n, *mark = cur;
	enum phrase best = PHRASE_OTHER, found;

	for (;;) {
		/*!re2c
		letter = [A-Za-z];

		'relay access denied' { found = PHRASE_RELAY; goto next; }
		'user unknown' | 'undeliverable address'
			{ found = PHRASE_NO_USER; goto next; }
		'blocked using ' { found = PHRASE_DNSBL; goto next; }
		'helo command rejected: ' { found = PHRASE_HELO; goto next; }
		'sender address rejected: ' { found = PHRASE_SENDER; goto next; }
		letter* 'virus' letter* | 'infected' | 'infection' |
			letter* 'malware' letter* | 'trojan' | 'phishing' |
			'harmful' { found = PHRASE_VIRUS; goto next; }
		letter* 'spam' letter* | 'gtube' | 'junk' | 'unsolicited'
			{ found = PHRASE_SPAM; goto next; }
		'spf' | 'openspf' | 'open-spf'
			{ found = PHRASE_SPF; goto next; }
		'attachment' 's'? | 'file name' | 'filename' | 'executable'
			{ found = PHRASE_ATTACHMENT; goto next; }
		'message/partial' | 'partial attachment' | 'partial message'
			{ found = PHRASE_PARTIAL; goto next; }
		'rate limit' | 'too many ' ('messages' | 'connections' |
			'recipients') | 'too much mail' | 'sending limit' |
			'quota exceeded for policy'
			{ found = PHRASE_RATE; goto next; }
		letter+ { continue; }
		[^\x00A-Za-z] { continue; }
		* { return best; }
		*/
next:
		if (found < best && found >= least)
			best = found;
	}
}

enum phrase
header_read(struct str s)
{
	const char *cur = s.p, *end = s.p + s.n, *mark = cur;

	/*!re2c
	part = 'content-' ('type' | 'disposition') ':';

	part [^\x00]* 'name' '*'? [0-9*]* '=' { return PHRASE_ATTACHMENT; }
	part [ ]* 'message/partial' { return PHRASE_PARTIAL; }
	'x-' [a-z-]* 'virus' { return PHRASE_VIRUS; }
	'x-' [a-z-]* 'spam' { return PHRASE_SPAM; }
	* { return PHRASE_OTHER; }
	*/
}

enum trouble
trouble_read(struct str s)
{
	const char *cur = s.p, *end = s.p + s.n, *mark = cur;

	/*!re2c
	'connection lost to authentication server' |
	"Can't connect to authentication server" |
	"Authentication backend error" | 'temporary ' | 'generic failure' |
	'service temporarily unavailable' | 'internal ' | 'bad protocol' |
	'no mechanism available' | 'unable to get ' | 'cannot connect' |
	"System error" { return TROUBLE_SERVER; }
	"Server access temporarily blocked!" |
	"Your connection has been blocked temporarily"
		{ return TROUBLE_BLOCKED; }
	* { return TROUBLE_NONE; }
	*/
}

enum counter
counter_read(struct str *s)
{
	const char *cur = s->p, *end = s->p + s->n, *mark = cur;
	enum counter found;

	/*!re2c
	" auth=" { found = COUNTER_AUTH; goto done; }
	" " ("mail" | "rcpt" | "data" | "bdat") "="
		{ found = COUNTER_TRY; goto done; }
	" " ("helo" | "ehlo" | "noop" | "rset" | "quit" | "vrfy" | "etrn" |
		"unknown" | "xclient" | "xforward") "="
		{ found = COUNTER_SYNTAX; goto done; }
	" commands=" { return COUNTER_END; }
	" " [a-z]+ "=" { found = COUNTER_OTHER; goto done; }
	* { return COUNTER_END; }
	*/
done:
	*s = RUN(cur, end);
	return found;
}

int
permit_read(struct str s)
{
	const char *cur = s.p, *end = s.p + s.n, *mark = cur;

	/*!re2c
	"permit_" ("mynetworks" | "sasl_authenticated" | "inet_interfaces" |
		"tls_clientcerts" | "tls_all_clientcerts") " "
		{ return 1; }
	* { return 0; }
	*/
}
