# SPDX-License-Identifier: ISC
"""The real daemon over TCP and its Unix socket, with one user of each role
and a clock that stands still until it is moved."""

import http.client
import json
import pathlib
import socket
import sys
import unittest

HERE = pathlib.Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent / "daemon")]

from bratticed import CONFIG, Bratticed  # noqa: E402
from seed import Connection  # noqa: E402

NOW = 1795500000  # 2026-11-24T06:00:00Z
PASSWORD = "correct horse"
VIEWER = {"none", "session", "read"}
OPERATOR = VIEWER | {"blocks:write", "never:write", "accounts:write"}
ADMIN = OPERATOR | {"events:ingest", "config:write", "audit:read", "admin"}
ROLES = {"viewer": VIEWER, "operator": OPERATOR, "admin": ADMIN}


class Answer:
    def __init__(self, response):
        self.status = response.status
        self.head = response.headers
        kind = self.head.get("Content-Type", "")
        # A stream never ends.
        self.raw = b"" if kind == "text/event-stream" else response.read()
        self.body = json.loads(self.raw) if kind.endswith("json") else {}

    @property
    def code(self):
        """Of a problem, else ""."""
        return self.body.get("code", "")

    def cookie(self):
        return {"Cookie": self.head["Set-Cookie"].split(";")[0]}


class Served(unittest.TestCase):
    maxDiff = None
    web = ""  # more keys of the section

    @classmethod
    def setUpClass(cls):
        cls.daemon = Bratticed(now=NOW)
        cls.addClassCleanup(cls.daemon.__exit__)
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            cls.port = s.getsockname()[1]
        cls.daemon.write(CONFIG + f'web {{{{ listen = "127.0.0.1:{cls.port}" '
                                  + cls.web + '\n}}\n')
        cls.daemon.start()
        cls.clock = cls.daemon.clock
        cls.origin = {"Origin": f"http://127.0.0.1:{cls.port}"}
        for role in ROLES:
            cls.make_user(role, role)

    @classmethod
    def make_user(cls, name, role):
        answer = cls.local("POST", "/users", {
            "name": name, "role": role, "password": PASSWORD})
        assert answer.status == 201, answer.body

    @classmethod
    def exchange(cls, connection, method, path, head, body):
        head = dict(head or {})
        if body is not None:
            head["Content-Type"] = "application/json"
        try:
            connection.request(method, "/api/v1" + path,
                               None if body is None else json.dumps(body),
                               head)
            return Answer(connection.getresponse())
        finally:
            connection.close()

    @classmethod
    def local(cls, method, path, body=None):
        """Over the Unix socket."""
        return cls.exchange(Connection(cls.daemon.control), method, path,
                            None, body)

    @classmethod
    def ask(cls, method, path, head=None, body=None, ip="127.0.0.1"):
        """Over TCP, from an address of loopback."""
        c = http.client.HTTPConnection("127.0.0.1", cls.port, timeout=20,
                                       source_address=(ip, 0))
        return cls.exchange(c, method, path, head, body)

    def try_in(self, name, ip="127.0.0.1", **more):
        return self.ask("POST", "/session", ip=ip, body={
            "name": name, "password": PASSWORD, **more})

    def sign_in(self, name, **more):
        """Cookie alone, and all that a write needs."""
        answer = self.try_in(name, **more)
        self.assertEqual(answer.status, 200, answer.body)
        cookie = answer.cookie()
        return cookie, {**cookie, **self.origin,
                        "X-CSRF-Token": answer.body["csrf"]}

    def token(self, scopes, user="admin", **more):
        answer = self.local("POST", "/tokens", {
            "name": "t", "user": user, "scopes": scopes, **more})
        self.assertEqual(answer.status, 201, answer.body)
        return answer.body, {"Authorization":
                             "Bearer " + answer.body["token"]}

    def good(self, answer, status=200):
        self.assertEqual(answer.status, status, answer.body)
        return answer.body

    def bad(self, answer, status, code):
        self.assertEqual((answer.status, answer.code), (status, code),
                         answer.body)
        return answer.body
