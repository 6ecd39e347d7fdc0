#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""The audit log: what is in it, how it is taken away, and who has changed
it."""

import csv
import io
import json
import sqlite3
import unittest

from seed import Connection
from served import NOW, PASSWORD, Served

ROWS = 450
SQLITE = "application/vnd.sqlite3"


class Case(Served):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for i in range(ROWS):
            cls.local("POST", "/never", {
                "address": f"203.0.{i // 250}.{i % 250 + 1}",
                "note": ['=1+1, "quoted"', "one\ntwo", "plain"][i % 3]})

    def setUp(self):
        self.clock.set(NOW)

    def rows(self, query=""):
        found, cursor = [], ""
        while cursor is not None:
            page = self.good(self.local(
                "GET", f"/audit?limit=1000{query}{cursor}"))
            found += page["items"]
            cursor = page["next"] and f"&cursor={page['next']}"
        return found

    def test_lines_are_the_rows(self):
        answer = self.local("GET", "/audit/export?format=jsonl")
        self.assertEqual(answer.status, 200)
        lines = [json.loads(line) for line in answer.raw.splitlines()]
        rows = self.rows()
        self.assertGreater(len(lines), ROWS)
        # The export itself is one.
        self.assertEqual(rows[0]["action"], "GET /audit/export")
        self.assertEqual(lines[-ROWS:], rows[-ROWS:])

    def test_cells_are_the_rows_and_no_formula(self):
        answer = self.local("GET", "/audit/export")
        self.assertEqual(answer.head["Content-Type"],
                         "text/csv; charset=utf-8")
        self.assertIn("brattice.csv", answer.head["Content-Disposition"])
        table = list(csv.DictReader(io.StringIO(answer.raw.decode(),
                                                newline="")))
        rows = self.rows()
        self.assertGreater(len(table), ROWS)
        for cells, row in zip(reversed(table), reversed(rows)):
            for name, value in row.items():
                want = str(value)
                if want[:1] in ("=", "+", "-", "@"):
                    want = "'" + want
                self.assertEqual(cells[name], want, row)

    def test_a_search_narrows_both(self):
        for q, n in (("q=203.0.1.199", 1), ("q=two", ROWS // 3),
                     ("q=nothing-like-it", 0)):
            lines = self.local("GET", f"/audit/export?format=jsonl&{q}")
            # The export's own row doesn't have the text.
            self.assertEqual(len(lines.raw.splitlines()), n, q)
            self.assertEqual(len(self.rows("&" + q)), n, q)
        self.bad(self.local("GET", "/audit/export?format=xml"),
                 400, "bad-request")

    def test_who_may(self):
        for role, status in (("viewer", 403), ("operator", 403),
                             ("admin", 200)):
            cookie, _ = self.sign_in(role)
            for path in ("/audit", "/audit/export", "/audit/verify"):
                self.assertEqual(self.ask("GET", path, cookie).status,
                                 status, (role, path))

    def test_settings_that_are_imported(self):
        self.good(self.local("PATCH", "/settings", {
            "smtp.threshold": 900, "login.threshold": 9}))
        row = self.rows("&q=PATCH%20/settings")[0]
        self.assertEqual(json.loads(row["after"]),
                         {"smtp.threshold": "900", "login.threshold": "9"})
        self.assertEqual((row["via"], row["actor"]), ("socket", "root"))

    def test_secrets_are_masked(self):
        self.sign_in("admin")
        for row in self.rows():
            self.assertNotIn(PASSWORD, json.dumps(row))
        self.assertIn('"password":"***"', self.rows("&q=POST%20/users")[0][
            "after"])

    def backup(self):
        c = Connection(self.daemon.control)
        c.request("GET", "/api/v1/backup")
        data = c.getresponse().read()
        c.close()
        return data

    def test_backup_and_restore(self):
        data = self.backup()
        self.assertEqual(self.rows()[0]["action"], "GET /backup")
        c = Connection(self.daemon.control)
        c.request("POST", "/api/v1/restore", data, {"Content-Type": SQLITE})
        self.assertEqual(c.getresponse().status, 200)
        c.close()
        self.assertEqual(self.rows()[0]["action"], "POST /restore")
        self.assertTrue(self.good(self.local("GET", "/audit/verify"))[
            "intact"])

    def test_zz_the_daemon_and_who_changes_a_row(self):
        """Last: it ends the daemon."""
        rows = self.rows("&q=bratticed")
        self.assertEqual([(r["action"], r["via"]) for r in rows],
                         [("start", "daemon")])
        self.assertEqual(self.daemon.end(), 0)
        path = self.daemon.folder / "state/control.db"
        with sqlite3.connect(path) as db:
            bad, = db.execute(
                "select id from audit where cast(note as text) = 'plain' "
                "order by id limit 1 offset 70").fetchone()
            db.execute("update audit set actor = ? where id = ?",
                       (b"somebody", bad))
        db.close()
        self.daemon.start()
        self.assertEqual([r["action"] for r in self.rows("&q=bratticed")],
                         ["start", "stop", "start"])
        verdict = self.good(self.local("GET", "/audit/verify"))
        self.assertEqual((verdict["intact"], verdict["first_bad"]),
                         (False, bad))
        code, said = self.daemon.brattice("audit", "verify")
        self.assertNotEqual(code, 0)
        self.assertIn(str(bad), said)


if __name__ == "__main__":
    unittest.main(argv=["test_audit.py"])
