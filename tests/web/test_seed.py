#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""The real daemon with a made history, and with hostile strings in every
field that an attacker fills: what it hands to the browser."""

import json
import pathlib
import sys
import unittest

HERE = pathlib.Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent / "daemon")]

from bratticed import Bratticed, until  # noqa: E402
from hostile import strings  # noqa: E402
from seed import FIELDS, ask, event, seed, tell, want  # noqa: E402

KEPT = 512  # bytes of the server's words (specification, section 2)


def items(control, path):
    return want(control, "GET", path)["items"]


class Seed(unittest.TestCase):
    def test_the_history_is_what_the_pages_show(self):
        with Bratticed() as d:
            d.start()
            seed(d.control)
            blocks = until("the blocks", lambda: self.blocks(d, 3))
            self.assertEqual(
                {b["address"]: (b["origin"], b.get("component"))
                 for b in blocks},
                {"203.0.113.10": ("automatic", "smtp"),
                 "2001:db8:4::/64": ("automatic", "login"),
                 "192.0.2.128/25": ("manual", None)})
            near = want(d.control, "GET", "/addresses/198.51.100.20/explain")
            self.assertEqual(near["components"][0]["score"], 600)
            self.assertEqual(
                [a["account"] for a in items(d.control, "/accounts")
                 if a["state"] == "locked"], ["ann"])

    @staticmethod
    def blocks(d, n):
        found = items(d.control, "/blocks")
        return found if len(found) >= n else None


class Hostile(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.daemon = Bratticed()
        cls.addClassCleanup(cls.daemon.__exit__)
        cls.daemon.start()
        cls.control = cls.daemon.control

    def report(self, field, text):
        one = event("203.0.113.77", "probe", 60) | {field: text}
        return ask(self.control, "POST", "/events", {"events": [one]})

    def test_there_are_enough(self):
        self.assertGreaterEqual(len(strings()), 300)

    def test_each_field_takes_it_or_says_what_is_wrong(self):
        for field in FIELDS:
            for text in strings():
                status, answer = self.report(field, text)
                with self.subTest(field=field, text=text[:60]):
                    self.assertIn(status, (202, 400, 413, 422), answer)
                    if status != 202:
                        self.assertTrue(json.loads(answer)["detail"])

    def test_detail_comes_back_as_it_was_and_bounded(self):
        address = "203.0.113.78"
        sent = [s for s in strings() if s and "\0" not in s]
        tell(self.control, [event(address, "probe", 60, detail=s)
                            for s in sent])
        got = until("the events", lambda: self.details(address, len(sent)))
        for text, detail in zip(sent, got):
            with self.subTest(text=text[:60]):
                whole = text.encode()
                if len(whole) <= KEPT:
                    self.assertEqual(detail, text)
                else:  # a character that was cut in two shows as U+FFFD
                    self.assertEqual(
                        detail, whole[:KEPT].decode(errors="ignore")
                        + "\ufffd" * (detail.count("\ufffd")))
                    self.assertLess(detail.count("\ufffd"), 4)

    def details(self, address, n):
        rows = items(self.control, f"/events?address={address}&limit=1000")
        rows.sort(key=lambda row: row["id"])
        return [row["detail"] for row in rows] if len(rows) >= n else None

    def test_no_control_byte_is_sent_raw(self):
        self.report("detail", "a\x01\x1b[31m\x7f\nb")
        status, answer = ask(self.control, "GET", "/events?limit=1000")
        self.assertEqual(status, 200)
        self.assertFalse([b for b in answer if b < 32 and b not in b"\n"])

    def test_notes_come_back_as_they_were(self):
        for i, text in enumerate(s for s in strings() if s.isprintable()):
            if not 0 < len(text.encode()) <= 100:
                continue
            address = f"203.0.113.{i % 250 + 1}"
            with self.subTest(text=text):
                status, answer = ask(self.control, "POST", "/blocks", {
                    "address": address, "duration": 60, "note": text})
                self.assertLess(status, 300, answer)
                self.assertEqual(items(
                    self.control, f"/blocks?address={address}")[0]["note"],
                    text)


if __name__ == "__main__":
    unittest.main(verbosity=1)
