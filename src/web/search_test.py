#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Searching lists through the API of a real node with a real store.

    search_test.py API_FIXTURE BRATTICE
"""

import unittest
from urllib.parse import quote

from api_test import Case


class Events(Case):
    def setUp(self):
        super().setUp()
        self.tell("203.0.113.10", "relay_denied", 3, service="smtp",
                  detail="554 5.7.1 Relay access denied", session="AB12")
        self.tell("203.0.113.77", "login_failure", 2, service="imap",
                  account="ann@example.org")
        self.tell("2001:db8::25", "spam", 1, service="smtp",
                  account="bob@example.org", helo="host.example")

    def ids(self, q, path="/events", **more):
        query = "&".join(f"{k}={quote(str(v))}" for k, v in more.items())
        page = self.get(f"{path}?q={quote(q)}&{query}")
        return [row["id"] for row in page["items"]]

    def test_terms_narrow(self):
        for q, want in [("", [6, 5, 4, 3, 2, 1]),
                        ("ip:203.0.113.0/24 kind:relay_denied", [3, 2, 1]),
                        ("203.0.113.77", [5, 4]),
                        ("203.0.113.", [5, 4, 3, 2, 1]),
                        ("user:ann*,bob*", [6, 5, 4]),
                        ("-kind:spam,relay_denied", [5, 4]),
                        ("\"relay ACCESS\"", [3, 2, 1]),
                        ("service:smtp -account:\"\"", [6]),
                        ("since:1h until:0s", [6, 5, 4, 3, 2, 1]),
                        ("-since:1h", []),
                        ("state:scored points>=50", [3, 2, 1])]:
            self.assertEqual(self.ids(q), want, q)

    def test_terms_and_old_parameters_narrow_together(self):
        self.assertEqual(self.ids("kind:spam", service="smtp"), [6])
        self.assertEqual(self.ids("kind:spam", service="imap"), [])

    def test_pages_go_on(self):
        page = self.get("/events?q=service:smtp&limit=3")
        self.assertEqual([e["id"] for e in page["items"]], [6, 3, 2])
        page = self.get("/events?q=service:smtp&limit=3&cursor="
                        + page["next"])
        self.assertEqual([e["id"] for e in page["items"]], [1])
        self.assertIsNone(page["next"])

    def test_a_mistake_names_its_column(self):
        status, answer = self.ask("GET", "/events?q=spam%20acount:x")
        self.assertEqual((status, answer["code"]), (400, "bad-request"))
        self.assertEqual(answer["errors"][0]["pointer"], "#/q")
        self.assertEqual(answer["detail"], 'column 6: there is no field '
                         '"acount"; did you mean "account"?')
        status, answer = self.ask("GET", "/events?q=block:1,2")
        self.assertEqual(status, 400)

    def test_one(self):
        self.assertEqual(self.get("/events/6")["account"], "bob@example.org")
        self.assertEqual(self.ask("GET", "/events/99")[0], 404)
        self.assertEqual(self.ask("GET", "/events/x")[0], 400)

    def test_what_led_to_a_block(self):
        self.ask("PATCH", "/settings", {"smtp.evaluate": "event"})
        self.vendor_example("203.0.113.99")
        self.tell("203.0.113.99", "relay_denied", 1)
        block = self.get("/blocks")["items"][0]
        rows = self.get(f"/events?q=block:{block['id']}")["items"]
        self.assertEqual(sum(e["points"] for e in rows), block["score"])
        self.assertEqual({e["address"] for e in rows}, {"203.0.113.99"})
        self.assertEqual(self.ask("GET", "/events?q=block:99")[0], 404)


class Blocks(Case):
    def setUp(self):
        super().setUp()
        for i, note in enumerate(["a ticket", "", "spraying"], 1):
            self.ask("POST", "/blocks", {"address": f"192.0.2.{i}",
                                         "duration": 600 * i, "note": note})
        self.tell("203.0.113.10", "relay_denied", 10)
        self.ask("DELETE", "/blocks/3")

    def rows(self, q, **more):
        query = "&".join(f"{k}={quote(str(v))}" for k, v in more.items())
        page = self.get(f"/blocks?q={quote(q)}&{query}")
        self.assertEqual(page["total"],
                         {"value": len(page["items"]), "exact": True})
        return [row["id"] for row in page["items"]]

    def test_terms_narrow(self):
        for q, want in [("", [4, 2, 1]), ("origin:manual", [2, 1]),
                        ("note:TICKET", [1]), ("state:removed", [3]),
                        ("-state:removed", [4, 2, 1]),
                        ("expires<15m", [1]), ("192.0.2.2", [2]),
                        ("component:smtp score>=1000", [4]),
                        ("ip:192.0.2.0/24", [2, 1])]:
            self.assertEqual(self.rows(q), want, q)
        self.assertEqual(self.rows("spraying", state="all"), [3])
        self.assertEqual(self.rows("", state="all"), [4, 3, 2, 1])

    def test_orders(self):
        for sort, want in [("from", [1, 2, 4]), ("until", [1, 2, 4]),
                           ("-until", [4, 2, 1]), ("address", [1, 2, 4])]:
            self.assertEqual(self.rows("", sort=sort), want, sort)

    def test_pages_keep_the_total(self):
        first = self.get("/blocks?state=all&limit=3")
        self.assertEqual(first["total"], {"value": 4, "exact": True})
        second = self.get("/blocks?state=all&limit=3&cursor=" + first["next"])
        self.assertEqual([b["id"] for b in second["items"]], [1])
        self.assertEqual(second["total"], {"value": 4, "exact": True})
        self.assertIsNone(second["next"])

    def test_mistakes(self):
        for query, word in [("q=stat:active", "did you mean"),
                            ("sort=size", "sort must be"),
                            ("cursor=5", "cursor must be"),
                            ("state=gone", "state must be"),
                            ("sort=until&cursor=0~1~1~1~1~::", "same order")]:
            status, answer = self.ask("GET", "/blocks?" + query)
            self.assertEqual(status, 400, query)
            self.assertIn(word, answer["detail"])


if __name__ == "__main__":
    unittest.main(argv=["search_test"])
