#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Brute force on the sign-in: it is throttled, it is an event, it blocks
the address it comes from; and the administrator is never shut out."""

import statistics
import time
import unittest

from served import NOW, PASSWORD, Served

ATTACKER, OTHER, HOME = "203.0.113.66", "203.0.113.67", "198.51.100.9"


class Case(Served):
    web = 'proxies = "127.0.0.1"'

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.local("PATCH", "/settings", {"mode": "enforce"})

    def setUp(self):
        self.clock.set(NOW)

    def come(self, address, name, password):
        return self.ask("POST", "/session", {"X-Forwarded-For": address},
                        {"name": name, "password": password})

    def attack(self, address, name, tries):
        """Wrong passwords as fast as they are taken; the waits."""
        waits = []
        for i in range(tries):
            self.bad(self.come(address, name, f"wrong {i}"),
                     401, "unauthenticated")
            answer = self.come(address, name, f"wrong {i} again")
            self.bad(answer, 429, "too-many-attempts")
            waits.append(int(answer.head["Retry-After"]))
            self.clock.forward(waits[-1])
        return waits

    def test_it_waits_twice_as_long_each_time(self):
        self.local("PATCH", "/settings", {"mode": "observe"})
        self.addCleanup(self.local, "PATCH", "/settings",
                        {"mode": "enforce"})
        waits = self.attack(OTHER, "viewer", 11)
        self.assertEqual(waits, [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300])
        self.good(self.come(OTHER, "viewer", PASSWORD))
        self.bad(self.come(OTHER, "viewer", "wrong"), 401, "unauthenticated")
        self.assertEqual(int(self.come(OTHER, "viewer", "w").head[
            "Retry-After"]), 1)

    def test_it_blocks_its_address_and_nobody_else(self):
        self.attack(ATTACKER, "admin", 8)
        self.attack(ATTACKER, "root", 1)
        self.bad(self.come(ATTACKER, "root", "the tenth"),
                 401, "unauthenticated")
        events = self.local("GET", f"/events?address={ATTACKER}")
        rows = self.good(events)["items"]
        self.assertEqual({(r["kind"], r["service"], r["source"])
                          for r in rows}, {("login_failure", "web", "web")})
        blocks = self.good(self.local(
            "GET", f"/blocks?address={ATTACKER}"))["items"]
        self.assertEqual([(b["address"], b["component"]) for b in blocks],
                         [(ATTACKER, "login")])
        self.bad(self.come(ATTACKER, "admin", PASSWORD), 403, "forbidden")
        # The administrator, at once and from elsewhere; and on the machine.
        self.good(self.come(HOME, "admin", PASSWORD))
        self.good(self.local("GET", "/users"))
        self.good(self.ask("GET", "/session", self.sign_in("admin")[0]))

    def test_an_unknown_name_takes_as_long(self):
        took = {"admin": [], "nobody-here": []}
        for i in range(7):
            for name, times in took.items():
                began = time.monotonic()
                self.bad(self.come(f"192.0.2.{i + 1}", name, "wrong one"),
                         401, "unauthenticated")
                times.append(time.monotonic() - began)
        known, unknown = (statistics.median(t) for t in took.values())
        self.assertGreater(min(known, unknown), 0.01)
        self.assertLess(max(known, unknown) / min(known, unknown), 1.8,
                        took)

    def test_both_are_told_the_same(self):
        known = self.come("192.0.2.50", "admin", "wrong one")
        unknown = self.come("192.0.2.51", "nobody-here", "wrong one")
        self.assertEqual(known.raw, unknown.raw)


if __name__ == "__main__":
    unittest.main(argv=["test_brute.py"])
