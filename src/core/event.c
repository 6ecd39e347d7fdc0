/* SPDX-License-Identifier: ISC */

#include "core/event.h"

#include "base/num.h"

const struct event_type event_types[EVENT_KINDS] = {
	[EVENT_AUTH_FAILURE] = { "auth_failure", "Bad password", 50, true,
		"SMTP AUTH with wrong credentials" },
	[EVENT_RELAY_DENIED] = { "relay_denied", "Relay denied", 100, true,
		"tried to send to an outside address without permission" },
	[EVENT_RELAY_ALLOWED] = { "relay_allowed", "Relay allowed", 0, true,
		"an accepted relay; many may mean an open relay or a bot" },
	[EVENT_BAD_RECIPIENT] = { "bad_recipient", "Unknown recipient", 50,
		true, "local recipient that does not exist" },
	[EVENT_GOOD_RECIPIENT] = { "good_recipient", "Good recipient", 0, true,
		"local recipient that exists" },
	[EVENT_SPAM] = { "spam", "Spam", 20, true, "message judged spam" },
	[EVENT_VIRUS] = { "virus", "Virus", 200, true,
		"message contains a virus" },
	[EVENT_RULE] = { "rule", "Rejected by a rule", 50, true,
		"an SMTP rule, header check or content rule rejected the "
		"message" },
	[EVENT_DNSBL] = { "dnsbl", "On a DNS block list", 100, true,
		"the client is on a DNS block list in use at the server" },
	[EVENT_SYNTAX] = { "syntax", "Syntax error", 25, true,
		"SMTP syntax error, unknown command, command out of order, "
		"pipelining or talking before the greeting, non-SMTP command" },
	[EVENT_TOO_BIG] = { "too_big", "Message too big", 10, true,
		"message larger than the limit" },
	[EVENT_ATTACHMENT] = { "attachment", "Blocked attachment", 100, true,
		"blocked attachment name" },
	[EVENT_PARTIAL] = { "partial", "Partial message", 100, true,
		"message/partial fragment" },
	[EVENT_SPF] = { "spf", "Rejected for SPF", 50, true,
		"rejected for SPF" },
	[EVENT_HELO] = { "helo", "HELO refused", 25, true,
		"HELO or EHLO refused" },
	[EVENT_SENDER] = { "sender", "Sender refused", 25, true,
		"sender address refused" },
	[EVENT_RATE] = { "rate", "Rate limit hit", 25, true,
		"a rate or connection limit of the server was hit" },
	[EVENT_PROBE] = { "probe", "Probe", 0, true,
		"connected and left having tried no AUTH, MAIL or RCPT, and "
		"no other event in the session; TLS handshake failure" },
	[EVENT_TOO_MANY_ERRORS] = { "too_many_errors", "Too many errors", 50,
		true, "the server hung up after too many errors" },
	[EVENT_LOGIN_FAILURE] = { "login_failure", "Failed login", 0, false,
		"failed login at POP3, IMAP, ManageSieve, webmail; scored by "
		"the Login component" },
	[EVENT_LOGIN_SUCCESS] = { "login_success", "Successful login", 0,
		false, "successful login anywhere; never scored" },
};

bool
event_kind_find(struct str s, enum event_kind *ret)
{
	int64_t number;
	bool is_number = num_parse(s, 0, EVENT_KINDS - 1, &number);

	for (int k = 0; k < EVENT_KINDS; k++) {
		const char *id = event_types[k].id;

		if (!id)
			continue;
		if (is_number ? number == k : str_eq(s, str_of(id))) {
			*ret = (enum event_kind)k;
			return true;
		}
	}
	return false;
}
