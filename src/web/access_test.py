#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Every route of the table as everybody: who may do what.

    access_test.py API_FIXTURE

The table comes from the program, so that a new route is covered at once.
"""

import http.client
import json
import socket
import subprocess
import sys
import tempfile
import unittest

from fixture import PASSWORD, Unix

FIXTURE = sys.argv[1]
VIEWER = {"none", "session", "read"}
OPERATOR = VIEWER | {"blocks:write", "never:write", "accounts:write"}
ADMIN = OPERATOR | {"events:ingest", "config:write", "audit:read", "admin"}
ROLES = {"viewer": VIEWER, "operator": OPERATOR, "admin": ADMIN}
# What ends the session, takes the place of everything, or tries a password.
ENDING = {("DELETE", "/session"), ("POST", "/restore"),
          ("POST", "/session/reauth")}


def routes():
    text = subprocess.run([FIXTURE, "routes"], check=True,
                          stdout=subprocess.PIPE, text=True).stdout
    return [json.loads(line) for line in text.splitlines()]


class Case(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.socket = cls.folder.name + "/control.sock"
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            cls.port = s.getsockname()[1]
        cls.origin = {"Origin": f"http://127.0.0.1:{cls.port}"}
        cls.daemon = subprocess.Popen(
            [FIXTURE, cls.folder.name, "unix:" + cls.socket,
             f"127.0.0.1:{cls.port}"], stdout=subprocess.PIPE)
        cls.addClassCleanup(cls.end)
        assert cls.daemon.stdout.readline() == b"ready\n"
        for role in ROLES:
            status, _, _ = cls.ask("POST", "/users", unix=True, body={
                "name": role, "role": role, "password": PASSWORD})
            assert status == 201

    @classmethod
    def end(cls):
        cls.daemon.terminate()
        cls.daemon.stdout.close()
        assert cls.daemon.wait(20) == 0
        cls.folder.cleanup()

    @classmethod
    def ask(cls, method, path, head=None, body=None, unix=False):
        c = Unix(cls.socket) if unix else \
            http.client.HTTPConnection("127.0.0.1", cls.port, timeout=20)
        head = dict(head or {})
        text = None
        if body is not None:
            text = json.dumps(body)
            head["Content-Type"] = "application/json"
        c.request(method, "/api/v1" + path, text, head)
        r = c.getresponse()
        kind = r.getheader("Content-Type", "")
        raw = b"" if "event-stream" in kind else r.read()  # it never ends
        c.close()
        try:
            answer = json.loads(raw) if raw else {}
        except ValueError:
            answer = {}
        return r.status, answer, r.getheader("Set-Cookie")

    def sign_in(self, name):
        status, answer, cookie = self.ask(
            "POST", "/session", body={"name": name, "password": PASSWORD})
        self.assertEqual(status, 200, answer)
        cookie = {"Cookie": cookie.split(";")[0]}
        return cookie, {**cookie, **self.origin,
                        "X-CSRF-Token": answer["csrf"]}

    def code(self, route, head):
        """The problem's code of a request that nothing is meant with."""
        method, path = route["method"], route["path"]
        path = path.replace("{id}", "999999") \
            .replace("{address}", "203.0.113.77").replace("{account}", "x")
        body = {} if route["has_body"] else None
        status, answer, _ = self.ask(method, path, head, body)
        return status, answer.get("code", "")

    def test_nobody_is_served_nothing(self):
        for route in routes():
            status, code = self.code(route, {})
            if route["scope"] != "none":
                self.assertEqual((status, code), (401, "unauthenticated"),
                                 route)

    def test_a_role_may_what_it_may(self):
        for role, scopes in ROLES.items():
            _, head = self.sign_in(role)
            for route in routes():
                if (route["method"], route["path"]) in ENDING or \
                        route["scope"] == "none":
                    continue
                status, code = self.code(route, head)
                if route["scope"] in scopes:
                    self.assertNotIn(
                        code, ("unauthenticated", "csrf"), route)
                    self.assertNotEqual(status, 401, route)
                else:
                    self.assertEqual((status, code), (403, "forbidden"),
                                     (role, route))

    def test_a_cookie_alone_writes_nothing(self):
        cookie, head = self.sign_in("admin")
        csrf = head["X-CSRF-Token"]
        bad = (cookie,
               {**cookie, **self.origin},
               {**cookie, "X-CSRF-Token": csrf},
               {**head, "Origin": "http://evil.example"},
               {**head, "Sec-Fetch-Site": "cross-site"},
               {**head, "Sec-Fetch-Site": "same-site"},
               {**head, "X-CSRF-Token": csrf[:-1] + "!"})
        for route in routes():
            if route["method"] == "GET" or route["scope"] == "none":
                continue
            for heads in bad:
                self.assertEqual(self.code(route, heads), (403, "csrf"),
                                 (route, heads))

    def token(self, scopes, **more):
        status, answer, _ = self.ask(
            "POST", "/tokens", unix=True,
            body={"name": "t", "user": "admin", "scopes": scopes, **more})
        self.assertEqual(status, 201, answer)
        return answer["id"], {"Authorization": "Bearer " + answer["token"]}

    def test_a_token_may_only_its_scopes(self):
        _, head = self.token(["read"])
        for route in routes():
            if route["scope"] == "none":
                continue
            status, code = self.code(route, head)
            if route["scope"] == "read":
                self.assertNotIn(status, (401, 403), route)
            else:
                self.assertEqual((status, code), (403, "forbidden"), route)

    def test_a_token_ends(self):
        number, head = self.token(["read"])
        self.assertEqual(self.ask("GET", "/status", head)[0], 200)
        self.ask("DELETE", f"/tokens/{number}", unix=True)
        self.assertEqual(self.ask("GET", "/status", head)[0], 401)
        _, head = self.token(["read"], networks=["192.0.2.0/24"])
        self.assertEqual(self.ask("GET", "/status", head)[0], 401)

    def test_a_token_goes_with_its_user(self):
        self.ask("POST", "/users", unix=True, body={
            "name": "gone", "role": "viewer", "password": PASSWORD})
        _, answer, _ = self.ask("POST", "/tokens", unix=True, body={
            "name": "t", "user": "gone", "scopes": ["read"]})
        head = {"Authorization": "Bearer " + answer["token"]}
        self.assertEqual(self.ask("GET", "/status", head)[0], 200)
        status, _, _ = self.ask("POST", "/tokens", unix=True, body={
            "name": "t", "user": "gone", "scopes": ["admin"]})
        self.assertEqual(status, 422)
        self.assertEqual(
            self.ask("DELETE", "/users/gone", unix=True)[0], 204)
        self.assertEqual(self.ask("GET", "/status", head)[0], 401)

    def test_a_session_ends(self):
        cookie, head = self.sign_in("viewer")
        self.assertEqual(self.ask("GET", "/status", cookie)[0], 200)
        self.assertEqual(self.ask("DELETE", "/session", head)[0], 204)
        self.assertEqual(self.ask("GET", "/status", cookie)[0], 401)

    def test_a_wrong_password_waits_and_is_an_event(self):
        body = {"name": "mallory", "password": "wrong password"}
        self.assertEqual(self.ask("POST", "/session", body=body)[0], 401)
        status, answer, _ = self.ask("POST", "/session", body=body)
        self.assertEqual((status, answer["code"]),
                         (429, "too-many-attempts"))
        events = self.ask("GET", "/events?account=mallory", unix=True)[1]
        self.assertEqual(
            [e["kind"] for e in events["items"]], ["login_failure"])

    def test_the_audit_log_is_whole_and_keeps_no_secret(self):
        self.sign_in("admin")
        text = json.dumps(self.ask("GET", "/audit?limit=1000", unix=True)[1])
        self.assertIn("POST /users", text)
        self.assertNotIn(PASSWORD, text)
        verdict = self.ask("GET", "/audit/verify", unix=True)[1]
        self.assertTrue(verdict["intact"] and verdict["rows"] > 3)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
