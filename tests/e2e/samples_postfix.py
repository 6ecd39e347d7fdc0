"""Every event that Postfix 3.7 smtpd and cleanup can tell, for real."""

import functools

import fakes
import hostile
from clients import Smtp, plain
from dovecot import CREDULOUS, PASSWD_FILE
from samples_noise import (
    believed, disguises, endings, limits, nonsense, outside, secrets, trouble,
)
from samples_site import (
    ALICE, BOB, BROKEN, DNSBL_PORT, EARLY_POLICY, EVIL_DNSBL,
    EXTRAS, FILTERED, FIRST, FORGED, LENIENT, LISTED, MAIN, MILTER,
    MILTER_ANSWERS, MINE, NAMELESS, NAMES, NERVOUS, NO_AUTH, NUMERIC,
    POLICY, POLICY_ANSWERS, RECORDS, RESTRICTED_EARLY, RESTRICTED_LATE,
    SERVICES, SOFT, TABLES, WARNING, letter, milter_answer, policy_answer,
    session,
)


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
    credulous = lab.dovecot("credulous-for-postfix",
                            passdb=PASSWD_FILE + CREDULOUS)
    believed(take, smtp)
    credulous.stop()
    postfix.stop()
    return take.failed


def _fill(options, etc):
    return {name: value.replace("{etc}", str(etc))
            for name, value in options.items()}


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
