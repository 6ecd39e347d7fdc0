"""Every event that Dovecot 2.3 can tell, for real."""

import functools
import os
import socket
import time

import fakes
import hostile
from clients import Imap, Pop3, quoted
from dovecot import CREDULOUS, PASSWD_FILE
from waiting import until

FIRST, OTHER = "10.77.0.2", "10.77.0.3"
ALICE, BOB = "alice@example.test", "bob@example.test"
TOKEN = "sample-token"

USERS = {
    "nets@example.test": "x::::::allow_nets=192.0.2.0/24",
    "nologin@example.test": "x::::::nologin=y reason=Not-today",
    "refused@example.test": "x",
    "slow@example.test": "x",
    "weird@example.test": "x",
}

PROXIED = """
haproxy_trusted_networks = 10.77.0.2
service imap-login {
  inet_listener proxied {
    port = 1143
    haproxy = yes
  }
}
"""

FORGETFUL = """
auth_verbose = no
disable_plaintext_auth = yes
auth_verbose_passwords = no
mail_max_userip_connections = 1
login_trusted_networks = 10.77.0.8
"""

WORDY = """
auth_verbose = yes
auth_verbose_passwords = sha1:6
auth_debug = yes
verbose_ssl = yes
mail_plugins = notify mail_log
plugin {
  mail_log_events = expunge mailbox_delete mailbox_create
  mail_log_fields = uid box msgid from subject size
}
"""


def policy_answer(command, request):
    login = request.get("login", "")
    if command == "allow" and login.startswith("refused"):
        return {"status": -1, "msg": "Server access temporarily blocked! "
                                     "Please try again later"}
    if command == "allow" and login.startswith("weird"):
        return {"status": -1, "msg": f"x (rip={hostile.VICTIM}), "
                                     f"lip=1): user=<b>, rip={hostile.VICTIM}"}
    return {"status": 1 if login.startswith("slow") else 0, "msg": ""}


def record(lab, recorder, folder):
    """Write one log a scenario; return the names of those that failed."""
    policy = fakes.AuthPolicy(lab.network, policy_answer)
    lab.cleanup.callback(policy.close)
    imap = functools.partial(Imap, lab.network)
    pop3 = functools.partial(Pop3, lab.network)
    failed = []

    def run(name, scenarios, **options):
        server = lab.dovecot(f"dovecot-{name}", users=USERS, **options)
        take = recorder(folder / "dovecot", server.log)
        idle = begin_silence(imap, pop3)
        for scenario in scenarios:
            scenario(take, imap, pop3)
        if name == "plain":
            trouble(take, imap, server)
            end_silence(take)
        for client in idle:
            client.close()
        server.stop()
        failed.extend(take.failed)

    run("plain", (logins, curiosities, secrets, disguises),
        policy=(policy.url, TOKEN), extra=PROXIED)
    run("strict", (strict,), extra=FORGETFUL)
    run("wordy", (wordy,), extra=WORDY)
    run("credulous", (believed,), passdb=PASSWD_FILE + CREDULOUS)
    run("lost-policy", (lost_policy,), policy=("http://127.0.0.1:9/", TOKEN))
    return failed


def begin_silence(imap, pop3):
    """Connections that will say nothing more."""
    clients = [imap(OTHER), pop3(OTHER), imap(OTHER)]
    clients[1].login(ALICE, "wrong")
    clients[2].say("a AUTHENTICATE PLAIN")
    return clients


def end_silence(take):
    with take("inactivity", "silence for three minutes after connect, after "
              "a wrong password (POP3), in AUTHENTICATE") as log:
        until("three lines",
              lambda: log.new().count("nactivity") > 2, seconds=200)


def try_imap(imap, *logins_, source=FIRST, end="LOGOUT", **options):
    """Log in as each of (user, password), then end."""
    with imap(source, **options) as client:
        replies = [client.login(*login) for login in logins_]
        if end:
            client.command(end)
    return replies


def try_pop3(pop3, *logins_, source=FIRST, end="QUIT", **options):
    with pop3(source, **options) as client:
        replies = [client.login(*login) for login in logins_]
        if end:
            client.say(end)
    return replies


def logins(take, imap, pop3):
    right, wrong = (ALICE, "secret"), (ALICE, "wrong")
    for name, attempt in (("imap", functools.partial(try_imap, imap)),
                          ("pop3", functools.partial(try_pop3, pop3))):
        tls = {"port": 993 if name == "imap" else 995, "tls": True}
        for what, arguments, options in (
                ("success", [right], {}),
                ("success-tls", [right], tls),
                ("success-ipv6", [right], {"source": "fd77::2"}),
                ("wrong", [wrong], {}),
                ("wrong-tls", [wrong], tls),
                ("wrong-ipv6", [wrong], {"source": "fd77::3"}),
                ("wrong-hang-up", [wrong], {"end": None}),
                ("wrong-three", [(ALICE, f"w{n}") for n in range(3)], {}),
                ("wrong-three-users", [(ALICE, "w"), (BOB, "w"),
                                       ("carol@example.test", "w")], {}),
                ("wrong-then-right", [wrong, right], {}),
                ("unknown", [("nobody@example.test", "x")], {}),
                ("unknown-bare", [("admin", "x")], {}),
                ("empty", [("", "")], {}),
                ("nets", [("nets@example.test", "x")], {}),
                ("nologin", [("nologin@example.test", "x")], {}),
                ("policy-refused", [("refused@example.test", "x")], {}),
                ("policy-refused-wrong", [("refused@example.test", "w")], {}),
                ("policy-refused-hostile", [("weird@example.test", "x")], {}),
                ("policy-slow", [("slow@example.test", "w")], {}),
                ("nothing", [], {}),
                ("nothing-hang-up", [], {"end": None})):
            with take(f"{name}-{what}", f"{name}: log in as {arguments} "
                      f"{options}"):
                attempt(*arguments, **options)


def curiosities(take, imap, pop3):
    with take("imap-reset", "connect, TCP reset"):
        imap(FIRST).reset()
    with take("imap-invalid-commands", "unknown commands until hung up"):
        with imap(FIRST) as client:
            while client.say("a FOO"):
                pass
    with take("pop3-invalid-commands", "unknown commands until hung up"):
        with pop3(FIRST) as client:
            while client.say("FOO"):
                pass
    with take("imap-http", "a HTTP request at the IMAP port"):
        with imap(FIRST) as client:
            client.send("GET / HTTP/1.0\r\nHost: x\r\n\r")
            client.line()
    with take("imap-long-line", "a command without end"):
        with imap(FIRST) as client:
            client.send(b"a " + b"x" * 70000)
            client.line()
    with take("imap-authenticate", "AUTHENTICATE: wrong, cancelled, not "
              "base64, unknown mechanism, gone in the middle"):
        with imap(FIRST) as client:
            client.plain(ALICE, "wrong")
            client.command("AUTHENTICATE CRAM-MD5")
            client.say("b AUTHENTICATE PLAIN")
            client.say("!!!")
            client.say("c AUTHENTICATE LOGIN")
            client.say("*")
            client.command("LOGOUT")
        with imap(FIRST) as client:
            client.say("b AUTHENTICATE PLAIN")
            client.say("*")
        with imap(FIRST) as client:
            client.say("b AUTHENTICATE LOGIN")
    with take("pop3-authenticate", "AUTH PLAIN wrong, right; USER, gone"):
        with pop3(FIRST) as client:
            client.plain(ALICE, "wrong")
            client.plain(ALICE, "secret")
            client.say("QUIT")
        with pop3(FIRST) as client:
            client.say("USER " + ALICE)
        with pop3(FIRST) as client:
            client.say("PASS x")
            client.say("APOP x y")
            client.say("QUIT")
    with take("imap-gone-while-checking", "LOGIN and gone at once"):
        with imap(FIRST) as client:
            client.send(f"a LOGIN {ALICE} wrong")
        with imap(FIRST) as client:
            client.send(f"a LOGIN {ALICE} wrong")
            client.reset()
    with take("imap-id", "ID with forged addresses from an untrusted client"):
        with imap(FIRST) as client:
            client.command(f'ID ("x-originating-ip" "{hostile.VICTIM}" '
                           f'"x-session-id" "s>, rip={hostile.VICTIM}" '
                           '"name" "Thunder>bird")')
            client.login(ALICE, "wrong")
            client.command("LOGOUT")
    with take("haproxy", "a trusted proxy tells the address; good, bad head"):
        for head in ("PROXY TCP4 192.0.2.77 10.77.0.1 4711 143",
                     "PROXY TCP6 2001:db8::7 fd77::1 4711 143",
                     f"PROXY TCP4 x>, rip={hostile.VICTIM} y 1 2"):
            with imap(FIRST, 1143, greet=False) as client:
                client.send(head)
                if client.line():
                    client.login(ALICE, "wrong")
    with take("haproxy-untrusted", "a PROXY head from somebody else"):
        with imap(OTHER, 1143, greet=False) as client:
            client.send("PROXY TCP4 192.0.2.77 10.77.0.1 4711 143")
            client.line()
    with take("imap-session", "a whole session; bad commands after login"):
        with imap(FIRST) as client:
            client.login(ALICE, "secret")
            client.command("SELECT INBOX")
            while client.line() if not client.say("a FOO") else True:
                if not client.say("a FOO"):
                    break
    with take("pop3-session", "a whole session"):
        with pop3(FIRST) as client:
            client.login(ALICE, "secret")
            client.say("STAT")
            client.say("QUIT")


def secrets(take, imap, pop3):
    with take("starttls", "STARTTLS, wrong, right; STLS, wrong"):
        with imap(FIRST) as client:
            client.starttls("a STARTTLS")
            client.login(ALICE, "wrong")
            client.login(ALICE, "secret")
            client.command("LOGOUT")
        with pop3(FIRST) as client:
            client.starttls("STLS")
            client.login(ALICE, "wrong")
            client.say("QUIT")
    with take("tls-garbage", "no TLS on 993, 995, after STARTTLS"):
        for make, port in ((imap, 993), (pop3, 995)):
            for raw in (b"a LOGIN x y\r\n\r\n", b"\x16\3\0\0\5\1\0\0\1\3",
                        b"\x80\x2e\1\0\2\0\x15"):
                with make(FIRST, port=port, greet=False) as client:
                    client.send(raw)
                    client.socket.shutdown(socket.SHUT_WR)
                    client.line()
        with imap(FIRST) as client:
            client.say("a STARTTLS")
            client.send("a LOGIN x y\r\n\r\n")
            client.line()
    with take("tls-hang-up", "993 and gone; STARTTLS and gone"):
        imap(FIRST, port=993, greet=False).close()
        with imap(FIRST) as client:
            client.say("a STARTTLS")
        client = imap(FIRST, port=993, greet=False)
        time.sleep(0.1)
        client.reset()


def disguises(take, imap, pop3):
    """Log injection: user names with every delimiter of the line."""
    with take("hostile-imap-login", "LOGIN, names with log phrases"):
        for word in hostile.WORDS:
            text = hostile.raw(word).decode("utf-8", "surrogateescape")
            with imap(FIRST) as client:
                client.send(f"a LOGIN {quoted(text)} x")
                client.line()
                client.command("LOGOUT")
    with take("hostile-imap-plain", "AUTHENTICATE PLAIN, the same names"):
        for word in hostile.WORDS:
            with imap(FIRST) as client:
                client.plain(word, "x")
                client.command("LOGOUT")
    with take("hostile-pop3", "USER and PASS, the same names"):
        for word in hostile.WORDS:
            text = hostile.raw(word).decode("utf-8", "surrogateescape")
            try_pop3(pop3, (text, "x"))
    with take("hostile-one-session", "three hostile names in one session"):
        with imap(FIRST) as client:
            for word in hostile.WORDS[6:9]:
                client.plain(word, "x")
            client.command("LOGOUT")


def strict(take, imap, pop3):
    with take("plaintext-disallowed", "LOGIN, USER without TLS where "
              "disable_plaintext_auth=yes"):
        try_imap(imap, (ALICE, "secret"))
        try_pop3(pop3, (ALICE, "secret"))
        with imap(FIRST) as client:
            client.plain(ALICE, "secret")
    with take("quiet-wrong", "wrong password where auth_verbose=no"):
        try_imap(imap, (ALICE, "wrong"), port=993, tls=True)
        try_pop3(pop3, (ALICE, "wrong"), (BOB, "x"), port=995, tls=True)
    with take("trusted-id", "a trusted webmail tells the client by ID"):
        with imap("10.77.0.8") as client:
            client.command('ID ("x-originating-ip" "192.0.2.88" '
                           '"x-originating-port" "4711")')
            client.login(ALICE, "wrong")
            client.command("LOGOUT")
    with take("too-many-connections", "more than userip_connections"):
        with imap(FIRST, port=993, tls=True) as one:
            one.login(ALICE, "secret")
            with imap(FIRST, port=993, tls=True) as two:
                two.login(ALICE, "secret")


def wordy(take, imap, pop3):
    with take("wordy-wrong", "auth_debug, auth_verbose_passwords, "
              "verbose_ssl: wrong, unknown, TLS trouble"):
        try_imap(imap, (ALICE, "wrong"), ("nobody@example.test", "x"))
        try_pop3(pop3, (f"a>, rip={hostile.VICTIM}", "x"))
        imap(FIRST, port=993, greet=False).close()
    with take("wordy-mailboxes", "mail_log: mailboxes with log phrases"):
        with imap(FIRST) as client:
            client.login(BOB, "hunter2")
            for word in hostile.WORDS:
                if isinstance(word, str) and word.isascii():
                    client.command(f"CREATE {quoted(word)}")
                    client.command(f"DELETE {quoted(word)}")
            client.send("a APPEND INBOX {60}")
            client.line()
            client.send(f"Subject: x rip={hostile.VICTIM}, user=<b>".ljust(60))
            client.line()
            client.command("LOGOUT")


def believed(take, imap, pop3):
    second = "in-the-second@example.test"
    with take("two-databases", "a user of the second of two passdbs logs in "
              "by IMAP, POP3; then with a wrong password"):
        try_imap(imap, (second, "x"))
        try_pop3(pop3, (second, "x"))
        try_imap(imap, (second, "wrong"))
    with take("hostile-success", "hostile names log in, wrong and right"):
        for word in hostile.WORDS:
            with imap(FIRST) as client:
                client.plain(word, "wrong")
                client.plain(word, "x")
                client.command("LOGOUT")
    with take("hostile-success-pop3", "the same by POP3, no quarantine"):
        for word in hostile.WORDS:
            with pop3(FIRST) as client:
                client.plain(word, "wrong")
                client.say("QUIT")


def lost_policy(take, imap, pop3):
    with take("policy-server-down", "nobody listens at the policy URL"):
        try_imap(imap, (ALICE, "wrong"), (ALICE, "secret"))


def trouble(take, imap, server):
    """The server's own trouble is no event."""
    with take("trouble-auth-killed", "auth is killed during LOGIN"):
        with imap(FIRST) as client:
            pid = server.auth_pid()
            server.freeze_auth()
            client.send(f"a LOGIN {ALICE} secret")
            time.sleep(0.3)
            os.kill(pid, 9)
            client.line()
            client.send("a LOGOUT")
            client.line()
    with take("trouble-auth-stuck", "auth is stopped during LOGIN, then goes "
              "on; the client has left"):
        until("auth again", lambda: _has_auth(server))
        try_imap(imap, (ALICE, "secret"))
        with imap(FIRST) as client:
            thaw = server.freeze_auth()
            try:
                client.send(f"a LOGIN {ALICE} secret")
                time.sleep(1)
                client.close()
            finally:
                thaw()
    with take("trouble-auth-absent", "auth is stopped before the client "
              "comes; no greeting for a while"):
        thaw = server.freeze_auth()
        try:
            with imap(FIRST) as client:
                client.send(f"a LOGIN {ALICE} secret")
        finally:
            thaw()


def _has_auth(server):
    try:
        return server.auth_pid()
    except LookupError:
        return None
