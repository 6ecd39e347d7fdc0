#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Users, tokens and sessions by the command line of a real daemon."""

import json
import unittest

from terminal import Terminal, pipe

from bratticed import Bratticed  # noqa: E402
from seed import ask  # noqa: E402
from test_listen import Site  # noqa: E402

PASSWORD = "correct horse battery"


class Users(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.daemon = Site()
        cls.addClassCleanup(cls.daemon.__exit__)
        cls.daemon.start()

    def setUp(self):
        for name in self.run_for(0, "user", "-q").split():
            self.run_for(0, "user", "remove", name, "--yes")

    def run_for(self, code, *words, given=""):
        """Standard output, or the message where it failed."""
        got, out, err = pipe("--socket", self.daemon.control, *words,
                             given=given)
        self.assertEqual(got, code, (words, out, err))
        return err if code else out

    def add(self, name, *words):
        return self.run_for(0, "user", "add", name, *words,
                            given=PASSWORD + "\n")

    def users(self):
        return {u["name"]: u for u in json.loads(
            self.run_for(0, "user", "--json"))["items"]}

    def test_setup_is_for_the_first_user(self):
        out = self.run_for(0, "setup")
        self.assertIn("/setup#", out)
        url = self.run_for(0, "setup", "-q")
        self.assertEqual(len(url.splitlines()), 1)
        self.assertNotIn(url.strip().split("#")[1], out)
        self.add("ann", "--role", "admin")
        self.assertIn("user add", self.run_for(6, "setup"))

    def test_setup_needs_a_page(self):
        with Bratticed() as d:
            d.start()
            code, out, err = pipe("--socket", d.control, "setup")
        self.assertEqual((code, out), (3, ""))
        self.assertIn("brattice user add", err)

    def test_each_change_says_what_it_did(self):
        self.assertEqual(self.add("ann", "--role", "admin"),
                         "ann is added as admin\n")
        self.add("bob")
        for words, wanted, field in (
                (("role", "bob", "operator"), "operator", "role"),
                (("disable", "bob"), True, "disabled"),
                (("enable", "bob"), False, "disabled")):
            before = self.users()
            out = self.run_for(0, "user", *words, "--dry-run")
            self.assertIn("bob would", out)
            self.assertEqual(self.users(), before)
            out = self.run_for(0, "user", *words)
            self.assertTrue(out.startswith("bob "))
            self.assertEqual(self.users()["bob"][field], wanted)
        self.run_for(0, "user", "remove", "bob", "-y")
        self.assertEqual(list(self.users()), ["ann"])

    def test_what_is_wrong_changes_nothing(self):
        self.add("ann", "--role", "admin")
        for code, words, given in (
                (2, ("add", "bob"), ""), (2, ("add", "bob"), "short\n"),
                (2, ("add", "a b"), PASSWORD), (2, ("role", "ann", "king"), ""),
                (6, ("add", "ann"), PASSWORD),
                (3, ("role", "carl", "admin"), ""), (2, ("remove", "ann"), ""),
                (3, ("remove", "carl", "-y"), ""), (2, ("totp", "ann"), ""),
                (2, ("add", "bob", "--role", "king"), PASSWORD)):
            self.assertTrue(self.run_for(code, "user", *words, given=given))
        self.assertEqual(list(self.users()), ["ann"])

    def test_a_password_is_never_shown(self):
        typed = ["user", "add", "ann"]
        t = Terminal("--socket", self.daemon.control, *typed)
        t.until("New password of ann: ")
        t.type(PASSWORD[:-1] + "zz\x7f\x7fy\r")
        t.until("Again: ")
        t.type(PASSWORD + "\r")
        code, out = t.end()
        self.assertEqual((code, out.strip()), (0, "ann is added as viewer"))
        self.assertNotIn("horse", out)

    def test_a_password_can_be_broken_off(self):
        for first, second, code in (("abc\x03", None, 1),
                                    ("abcdefghi\r", "abcdefghj\r", 2)):
            t = Terminal("--socket", self.daemon.control, "user", "add", "eve")
            t.until("eve: ")
            t.type(first)
            if second:
                t.until("Again: ")
                t.type(second)
            self.assertEqual(t.end()[0], code)
        self.assertEqual(self.users(), {})

    def test_a_question_takes_no_for_an_answer(self):
        self.add("ann")
        for answer, code in (("n\r", 1), ("\r", 1), ("y\r", 0)):
            t = Terminal("--socket", self.daemon.control, "user", "remove",
                         "ann")
            t.until("[y/N] ")
            t.type(answer)
            self.assertEqual(t.end()[0], code, answer)

    def test_a_token_is_the_only_data(self):
        self.add("ann", "--role", "admin")
        self.assertIn("--user", self.run_for(2, "token", "create", "x"))
        self.run_for(2, "token", "create", "x", "--user", "carl")
        self.run_for(2, "token", "create", "x", "--user", "ann",
                     "--scopes", "everything")
        code, out, err = pipe("--socket", self.daemon.control, "token",
                              "create", "graf", "--user", "ann", "--expires",
                              "90d", "--scopes", "read,audit:read",
                              "--networks", "192.0.2.0/24")
        self.assertEqual(code, 0)
        self.assertRegex(out, r"^brt_[0-9A-Za-z]{49}\n$")
        self.assertIn('Token', err)
        self.assertNotIn(out.strip(), err)
        rows = json.loads(self.run_for(0, "token", "--json"))["items"]
        self.assertEqual(rows[0]["scopes"], ["read", "audit:read"])
        self.assertNotIn("token", rows[0])
        number = str(rows[0]["id"])
        self.assertEqual(self.run_for(0, "token", "-q"), number + "\n")
        self.run_for(3, "token", "revoke", "99")
        self.run_for(2, "token", "revoke", "graf")
        self.run_for(0, "token", "revoke", number, "--dry-run")
        self.run_for(8, "token", "revoke", number, "99")
        self.assertEqual(self.run_for(0, "token", "-q"), "")

    def test_sessions_end(self):
        self.assertEqual(self.run_for(0, "session"), "")
        self.run_for(3, "session", "revoke", "1")

    def test_the_audit_log_holds_no_secret(self):
        self.add("ann")
        self.run_for(0, "user", "passwd", "ann", given="another secret one\n")
        log = ask(self.daemon.control, "GET", "/audit?limit=1000")[1]
        self.assertNotIn(b"horse", log)
        self.assertNotIn(b"another secret", log)


if __name__ == "__main__":
    unittest.main(verbosity=1)
