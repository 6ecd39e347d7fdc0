"""The clients of the Postfix samples that do not behave like mail clients."""

import os
import socket
import time

import hostile
from clients import plain
from samples_site import (
    ALICE, FIRST, IMPATIENT, LENIENT, LIMITED, LISTED, MINE, NAMELESS,
    NERVOUS, PROXIED, RESTRICTED_EARLY, STRICT_TLS, XCLIENT, letter,
    session,
)


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
