#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Searching lists through the API of a real node with a real store.

    search_test.py API_FIXTURE BRATTICE
"""

import csv
import io
import json
import unittest
from urllib.parse import quote

from api_test import Case, Connection


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

    def test_facets_count_what_is_found(self):
        def count(field, q=""):
            answer = self.get(f"/events/facets?field={field}&q={quote(q)}")
            self.assertTrue(answer["exact"])
            return [(v["value"], v["count"]) for v in answer["items"]]
        self.assertEqual(count("kind"), [("relay_denied", 3),
                                         ("login_failure", 2), ("spam", 1)])
        self.assertEqual(count("service", "-kind:spam"),
                         [("smtp", 3), ("imap", 2)])
        self.assertEqual(count("account", "ip:203.0.113.77"),
                         [("ann@example.org", 2)])
        self.assertEqual(self.ask("GET", "/events/facets?field=x")[0], 400)

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


class Changes(Case):
    def setUp(self):
        super().setUp()
        for i in range(1, 5):
            self.ask("POST", "/blocks", {"address": f"192.0.2.{i}",
                                         "duration": 600, "note": f"n{i}"})

    def live(self):
        return [b["id"] for b in self.get("/blocks?sort=from")["items"]]

    def post(self, path, body, kind="application/json", want=200):
        status, answer = self.ask("POST", path, body, kind)
        self.assertEqual(status, want, answer)
        return answer

    def test_another_end_and_note(self):
        status, row = self.ask("PATCH", "/blocks/2", {"duration": 7200})
        self.assertEqual((status, row["note"]), (200, "n2"))
        self.assertEqual(self.ask("PATCH", "/blocks/3", {"note": "new"})[0],
                         200)
        rows = self.get("/blocks?sort=until")["items"]
        self.assertEqual([b["id"] for b in rows], [1, 3, 4, 2])
        self.assertEqual(rows[1]["note"], "new")
        self.stop()
        self.start()
        self.assertEqual(self.get("/blocks?sort=until")["items"], rows)
        for path, body, want in [("/blocks/9", {"note": "x"}, 404),
                                 ("/blocks/1", {}, 422),
                                 ("/blocks/1", {"duration": 0}, 422)]:
            self.assertEqual(self.ask("PATCH", path, body)[0], want)

    def test_removal_can_be_undone(self):
        self.vendor_example()
        block = self.get("/blocks?q=origin:automatic")["items"][0]
        status, answer = self.ask("DELETE", f"/blocks/{block['id']}")
        self.assertEqual(status, 200)
        self.assertEqual(answer["removed"][0]["id"], block["id"])
        self.assertEqual(answer["forgiven"], 18)  # the 19th came after it
        undo = answer["undo"]
        self.assertEqual(undo["address"], "203.0.113.10")
        self.assertIn(undo["duration"], range(1700, 1801))
        self.post("/blocks", undo, want=201)
        self.assertEqual(self.ask("DELETE", f"/blocks/{block['id']}")[0], 404)

    def test_removal_and_never_again(self):
        status, answer = self.ask("DELETE", "/blocks/1?never=true")
        self.assertEqual((status, answer["undo"]["note"]), (200, "n1"))
        self.assertTrue(self.get("/never/check?address=192.0.2.1")["covered"])

    def test_a_batch_tells_each(self):
        answer = self.post("/blocks/batch", {"op": "remove", "ids": [1, 9]},
                           want=207)
        self.assertEqual([(r["id"], r["ok"]) for r in answer["results"]],
                         [(1, True), (9, False)])
        self.assertIn("not in force", answer["results"][1]["detail"])
        self.assertEqual(self.live(), [2, 3, 4])
        dry = self.post("/blocks/batch", {"op": "remove", "q": "note:n3",
                                          "dry_run": True}, want=207)
        self.assertEqual((dry["n"], self.live()), (1, [2, 3, 4]))
        self.post("/blocks/batch", {"op": "extend", "ids": [2],
                                    "duration": 99999}, want=207)
        self.assertEqual(self.get("/blocks?q=expires>1d")["items"][0]["id"],
                         2)
        self.post("/blocks/batch", {"op": "never", "q": "192.0.2.3,"
                                    .rstrip(",")}, want=207)
        self.assertEqual(self.live(), [2, 4])

    def test_what_a_batch_refuses(self):
        for body in [{"op": "dance", "ids": [1]}, {"op": "remove"},
                     {"op": "remove", "ids": []},
                     {"op": "remove", "ids": ["1"]},
                     {"op": "remove", "ids": [1] * 1001},
                     {"op": "remove", "ids": [1], "dry_run": 1}]:
            self.assertEqual(
                self.ask("POST", "/blocks/batch", body)[0], 422, body)
        self.assertEqual(self.live(), [1, 2, 3, 4])

    def test_blocks_come_as_lines(self):
        text = ("# a comment\n\n198.51.100.1 2h from a list\r\n"
                "198.51.100.2\nnonsense here\n  198.51.100.3 none\n"
                "198.51.100.4 see ticket 7\n127.0.0.1 5\n0.0.0.0/0\n")
        dry = self.post("/blocks/import?dry_run=true", text, "text/plain")
        self.assertEqual((dry["added"], self.live()), (4, [1, 2, 3, 4]))
        answer = self.post("/blocks/import", text, "text/plain")
        self.assertEqual((answer["added"], answer["wrong"]), (4, 3))
        self.assertEqual([(e["line"], e["column"]) for e in answer["errors"]],
                         [(5, 1), (8, 1), (9, 1)])
        rows = self.get("/blocks?q=ip:198.51.100.0/24&sort=from")["items"]
        self.assertEqual([b.get("note") for b in rows],
                         ["from a list", None, None, "see ticket 7"])
        self.assertEqual([b["no_end"] for b in rows],
                         [False, False, True, False])

    def test_never_entries(self):
        answer = self.post("/never", {"address": "192.0.2.0/30",
                                      "note": "office"}, want=201)
        self.assertEqual((answer["lifted_n"],
                          [b["id"] for b in answer["lifted"]]),
                         (3, [1, 2, 3]))
        self.assertEqual(self.live(), [4])
        self.tell("192.0.2.1", "relay_denied", 2)
        row = self.get("/never?self=192.0.2.2")["items"][-1]
        self.assertEqual((row["hits_30d"], row["covers_you"]), (2, True))
        status, changed = self.ask("PATCH", f"/never/{row['id']}",
                                   {"note": "head office"})
        self.assertEqual((status, changed["note"]), (200, "head office"))
        self.stop()
        self.start()
        row = self.get("/never")["items"][-1]
        self.assertEqual((row["note"], row["by"]),
                         ("head office", changed["by"]))
        self.assertEqual(self.ask("DELETE", f"/never/{row['id']}")[0], 200)
        self.assertEqual(self.ask("DELETE", f"/never/{row['id']}")[0], 404)
        wide = {"address": "0.0.0.0/1"}
        self.assertEqual(self.ask("POST", "/never", wide)[0], 409)
        self.post("/never", {**wide, "force": True}, want=201)

    def test_never_entries_come_as_lines(self):
        text = "192.0.2.1 a host\n192.0.2.1 again\n::/0 all\n10.0.0.0/8"
        answer = self.post("/never/import", text, "text/plain")
        self.assertEqual((answer["added"], answer["wrong"]), (2, 2))
        self.assertEqual([e["line"] for e in answer["errors"]], [2, 3])
        self.assertEqual(self.live(), [2, 3, 4])


class Exports(Case):
    def export(self, path):
        c = Connection(self.socket)
        c.request("GET", "/api/v1" + path)
        r = c.getresponse()
        text = r.read().decode()
        self.assertEqual(r.status, 200, text)
        c.close()
        return text, r.getheader("Content-Type")

    def test_a_table_is_no_formula(self):
        for i, note in enumerate(["=1+1", 'a "b", c', "-x", "@y", "plain"]):
            self.ask("POST", "/blocks", {"address": f"192.0.2.{i}",
                                         "note": note})
        text, kind = self.export("/blocks/export")
        self.assertEqual(kind, "text/csv; charset=utf-8")
        rows = list(csv.DictReader(io.StringIO(text, newline="")))
        self.assertEqual([r["note"] for r in rows],
                         ["'=1+1", 'a "b", c', "'-x", "'@y", "plain"])
        self.assertEqual(rows[0]["address"], "192.0.2.0")
        self.assertTrue(text.endswith("\r\n"))

    def test_lines_can_be_imported_again(self):
        self.ask("POST", "/blocks", {"address": "2001:db8::/32",
                                     "duration": 999999999 * 60})
        self.ask("POST", "/blocks", {"address": "192.0.2.1", "duration": 7200,
                                     "note": "a ticket"})
        self.ask("POST", "/never", {"address": "192.0.2.9", "note": "host"})
        text, _ = self.export("/blocks/export?format=txt")
        self.assertRegex(text, "^2001:db8::/32 none\n"
                         "192.0.2.1 (2h|1h59m5[0-9]s) a ticket\n$")
        self.assertEqual(
            self.ask("POST", "/blocks/import", text, "text/plain")[1]["added"],
            2)
        self.assertEqual(self.export("/never/export?format=txt")[0],
                         "192.0.2.9 host\n")
        text, _ = self.export("/blocks/export?format=nft&q=-ip:192.0.2.1")
        self.assertEqual(text, "add element inet brattice block6 "
                         "{ 2001:db8::/32 }\n" * 2)

    def test_all_events_come_oldest_first(self):
        for i in range(3):
            self.tell("192.0.2.1", "probe", 600, detail="a,b\n")
        text, _ = self.export("/events/export?format=jsonl")
        ids = [json.loads(line)["id"] for line in text.splitlines()]
        self.assertEqual(ids, list(range(1, 1801)))
        text, _ = self.export("/events/export?q=kind:spam")
        self.assertEqual(len(text.splitlines()), 1)
        text, _ = self.export("/events/export?format=txt")
        self.assertRegex(text.splitlines()[0],
                         r"^20\S+Z 192\.0\.2\.1 probe - a,b\\x0a$")

    def test_what_is_refused(self):
        for path in ("/events/export?format=nft", "/events/export?q=block:1",
                     "/blocks/export?format=xls", "/blocks/export?q=x:y"):
            self.assertEqual(self.ask("GET", path)[0], 400, path)


if __name__ == "__main__":
    unittest.main(argv=["search_test"])
