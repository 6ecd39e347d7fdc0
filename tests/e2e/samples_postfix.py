"""Every event that Postfix 3.7 smtpd and cleanup can tell, for real."""

import functools
import os
import socket
import time

import fakes
import hostile
from clients import Smtp, plain
from dovecot import CREDULOUS, PASSWD_FILE
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


def record(lab, recorder, folder):
    """Write one log a scenario; return the names of those that failed."""
    lab.network.use_local_dns()
    dns = fakes.Dns(lab.network, RECORDS)
    lab.cleanup.callback(dns.close)
    content = fakes.ContentFilter(lab.network, 10025,
                                  "554 5.7.0 Reject, id=00042-01 - SPAM")
    lab.cleanup.callback(content.close)
    dovecot = lab.dovecot("dovecot-for-postfix")
    etc = lab.folder / "postfix-samples" / "etc"
    filled = {port: _fill(options, etc) for port, options in SERVICES.items()}
    postfix = lab.postfix("postfix-samples", policy=None, chroot=False,
                          main=_fill(MAIN, etc), services=filled,
                          tables=TABLES)
    for kind, name, answer in ((fakes.PolicyService, "fake", policy_answer),
                               (fakes.Milter, "milter", milter_answer)):
        server = kind(postfix.spool / "private" / name, answer)
        lab.cleanup.callback(server.close)
    take = recorder(folder / "postfix", postfix.log)
    smtp = functools.partial(Smtp, lab.network)
    for scenarios in (logins, recipients, messages, checks, restrictions,
                      lists, policies, milters, nonsense, endings, secrets,
                      limits, outside, disguises):
        scenarios(take, smtp)
    trouble(take, smtp, dovecot)
    credulous = lab.dovecot("credulous-for-postfix", passdb=PASSWD_FILE + CREDULOUS)
    believed(take, smtp)
    credulous.stop()
    postfix.stop()
    return take.failed


def _fill(options, etc):
    return {name: value.replace("{etc}", str(etc))
            for name, value in options.items()}


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


def logins(take, smtp):
    with take("auth-plain-wrong", "AUTH PLAIN alice, wrong password"):
        session(smtp, "AUTH PLAIN " + plain(ALICE, "wrong"))
    with take("auth-plain-unknown", "AUTH PLAIN, user does not exist"):
        session(smtp, "AUTH PLAIN " + plain("nobody@example.test", "x"))
    with take("auth-login-wrong", "AUTH LOGIN alice, wrong password"):
        with smtp(FIRST, 25) as client:
            client.hello()
            client.auth_login(ALICE, "wrong")
            client.say("QUIT")
    with take("auth-three-wrong", "AUTH PLAIN wrong, three times"):
        session(smtp, *["AUTH PLAIN " + plain(ALICE, f"wrong{n}")
                        for n in range(3)])
    with take("auth-wrong-then-right", "AUTH wrong, right, a message"):
        session(smtp, "AUTH PLAIN " + plain(ALICE, "wrong"),
                "AUTH PLAIN " + plain(ALICE, "secret"),
                *letter(BOB, sender=ALICE, message="Subject: x\r\n\r\nx"))
    with take("auth-success", "AUTH PLAIN right, relays to elsewhere.test"):
        session(smtp, "AUTH PLAIN " + plain(ALICE, "secret"),
                *letter("z@elsewhere.test", sender=ALICE,
                        message="Subject: x\r\n\r\nx"))
    with take("auth-unknown-mechanism", "AUTH DIGEST-MD5, AUTH CRAM-MD5"):
        session(smtp, "AUTH DIGEST-MD5", "AUTH CRAM-MD5")
    with take("auth-bad-base64", "AUTH PLAIN !!!, AUTH PLAIN =, AUTH"):
        session(smtp, "AUTH PLAIN !!!", "AUTH PLAIN =", "AUTH",
                "AUTH PLAIN " + plain("", ""))
    with take("auth-cancelled", "AUTH LOGIN then *"):
        session(smtp, "AUTH LOGIN", "*")
    with take("auth-then-hang-up", "AUTH LOGIN, user name, then gone"):
        session(smtp, "AUTH LOGIN", "YWxpY2U=", end=False)
    with take("auth-plaintext-not-allowed", "AUTH without TLS where "
              "smtpd_tls_auth_only=yes, and where TLS is a must (587)"):
        session(smtp, "AUTH PLAIN " + plain(ALICE, "x"), port=NO_AUTH)
        session(smtp, "AUTH PLAIN " + plain(ALICE, "x"), port=587)
    with take("auth-submission-wrong", "587, STARTTLS, AUTH wrong"):
        with smtp(FIRST, 587) as client:
            client.hello()
            client.starttls()
            client.hello()
            client.auth_plain(ALICE, "wrong")
            client.say("QUIT")
    with take("auth-smtps-wrong", "465, AUTH wrong, then right"):
        with smtp(FIRST, 465, tls=True) as client:
            client.hello()
            client.auth_plain(ALICE, "wrong")
            client.auth_plain(ALICE, "secret")
            client.say("QUIT")
    with take("auth-submission-none", "587 and 465 with no AUTH: RCPT"):
        with smtp("fd77::2", 587) as client:
            client.hello()
            client.starttls()
            client.hello()
            client.mail()
            client.rcpt(ALICE)
            client.say("QUIT")
    with take("auth-ipv6-wrong", "AUTH wrong from fd77::3"):
        session(smtp, "AUTH PLAIN " + plain(ALICE, "wrong"),
                source="fd77::3")


def recipients(take, smtp):
    with take("relay-denied", "RCPT to another domain, twice"):
        session(smtp, *letter("z@elsewhere.test", "y@elsewhere.test"))
    with take("relay-denied-nameless", "the same; the client has no name"):
        session(smtp, *letter("z@elsewhere.test"), source=NAMELESS)
    with take("relay-denied-ipv6", "the same over IPv6"):
        session(smtp, *letter("z@elsewhere.test"), source="fd77::2")
    with take("relay-denied-routes", "RCPT with %, ! and @a,@b: in it"):
        session(smtp, *letter("z%elsewhere.test@example.test",
                              "elsewhere.test!z",
                              "@example.test:z@elsewhere.test",
                              '"z@elsewhere.test"@example.test'),
                port=LENIENT)
    with take("relay-allowed", "mynetworks client relays"):
        session(smtp, *letter("z@elsewhere.test",
                              message="Subject: x\r\n\r\nx"), source=MINE)
    with take("recipient-unknown", "RCPT nosuch@, three times"):
        session(smtp, *letter(*[f"nosuch{n}@example.test" for n in range(3)]))
    with take("recipient-good", "RCPT alice, message"):
        session(smtp, *letter(ALICE, message="Subject: x\r\n\r\nx"))
    with take("recipient-mixed", "RCPT alice, nosuch, elsewhere, bob; DATA"):
        session(smtp, *letter(ALICE, "nosuch@example.test",
                              "z@elsewhere.test", BOB,
                              message="Subject: x\r\n\r\nx"))
    with take("recipient-null-sender", "MAIL FROM:<>, RCPT nosuch"):
        session(smtp, *letter("nosuch@example.test", sender=""))
    with take("recipient-unverified", "address verification; ETRN; VRFY"):
        session(smtp, "ETRN example.test", "VRFY nosuch", "VRFY <alice@x",
                "VRFY " + ALICE, *letter("z@elsewhere.test", ALICE),
                port=EXTRAS)
    with take("recipient-vrfy-disabled", "VRFY alice, EXPN x, ETRN x"):
        session(smtp, "VRFY alice", "EXPN list", "ETRN x", "ETRN")


def messages(take, smtp):
    with take("too-big-size", "MAIL with SIZE=9999999"):
        session(smtp, "MAIL FROM:<x@client.test> SIZE=9999999")
    with take("too-big-data", "DATA longer than message_size_limit"):
        session(smtp, *letter(ALICE, message="Subject: x\r\n\r\n"
                              + ("y" * 70 + "\r\n") * 400))
    with take("too-big-bdat", "BDAT longer than message_size_limit"):
        with smtp(FIRST, 25) as client:
            client.hello()
            for line in letter(ALICE):
                client.say(line)
            client.send("BDAT 9999999 LAST")
            client.send(b"x" * 100000)
    with take("bdat-nonsense", "BDAT without size, BDAT 0, wrong order"):
        with smtp(FIRST, 25) as client:
            client.hello()
            for line in ("BDAT 10\r\n0123456789", *letter(ALICE), "BDAT",
                         "BDAT x"):
                client.say(line)
    with take("message-8bit-utf8", "SMTPUTF8 sender and recipient"):
        session(smtp, "MAIL FROM:<jürgen@client.test> SMTPUTF8",
                "RCPT TO:<büro@example.test>", "RSET",
                "MAIL FROM:<jürgen@client.test>")
    with take("bare-newline", "a bare LF in DATA where that is forbidden"):
        with smtp(FIRST, NERVOUS) as client:
            client.hello()
            for line in letter(ALICE):
                client.say(line)
            client.say("DATA")
            client.send(b"Subject: x\n\nbare\n.\r\n.\r\n\r\n.\r\n")
            client.hear()
    with take("received-loop", "more than hopcount_limit Received lines"):
        session(smtp, *letter(ALICE, message="Received: from a by b\r\n" * 60
                              + "Subject: x\r\n\r\nx"))


def checks(take, smtp):
    def message(name, what, *texts, **options):
        with take(name, what):
            for text in texts:
                session(smtp, *letter(ALICE, message=text, **options))
    message("header-reject", "Subject: cheap viagra; REJECT without text",
            "Subject: cheap viagra\r\n\r\nx",
            "Subject: plainreject\r\n\r\nx")
    message("header-reject-temporary", "REJECT 4.7.1 in header_checks",
            "Subject: nottoday\r\n\r\nx")
    message("header-other-actions", "WARN INFO DISCARD HOLD IGNORE REDIRECT",
            *[f"Subject: {word}\r\n\r\nx" for word in
              ("odd", "note", "drop", "keep", "strip", "redirect")])
    message("header-spam-virus", "X-Spam-Flag: YES, X-Virus-Status",
            "X-Spam-Flag: YES\r\n\r\nx",
            "X-Virus-Status: Infected (Eicar)\r\n\r\nx")
    message("body-reject", "body_checks REJECT and WARN",
            "Subject: x\r\n\r\ncheap watches", "Subject: x\r\n\r\nodd words")
    part = ("Subject: x\r\nMIME-Version: 1.0\r\nContent-Type: "
            "multipart/mixed; boundary=b\r\n\r\n--b\r\n{}\r\n\r\nx\r\n--b--")
    message("attachment-name", "attachments *.exe, folded and plain",
            part.format('Content-Type: application/octet-stream;\r\n'
                        '\tname="invoice.pdf.exe"'),
            part.format('Content-Disposition: attachment; filename=a.js'))
    message("attachment-hostile", "attachment names with log phrases",
            *[part.format(f'Content-Disposition: attachment; '
                          f'filename="{word} a.exe"')
              for word in hostile.WORDS if isinstance(word, str)])
    message("partial", "Content-Type: message/partial",
            "Subject: x\r\nMIME-Version: 1.0\r\nContent-Type: "
            'message/partial; id="a@b"; number=1; total=3\r\n\r\nx')
    message("nested-reject", "nested_header_checks REJECT",
            part.format("Content-Type: message/rfc822\r\n\r\n"
                        "Subject: nested"))
    message("header-hostile", "rejected Subject with log phrases",
            *[b"Subject: hostile ".decode() +
              hostile.raw(word).decode("utf-8", "surrogateescape")
              + "\r\n\r\nx" for word in hostile.WORDS])


def restrictions(take, smtp):
    for port, when in ((RESTRICTED_EARLY, "early"),
                       (RESTRICTED_LATE, "late")):
        for name, hello in (("invalid", "-bad-"), ("chars", "a_b c"),
                            ("fqdn", "localhost"),
                            ("unknown", "no.such.test"),
                            ("access", "bad.client.test"),
                            ("access-text", "worse.client.test"),
                            ("me", "mx.example.test"),
                            ("literal", "[198.51.100.9]"),
                            ("address", "198.51.100.9")):
            with take(f"helo-{name}-{when}", f"EHLO {hello}, MAIL, RCPT, "
                      f"smtpd_delay_reject {when}"):
                session(smtp, *letter(ALICE), hello=hello, port=port)
        for sender in ("x", "x@nomx.test", "x@nosuch.invalid",
                       "spam@client.test", "defer@client.test",
                       "discard@client.test", "hold@client.test",
                       "warn@client.test", "info@client.test",
                       "ok@client.test", ALICE):
            with take(f"sender-{sender.replace('@', '-at-')}-{when}",
                      f"MAIL FROM:<{sender}>, RCPT, DATA; {when}"):
                session(smtp, *letter(ALICE, sender=sender,
                                      message="Subject: x\r\n\r\nx"),
                        port=port)
    with take("sender-login-mismatch", "alice logs in and sends as bob"):
        session(smtp, "AUTH PLAIN " + plain(ALICE, "secret"),
                *letter(ALICE, sender=BOB), port=RESTRICTED_LATE)
    with take("recipient-access", "check_recipient_access REJECT, 521, 421"):
        for word in ("postmaster", "go", "late"):
            session(smtp, *letter(f"{word}@example.test",
                                  sender="ok@client.test"),
                    port=RESTRICTED_LATE)
    with take("recipient-not-fqdn", "RCPT alice, RCPT to no domain"):
        session(smtp, *letter("alice", "a@nosuch.invalid",
                              sender="ok@client.test"),
                port=RESTRICTED_LATE)
    with take("data-multi-bounce", "MAIL FROM:<>, two RCPT, DATA"):
        session(smtp, *letter(ALICE, BOB, sender="", message="x"),
                port=RESTRICTED_LATE)
    with take("data-pipelining", "DATA in one packet with RCPT, no EHLO "
              "PIPELINING"):
        with smtp(FIRST, RESTRICTED_LATE) as client:
            client.say("HELO c2.client.test")
            client.send(b"MAIL FROM:<ok@client.test>\r\nRCPT TO:<" +
                        ALICE.encode() + b">\r\nDATA\r\nx\r\n.\r\nQUIT\r\n")
            while client.line():
                pass
    with take("soft-bounce", "soft_bounce=yes: relay, unknown, helo"):
        session(smtp, *letter("z@elsewhere.test", "nosuch@example.test",
                              sender="ok@client.test"), port=SOFT)
        session(smtp, *letter(ALICE), hello="-bad-", port=SOFT)
    with take("reject-warning", "warn_if_reject DNSBL and unknown user; "
              "reject_plaintext_session; smtpd_reject_footer"):
        session(smtp, *letter(ALICE, "nosuch@example.test"), source=LISTED,
                port=WARNING)
    with take("reject-footer-hostile", "a footer repeats sender and rcpt"):
        victim = f"[{hostile.VICTIM}]"
        session(smtp, *letter(f'"a> x{victim}: b"@elsewhere.test',
                              sender=f'"c; from=<d> {victim}"@e.test'),
                port=WARNING)


def lists(take, smtp):
    with take("dnsbl", "a client that bl.test lists"):
        session(smtp, *letter(ALICE), source=LISTED, port=DNSBL_PORT)
    with take("dnsbl-hostile-text", "a DNS list's text imitates a line"):
        session(smtp, *letter(ALICE), port=EVIL_DNSBL)
    with take("rhsbl", "listed domain as sender, HELO"):
        session(smtp, *letter(ALICE, sender="x@spammer.test"),
                port=DNSBL_PORT)
        session(smtp, *letter(ALICE), hello="spammer.test", port=DNSBL_PORT)
    for source, name, what in (
            (LISTED, "access", "REJECT"), (NUMERIC, "numeric",
                                           "554; PTR is 198.51.100.9"),
            (FORGED, "forged", "PTR is mx.example.test"),
            (BROKEN, "broken", "PTR has [198.51.100.9] in it"),
            (NAMELESS, "nameless", "no PTR"), (MINE, "521", "521")):
        with take(f"client-{name}", f"client restrictions: {what}"):
            session(smtp, *letter(ALICE), source=source, port=NAMES)


def policies(take, smtp):
    for word in POLICY_ANSWERS:
        with take(f"policy-{word}", f"policy service: "
                  f"{POLICY_ANSWERS[word][:60]}"):
            session(smtp, *letter(ALICE, sender=f"{word}@client.test",
                                  message="Subject: x\r\n\r\nx"),
                    port=POLICY)
    with take("policy-end-of-data", "policy service refuses after DATA"):
        session(smtp, *letter(ALICE, sender="end@client.test",
                              message="Subject: x\r\n\r\nx"), port=POLICY)
    with take("policy-own-421", "Brattice's own 421 at CONNECT"):
        with smtp(FIRST, EARLY_POLICY) as client:
            client.hear()
        with smtp("fd77::2", EARLY_POLICY) as client:
            client.hear()


def milters(take, smtp):
    for word in MILTER_ANSWERS:
        kind = word.decode()
        with take(f"milter-{kind}", f"milter: {MILTER_ANSWERS[word]}"):
            session(smtp, *letter(ALICE, message="Subject: x\r\nX-Kind: "
                                  f"{kind}\r\n\r\nx"), port=MILTER)
    with take("milter-header", "milter refuses at a header"):
        session(smtp, *letter(ALICE, message="Subject: header\r\n\r\nx"),
                port=MILTER)
    with take("milter-commands", "milter refuses HELO, MAIL, RCPT, connect"):
        session(smtp, *letter(ALICE), hello="mhelo.client.test", port=MILTER)
        session(smtp, *letter(ALICE, sender="msender@client.test"),
                port=MILTER)
        session(smtp, *letter("mrcpt@example.test"), port=MILTER)
        session(smtp, *letter(ALICE), source=NAMELESS, port=MILTER)
    with take("before-queue-filter", "smtpd_proxy_filter says 554"):
        session(smtp, *letter(ALICE, message="Subject: x\r\n\r\nx"),
                port=FILTERED)


def nonsense(take, smtp):
    with take("syntax-unknown-commands", "FOO, BAR, and QUIT"):
        session(smtp, "FOO", "BAR baz", "HELP", "")
    with take("syntax-order", "RCPT before MAIL, DATA, MAIL twice, "
              "MAIL before EHLO"):
        session(smtp, "RCPT TO:<alice@example.test>", "DATA",
                "MAIL FROM:<x@client.test>", "MAIL FROM:<x@client.test>")
        with smtp(FIRST, 25) as client:
            client.mail()
            client.say("HELO")
            client.say("EHLO")
            client.say("QUIT")
    with take("syntax-addresses", "bad MAIL and RCPT arguments"):
        session(smtp, "MAIL", "MAIL FROM: blah blah", "MAIL FROM:x",
                "MAIL TO:<x>", "MAIL FROM:<x@client.test> FOO=1",
                "MAIL FROM:<a@b@c>", "MAIL FROM:<x@client.test>", "RCPT",
                "RCPT TO:foo", "RCPT TO:<bad address@x>", "RCPT TO:<>",
                "RCPT TO:<@>", 'RCPT TO:<"unclosed@x>')
    with take("syntax-non-smtp", "HTTP: GET, CONNECT, POST; a JSON line"):
        for line in ("GET / HTTP/1.0", "CONNECT 198.51.100.9:25 HTTP/1.1",
                     "POST / HTTP/1.1", "{\"a\":1}",
                     f"GET /x from y[{hostile.VICTIM}]: z HTTP/1.0"):
            with smtp(FIRST, 25) as client:
                client.say(line)
    with take("syntax-binary", "TLS hello, NULs and 8-bit on port 25"):
        for raw in (b"\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\x03\x03\r\n",
                    b"\0\0\0\0\r\n", b"\xff\xfe\xfd\r\n",
                    b"\x03\x00\x00\x13\x0e\xe0\r\n"):
            with smtp(FIRST, 25) as client:
                client.send(raw)
                client.hear()
                client.say("QUIT")
    with take("syntax-talks-first", "EHLO before the greeting"):
        with smtp(FIRST, 25, greet=False) as client:
            client.send("EHLO c2.client.test\r\nMAIL FROM:<a@b.test>\r\n"
                        "RCPT TO:<alice@example.test>")
            time.sleep(0.3)
            client.hear()
    with take("syntax-pipelining-forbidden", "talks first where "
              "smtpd_forbid_unauth_pipelining=yes"):
        with smtp(FIRST, NERVOUS, greet=False) as client:
            client.send("EHLO c2.client.test\r\nMAIL FROM:<a@b.test>\r\n"
                        f"RCPT TO:<x> from y[{hostile.VICTIM}]: z")
            client.hear()
            client.hear()
    with take("syntax-pipelining-after", "commands behind HELO and DATA"):
        for first in ("HELO c2.client.test", "EHLO c2.client.test"):
            with smtp(FIRST, NERVOUS) as client:
                client.send(f"{first}\r\nMAIL FROM:<a@b.test>\r\n"
                            f"RCPT TO:<{ALICE}>\r\nDATA\r\nX: y\r\n.")
                while client.line():
                    pass
    with take("syntax-long-line", "a command of 5000 bytes"):
        session(smtp, "NOOP " + "x" * 5000, "EHLO " + "y" * 3000)
    with take("too-many-errors", "unknown commands until hung up"):
        session(smtp, *["FOO"] * 6, port=NERVOUS, end=False)
    with take("too-many-errors-rcpt", "unknown users until hung up"):
        session(smtp, *letter(*[f"nosuch{n}@example.test"
                                for n in range(6)]),
                port=NERVOUS, end=False)
    with take("too-many-errors-auth", "wrong passwords until hung up"):
        session(smtp, *["AUTH PLAIN " + plain(ALICE, f"w{n}")
                        for n in range(5)], port=NERVOUS, end=False)
    with take("too-many-junk", "NOOP until hung up"):
        session(smtp, *["NOOP"] * 9, port=NERVOUS, end=False)
    with take("too-many-recipients", "more RCPT than smtpd_recipient_limit"):
        session(smtp, *letter(*[ALICE] * 6), port=NERVOUS, end=False)


def endings(take, smtp):
    with take("probe-connect-quit", "connect, QUIT"):
        with smtp(FIRST, 25) as client:
            client.say("QUIT")
    with take("probe-connect-close", "connect, close; connect, reset"):
        smtp(FIRST, 25).close()
        smtp(FIRST, 25).reset()
    with take("probe-ehlo-quit", "connect, EHLO, NOOP, RSET, QUIT"):
        session(smtp, "NOOP", "RSET")
    with take("lost-connection", "gone after EHLO, MAIL, RCPT, DATA, NOOP, "
              "RSET, STARTTLS, in the message"):
        steps = ["EHLO c2.client.test", "MAIL FROM:<x@client.test>",
                 f"RCPT TO:<{ALICE}>", "DATA", "Subject: half"]
        for count in range(1, len(steps) + 1):
            with smtp(FIRST, 25) as client:
                for step in steps[:count]:
                    if step.startswith("Sub"):
                        client.send(step)
                    else:
                        client.say(step)
        for step in ("NOOP", "RSET", "STARTTLS", "FOO", "HELO x"):
            with smtp(FIRST, 25) as client:
                client.hello()
                client.say(step)
    with take("lost-connection-submission", "587: gone after EHLO"):
        with smtp(FIRST, 587) as client:
            client.hello()
    with take("timeout", "silence after connect, EHLO, RCPT, AUTH, DATA"):
        for lines in ([], ["EHLO a"], ["EHLO a", *letter(ALICE)],
                      ["EHLO a", "AUTH LOGIN"],
                      ["EHLO a", *letter(ALICE), "DATA"],
                      ["EHLO a", "STARTTLS"]):
            with smtp(FIRST, IMPATIENT) as client:
                for line in lines:
                    client.say(line)
                while client.line():
                    pass


def secrets(take, smtp):
    with take("tls-fine", "STARTTLS and a message"):
        with smtp(FIRST, 25) as client:
            client.hello()
            client.starttls()
            client.hello()
            for line in letter(ALICE, message="Subject: x\r\n\r\nx"):
                client.say(line)
            client.say("QUIT")
    with take("tls-garbage", "STARTTLS and then no TLS; SSLv2; plain on 465"):
        for raw in (b"EHLO hello world\r\n\r\n", b"\x80\x2e\x01\0\2\0\x15",
                    b"\x16\x03\x00\0\x05\1\0\0\1\3"):
            with smtp(FIRST, 25) as client:
                client.hello()
                client.say("STARTTLS")
                client.send(raw)
                client.socket.shutdown(socket.SHUT_WR)
                client.line()
            with smtp(FIRST, 465, greet=False) as client:
                client.send(raw)
                client.socket.shutdown(socket.SHUT_WR)
                client.line()
    with take("tls-hang-up", "STARTTLS and gone; 465 and gone; reset"):
        with smtp(FIRST, 25) as client:
            client.hello()
            client.say("STARTTLS")
        smtp(FIRST, 465, greet=False).close()
        client = smtp(FIRST, 465, greet=False)
        time.sleep(0.1)
        client.reset()
    with take("tls-must", "MAIL without STARTTLS where TLS is a must"):
        session(smtp, *letter(ALICE), port=STRICT_TLS)
    with take("tls-injection", "STARTTLS with commands behind it"):
        with smtp(FIRST, 25) as client:
            client.hello()
            client.send(b"STARTTLS\r\nRSET\r\nMAIL FROM:<a@b.test>\r\n")
            client.hear()


def limits(take, smtp):
    with take("rate-messages", "more MAIL than message_rate_limit"):
        session(smtp, *["MAIL FROM:<x@client.test>", "RSET"] * 3,
                port=LIMITED)
    with take("rate-recipients", "more RCPT than recipient_rate_limit"):
        session(smtp, *letter(*[ALICE] * 6), port=LIMITED, source=MINE)
        session(smtp, *letter(*[ALICE] * 6), port=LIMITED, source=LISTED)
    with take("rate-auth", "more AUTH than auth_rate_limit"):
        session(smtp, *["AUTH PLAIN " + plain(ALICE, f"w{n}")
                        for n in range(4)], port=LIMITED)
    with take("rate-tls", "more STARTTLS than new_tls_session_rate_limit"):
        for _ in range(4):
            with smtp("fd77::2", LIMITED) as client:
                client.hello()
                if client.say("STARTTLS").startswith("220"):
                    client.reset()
    with take("rate-concurrency", "more connections at once than allowed"):
        crowd = [smtp("fd77::3", LIMITED) for _ in range(5)]
        for client in crowd:
            client.close()
    with take("rate-connections", "more connections than the rate limit"):
        for _ in range(10):
            smtp(NAMELESS, LIMITED).close()


def outside(take, smtp):
    with take("proxy-protocol", "HAProxy heads: good, bad, none"):
        for head in (b"PROXY TCP4 192.0.2.77 10.77.0.1 4711 25\r\n",
                     b"PROXY TCP6 2001:db8::77 fd77::1 4711 25\r\n",
                     b"EHLO x\r\n", b"PROXY TCP4 x[1.2.3.4] y 1 2\r\n"):
            with smtp(FIRST, PROXIED, greet=False) as client:
                client.send(head)
                client.hear()
                client.hello()
                for line in letter("z@elsewhere.test"):
                    client.say(line)
    with take("xclient", "a trusted front end tells other addresses"):
        session(smtp, "XCLIENT NAME=spam.test ADDR=192.0.2.66 HELO=a.test",
                "EHLO a.test", *letter("z@elsewhere.test"), source=MINE,
                port=XCLIENT)
        session(smtp, "XFORWARD NAME=spam.test ADDR=192.0.2.66 HELO=a.test",
                *letter(ALICE, message="Subject: x\r\n\r\nx"), source=MINE,
                port=XCLIENT)
        session(smtp, "XCLIENT ADDR=192.0.2.66", "XFORWARD ADDR=192.0.2.66")


def disguises(take, smtp):
    """Log injection: client text with every delimiter of the line."""
    texts = [hostile.raw(word).decode("utf-8", "surrogateescape")
             for word in hostile.WORDS]
    with take("hostile-helo", "EHLO with log phrases, relay refused"):
        for text in texts:
            session(smtp, *letter("z@elsewhere.test"), hello=text,
                    port=LENIENT)
    with take("hostile-helo-restricted", "the same, refused for the HELO"):
        for text in texts:
            session(smtp, *letter(ALICE), hello=text, port=RESTRICTED_EARLY)
    for name, port in (("strict", 25), ("lenient", LENIENT)):
        with take(f"hostile-addresses-{name}", "quoted and bare sender and "
                  "recipient with log phrases; relay and unknown user"):
            for text in texts:
                quoted = text.replace("\\", "\\\\").replace('"', '\\"')
                session(smtp,
                        *letter(f'"{quoted}"@elsewhere.test',
                                f'"{quoted}"@example.test',
                                sender=f'"{quoted}"@client.test'),
                        "RSET",
                        *letter(f"{text}@elsewhere.test",
                                f"{text}@example.test",
                                sender=f"{text}@client.test"),
                        port=port)
    with take("hostile-utf8-addresses", "SMTPUTF8 with log phrases"):
        for text in texts:
            quoted = text.replace("\\", "\\\\").replace('"', '\\"')
            session(smtp, f'MAIL FROM:<"{quoted}"@client.test> SMTPUTF8',
                    f'RCPT TO:<"{quoted}"@elsewhere.test>',
                    f'RCPT TO:<"{quoted}"@example.test>', port=25)
    with take("hostile-sasl-user", "AUTH PLAIN user names with log phrases"):
        for word in hostile.WORDS:
            session(smtp, "AUTH PLAIN " + plain(word, "x"))
    with take("hostile-commands", "unknown and non-SMTP commands"):
        for text in texts:
            with smtp(FIRST, NERVOUS) as client:
                client.hello()
                client.say(text)
                client.say(f"MAIL FROM: {text}")
                client.say(f"RCPT TO: {text}")
            with smtp(FIRST, 25) as client:
                client.say(f"GET {text}")
            with smtp(FIRST, 25, greet=False) as client:
                client.send(f"EHLO {text}\r\nMAIL FROM:<{text}>")
                time.sleep(0.02)
                client.hear()


def believed(take, smtp):
    """Where any user name is good, hostile ones reach more lines."""
    with take("hostile-sasl-success", "users with log phrases log in"):
        for word in hostile.WORDS:
            session(smtp, "AUTH PLAIN " + plain(word, "x"),
                    *letter("z@elsewhere.test",
                            message="Subject: x\r\n\r\nx"))


def trouble(take, smtp, dovecot):
    """The server's own trouble is no event."""
    with take("trouble-auth-stuck", "AUTH while Dovecot's auth is stopped; "
              "the client leaves, and one waits until it works again"):
        thaw = dovecot.freeze_auth()
        try:
            with smtp(FIRST, IMPATIENT) as client:
                client.hello()
                client.send("AUTH PLAIN " + plain(ALICE, "secret"))
                time.sleep(1.5)
        finally:
            thaw()
    with take("trouble-auth-killed", "Dovecot's auth is killed during AUTH"):
        pid = dovecot.auth_pid()
        thaw = dovecot.freeze_auth()
        with smtp(FIRST, 25) as client:
            client.hello()
            client.send("AUTH PLAIN " + plain(ALICE, "secret"))
            time.sleep(0.3)
            os.kill(pid, 9)
            client.hear()
            client.say("QUIT")
    with take("trouble-auth-down", "AUTH while Dovecot is stopped"):
        dovecot.stop()
        session(smtp, "AUTH PLAIN " + plain(ALICE, "secret"))
        with smtp(NAMELESS, 587) as client:
            client.hello()
            client.starttls()
            client.hello()
            client.auth_plain(ALICE, "secret")


