#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Explanations through a real node with a real store.

    explain_test.py API_FIXTURE BRATTICE
"""

import os
import subprocess
import time
import unittest

from api_test import BRATTICE, Case


def stamp(ago, now=None):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ",
                         time.gmtime((now or time.time()) - ago))


class ExplainCase(Case):
    def tell_at(self, address, plan):
        """Events of (seconds ago, kind, more members)."""
        now = time.time()
        events = [{"address": address, "kind": kind, "time": stamp(ago, now),
                   "source": "test", **more} for ago, kind, more in plan]
        for i in range(0, len(events), 100):
            some = events[i:i + 100]
            self.assertEqual(self.ask("POST", "/events", {"events": some}),
                             (202, {"accepted": len(some)}))

    def example(self, address="203.0.113.10"):
        plan = [(3000, "relay_denied", {})] * 2 + \
            [(2000 - i, "auth_failure", {"account": f"user{i}"})
             for i in range(5)] + \
            [(100 - i, "bad_recipient", {}) for i in range(12)]
        self.tell_at(address, plan)
        return self.get(f"/addresses/{address}/explain")

    def of_kind(self, x, kind):
        return [c for c in x["counterfactuals"] if c["kind"] == kind]


class Course(ExplainCase):
    def test_the_vendors_example_event_by_event(self):
        x = self.example()
        self.assertEqual((x["component"], x["exact"]), ("smtp", True))
        self.assertEqual([e["running"] for e in x["events"]],
                         [100, 200, 250, 300, 350, 400, 450] +
                         list(range(500, 1001, 50)))
        self.assertTrue(all(e["counted"] and e["why_not"] is None
                            for e in x["events"]))
        self.assertEqual(x["series"][-1]["score"], 1000)
        self.assertEqual(len(x["series"]), 17)  # two relays in one second
        e = x["episode"]
        self.assertEqual(e["rule"], "smtp_score")
        self.assertEqual(e["event"], 18)
        self.assertEqual(e["crossed_at"], x["events"][-1]["time"])
        self.assertEqual(e["enforced_at"], x["blocks"][0]["from"])
        self.assertEqual(
            {k: x["as_of"][k] for k in
             ("threshold", "period", "block_time", "evaluate")},
            {"threshold": 1000, "period": 3600, "block_time": 1800,
             "evaluate": "event"})
        self.assertEqual(x["as_of"]["weights"]["relay_denied"], 100)

    def test_what_would_have_been_otherwise(self):
        x = self.example()
        self.assertEqual(self.of_kind(x, "threshold")[0]["value"], 1001)
        # The first relay is needed: 2910 s before the block.
        self.assertAlmostEqual(self.of_kind(x, "period")[0]["seconds"],
                               2910, delta=2)
        self.assertEqual(self.of_kind(x, "without_event")[0]["event"], 18)
        self.assertEqual(
            {c["event_kind"]: (c["score"], c["blocked"])
             for c in self.of_kind(x, "without_kind")},
            {"auth_failure": (750, False), "relay_denied": (800, False),
             "bad_recipient": (450, False)})
        other = self.of_kind(x, "other_component")[0]
        self.assertEqual((other["component"], other["score"],
                          other["threshold"], other["blocked"]),
                         ("login", 0, 10, False))
        end = self.of_kind(x, "end")[0]
        self.assertEqual((end["reason"], end["time"]),
                         ("block", x["blocks"][0]["until"]))

    def test_an_address_that_is_not_blocked(self):
        self.tell_at("203.0.113.9", [(4000, "relay_denied", {}),
                                     (3000, "relay_denied", {}),
                                     (60, "good_recipient", {})])
        x = self.get("/addresses/203.0.113.9/explain")
        self.assertEqual(x["state"], "not_blocked")
        self.assertIsNone(x["episode"])
        self.assertTrue(x["exact"])
        self.assertEqual([(e["counted"], e["why_not"]) for e in x["events"]],
                         [(False, "late"), (True, None),
                          (False, "no_points")])
        self.assertEqual(self.of_kind(x, "missing")[0]["points"], 900)
        self.assertEqual(self.of_kind(x, "end")[0]["reason"], "window")
        y = self.get("/addresses/203.0.113.9/explain?component=login")
        self.assertEqual(y["component"], "login")
        self.assertEqual([e["why_not"] for e in y["events"]],
                         ["late", "other_component", "other_component"])
        self.assertEqual(self.ask(
            "GET", "/addresses/203.0.113.9/explain?component=x")[0], 400)

    def test_why_an_event_does_not_count(self):
        address = "203.0.113.9"
        self.tell_at(address, [
            (50, "login_success", {"account": "ann", "service": "imap"}),
            (40, "auth_failure", {"account": "eve", "session": "s1"})])
        self.tell_at(address, [
            (40, "auth_failure", {"account": "eve", "session": "s1",
                                  "source": "other"})])
        x = self.get(f"/addresses/{address}/explain")
        self.assertEqual([e["why_not"] for e in x["events"]],
                         ["never_scored", None, "told_already"])
        self.cli("never", "add", address)
        self.tell_at(address, [(10, "virus", {})])
        x = self.get(f"/addresses/{address}/explain")
        self.assertEqual(x["events"][-1]["why_not"], "never")

    def test_events_before_the_last_block_do_not_count(self):
        self.example()
        self.cli("unblock", "203.0.113.10")
        x = self.get("/addresses/203.0.113.10/explain")
        self.assertEqual([e["why_not"] for e in x["events"]],
                         ["forgiven"] * 18 + ["while_blocked"])
        self.assertEqual((x["components"][0]["score"], x["exact"]), (0, True))
        y = self.get("/blocks/1/explain")
        self.assertEqual((y["state"], y["exact"]), ("removed", True))
        self.assertTrue(y["events"][-1]["counted"])
        self.assertEqual(y["events"][-1]["running"], 1000)
        self.assertEqual(x["dossier"]["earlier_blocks"], 1)
        self.assertEqual(y["dossier"]["earlier_blocks"], 0)

    def test_forgiving_holds_after_a_restart(self):
        address = "203.0.113.9"
        self.tell_at(address, [(100, "relay_denied", {})] * 9)
        self.assertEqual(
            self.ask("POST", f"/addresses/{address}/forgive", {}),
            (200, {"forgiven": 9}))
        self.assertEqual(self.get("/audit")["items"][0]["target"], address)
        for _ in range(2):
            x = self.get(f"/addresses/{address}/explain")
            self.assertEqual(x["components"][0]["score"], 0)
            self.assertEqual({e["why_not"] for e in x["events"]},
                             {"forgiven"})
            self.stop()
            self.start()
        time.sleep(1.1)  # what comes in that very second is forgiven, too
        self.tell(address, "relay_denied", 1)
        x = self.get(f"/addresses/{address}/explain")
        self.assertEqual((x["components"][0]["score"], x["exact"]),
                         (100, True))

    def test_the_settings_are_those_of_the_time(self):
        self.example()
        time.sleep(1.1)
        self.cli("settings", "set", "smtp.threshold=5", "login.threshold=3",
                 "weight.relay_denied=0", "smtp.block_time=1h")
        x = self.get("/addresses/203.0.113.10/explain")
        self.assertTrue(x["exact"])
        self.assertEqual((x["as_of"]["threshold"], x["as_of"]["block_time"]),
                         (1000, 1800))
        self.assertEqual(self.of_kind(x, "other_component")[0]["threshold"],
                         10)

    def test_a_time_in_the_past(self):
        self.tell_at("203.0.113.9", [(3000, "relay_denied", {}),
                                     (100, "relay_denied", {})])
        at = stamp(1000)
        x = self.get("/addresses/203.0.113.9/explain?at=" + at)
        self.assertEqual(x["at"], at)
        self.assertEqual((x["components"][0]["as_of"],
                          x["components"][0]["score"]), ("then", 100))
        self.assertEqual(len(x["events"]), 1)
        self.example()
        x = self.get("/addresses/203.0.113.10/explain?at=" + stamp(10))
        self.assertEqual(x["explained"], 1)
        x = self.get("/addresses/203.0.113.10/explain?at=" + stamp(1000))
        self.assertNotIn("explained", x)
        self.assertEqual(x["components"][0]["score"], 450)


class Hints(ExplainCase):
    def kinds(self, address):
        x = self.get(f"/addresses/{address}/explain")
        return {h["kind"]: h for h in x["hints"]}, x

    def test_an_office_with_one_stale_password(self):
        address = "203.0.113.10"
        self.tell_at(address, [
            (9000 + i, "login_success", {"account": name, "service": "imap"})
            for i, name in enumerate(("ann", "bob", "eve"))])
        self.tell_at(address, [
            (1000 - 100 * i - i * i, "login_failure",
             {"account": "j.doe", "service": "imap"}) for i in range(10)])
        hints, x = self.kinds(address)
        h = hints["nat_stale_password"]
        self.assertEqual((h["side"], h["confidence"], h["account"]),
                         ("innocent", "medium", "j.doe"))
        self.assertEqual(h["evidence"],
                         {"users": 3, "failed": 10, "share": 100})
        self.assertEqual(h["suggested"][0], "tell_user")
        self.assertEqual(x["blocks"][0]["hints"], ["nat_stale_password"])
        o = self.get("/overview")
        self.assertEqual((o["hints"], [b["id"] for b in o["hint_list"]]),
                         (1, [1]))
        self.assertEqual(x["component"], "login")
        self.assertEqual(x["dossier"]["logins_ok"], 3)
        self.assertEqual(
            [(c["account"], c["ok"], c["failed"])
             for c in x["dossier"]["accounts"]][0], ("j.doe", 0, 10))

    def test_what_the_lists_say(self):
        for i in range(3):
            self.vendor_example(f"203.0.113.{20 + i}")
        self.cli("never", "add", "203.0.113.200", "-m", "partner")
        self.tell_at("203.0.113.9", [(10, "bad_recipient", {})])
        hints, x = self.kinds("203.0.113.9")
        self.assertEqual(hints["near_never"]["prefix"], "203.0.113.200")
        self.assertEqual(hints["neighbours"]["evidence"], {"addresses": 3})
        self.assertEqual(hints["neighbours"]["prefix"], "203.0.113.0/24")
        self.assertEqual(
            sorted((n["address"], n["events"])
                   for n in x["dossier"]["neighbours"]),
            [(f"203.0.113.{20 + i}", 19) for i in range(3)])

    def test_whoever_asks_is_told_of_himself(self):
        self.tell_at("2001:db8::7", [(10, "bad_recipient", {})])
        x = self.get("/addresses/2001:db8::7/explain?self=2001:db8::1")
        self.assertTrue(x["would_block_self"])
        self.assertEqual([h["kind"] for h in x["hints"]], ["you"])
        x = self.get("/addresses/2001:db8::7/explain?self=192.0.2.1")
        self.assertFalse(x["would_block_self"])


class Accounts(ExplainCase):
    def test_which_are_attacked_and_which_are_one(self):
        plan = [(i * 700, "login_failure", {"account": "ann"})
                for i in range(3)]
        plan += [(i * 900, "login_failure", {"account": "nobody"})
                 for i in range(5)]
        plan += [(7300, "login_success", {"account": "ann"})]
        self.tell_at("203.0.113.9", plan)
        rows = self.get("/accounts?state=attacked")["items"]
        self.assertEqual([(r["account"], r["failed"], r["ok"]) for r in rows],
                         [("nobody", 5, 0), ("ann", 3, 1)])
        rows = self.get("/accounts?state=unknown")["items"]
        self.assertEqual([r["account"] for r in rows], ["nobody"])
        x = self.get("/accounts/ann")
        self.assertEqual([(h["ok"], h["failed"]) for h in x["strip"][-3:]],
                         [(1, 0), (0, 0), (0, 3)])
        self.assertEqual(
            [(a["address"], a["ok"], a["failed"]) for a in x["addresses"]],
            [("203.0.113.9", 1, 3)])


class Why(ExplainCase):
    def on_terminal(self, *args, columns=100, lang="C.UTF-8"):
        """What a terminal of some width shows."""
        p = subprocess.run(
            ["script", "-qec", f"stty cols {columns}; {BRATTICE} " +
             " ".join(args) + " --no-pager --color never", "/dev/null"],
            capture_output=True, timeout=20,
            env={"BRATTICE_SOCKET": self.socket, "PATH": os.environ["PATH"],
                 "TZ": "UTC", "LANG": lang, "TERM": "xterm"})
        return p.stdout.decode().replace("\r", "").splitlines()

    def test_the_score_is_drawn(self):
        self.example()
        lines = self.on_terminal("why", "203.0.113.10")
        top = next(line for line in lines if line.startswith("   1000 ┤"))
        self.assertEqual((len(top), top[-1]), (9 + 72, "█"))
        self.assertEqual(set(top[9:-1]), {"┄"})
        zero = next(line for line in lines if line.startswith("      0 ┤"))
        self.assertNotIn(" ", zero[9:])  # 200 points from the first relay on

    def test_the_drawing_fits_and_needs_no_utf_8(self):
        self.example()
        lines = self.on_terminal("why", "203.0.113.10", columns=60, lang="C")
        top = next(line for line in lines if line.startswith("   1000 |"))
        self.assertEqual((len(top), top[-1]), (60, "#"))
        self.assertIn("###########  55 %", "".join(lines))
        words = [line for line in lines if "─" in line or "█" in line]
        self.assertEqual(words, [])
        at = lines.index(next(x for x in lines if x.startswith("Otherwise")))
        for line in lines[at:]:
            if not line.startswith("      brattice"):
                self.assertLessEqual(len(line), 60, line)

    def test_hints_and_what_would_have_been_are_told(self):
        self.example()
        out = self.cli("why", "203.0.113.10")
        self.assertIn("Against it: 5 accounts failed and nobody logged in", out)
        self.assertIn("Otherwise: a threshold of 1001 would not have", out)
        self.assertIn("Address: 19 events in 30 days, 0 logins, 5 failed", out)
        self.assertNotIn("┤", out)

    def test_raw_lists_the_score_behind_each_event(self):
        self.example()
        out = self.cli("why", "203.0.113.10", "--raw").splitlines()
        rows = [line.split() for line in out if "bad_recipient" in line]
        self.assertEqual([r[1:5] for r in rows][-1],
                         ["bad_recipient", "1", "+50", "1000"])

    def test_a_time_of_the_past(self):
        self.example()
        out = self.cli("why", "203.0.113.10", "--at", "10m")
        self.assertIn("Then: SMTP score 450 of 1000 within 1 h", out)


class SettingsCommands(ExplainCase):
    def test_history_diff_and_rollback(self):
        self.cli("settings", "set", "smtp.threshold=900")
        self.assertEqual(self.cli("settings", "diff"),
                         "smtp.threshold: 1000 → 900\n")
        self.assertEqual(self.cli("settings", "rollback", "1"),
                         "smtp.threshold: 900 → 1000\n")
        self.assertEqual(self.cli("settings", "diff"), "")
        self.assertEqual(self.run_cli("settings", "rollback", "99")[0], 3)
        self.assertEqual(self.run_cli("settings", "rollback", "x")[0], 2)
        out = self.cli("settings", "history", "smtp.threshold")
        self.assertEqual(len(out.splitlines()), 3)
        out = self.cli("settings", "history", "login.threshold")
        self.assertEqual(len(out.splitlines()), 0)

    def test_a_file_is_tried(self):
        self.tell_at("192.0.2.1", [(50, "relay_denied", {})] * 4)
        with open(self.folder.name + "/settings.txt", "w") as f:
            f.write("smtp.threshold = 300\n")
        self.assertEqual(
            self.cli("settings", "diff", f.name),
            "smtp.threshold: 1000 → 300\n1 address that is below a "
            "threshold now would be over it: 192.0.2.1\n")


if __name__ == "__main__":
    unittest.main(argv=["explain_test.py"])
