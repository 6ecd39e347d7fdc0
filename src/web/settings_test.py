#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Changes of settings through a real node with a real store.

    settings_test.py API_FIXTURE BRATTICE
"""

import json
import unittest

from api_test import Case


class Settings(Case):
    def test_impact_of_a_dry_run(self):
        self.tell("192.0.2.1", "relay_denied", 6)
        self.tell("192.0.2.2", "relay_denied", 3)
        before = self.get("/settings")
        status, x = self.ask("PATCH", "/settings?dry_run=true",
                             {"smtp.threshold": 600})
        self.assertEqual((status, x["dry_run"]), (200, True))
        self.assertEqual(x["changed"], [{"name": "smtp.threshold",
                                         "before": "1000", "after": "600"}])
        self.assertEqual(x["impact"], {
            "looked": 2, "over": 0, "over_by": 1, "would_block": 1,
            "no_longer": 0, "examples": ["192.0.2.1"]})
        self.assertEqual(self.get("/settings"), before)

    def test_the_audit_log_has_before_and_after(self):
        self.assertEqual(self.ask("PATCH", "/settings", {
            "smtp.threshold": 600, "note": "too lax"})[0], 200)
        row = self.get("/audit")["items"][0]
        self.assertEqual(row["target"], "smtp.threshold")
        self.assertEqual((json.loads(row["before"]), json.loads(row["after"]),
                          row["note"]),
                         ({"smtp.threshold": "1000"},
                          {"smtp.threshold": "600"}, "too lax"))

    def test_history_in_pages_and_back(self):
        for n in (600, 700, 800):
            self.cli("settings", "set", f"smtp.threshold={n}")
        self.cli("settings", "set", "login.threshold=5")
        page = self.get("/settings/history?name=smtp.threshold&limit=2")
        self.assertEqual([c["before"] for c in page["items"]], ["700", "600"])
        rest = self.get("/settings/history?name=smtp.threshold&cursor=" +
                        page["next"])
        self.assertEqual([(c["before"], c["by"]) for c in rest["items"]],
                         [("1000", page["items"][0]["by"])])
        self.assertIsNone(rest["next"])
        status, x = self.ask("POST", "/settings/rollback",
                             {"id": page["items"][1]["id"]})
        self.assertEqual((status, x["changed"]), (200, [
            {"name": "smtp.threshold", "before": "800", "after": "600"}]))
        newest = self.get("/settings/history?limit=1")["items"][0]
        self.assertEqual((newest["before"], newest["after"]), ("800", "600"))
        status, x = self.ask("POST", "/settings/rollback",
                             {"id": page["items"][1]["id"]})
        self.assertEqual((status, x["changed"]), (200, []))
        for bad, code in (({"id": 99}, 404), ({"id": "1"}, 422), ({}, 422)):
            self.assertEqual(
                self.ask("POST", "/settings/rollback", bad)[0], code)


if __name__ == "__main__":
    unittest.main(argv=["settings_test.py"])
