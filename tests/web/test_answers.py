#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""test_answers.py API_FIXTURE - what the real daemon answers is what its
document says, with a made history: every GET, a journey of writes, and
what is refused."""

import json
import pathlib
import sys
import unittest
import urllib.parse

HERE = pathlib.Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent / "daemon")]

from bratticed import Bratticed, until  # noqa: E402
from openapi_doc import Document, routes  # noqa: E402
from seed import Connection, seed, want  # noqa: E402

FIXTURE = sys.argv[1]
PASSWORD = "correct horse"
# What stands for {…}, and more to ask than the bare path.
PARTS = {"address": ["203.0.113.10", "198.51.100.20", "192.0.2.130",
                     "198.51.100.1", "2001:db8:4::25", "203.0.113.99"],
         "account": ["ann", "nobody"], "id": ["1"]}
MORE = {"/blocks": ["state=all", "limit=1", "address=192.0.2.130"],
        "/blocked": ["address=203.0.113.10", "address=198.51.100.1"],
        "/never/check": ["address=198.51.100.1", "address=127.0.0.1"],
        "/events": ["limit=2", "after=0", "kind=relay_denied"],
        "/accounts": ["state=all"],
        "/stats/top": ["by=account"],
        "/stats/series": ["step=3600"],
        "/addresses": ["near=0.1"],
        "/audit": ["q=settings", "limit=1"]}
# Asked by somebody who is signed in.
SIGNED_IN = ("/session", "/me", "/me/sessions")


def text_of(line):
    return "Nov 24 06:28:02 mx postfix/smtpd[1]: " + line


JOURNEY = [
    ("POST", "/parse", {"line": text_of(
        "NOQUEUE: reject: RCPT from unknown[203.0.113.7]: 554 5.7.1 "
        "<u@other.example>: Relay access denied; from=<x@y.example> "
        "to=<u@other.example> proto=ESMTP helo=<z>")}, 200),
    ("POST", "/parse", {"line": "nothing that is known"}, 200),
    ("POST", "/blocks/preview", {"address": "192.0.2.0/24",
                                 "self": "192.0.2.1"}, 200),
    ("POST", "/never/preview", {"address": "192.0.2.0/24"}, 200),
    ("POST", "/blocks", {"address": "192.0.2.64/26", "note": "here"}, 201),
    ("POST", "/blocks", {"address": "192.0.2.0/24", "self": "192.0.2.1"},
     409),
    ("POST", "/blocks", {"address": "0.0.0.0/0"}, 409),
    ("POST", "/blocks", {"address": "198.51.100.1"}, 409),
    ("POST", "/blocks", {"address": "192.0.2.300"}, 422),
    ("POST", "/blocks", {"address": "192.0.2.1", "duration": 0}, 422),
    ("DELETE", "/blocks?address=192.0.2.64/26", None, 200),
    ("DELETE", "/blocks?address=192.0.2.64/26", None, 404),
    ("DELETE", "/blocks?address=192.0.2.130", None, 409),
    ("DELETE", "/blocks/1", None, 200),
    ("DELETE", "/blocks/1", None, 404),
    ("POST", "/never", {"address": "192.0.2.130", "note": "mine"}, 201),
    ("POST", "/never", {"address": "192.0.2.130"}, 409),
    ("DELETE", "/never?address=192.0.2.130", None, 200),
    ("DELETE", "/never?address=192.0.2.130", None, 404),
    ("DELETE", "/accounts/ann/lock", None, 200),
    ("POST", "/events", {"address": "203.0.113.7", "kind": "probe"}, 202),
    ("POST", "/events", {"address": "203.0.113.7", "kind": "none"}, 422),
    ("PATCH", "/settings?dry_run=true", {"smtp.threshold": 900}, 200),
    ("PATCH", "/settings", {"smtp.threshold": None}, 200),
    ("PATCH", "/settings", {"smtp.treshold": 1}, 422),
    ("POST", "/setup/token", None, 409),
    ("POST", "/users", {"name": "bob", "password": PASSWORD}, 201),
    ("POST", "/users", {"name": "bob", "password": PASSWORD}, 409),
    ("PATCH", "/users/bob", {"role": "operator"}, 200),
    ("POST", "/tokens", {"name": "t", "user": "bob", "scopes": ["read"],
                         "networks": ["192.0.2.0/24"]}, 201),
    ("POST", "/tokens", {"name": "t", "user": "bob", "scopes": ["admin"]},
     422),
    ("DELETE", "/tokens/1", None, 204),
    ("DELETE", "/tokens/1", None, 404),
    ("DELETE", "/users/bob", None, 204),
    ("DELETE", "/sessions/77", None, 404),
]


class Case(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.document = Document(FIXTURE)
        cls.routes = routes(FIXTURE)
        cls.daemon = Bratticed()
        cls.addClassCleanup(cls.daemon.__exit__)
        cls.daemon.start()
        cls.control = cls.daemon.control
        want(cls.control, "POST", "/users", {
            "name": "ann", "role": "admin", "password": PASSWORD})
        seed(cls.control)
        until("the blocks", lambda: len(
            want(cls.control, "GET", "/blocks")["items"]) >= 3)

    def ask(self, method, path, body=None):
        """Status, media type and body."""
        c = Connection(self.control)
        head = {} if body is None else {"Content-Type": "application/json"}
        try:
            c.request(method, "/api/v1" + path,
                      None if body is None else json.dumps(body), head)
            answer = c.getresponse()
            kind = answer.getheader("Content-Type")
            if kind and kind.startswith("text/event-stream"):
                return answer.status, kind, b""  # it never ends
            return answer.status, kind, answer.read()
        finally:
            c.close()

    def check(self, complaints):
        if complaints:
            self.fail("\n\n" + "\n\n".join(dict.fromkeys(complaints)))

    def find(self, method, path):
        """The template of a path."""
        path = path.split("?")[0]
        for route in self.routes:
            parts = route["path"].split("/")
            if route["method"] == method and \
                    len(parts) == path.count("/") + 1 and all(
                        a == b or a.startswith("{")
                        for a, b in zip(parts, path.split("/"))):
                return route["path"]
        raise LookupError(path)

    def asked(self, route):
        """Paths to ask of a route."""
        _, parameters = self.document.operation("GET", route["path"])
        paths = [route["path"]]
        for name, values in PARTS.items():
            paths = [p.replace("{" + name + "}", urllib.parse.quote(v))
                     for p in paths for v in values]
        paths = list(dict.fromkeys(paths))
        more = MORE.get(route["path"], [])
        if any(p["in"] == "query" and p.get("required") for p in parameters):
            assert more, f"{route['path']}: a line in MORE is missing"
            return [f"{paths[0]}?{m}" for m in more]
        return paths + [f"{paths[0]}?{m}" for m in more]

    def test_every_get(self):
        wrong = []
        for route in self.routes:
            if route["method"] != "GET" or route["path"] in SIGNED_IN:
                continue
            good = 0
            for path in self.asked(route):
                answer = self.ask("GET", path)
                good += answer[0] == 200
                wrong += self.document.answer("GET", route["path"], *answer)
            if not good:
                wrong.append(f"GET {route['path']}: never answered 200")
        self.check(wrong)

    def test_what_is_refused(self):
        wrong = []
        for route in self.routes:
            path = self.asked(route)[0].split("?")[0] \
                if route["method"] == "GET" else route["path"]
            status, kind, body = self.ask(
                route["method"], path + "?unheard_of=1",
                {} if route["has_body"] else None)
            self.assertEqual(status, 400, (route, body))
            wrong += self.document.answer(
                route["method"], route["path"], status, kind, body)
        for method, path, status in (("GET", "/no/such/path", 404),
                                     ("PUT", "/status", 405)):
            got, kind, body = self.ask(method, path)
            self.assertEqual(got, status)
            wrong += self.document.answer("GET", "/status", got, kind, body)
        self.check(wrong)

    def test_a_journey_of_writes(self):
        wrong = []
        for method, path, body, status in JOURNEY:
            got, kind, text = self.ask(method, path, body)
            if got != status:
                wrong.append(f"{method} {path} {body}: {got}, not {status}: "
                             f"{text.decode()}")
            wrong += self.document.answer(method, self.find(method, path),
                                          got, kind, text)
        self.check(wrong)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
