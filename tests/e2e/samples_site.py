"""The mail server of the Postfix samples: every restriction on some port."""

import hostile
from fakes import A, MX, PTR, TXT
from netns import client_v4

FIRST, LISTED, NUMERIC, FORGED, BROKEN, NAMELESS, MINE = map(client_v4,
                                                             range(2, 9))
ALICE, BOB = "alice@example.test", "bob@example.test"

RECORDS = {
    ("mx.example.test", A): ["10.77.0.1"],
    ("example.test", MX): ["mx.example.test"],
    ("example.test", A): ["10.77.0.1"],
    ("client.test", A): ["10.77.0.2"],
    ("c2.client.test", A): ["10.77.0.2"],
    ("c3.client.test", A): ["10.77.0.3"],
    ("c8.client.test", A): ["10.77.0.8"],
    ("2.0.77.10.in-addr.arpa", PTR): ["c2.client.test"],
    ("3.0.77.10.in-addr.arpa", PTR): ["c3.client.test"],
    ("8.0.77.10.in-addr.arpa", PTR): ["c8.client.test"],
    ("4.0.77.10.in-addr.arpa", PTR): [hostile.VICTIM],
    ("5.0.77.10.in-addr.arpa", PTR): ["mx.example.test"],
    ("6.0.77.10.in-addr.arpa", PTR):
        [f"a]:[{hostile.VICTIM}]: x".replace(".", "\\.") + ".client.test"],
    ("3.0.77.10.bl.test", A): ["127.0.0.2"],
    ("3.0.77.10.bl.test", TXT): ["listed for testing"],
    ("2.0.77.10.evil.test", A): ["127.0.0.2"],
    ("2.0.77.10.evil.test", TXT):
        [f"x; from=<a> RCPT from y[{hostile.VICTIM}]: see http://x/?a=b>"],
    ("spammer.test.dbl.test", A): ["127.0.1.2"],
    ("spammer.test.dbl.test", TXT): ["a bad domain"],
    ("spammer.test", A): ["192.0.2.1"],
    ("nomx.test", TXT): ["there is no address here"],
}

RESTRICTED = {
    "smtpd_helo_restrictions": "check_helo_access texthash:{etc}/helo, "
    "reject_invalid_helo_hostname, reject_non_fqdn_helo_hostname, "
    "reject_unknown_helo_hostname",
    "smtpd_sender_restrictions": "check_sender_access texthash:{etc}/senders,"
    " reject_non_fqdn_sender, reject_unknown_sender_domain, "
    "reject_sender_login_mismatch",
    "smtpd_recipient_restrictions": "reject_non_fqdn_recipient, "
    "check_recipient_access texthash:{etc}/recipients, "
    "reject_unknown_recipient_domain, reject_unlisted_recipient",
    "smtpd_data_restrictions": "reject_unauth_pipelining, "
    "reject_multi_recipient_bounce",
    "smtpd_sender_login_maps": "texthash:{etc}/owners",
}
DNSBL = "reject_unlisted_recipient, reject_rbl_client bl.test, " \
    "reject_rhsbl_helo dbl.test, reject_rhsbl_sender dbl.test, " \
    "reject_rhsbl_recipient dbl.test"
LIMITS = {
    "smtpd_client_connection_rate_limit": "8",
    "smtpd_client_connection_count_limit": "3",
    "smtpd_client_message_rate_limit": "2",
    "smtpd_client_recipient_rate_limit": "4",
    "smtpd_client_auth_rate_limit": "2",
    "smtpd_client_new_tls_session_rate_limit": "2",
}
(RESTRICTED_EARLY, RESTRICTED_LATE, DNSBL_PORT, EVIL_DNSBL, POLICY,
 EARLY_POLICY, MILTER, LIMITED, IMPATIENT, SOFT, STRICT_TLS, NERVOUS, NAMES,
 FILTERED, PROXIED, WARNING, NO_AUTH, LENIENT, XCLIENT,
 EXTRAS) = range(2501, 2521)

SERVICES = {
    25: {},
    RESTRICTED_EARLY: RESTRICTED | {"smtpd_delay_reject": "no"},
    RESTRICTED_LATE: RESTRICTED,
    DNSBL_PORT: {"smtpd_recipient_restrictions": DNSBL},
    EVIL_DNSBL: {"smtpd_recipient_restrictions":
                 "reject_rbl_client evil.test"},
    POLICY: {"smtpd_recipient_restrictions": "check_policy_service "
             "{ unix:private/fake, default_action=DUNNO }",
             "smtpd_end_of_data_restrictions": "check_policy_service "
             "{ unix:private/fake, default_action=DUNNO }"},
    EARLY_POLICY: {"smtpd_delay_reject": "no", "smtpd_client_restrictions":
                   "check_policy_service { unix:private/fake, "
                   "policy_context=early }"},
    MILTER: {"smtpd_milters": "unix:private/milter"},
    LIMITED: LIMITS,
    IMPATIENT: {"smtpd_timeout": "1s", "smtpd_starttls_timeout": "1s"},
    SOFT: RESTRICTED | {"soft_bounce": "yes"},
    STRICT_TLS: {"smtpd_tls_security_level": "encrypt"},
    NERVOUS: {"smtpd_hard_error_limit": "4", "smtpd_soft_error_limit": "2",
              "smtpd_junk_command_limit": "3",
              "smtpd_forbid_unauth_pipelining": "yes",
              "smtpd_forbid_bare_newline": "yes",
              "smtpd_recipient_overshoot_limit": "1",
              "smtpd_recipient_limit": "3"},
    NAMES: {"smtpd_client_restrictions":
            "check_client_access texthash:{etc}/clients, "
            "reject_unknown_client_hostname, "
            "reject_unknown_reverse_client_hostname"},
    FILTERED: {"smtpd_proxy_filter": "127.0.0.1:10025"},
    PROXIED: {"smtpd_upstream_proxy_protocol": "haproxy",
              "smtpd_upstream_proxy_timeout": "1s"},
    WARNING: {"smtpd_recipient_restrictions":
              "warn_if_reject reject_rbl_client bl.test, "
              "warn_if_reject reject_unlisted_recipient, "
              "reject_plaintext_session",
              "smtpd_reject_footer":
              "\\c; For help with $client, $recipient, $sender call us"},
    NO_AUTH: {"smtpd_tls_auth_only": "yes"},
    LENIENT: {"strict_rfc821_envelopes": "no", "smtpd_helo_required": "no",
              "smtpd_recipient_restrictions": "reject_unlisted_recipient"},
    XCLIENT: {"smtpd_authorized_xclient_hosts": "10.77.0.8",
              "smtpd_authorized_xforward_hosts": "10.77.0.8"},
    EXTRAS: {"smtpd_etrn_restrictions": "reject",
             "disable_vrfy_command": "no",
             "smtpd_relay_restrictions": "defer_unauth_destination",
             "smtpd_recipient_restrictions": "reject_unverified_recipient"},
    587: {"syslog_name": "postfix/submission",
          "smtpd_delay_reject": "yes",
          "smtpd_tls_security_level": "encrypt",
          "smtpd_relay_restrictions": "permit_sasl_authenticated,reject"},
    465: {"syslog_name": "postfix/smtps",
          "smtpd_delay_reject": "yes",
          "smtpd_tls_wrappermode": "yes",
          "smtpd_relay_restrictions": "permit_sasl_authenticated,reject"},
}

MAIN = {
    "mynetworks": "127.0.0.0/8 10.77.0.8/32",
    "smtpd_peername_lookup": "yes",
    "message_size_limit": "20000",
    "smtpd_log_access_permit_actions": "static:all",
    "smtpd_tls_loglevel": "1",
    "smtpd_tls_received_header": "yes",
    "unverified_recipient_reject_code": "550",
    "header_checks": "regexp:{etc}/header_checks",
    "mime_header_checks": "regexp:{etc}/mime_checks",
    "nested_header_checks": "regexp:{etc}/nested_checks",
    "body_checks": "regexp:{etc}/body_checks",
}

TABLES = {
    "helo": "bad.client.test REJECT\n"
            "worse.client.test 554 5.7.1 You are not welcome\n"
            "mx.example.test REJECT You are not me\n",
    "senders": "spam@client.test REJECT Spammer\n"
               "defer@client.test DEFER Come back\n"
               "discard@client.test DISCARD\n"
               "hold@client.test HOLD\n"
               "warn@client.test WARN odd sender\n"
               "info@client.test INFO odd sender\n"
               "ok@client.test OK\n",
    "recipients": "postmaster@example.test REJECT 5.7.1 Closed\n"
                  "go@example.test 521 5.7.1 Go away\n"
                  "late@example.test 421 4.7.0 Later\n",
    "owners": f"{ALICE} {ALICE}\n{BOB} {BOB}\n",
    "clients": "10.77.0.3 REJECT\n10.77.0.4 554 5.7.1 Not you\n"
               "10.77.0.8 521 5.7.1 Not you at all\n",
    "header_checks":
        "/^Subject: .*viagra/ REJECT 5.7.1 rule pharma matched\n"
        "/^Subject: plainreject/ REJECT\n"
        "/^Subject: nottoday/ REJECT 4.7.1 Not today\n"
        "/^Subject: odd/ WARN odd subject\n"
        "/^Subject: note/ INFO noted\n"
        "/^Subject: drop/ DISCARD dropped\n"
        "/^Subject: keep/ HOLD kept\n"
        "/^Subject: strip/ IGNORE\n"
        "/^Subject: redirect/ REDIRECT bob@example.test\n"
        "/^Subject: hostile/ REJECT\n"
        "/^X-Spam-Flag: YES/ REJECT 5.7.1 Message is spam\n"
        "/^X-Virus-Status: Infected/ REJECT 5.7.1 Message has a virus\n",
    "mime_checks":
        "/name[^>]*\\.(exe|scr|bat|com|pif|js|vbs)/ "
        "REJECT 5.7.1 blocked attachment name\n"
        "/^Content-Type: *message\\/partial/ "
        "REJECT 5.7.1 partial attachment not allowed\n",
    "nested_checks": "/^Subject: nested/ REJECT nested rule\n",
    "body_checks": "/cheap watches/ REJECT 5.7.1 body rule matched\n"
                   "/odd words/ WARN odd body\n",
}

POLICY_ANSWERS = {
    "spf": "550 5.7.23 Message rejected due to: SPF fail - not authorized. "
           "Please see http://www.open-spf.net/Why?s=mfrom;"
           "id=spf@client.test;ip=10.77.0.2;r=mx.example.test",
    "spfpf": "550 5.7.1 Please see http://www.openspf.net/Why?s=mfrom;"
             "id=x%40client.test;ip=10.77.0.2;r=mx.example.test",
    "spftemp": "451 4.7.24 Message deferred due to: SPF temporary error",
    "grey": "450 4.2.0 Greylisted, see http://postgrey.schweikert.ch/"
            "help/example.test.html",
    "grey2": "DEFER_IF_PERMIT Greylisting in effect, please come back later",
    "defer": "DEFER Service temporarily unavailable",
    "reject": "REJECT Not wanted here",
    "bare": "REJECT",
    "quota": "552 5.2.2 Mailbox quota exceeded",
    "rate": "450 4.7.1 Error: too many messages, rate limit exceeded",
    "weight": "550 5.7.1 Mail appeared to be SPAM or forged. Ask your Mail/"
              "DNS-Administrator to correct HELO and DNS MX settings or to "
              "get removed from DNSBLs",
    "evil": f"550 5.7.1 x; from=<a> to=<b> RCPT from y[{hostile.VICTIM}]: "
            "554 5.7.1 <c>: Relay access denied; proto=ESMTP helo=<d>",
    "warn": "WARN only a warning",
    "prepend": "PREPEND X-Seen: yes",
    "hangup": "421 4.7.0 Policy says later",
    "gone": "521 5.7.1 Policy says never",
}
BLOCK = "421 4.7.0 Your connection has been blocked temporarily " \
    "- Try again later"

MILTER_ANSWERS = {
    b"spam": "550 5.7.1 Blocked by SpamAssassin",
    b"rspamd": "554 5.7.1 Spam message rejected",
    b"virus": "550 5.7.1 Rejecting harmful e-mail: "
              "Eicar-Test-Signature.UNOFFICIAL found.",
    b"dmarc": "550 5.7.1 rejected by DMARC policy for client.test",
    b"busy": "451 4.7.1 Service unavailable - try again later",
    b"evil": f"550 5.7.1 x[{hostile.VICTIM}]: 5.7.1 y; from=<a> to=<b>",
}


def policy_answer(attributes):
    if attributes.get("policy_context") == "early":
        return BLOCK
    if attributes["protocol_state"] == "END-OF-MESSAGE":
        return "REJECT 5.7.1 At the end" if attributes["sender"][:3] == "end" \
            else "DUNNO"
    return POLICY_ANSWERS.get(attributes["sender"].partition("@")[0], "DUNNO")


def milter_answer(command, data):
    if command == "M" and b"msender" in data:
        return "550 5.7.1 Sender refused by milter"
    if command == "R" and b"mrcpt" in data:
        return "550 5.7.1 Recipient refused by milter"
    if command == "H" and b"mhelo" in data:
        return "550 5.7.1 Helo refused by milter"
    if command == "C" and b"10.77.0.7" in data:
        return "550 5.7.1 Client refused by milter"
    if command == "L" and data.startswith(b"Subject\0"):
        for word in (b"header",):
            if word in data:
                return "550 5.7.1 Header refused by milter"
    if command == "L" and data.startswith(b"X-Kind\0"):
        milter_answer.kind = data.split(b"\0")[1].strip()
    if command == "E":
        kind, milter_answer.kind = milter_answer.kind, b""
        return MILTER_ANSWERS.get(kind, "")
    return ""


milter_answer.kind = b""


def session(smtp, *lines, source=FIRST, port=25, hello="c2.client.test",
            end=True):
    """Say the lines one after the other; returns the replies."""
    with smtp(source, port) as client:
        replies = [client.first, client.hello(hello)]
        replies += [client.say(line) for line in lines]
        if end:
            client.say("QUIT")
    return replies


def letter(*recipients, sender="x@client.test", message=None):
    """The lines of one message."""
    lines = [f"MAIL FROM:<{sender}>"]
    lines += [f"RCPT TO:<{recipient}>" for recipient in recipients]
    if message is not None:
        lines += ["DATA", message + "\r\n."]
    return lines
