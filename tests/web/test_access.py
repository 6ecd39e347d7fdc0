#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""test_access.py API_FIXTURE - every route of the table as everybody: who
may do what, over TCP.

The table comes from the program, so that a new route is covered at once."""

import json
import sys
import unittest

from openapi_doc import routes
from served import NOW, PASSWORD, ROLES, Served

FIXTURE = sys.argv[1]
# What ends the session, takes the place of everything, or tries a password.
ENDING = {("DELETE", "/session"), ("POST", "/restore"),
          ("POST", "/session/reauth")}
DAY = 86400


def stamp_of(year):
    return f"{year}-11-24T06:00:00Z"


class Case(Served):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # The one-time token comes over the Unix socket only.
        cls.routes = [r for r in routes(FIXTURE) if r["scope"] != "none"
                      and r["path"] != "/setup/token"]
        assert len(cls.routes) > 40

    def setUp(self):
        self.clock.set(NOW)

    def send(self, route, head):
        """A request that nothing is meant with."""
        path = route["path"].replace("{id}", "999999") \
            .replace("{address}", "203.0.113.77").replace("{account}", "x")
        return self.ask(route["method"], path, head,
                        {} if route["has_body"] else None)

    def check_nobody(self, head):
        """With these fields nobody is known."""
        for route in self.routes:
            with self.subTest(route=route["path"]):
                self.bad(self.send(route, head), 401, "unauthenticated")

    # Roles and sessions.

    def test_nobody_is_served_nothing(self):
        self.check_nobody({})

    def test_a_role_may_what_it_may(self):
        for role, scopes in ROLES.items():
            _, head = self.sign_in(role)
            for route in self.routes:
                if (route["method"], route["path"]) in ENDING:
                    continue
                answer = self.send(route, head)
                with self.subTest(role=role, route=route["path"]):
                    if route["scope"] not in scopes:
                        self.bad(answer, 403, "forbidden")
                    else:
                        self.assertNotIn(answer.status, (401, 403),
                                         answer.body)

    def test_a_cookie_alone_writes_nothing(self):
        cookie, head = self.sign_in("admin")
        csrf = head["X-CSRF-Token"]
        bad = (cookie,
               {**cookie, **self.origin},
               {**cookie, "X-CSRF-Token": csrf},
               {**head, "Origin": "http://evil.example"},
               {**head, "Origin": "null"},
               {**head, "Sec-Fetch-Site": "cross-site"},
               {**head, "Sec-Fetch-Site": "same-site"},
               {**head, "X-CSRF-Token": csrf[:-1] + "!"},
               {**head, "X-CSRF-Token": ""})
        for route in self.routes:
            if route["method"] == "GET":
                continue
            for heads in bad:
                with self.subTest(route=route["path"], head=heads):
                    self.bad(self.send(route, heads), 403, "csrf")

    def test_the_token_of_another_session_is_not_ones_own(self):
        _, head = self.sign_in("admin")
        _, other = self.sign_in("admin")
        self.bad(self.ask("PATCH", "/me", {
            **head, "X-CSRF-Token": other["X-CSRF-Token"]}, {}), 403, "csrf")

    def test_some_writes_want_the_password_again(self):
        _, head = self.sign_in("admin")
        self.clock.forward(601)
        for route in self.routes:
            if (route["method"], route["path"]) in ENDING:
                continue
            answer = self.send(route, head)
            with self.subTest(route=route["path"]):
                self.assertEqual(answer.code == "reauth-required",
                                 route["proof"], answer.body)
        body = self.good(self.ask("POST", "/session/reauth", head,
                                  {"password": PASSWORD}))
        self.assertNotEqual(body["csrf"], head["X-CSRF-Token"])
        self.bad(self.ask("GET", "/me", head), 401, "unauthenticated")

    def test_a_session_that_is_over(self):
        cookie, head = self.sign_in("admin")
        self.good(self.ask("DELETE", "/session", head), 204)
        self.check_nobody(head)

    def test_a_session_that_was_idle(self):
        _, head = self.sign_in("admin")
        self.clock.forward(1799)
        self.good(self.ask("GET", "/me", head))
        self.clock.forward(1800)
        self.check_nobody(head)

    def test_a_session_that_is_half_a_day_old(self):
        _, head = self.sign_in("admin")
        for _ in range(27):
            self.clock.forward(1599)
            self.good(self.ask("GET", "/me", head))
        self.clock.forward(28)
        self.check_nobody(head)

    def test_a_session_that_was_revoked(self):
        _, head = self.sign_in("operator")
        for row in self.local("GET", "/sessions").body["items"]:
            if row["user"] == "operator":
                self.local("DELETE", f"/sessions/{row['id']}")
        self.check_nobody(head)

    def test_a_user_who_is_disabled(self):
        self.make_user("off", "admin")
        _, head = self.sign_in("off")
        _, token = self.token(["read", "admin"], user="off")
        self.good(self.local("PATCH", "/users/off", {"disabled": True}))
        self.check_nobody(head)
        self.check_nobody(token)
        self.bad(self.try_in("off"), 401, "unauthenticated")
        self.good(self.local("DELETE", "/users/off"), 204)

    def test_a_role_that_was_taken_away(self):
        self.make_user("less", "admin")
        _, token = self.token(["read", "config:write"], user="less")
        self.good(self.ask("PATCH", "/settings", token, {}))
        self.good(self.local("PATCH", "/users/less", {"role": "viewer"}))
        self.bad(self.ask("PATCH", "/settings", token, {}), 403, "forbidden")
        self.good(self.ask("GET", "/settings", token))
        self.good(self.local("DELETE", "/users/less"), 204)

    def test_two_cookies_are_none(self):
        cookie, _ = self.sign_in("admin")
        self.bad(self.ask("GET", "/me", {
            "Cookie": cookie["Cookie"] + "; " + cookie["Cookie"]}),
            401, "unauthenticated")

    # Tokens.

    def test_a_token_may_only_its_scopes(self):
        for scope in sorted(ROLES["admin"] - {"none", "session"}):
            _, head = self.token([scope])
            for route in self.routes:
                if (route["method"], route["path"]) in ENDING:
                    continue
                answer = self.send(route, head)
                with self.subTest(scope=scope, route=route["path"]):
                    if route["scope"] == scope:
                        self.assertNotIn(answer.status, (401, 403))
                    else:
                        self.bad(answer, 403, "forbidden")

    def test_tokens_that_are_none(self):
        made, head = self.token(["admin"])
        word = made["token"]
        for bad in (word[:-1], word + "x", word.upper(), "brt_", "",
                    word[:-1] + ("0" if word[-1] != "0" else "1")):
            self.bad(self.ask("GET", "/users", {
                "Authorization": "Bearer " + bad}), 401, "unauthenticated")
        self.bad(self.ask("GET", f"/users?token={word}"), 401,
                 "unauthenticated")
        self.good(self.ask("GET", "/users", head))

    def test_a_token_that_was_ended(self):
        made, head = self.token(["read", "admin"])
        self.good(self.ask("GET", "/users", head))
        self.good(self.local("DELETE", f"/tokens/{made['id']}"), 204)
        self.check_nobody(head)

    def test_a_token_of_another_network(self):
        _, head = self.token(["read", "admin"],
                             networks=["192.0.2.0/24", "127.0.0.2"])
        self.check_nobody(head)
        self.good(self.ask("GET", "/users", head, ip="127.0.0.2"))

    def test_a_token_ends_after_a_year_unless_told(self):
        made, head = self.token(["read"])
        self.assertEqual(made["expires"], stamp_of(2027))
        self.assertIsNone(self.token(["read"], expires=None)[0]["expires"])
        short, other = self.token(["read"], expires=stamp_of(2028))
        self.assertEqual(short["expires"], stamp_of(2028))
        for when in (stamp_of(2026), stamp_of(2025), "tomorrow", "", 7, True):
            answer = self.local("POST", "/tokens", {
                "name": "t", "user": "admin", "scopes": ["read"],
                "expires": when})
            self.bad(answer, 422, "validation")
        self.clock.forward(365 * DAY - 1)
        self.good(self.ask("GET", "/status", head))
        self.clock.forward(1)
        self.check_nobody(head)
        self.good(self.ask("GET", "/status", other))

    def test_a_token_tells_when_it_was_used(self):
        made, head = self.token(["read"])
        self.assertIsNone(made["last_used"])
        self.clock.forward(77)
        self.good(self.ask("GET", "/status", head))
        rows = self.local("GET", "/tokens").body["items"]
        self.assertEqual([r["last_used"] for r in rows
                          if r["id"] == made["id"]],
                         ["2026-11-24T06:01:17Z"])

    def test_a_token_goes_with_its_user(self):
        self.make_user("gone", "viewer")
        _, head = self.token(["read"], user="gone")
        self.good(self.ask("GET", "/status", head))
        self.bad(self.local("POST", "/tokens", {
            "name": "t", "user": "gone", "scopes": ["admin"]}),
            422, "validation")
        self.good(self.local("DELETE", "/users/gone"), 204)
        self.check_nobody(head)

    def test_nobody_makes_a_token_that_may_more(self):
        _, head = self.sign_in("operator")
        for scope in sorted(ROLES["admin"] - {"none", "session"}):
            answer = self.ask("POST", "/tokens", head,
                              {"name": "t", "scopes": [scope]})
            with self.subTest(scope=scope):
                if scope in ROLES["operator"]:
                    self.good(answer, 201)
                else:
                    self.bad(answer, 422, "validation")
        self.bad(self.ask("POST", "/tokens", head, {
            "name": "t", "scopes": ["read"], "user": "admin"}),
            422, "validation")

    def test_tokens_of_others_are_not_ones_own(self):
        made, _ = self.token(["read"], user="admin")
        _, head = self.sign_in("operator")
        rows = self.good(self.ask("GET", "/tokens", head))["items"]
        self.assertEqual({r["user"] for r in rows} - {"operator"}, set())
        self.bad(self.ask("DELETE", f"/tokens/{made['id']}", head),
                 404, "not-found")

    # Users.

    def test_a_user_is_changed_as_it_was_seen(self):
        self.make_user("seen", "viewer")
        _, head = self.sign_in("admin")
        path = "/users/seen"
        tag = self.ask("GET", path, head).head["ETag"]
        self.bad(self.ask("PATCH", path, head, {"role": "operator"}),
                 428, "precondition-required")
        self.sign_in("seen")  # changes nothing that an administrator sees
        answer = self.ask("PATCH", path, {**head, "If-Match": tag},
                          {"role": "operator"})
        self.assertEqual(self.good(answer)["role"], "operator")
        self.assertNotEqual(answer.head["ETag"], tag)
        self.bad(self.ask("PATCH", path, {**head, "If-Match": tag},
                          {"role": "admin"}), 412, "precondition-failed")
        self.good(self.local("DELETE", path), 204)

    def test_settings_are_changed_as_they_were_seen(self):
        _, head = self.sign_in("admin")
        tag = self.ask("GET", "/settings", head).head["ETag"]
        body = {"smtp.threshold": 900}
        self.bad(self.ask("PATCH", "/settings", head, body),
                 428, "precondition-required")
        seen = {**head, "If-Match": tag}
        self.good(self.ask("PATCH", "/settings?dry_run=true", seen, body))
        answer = self.ask("PATCH", "/settings", seen, body)
        self.good(answer)
        now = self.ask("GET", "/settings", head).head["ETag"]
        self.assertNotEqual(now, tag)
        self.assertEqual(answer.head["ETag"], now)
        answer = self.ask("PATCH", "/settings", seen, {"smtp.threshold": 800})
        self.bad(answer, 412, "precondition-failed")
        self.assertIn("smtp.threshold = 900", answer.body["detail"])
        self.good(self.local("PATCH", "/settings", {"smtp.threshold": None}))
        self.assertEqual(
            self.ask("GET", "/settings", head).head["ETag"], tag)

    def test_the_last_administrator_stays(self):
        _, head = self.sign_in("admin")
        tag = {"If-Match": self.ask("GET", "/users/admin", head).head["ETag"]}
        for body in ({"role": "viewer"}, {"disabled": True}):
            self.bad(self.ask("PATCH", "/users/admin", {**head, **tag}, body),
                     409, "already-exists")
        self.bad(self.ask("DELETE", "/users/admin", head),
                 409, "already-exists")

    # Audit.

    def test_the_audit_log_is_whole_and_keeps_no_secret(self):
        self.sign_in("admin")
        made, _ = self.token(["read"])
        text = json.dumps(self.local("GET", "/audit?limit=1000").body)
        self.assertIn("POST /users", text)
        self.assertIn("POST /tokens", text)
        self.assertNotIn(PASSWORD, text)
        self.assertNotIn(made["token"], text)
        verdict = self.local("GET", "/audit/verify").body
        self.assertTrue(verdict["intact"] and verdict["rows"] > 3)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
