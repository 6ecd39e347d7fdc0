#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""The second factor, from the QR code to the day the device is lost."""

import base64
import hashlib
import hmac
import json
import struct
import unittest

from served import NOW, PASSWORD, Served

STEP = 30


def code_of(secret, now):
    """Source: RFC 6238, 4, and RFC 4226, 5.3."""
    mac = hmac.new(base64.b32decode(secret), struct.pack(">q", now // STEP),
                   hashlib.sha1).digest()
    at = mac[-1] & 15
    number = struct.unpack(">I", mac[at:at + 4])[0] & 0x7fffffff
    return f"{number % 1000000:06}"


class Case(Served):
    def setUp(self):
        self.clock.set(NOW)
        self.name = self._testMethodName[5:60]
        self.make_user(self.name, "viewer")
        self.addCleanup(self.local, "DELETE", f"/users/{self.name}")

    def code(self, steps=0):
        return code_of(self.secret, self.clock.now + steps * STEP)

    def set_up(self, name=None):
        """A second factor; its last code was that of the step before."""
        _, head = self.sign_in(name or self.name)
        made = self.good(self.ask("POST", "/me/totp", head, {}))
        self.secret = made["secret"]
        codes = self.good(self.ask("PUT", "/me/totp", head,
                                   {"code": self.code(-1)}))["recovery"]
        return head, codes

    def sessions(self):
        return [row for row in self.local("GET", "/sessions").body["items"]
                if row["user"] == self.name]

    # Setting it up.

    def test_secret_address_and_picture(self):
        _, head = self.sign_in(self.name)
        made = self.good(self.ask("POST", "/me/totp", head, {}))
        self.assertEqual(len(base64.b32decode(made["secret"])), 20)
        self.assertEqual(
            made["uri"], f"otpauth://totp/{self.name}%40127.0.0.1"
            f"?secret={made['secret']}&issuer=Brattice")
        rows = made["qr"]
        finder = [0x7f, 0x41, 0x5d, 0x5d, 0x5d, 0x41, 0x7f]
        n = len(rows)
        self.assertEqual({len(r) for r in rows}, {n})
        self.assertEqual(n % 4, 1)
        for x, y in ((0, 0), (n - 7, 0), (0, n - 7)):
            self.assertEqual(
                [int("".join(map(str, r[x:x + 7])), 2)
                 for r in rows[y:y + 7]], finder)
        again = self.good(self.ask("POST", "/me/totp", head, {}))
        self.assertNotEqual(again["secret"], made["secret"])

    def test_nothing_has_changed_before_the_first_code(self):
        _, head = self.sign_in(self.name)
        made = self.good(self.ask("POST", "/me/totp", head, {}))
        for code in ("000000", "12345", "", code_of(made["secret"],
                                                    NOW - 2 * STEP)):
            self.bad(self.ask("PUT", "/me/totp", head, {"code": code}),
                     422, "validation")
        self.assertFalse(self.good(self.ask("GET", "/me", head))["totp"])
        self.sign_in(self.name)
        self.clock.forward(600)
        self.bad(self.ask("PUT", "/me/totp", head, {
            "code": code_of(made["secret"], self.clock.now)}),
            404, "not-found")

    def test_the_first_code_sets_it_up(self):
        self.sign_in(self.name)
        head, codes = self.set_up()
        self.assertEqual(len(set(codes)), 10)
        for code in codes:
            self.assertRegex(code, r"\A[A-Z2-7]{4}(-[A-Z2-7]{4}){3}\Z")
        me = self.good(self.ask("GET", "/me", head))
        self.assertTrue(me["totp"])
        self.assertEqual(me["recovery_left"], 10)
        self.assertEqual([s["agent"] for s in self.sessions()], [""])
        self.bad(self.ask("PUT", "/me/totp", head, {"code": self.code()}),
                 404, "not-found")

    def test_it_wants_a_password_given_of_late(self):
        head, _ = self.set_up()
        self.clock.forward(601)
        for method, path in (("POST", "/me/totp"), ("DELETE", "/me/totp"),
                             ("POST", "/me/recovery-codes")):
            self.bad(self.ask(method, path, head,
                              None if method == "DELETE" else {}),
                     403, "reauth-required")
        proof = self.ask("POST", "/session/reauth", head,
                         {"totp": self.code()})
        head = {**head, **proof.cookie(),
                "X-CSRF-Token": self.good(proof)["csrf"]}
        self.good(self.ask("DELETE", "/me/totp", head), 204)
        self.sign_in(self.name)

    # Signing in with it.

    def test_the_first_step_leaves_no_session(self):
        self.set_up()
        before = len(self.sessions())
        answer = self.try_in(self.name)
        self.bad(answer, 401, "totp-required")
        self.assertIsNone(answer.head["Set-Cookie"])
        self.assertEqual(len(self.sessions()), before)
        self.sign_in(self.name, totp=self.code())
        self.assertEqual(len(self.sessions()), before + 1)

    def test_the_password_is_needed_all_the_same(self):
        self.set_up()
        answer = self.ask("POST", "/session", body={
            "name": self.name, "password": "another one",
            "totp": self.code()})
        self.bad(answer, 401, "unauthenticated")

    def test_a_code_is_good_once_and_a_step_around(self):
        self.set_up()
        self.sign_in(self.name, totp=self.code())
        self.bad(self.try_in(self.name, totp=self.code()),
                 401, "unauthenticated")
        self.clock.forward(5)
        self.bad(self.try_in(self.name, totp=self.code(-1)),
                 401, "unauthenticated")  # older than the last one
        self.clock.forward(5)
        self.sign_in(self.name, totp=self.code(1))
        self.clock.forward(70)
        self.bad(self.try_in(self.name, totp=self.code(2)),
                 401, "unauthenticated")
        self.clock.forward(10)
        self.bad(self.try_in(self.name, totp=self.code(-2)),
                 401, "unauthenticated")
        self.clock.forward(10)
        self.sign_in(self.name, totp=self.code())

    def test_whoever_knows_the_password_tries_no_codes(self):
        """From a thousand addresses; nobody else makes the user wait."""
        self.set_up()
        waits = []
        for i in range(12):
            self.clock.forward(waits[-1] if waits else 0)
            self.bad(self.try_in(self.name, totp="000000",
                                 ip=f"127.0.1.{i + 1}"),
                     401, "unauthenticated")
            answer = self.try_in(self.name, totp="000000",
                                 ip=f"127.0.2.{i + 1}")
            self.bad(answer, 429, "too-many-attempts")
            waits.append(int(answer.head["Retry-After"]))
        self.assertEqual(waits[:4], [1, 2, 4, 8])
        self.assertEqual(max(waits), 300)
        self.bad(self.try_in(self.name, totp=self.code()),
                 429, "too-many-attempts")
        self.clock.forward(300)
        self.sign_in(self.name, totp=self.code())
        self.clock.forward(STEP)
        self.sign_in(self.name, totp=self.code())

    # The device is lost.

    def test_recovery_codes(self):
        head, codes = self.set_up()
        self.sign_in(self.name, recovery=codes[3])
        self.bad(self.try_in(self.name, recovery=codes[3]),
                 401, "unauthenticated")
        self.clock.forward(5)
        self.sign_in(self.name, recovery=codes[0].replace("-", "").lower())
        me = self.good(self.ask("GET", "/me", head))
        self.assertEqual(me["recovery_left"], 8)
        for wrong in ("", "-", "AAAA-AAAA-AAAA-AAAA", codes[1][:-1]):
            answer = self.try_in(self.name, recovery=wrong)
            self.assertEqual(answer.status, 401, answer.body)
            self.clock.forward(300)

    def test_new_recovery_codes_end_the_old_ones(self):
        head, codes = self.set_up()
        fresh = self.good(self.ask("POST", "/me/recovery-codes", head,
                                   {}))["recovery"]
        self.assertFalse(set(codes) & set(fresh))
        self.bad(self.try_in(self.name, recovery=codes[0]),
                 401, "unauthenticated")
        self.clock.forward(5)
        self.sign_in(self.name, recovery=fresh[9])

    def test_an_administrator_takes_it_away(self):
        head, codes = self.set_up()
        _, admin = self.sign_in("admin")
        path = f"/users/{self.name}"
        tag = self.ask("GET", path, admin).head["ETag"]
        user = self.good(self.ask("PATCH", path, {**admin, "If-Match": tag},
                                  {"totp": False}))
        self.assertFalse(user["totp"])
        self.bad(self.ask("GET", "/me", head), 401, "unauthenticated")
        _, head = self.sign_in(self.name)
        self.assertEqual(
            self.good(self.ask("GET", "/me", head))["recovery_left"], 0)
        # It can't be given by somebody else.
        self.local("PATCH", path, {"totp": True})
        self.sign_in(self.name)

    # It can be demanded.

    def test_it_is_demanded_of_a_role(self):
        _, head = self.sign_in(self.name)
        _, token = self.token(["read"], user=self.name)
        _, admin = self.sign_in("admin")
        self.demand("operators")
        self.addCleanup(self.demand, None)
        self.good(self.ask("GET", "/status", head))
        self.bad(self.ask("GET", "/status", admin),
                 403, "totp-setup-required")
        self.demand("everybody")
        for one in (head, token):
            self.bad(self.ask("GET", "/status", one),
                     403, "totp-setup-required")
        self.bad(self.ask("POST", "/tokens", head,
                          {"name": "t", "scopes": ["read"]}),
                 422, "validation")
        session = self.good(self.ask("GET", "/session", head))
        self.assertEqual(session["scopes"], [])
        self.assertTrue(session["user"]["totp_needed"])
        head, _ = self.set_up()
        for one in (head, token):
            self.good(self.ask("GET", "/status", one))
        self.good(self.local("GET", "/status"))

    def demand(self, of):
        self.good(self.local("PATCH", "/settings",
                             {"web.second_factor": of}))

    # Nothing of it is left lying about.

    def test_no_code_is_kept_as_it_is(self):
        _, codes = self.set_up()
        self.sign_in(self.name, recovery=codes[0])
        self.sign_in(self.name, totp=self.code())
        told = json.dumps(self.local("GET", "/audit?limit=1000").body)
        self.assertIn("PUT /me/totp", told)
        kept = b"".join(file.read_bytes() for file in
                        (self.daemon.folder / "state").iterdir())
        self.assertIn(self.name.encode(), kept)
        for text in (*codes, *(c.replace("-", "") for c in codes),
                     self.secret, PASSWORD):
            self.assertNotIn(text, told)
            self.assertNotIn(text.encode(), kept)


if __name__ == "__main__":
    unittest.main(argv=["test_totp.py"])
