/* SPDX-License-Identifier: ISC */
#include "dialect/reason.h"

/*!include:re2c "dialect/automaton.re" */

enum event_kind
reason_kind(struct str s, enum event_kind without)
{
	const char *cur = s.p, *end = s.p + s.n, *mark = cur;

	while (cur < end) {
		/*!re2c
		letter = [A-Za-z];

		'relay not permitted' | 'relay access denied' |
			'relay denied' | 'relaying ' ('denied' |
			'is not allowed' | 'not allowed' | 'prohibited') |
			'not permitted to relay' | 'unable to relay' |
			'we do not relay' | 'required for relay' |
			'rcpthosts' { return EVENT_RELAY_DENIED; }
		'unrouteable' | 'unroutable' | 'unknown user' |
			'user unknown' | 'no such ' ('user' | 'recipient' |
			'person' | 'mailbox' | 'account' | 'address') |
			'recipient unknown' | 'unknown recipient' |
			'unknown local' | 'unknown address' | 'no mailbox' |
			'mailbox unavailable' | 'mailbox not found' |
			'user not found' | 'recipient not found' |
			'does not exist' | "doesn't exist" |
			'invalid recipient' { return EVENT_BAD_RECIPIENT; }
		'dnsbl' | 'dnslist' | 'rbl' | 'listed ' ('in' | 'at' | 'by' |
			'on') ' ' | 'blacklist' letter* | 'blocklist' letter* |
			'blocked using ' | 'spamhaus' | 'spamcop' |
			'barracuda' { return EVENT_DNSBL; }
		'spf' | 'openspf' | 'sender policy framework'
			{ return EVENT_SPF; }
		letter* 'virus' letter* | letter* 'malware' letter* |
			'infected' | 'infection' | 'eicar' | 'trojan' |
			'phishing' { return EVENT_VIRUS; }
		letter* 'spam' letter* | 'gtube' | 'unsolicited' | 'junk'
			{ return EVENT_SPAM; }
		'partial' { return EVENT_PARTIAL; }
		'attachment' 's'? | 'file ' ('type' | 'name' | 'extension') |
			'filename' | 'banned file' letter* | 'executable'
			{ return EVENT_ATTACHMENT; }
		'too ' ('big' | 'large') | 'size limit' | 'message size' |
			'message exceeds ' { return EVENT_TOO_BIG; }
		'rate limit' letter* | 'ratelimit' letter* | 'too many '
			('connections' | 'recipients' | 'messages') |
			'too fast' | 'sending limit' { return EVENT_RATE; }
		'helo' | 'ehlo' { return EVENT_HELO; }
		'sender verify' | 'sender rejected' | 'sender address' |
			'return path' | 'sender domain' | 'domain of sender'
			{ return EVENT_SENDER; }
		letter+ { continue; }
		* { continue; }
		*/
	}
	return without;
}
