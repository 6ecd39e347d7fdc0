"""Mail programs reduced to what a test says and hears.

Replies are text, lines joined by newlines; '' means that the server hung up.
"""

import base64
import contextlib
import socket
import ssl

from netns import SERVER_V4, SERVER_V6

TIMEOUT = 15


def _careless_tls():
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


class Session:
    """A line conversation from one client address; `first` is the greeting."""

    def __init__(self, network, source, port, tls=False, greet=True):
        host = SERVER_V6 if ":" in source else SERVER_V4
        with network.in_clients():
            self.socket = socket.create_connection(
                (host, port), TIMEOUT, source_address=(source, 0))
        if tls:
            self.socket = _careless_tls().wrap_socket(self.socket)
        self.reader = self.socket.makefile("rb")
        self.first = self.hear() if greet else ""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.reader.close()
        self.socket.close()

    def reset(self):
        """Leave without a word, by a TCP reset."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                               b"\1\0\0\0\0\0\0\0")
        self.close()

    def send(self, line):
        """Send text (a line) or bytes (as they are) and don't wait."""
        if isinstance(line, str):
            line = line.encode("utf-8", "surrogateescape") + b"\r\n"
        with contextlib.suppress(ConnectionError):
            self.socket.sendall(line)

    def line(self):
        try:
            raw = self.reader.readline()
        except ConnectionError:
            raw = b""
        return raw.decode("utf-8", "surrogateescape").rstrip("\r\n")

    def hear(self):
        """One reply of the server."""
        return self.line()

    def say(self, line):
        self.send(line)
        return self.hear()

    def starttls(self, command="STARTTLS"):
        reply = self.say(command)
        self.socket = _careless_tls().wrap_socket(self.socket)
        self.reader = self.socket.makefile("rb")
        return reply

    def is_closed(self):
        """The server has nothing more to say and hung up."""
        return self.line() == ""


class Smtp(Session):
    def __init__(self, network, source, port=25, **options):
        super().__init__(network, source, port, **options)

    def hear(self):
        lines = [self.line()]
        while lines[-1][3:4] == "-":
            lines.append(self.line())
        return "\n".join(lines)

    def hello(self, name="client.test"):
        return self.say(f"EHLO {name}")

    def auth_plain(self, user, password):
        return self.say(f"AUTH PLAIN {plain(user, password)}")

    def auth_login(self, user, password):
        self.say("AUTH LOGIN")
        self.say(base64.b64encode(_bytes(user)).decode())
        return self.say(base64.b64encode(_bytes(password)).decode())

    def mail(self, sender="x@client.test"):
        return self.say(f"MAIL FROM:<{sender}>")

    def rcpt(self, recipient):
        return self.say(f"RCPT TO:<{recipient}>")

    def data(self, message="Subject: test\r\n\r\nHello.\r\n"):
        reply = self.say("DATA")
        if not reply.startswith("354"):
            return reply
        return self.say(message.replace("\r\n.", "\r\n..") + "\r\n.")

    def quit(self):
        reply = self.say("QUIT")
        self.close()
        return reply


class Imap(Session):
    def __init__(self, network, source, port=143, **options):
        super().__init__(network, source, port, **options)

    def command(self, text):
        """The tagged reply to a command, untagged lines before it."""
        self.send("a " + text)
        lines = [self.line()]
        while lines[-1] and not lines[-1].startswith("a "):
            lines.append(self.line())
        return "\n".join(lines)

    def login(self, user, password):
        return self.command(f"LOGIN {quoted(user)} {quoted(password)}")

    def plain(self, user, password):
        """Authenticate in a way that can carry any byte."""
        return self.command(f"AUTHENTICATE PLAIN {plain(user, password)}")


class Pop3(Session):
    def __init__(self, network, source, port=110, **options):
        super().__init__(network, source, port, **options)

    def login(self, user, password):
        reply = self.say(f"USER {user}")
        return self.say(f"PASS {password}") if reply[:3] == "+OK" else reply

    def plain(self, user, password):
        return self.say(f"AUTH PLAIN {plain(user, password)}")


def imap_login(network, source, user, password, **options):
    """(first line, reply to LOGIN)"""
    with Imap(network, source, **options) as imap:
        reply = imap.login(user, password)
        imap.send("b LOGOUT")
        return imap.first, reply


def pop3_login(network, source, user, password, **options):
    """(first line, reply to PASS)"""
    with Pop3(network, source, **options) as pop3:
        reply = pop3.login(user, password)
        pop3.send("QUIT")
        return pop3.first, reply


def plain(user, password):
    """The initial response of SASL PLAIN."""
    return base64.b64encode(
        b"\0" + _bytes(user) + b"\0" + _bytes(password)).decode()


def quoted(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _bytes(text):
    if isinstance(text, bytes):
        return text
    return text.encode("utf-8", "surrogateescape")
