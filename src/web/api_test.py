#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""The API and the command line through a real node with a real store.

    api_test.py API_FIXTURE BRATTICE
"""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import unittest

from fixture import Unix as Connection

FIXTURE, BRATTICE = sys.argv[1:3]
IDLE = "brattice: recorded; mode is observe, nothing is refused\n"


class Case(unittest.TestCase):
    """Each test has its own node."""

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.socket = self.folder.name + "/control.sock"
        self.start()
        self.addCleanup(self.folder.cleanup)
        self.addCleanup(self.stop)

    def start(self):
        self.daemon = subprocess.Popen(
            [FIXTURE, self.folder.name, "unix:" + self.socket],
            stdout=subprocess.PIPE)
        self.assertEqual(self.daemon.stdout.readline(), b"ready\n")

    def stop(self, how=signal.SIGTERM):
        if self.daemon:
            self.daemon.send_signal(how)
            code = self.daemon.wait(10)
            self.daemon.stdout.close()
            self.daemon = None
            if how == signal.SIGTERM:
                self.assertEqual(code, 0)

    def ask(self, method, path, body=None, kind="application/json"):
        """Status and answer of one request."""
        c = Connection(self.socket)
        text = None if body is None else \
            body if isinstance(body, (bytes, str)) else json.dumps(body)
        c.request(method, "/api/v1" + path, text,
                  {"Content-Type": kind} if text is not None else {})
        r = c.getresponse()
        answer = json.loads(r.read())
        c.close()
        if r.status >= 400:
            self.assertEqual(r.getheader("Content-Type"),
                             "application/problem+json")
            self.assertEqual(answer["status"], r.status)
            self.assertTrue(answer["code"] and answer["detail"])
        return r.status, answer

    def get(self, path):
        status, answer = self.ask("GET", path)
        self.assertEqual(status, 200, answer)
        return answer

    def run_cli(self, *args, env=None):
        """Exit code, output and messages of one call."""
        p = subprocess.run(
            [BRATTICE, *args], capture_output=True, text=True, timeout=20,
            env={"BRATTICE_SOCKET": self.socket, "PATH": os.environ["PATH"],
                 "TZ": "UTC", **(env or {})})
        return p.returncode, p.stdout, p.stderr

    def cli(self, *args):
        code, out, err = self.run_cli(*args)
        self.assertEqual(code, 0, err)
        if args[0] == "block":
            err = err.replace(IDLE, "")
        if "--dry-run" in args:
            err = err.replace("nothing was changed: --dry-run\n", "")
        self.assertEqual(err, "")
        return out

    def tell(self, address, kind, n, **more):
        events = [{"address": address, "kind": kind, **more}
                  for _ in range(n)]
        status, answer = self.ask("POST", "/events", {"events": events})
        self.assertEqual((status, answer), (202, {"accepted": n}))

    def vendor_example(self, address="203.0.113.10"):
        """2 relay attempts, 5 bad passwords, 12 unknown recipients."""
        self.tell(address, "relay_denied", 2, service="smtp")
        for i in range(5):
            self.tell(address, "auth_failure", 1, account="user%d" % i,
                      service="smtp")
        self.tell(address, "bad_recipient", 12, service="smtp")


class Explain(Case):
    def test_sums_the_vendors_example_to_the_digit(self):
        self.vendor_example()
        x = self.get("/addresses/203.0.113.10/explain")
        self.assertEqual(x["state"], "would_block")
        self.assertEqual(x["explained"], 1)
        smtp, login = x["components"]
        self.assertEqual(
            [(c["kind"], c["count"], c["points"], c["total"], c["share"])
             for c in smtp["contributions"]],
            [("bad_recipient", 11, 50, 550, 55),
             ("auth_failure", 5, 50, 250, 25),
             ("relay_denied", 2, 100, 200, 20)])
        self.assertEqual((smtp["score"], smtp["threshold"], smtp["period"],
                          smtp["as_of"]), (1000, 1000, 3600, "block"))
        self.assertEqual(len(x["events"]), 18)
        self.assertTrue(x["events"][-1]["cause"])
        self.assertEqual((login["component"], login["as_of"]),
                         ("login", "now"))

    def test_a_block_is_explained_as_it_was(self):
        self.tell("203.0.113.10", "relay_denied", 10)
        self.cli("settings", "set", "weight.relay_denied=1",
                 "smtp.threshold=77")
        x = self.get("/addresses/203.0.113.10/explain")["components"][0]
        self.assertEqual((x["score"], x["threshold"]), (1000, 1000))
        self.assertEqual(x["contributions"][0]["points"], 100)
        y = self.get("/blocks/1/explain")
        self.assertEqual(y["components"][0], x)
        self.assertEqual(len(y["events"]), 10)

    def test_an_address_that_is_not_blocked(self):
        self.tell("203.0.113.10", "relay_denied", 3)
        x = self.get("/addresses/203.0.113.10/explain")
        self.assertEqual((x["state"], x["events_from"], len(x["events"])),
                         ("not_blocked", "log", 3))
        self.assertEqual(x["components"][0]["score"], 300)
        out = self.cli("why", "203.0.113.10")
        self.assertIn("203.0.113.10 is not blocked\n", out)
        self.assertIn("Now: SMTP score 300 of 1000 within 1 h\n", out)

    def test_ipv6_is_scored_by_64(self):
        self.tell("2001:db8::1", "relay_denied", 5)
        self.tell("2001:db8::2", "relay_denied", 5)
        x = self.get("/addresses/2001:db8::3/explain")
        self.assertEqual((x["key"], x["state"]),
                         ("2001:db8::/64", "would_block"))

    def test_the_history_is_told_after_unblocking(self):
        self.vendor_example()
        self.cli("unblock", "203.0.113.10")
        x = self.get("/addresses/203.0.113.10/explain")
        self.assertEqual(x["state"], "not_blocked")
        self.assertEqual(x["last_block"]["state"], "removed")
        self.assertEqual(x["components"][0]["score"], 0)
        self.assertTrue(all(e.get("forgiven") for e in x["events"]
                            if e["outcome"] == "scored"))
        self.assertEqual(self.get("/blocks/1/explain")["state"], "removed")

    def test_why_prints_the_table(self):
        self.vendor_example()
        out = self.cli("why", "203.0.113.10")
        lines = out.split("\n")
        self.assertTrue(lines[0].startswith(
            "203.0.113.10 would be blocked until "), out)
        self.assertIn("  Unknown recipient     11    × 50    550   55 %",
                      lines)
        self.assertIn("SMTP score reached 1000 of 1000 within 1 h", out)

    def test_unknown_things(self):
        self.assertEqual(self.ask("GET", "/blocks/5/explain")[0], 404)
        self.assertEqual(self.ask("GET", "/blocks/x/explain")[0], 400)
        self.assertEqual(self.ask("GET", "/addresses/nobody/explain")[0], 422)
        self.assertEqual(self.run_cli("why", "7")[0], 3)
        self.assertEqual(self.run_cli("why", "nobody")[0], 2)


class Figures(Case):
    def test_near_is_what_the_explanation_says(self):
        self.tell("203.0.113.10", "relay_denied", 6)
        self.tell("203.0.113.11", "relay_denied", 8)
        self.tell("203.0.113.12", "relay_denied", 4)
        near = self.get("/addresses?near=0.5")
        self.assertEqual(
            [(r["address"], r["score"], r["percent"])
             for r in near["items"]],
            [("203.0.113.11", 800, 80), ("203.0.113.10", 600, 60)])
        self.assertEqual(near["total"], {"value": 2, "exact": True})
        self.assertEqual(
            len(self.get("/addresses?near=0.4&limit=1")["items"]), 1)
        self.assertEqual(self.ask("GET", "/addresses?near=2")[0], 400)

    def test_the_overview_counts(self):
        self.vendor_example()
        self.tell("203.0.113.11", "relay_denied", 8)
        self.cli("block", "192.0.2.1")
        o = self.get("/overview")
        self.assertEqual(
            (o["blocked"], o["manual"], o["blocks_24h"], o["events_24h"],
             o["near"], o["mode"]), (2, 1, 2, 27, 1, "observe"))
        self.assertEqual([b["id"] for b in o["newest"]], [2, 1])
        self.assertEqual(o["near_list"][0]["address"], "203.0.113.11")

    def test_series_tops_and_kinds_agree(self):
        self.vendor_example()
        counts = {}
        for b in self.get("/stats/series")["buckets"]:
            for kind, n in b["counts"].items():
                counts[kind] = counts.get(kind, 0) + n
        self.assertEqual(counts, {"relay_denied": 2, "auth_failure": 5,
                                  "bad_recipient": 12})
        self.assertEqual(
            [(t["address"], t["events"])
             for t in self.get("/stats/top")["items"]],
            [("203.0.113.10", 19)])
        self.assertEqual(
            len(self.get("/stats/top?by=account")["items"]), 5)
        kinds = {k["kind"]: k for k in self.get("/event-types")["items"]}
        self.assertEqual(
            (kinds["bad_recipient"]["seen_7d"],
             kinds["bad_recipient"]["share"]), (12, 57))

    def test_previews_change_nothing(self):
        self.cli("block", "198.51.100.7")
        self.tell("198.51.100.9", "login_success", 2, account="ann")
        status, p = self.ask("POST", "/blocks/preview", {
            "address": "198.51.100.0/24", "self": "198.51.100.1"})
        self.assertEqual(status, 200, p)
        self.assertEqual(
            (p["address"], p["covers"], p["would_block_self"],
             [b["id"] for b in p["overlaps"]],
             [x["account"] for x in p["accounts"]]),
            ("198.51.100.0/24", "256", True, [1], ["ann"]))
        status, p = self.ask("POST", "/never/preview",
                             {"address": "198.51.100.0/24"})
        self.assertEqual((status, p["lifts"], p["covers_you"]),
                         (200, 1, False))
        self.assertEqual(len(self.get("/blocks")["items"]), 1)

    def test_a_line_is_understood(self):
        line = ("Nov 24 03:06:24 mx postfix/smtpd[1]: NOQUEUE: reject: RCPT "
                "from unknown[203.0.113.10]: 554 5.7.1 <a@example.net>: "
                "Relay access denied; from=<b@example.org> "
                "to=<a@example.net> proto=ESMTP helo=<x>")
        status, p = self.ask("POST", "/parse", {"line": line})
        self.assertEqual((status, p["reading"], p["dialect"]),
                         (200, "event", "postfix"))
        self.assertEqual((p["events"][0]["kind"], p["events"][0]["address"]),
                         ("relay_denied", "203.0.113.10"))
        self.assertEqual(self.ask("POST", "/parse", {
            "line": "x", "dialect": "nobody"})[0], 422)


class Blocks(Case):
    def test_by_hand_and_back(self):
        self.cli("settings", "set", "mode=enforce")
        out = self.cli("block", "198.51.100.0/24", "--for", "2h", "-m", "why")
        self.assertRegex(out, r"^Blocked 198.51.100.0/24 until .*"
                              r"2 h left \(entry 1\)\n$")
        b = self.get("/blocks")["items"][0]
        self.assertEqual((b["address"], b["note"], b["origin"], b["state"]),
                         ("198.51.100.0/24", "why", "manual", "active"))
        self.assertTrue(b["by"])
        self.assertEqual(self.run_cli("blocked", "198.51.100.9")[0], 0)
        self.assertEqual(self.run_cli("blocked", "198.51.101.9")[0], 3)
        self.cli("unblock", "198.51.100.0/24")
        self.assertEqual(self.run_cli("blocked", "198.51.100.9")[0], 3)
        self.assertEqual(self.get("/blocks")["items"], [])
        self.assertEqual(
            self.get("/blocks?state=removed")["items"][0]["id"], 1)

    def test_observe_refuses_nobody(self):
        code, out, err = self.run_cli("block", "198.51.100.1", "-m", "x")
        self.assertEqual((code, err), (0, IDLE))
        self.assertTrue(out.startswith("Recorded 198.51.100.1 "), out)
        self.assertIn("x (would block)", self.cli("blocks"))
        self.assertEqual(self.run_cli("blocked", "198.51.100.1")[0], 3)
        self.assertTrue(
            self.get("/blocked?address=198.51.100.1")["would_block"])
        self.vendor_example()
        self.assertIn("smtp 1000/1000 (would block)", self.cli("blocks"))
        self.cli("settings", "set", "mode=enforce")
        self.assertNotIn("would block", self.cli("blocks"))
        self.assertNotIn("would block", self.cli("why", "203.0.113.10"))
        self.assertEqual(self.run_cli("block", "198.51.100.2")[2], "")

    def test_what_still_covers_is_told(self):
        self.cli("block", "198.51.100.0/24")
        self.cli("block", "198.51.100.7")
        out = self.cli("unblock", "198.51.100.7")
        self.assertIn("  still blocked by entry 1, 198.51.100.0/24 "
                      "(--covering ends it)\n", out)
        self.cli("block", "198.51.100.7")
        _, answer = self.ask("DELETE", "/blocks/3")
        self.assertEqual(answer["still_covered"]["id"], 1)
        self.assertNotIn("still", self.cli("unblock", "1"))

    def test_who_removed_it(self):
        self.vendor_example()
        _, answer = self.ask("DELETE", "/blocks/1")
        who = answer["removed"][0]["removed_by"]
        row = self.get("/blocks?state=removed")["items"][0]
        self.assertEqual((row["removed_by"], row.get("by")), (who, None))
        self.assertIn("removed by " + who,
                      self.cli("blocks", "--state", "removed"))
        self.assertRegex(self.cli("why", "1"), "; removed .* by " + who)
        self.assertFalse([n for n in self.get("/blocks/1/explain")["next"]
                          if "unblock" in n])

    def test_half_the_world_needs_force(self):
        for net in ("0.0.0.0/0", "128.0.0.0/7", "2000::/3", "::/0"):
            code, _, err = self.run_cli("block", net)
            self.assertEqual(code, 6, net)
            self.assertIn("much of the internet", err)
            self.assertIn("With --force it", err)
            self.assertNotIn("=true", err)
        self.assertEqual(self.get("/blocks")["items"], [])
        self.cli("block", "128.0.0.0/7", "--force")
        self.cli("block", "9.0.0.0/8")
        self.cli("block", "2600::/16")

    def test_wider_entries_need_covering(self):
        self.cli("block", "198.51.100.0/24")
        code, _, err = self.run_cli("unblock", "198.51.100.7")
        self.assertEqual(code, 6)
        self.assertIn("entry 1, 198.51.100.0/24, covers it", err)
        self.assertIn("--covering", err)
        self.assertEqual(len(self.get("/blocks")["items"]), 1)
        self.cli("unblock", "198.51.100.7", "--covering")
        self.assertEqual(self.get("/blocks")["items"], [])

    def test_within_takes_what_lies_inside(self):
        for net in ("198.51.100.1", "198.51.100.128/25", "198.51.101.1"):
            self.cli("block", net)
        self.assertEqual(self.run_cli("unblock", "198.51.100.0/24")[0], 3)
        out = self.cli("unblock", "198.51.100.0/24", "--within")
        self.assertEqual(out.count("Unblocked"), 2)
        self.assertEqual([b["address"] for b in self.get("/blocks")["items"]],
                         ["198.51.101.1"])

    def test_several_and_by_number(self):
        self.cli("block", "192.0.2.1")
        self.cli("block", "192.0.2.2")
        out = self.cli("unblock", "2", "192.0.2.1")
        self.assertEqual(out.count("Unblocked"), 2)
        self.assertEqual(self.run_cli("unblock", "2")[0], 3)

    def test_all_words_are_checked_before_the_first_is_done(self):
        self.cli("block", "192.0.2.1")
        self.assertEqual(self.run_cli("unblock", "192.0.2.1", "x")[0], 2)
        self.assertEqual(len(self.get("/blocks")["items"]), 1)
        code, out, err = self.run_cli("unblock", "192.0.2.2", "192.0.2.1")
        self.assertEqual(code, 8)
        self.assertIn("Unblocked 192.0.2.1", out)
        self.assertIn("192.0.2.2 is not in the block list", err)

    def test_no_end(self):
        self.cli("block", "192.0.2.1", "--for", "none")
        b = self.get("/blocks")["items"][0]
        self.assertEqual((b["until"], b["no_end"]), (None, True))
        self.assertIn("no end", self.cli("blocks"))

    def test_not_whoever_asks(self):
        ssh = {"SSH_CONNECTION": "198.51.100.7 50000 192.0.2.1 22"}
        code, _, err = self.run_cli("block", "198.51.100.0/24", env=ssh)
        self.assertEqual(code, 6)
        self.assertIn("198.51.100.7, where you are connected from", err)
        self.assertEqual(self.run_cli(
            "block", "198.51.100.0/24", "--force", env=ssh)[0], 0)

    def test_never_entries_are_named(self):
        self.cli("never", "add", "198.51.100.7", "-m", "office")
        out = self.cli("block", "198.51.100.0/24")
        self.assertIn("stays unblocked: 198.51.100.7 office", out)
        code, _, err = self.run_cli("block", "198.51.100.7")
        self.assertEqual(code, 6)
        self.assertIn("has no effect", err)

    def test_pages(self):
        for i in range(1, 8):
            self.cli("block", "192.0.2.%d" % i)
        seen, cursor = [], ""
        while cursor is not None:
            page = self.get("/blocks?limit=3" +
                            (cursor and "&cursor=" + cursor))
            seen += [b["id"] for b in page["items"]]
            cursor = page["next"]
        self.assertEqual(seen, [7, 6, 5, 4, 3, 2, 1])
        code, out, err = self.run_cli("blocks", "--limit", "3", "-q")
        self.assertEqual((code, len(out.split())), (0, 3))
        self.assertIn("4 more", err)
        self.assertEqual(len(self.cli("blocks", "--limit", "0",
                                      "-q").split()), 7)

    def test_what_is_acknowledged_survives_a_kill(self):
        self.cli("block", "192.0.2.1", "--for", "1d", "-m", "kept")
        self.cli("never", "add", "192.0.2.2")
        self.cli("settings", "set", "smtp.threshold=123")
        self.stop(signal.SIGKILL)
        self.start()
        self.assertEqual(self.get("/blocks")["items"][0]["note"], "kept")
        self.assertEqual(self.cli("never", "check", "192.0.2.2", "-q"), "")
        self.assertEqual(self.cli("settings", "get", "smtp.threshold"),
                         "smtp.threshold = 123\n")


class Never(Case):
    def test_add_lifts_and_remove(self):
        self.cli("block", "192.0.2.1")
        out = self.cli("never", "add", "192.0.2.0/24", "-m", "office")
        self.assertIn("lifted 1 block\n", out)
        self.assertEqual(self.get("/blocks")["items"], [])
        rows = [n for n in self.get("/never")["items"] if not n["builtin"]]
        self.assertEqual((rows[0]["address"], rows[0]["note"]),
                         ("192.0.2.0/24", "office"))
        self.assertEqual(self.run_cli("never", "add", "192.0.2.0/24")[0], 6)
        code, out, _ = self.run_cli("never", "check", "192.0.2.77")
        self.assertEqual(code, 0)
        self.assertIn("entry 192.0.2.0/24 office", out)
        code, _, err = self.run_cli("never", "remove", "192.0.2.77")
        self.assertEqual(code, 3)
        self.assertIn("it lies in 192.0.2.0/24", err)
        self.cli("never", "add", "192.0.2.77")
        self.assertIn("still never blocked by 192.0.2.0/24",
                      self.cli("never", "remove", "192.0.2.77"))
        self.cli("never", "remove", "192.0.2.0/24")
        self.assertEqual(self.run_cli("never", "check", "192.0.2.77")[0], 3)
        code, _, err = self.run_cli("never", "remove", "127.0.0.1")
        self.assertEqual(code, 3)
        self.assertIn("is always in force", err)

    def test_loopback_is_built_in(self):
        self.assertEqual(self.run_cli("never", "check", "127.0.0.1")[0], 0)
        self.assertEqual(
            self.get("/addresses/127.0.0.1/explain")["state"], "never")
        self.assertEqual(self.run_cli("block", "127.0.0.1")[0], 6)


class Events(Case):
    def test_filters(self):
        self.tell("192.0.2.1", "relay_denied", 2, account="ann",
                  service="smtp", time="2026-01-02T03:04:05Z")
        self.tell("192.0.2.9", "login_failure", 1, account="bob",
                  service="imap")
        def ids(query):
            return [e["id"] for e in self.get("/events" + query)["items"]]
        self.assertEqual(ids(""), [3, 2, 1])
        self.assertEqual(ids("?address=192.0.2.1"), [2, 1])
        self.assertEqual(ids("?address=192.0.2.0/28&kind=32"), [3])
        self.assertEqual(ids("?account=bob"), [3])
        self.assertEqual(ids("?service=smtp&limit=1"), [2])
        self.assertEqual(ids("?since=2026-02-01T00:00:00Z"), [3])
        self.assertEqual(ids("?until=2026-02-01T00:00:00Z"), [2, 1])
        self.assertEqual(ids("?after=1"), [2, 3])
        page = self.get("/events?limit=2")
        self.assertEqual(ids("?cursor=" + page["next"]), [1])

    def test_all_of_it_comes_oldest_first(self):
        for i in range(3):
            self.tell("192.0.2.1", "syntax", 700, account="u%d" % i)
        out = self.cli("events", "--limit", "0").splitlines()
        self.assertEqual(len(out), 2101)
        self.assertEqual([out[i].split()[-1] for i in (1, 1000, 2000)],
                         ["u0", "u1", "u2"])
        self.assertEqual(sum("TIME" in line for line in out), 1)
        code, out, err = self.run_cli("events", "--limit", "2")
        self.assertEqual((code, len(out.splitlines())), (0, 3))
        self.assertIn("only 2 are shown", err)
        self.assertEqual(self.run_cli("events", "--limit", "1001")[0], 2)

    def test_hostile_text_is_made_safe(self):
        self.tell("192.0.2.1", "syntax", 1, account="\x1b[2J\u202eevil",
                  detail="a\nb\tc")
        out = self.cli("events")
        self.assertIn(r"\x1b[2J\u{202e}evil", out)
        self.assertIn(r"a\x0ab", out)
        self.assertNotIn("\x1b", out)
        e = json.loads(self.cli("events", "--json"))["items"][0]
        self.assertEqual(e["account"], "\x1b[2J\u202eevil")

    def test_follow_prints_what_comes(self):
        self.tell("192.0.2.1", "syntax", 1)
        p = subprocess.Popen(
            [BRATTICE, "events", "-f"], stdout=subprocess.PIPE, text=True,
            env={"BRATTICE_SOCKET": self.socket})
        try:
            import time
            time.sleep(0.5)
            self.tell("192.0.2.2", "spam", 1)
            self.assertIn("TIME", p.stdout.readline())
            self.assertIn("192.0.2.2", p.stdout.readline())
        finally:
            p.kill()
            p.wait()
            p.stdout.close()

    def test_a_count_counts(self):
        self.tell("192.0.2.1", "bad_recipient", 1, count=5)
        e = self.get("/events")["items"][0]
        self.assertEqual((e["count"], e["points"]), (5, 250))

    def test_what_is_wrong_is_refused_whole(self):
        good = {"address": "192.0.2.1", "kind": "spam"}
        for bad in ({}, {"address": "x", "kind": "spam"},
                    {"address": "192.0.2.1", "kind": "nonsense"},
                    {**good, "time": "yesterday"}, {**good, "count": 0},
                    {**good, "account": 7}):
            status, answer = self.ask("POST", "/events",
                                      {"events": [good, bad]})
            self.assertEqual(status, 422, bad)
            self.assertEqual(answer["errors"][0]["pointer"], "#/events/1")
        self.assertEqual(self.get("/events")["items"], [])


class Settings(Case):
    def test_set_reset_history(self):
        out = self.cli("settings", "set", "smtp.threshold=1200",
                       "weight.relay_denied=7")
        self.assertEqual(out, "smtp.threshold: 1000 → 1200\n"
                              "weight.relay_denied: 100 → 7\n")
        rows = {f["name"]: f for f in self.get("/settings")["items"]}
        self.assertEqual((rows["smtp.threshold"]["value"],
                          rows["smtp.threshold"]["default"],
                          rows["smtp.threshold"]["changed"]),
                         ("1200", "1000", True))
        self.cli("settings", "reset", "smtp.threshold")
        self.assertEqual(self.cli("settings", "get", "smtp.threshold"),
                         "smtp.threshold = 1000\n")
        history = self.get("/settings/history")["items"]
        self.assertEqual(
            [(h["name"], h["before"], h["after"]) for h in history][0],
            ("smtp.threshold", "1200", None))
        self.assertIn("(default)", self.cli("settings", "history"))

    def test_all_or_none(self):
        code, _, err = self.run_cli("settings", "set", "smtp.threshold=5",
                                    "login.threshold=0")
        self.assertEqual(code, 7)
        self.assertIn("login.threshold", err)
        self.assertEqual(self.cli("settings", "get", "smtp.threshold"),
                         "smtp.threshold = 1000\n")

    def test_an_empty_value_is_none(self):
        for key, expected in (("mode", "observe"), ("text.smtp", "expected"),
                              ("smtp.threshold", "1")):
            code, _, err = self.run_cli("settings", "set", key + "=")
            self.assertEqual(code, 7)
            self.assertIn(expected, err)
            self.assertIn("brattice settings reset " + key, err)
        self.assertEqual(self.ask("PATCH", "/settings", {"mode": ""})[0], 422)
        self.assertEqual(self.get("/settings/history")["items"], [])

    def test_a_key_stands_once(self):
        for words in (("set", "mode=enforce", "mode=observe"),
                      ("reset", "mode", "mode")):
            code, _, err = self.run_cli("settings", *words)
            self.assertEqual(code, 2)
            self.assertIn('"mode" is given twice', err)

    def test_get_prints_what_is_asked(self):
        rows = json.loads(self.cli("settings", "get", "smtp.threshold",
                                   "mode", "--json"))["items"]
        self.assertEqual([r["name"] for r in rows],
                         ["smtp.threshold", "mode"])
        self.assertEqual(rows[1]["default"], "observe")

    def test_names_are_suggested(self):
        code, _, err = self.run_cli("settings", "set", "smtp.treshold=5")
        self.assertEqual(code, 7)
        self.assertIn('did you mean "smtp.threshold"?', err)
        code, _, err = self.run_cli("settings", "get", "mod")
        self.assertEqual(code, 3)
        self.assertIn('did you mean "mode"?', err)

    def test_what_get_prints_replay_takes(self):
        path = self.folder.name + "/settings.txt"
        with open(path, "w") as f:
            f.write(self.cli("settings", "get"))
        self.cli("replay", "--settings", path, "/dev/null")

    def write(self, text):
        path = self.folder.name + "/settings.txt"
        with open(path, "w") as f:
            f.write(text)
        return path

    def test_what_is_exported_can_be_imported(self):
        self.cli("settings", "set", "smtp.threshold=1200", "login.period=1h",
                 'text.login=  blanks and a " quote  ')
        text = self.cli("settings", "export")
        self.cli("replay", "--settings", self.write(text), "/dev/null")
        changed = self.cli("settings", "export", "--changed")
        self.assertIn("# default: 1000\nsmtp.threshold = 1200\n", changed)
        self.assertNotIn("weight.", changed)
        self.cli("settings", "reset", "smtp.threshold", "login.period",
                 "text.login")
        self.assertEqual(
            sorted(self.cli("settings", "import",
                            self.write(changed)).splitlines())[:2],
            ["login.period: 30m → 1h", "smtp.threshold: 1000 → 1200"])
        self.assertEqual(self.cli("settings", "export"), text)
        self.assertEqual(self.cli("settings", "import", self.write(text)), "")

    def test_an_import_is_tried_first(self):
        path = self.write("# a comment\nsmtp.threshold = 77\n")
        for _ in range(2):
            self.assertEqual(
                self.cli("settings", "import", "--dry-run", path),
                "smtp.threshold: 1000 → 77\n")
        self.assertEqual(self.get("/settings/history")["items"], [])
        status, answer = self.ask("PATCH", "/settings?dry_run=true",
                                  {"smtp.threshold": 77, "mode": None})
        self.assertEqual((status, answer["dry_run"]), (200, True))
        self.cli("settings", "import", path)
        self.assertEqual(len(self.get("/settings/history")["items"]), 1)
        # What is the default again isn't kept as a change.
        self.cli("settings", "import", self.write("smtp.threshold = 1000"))
        self.assertEqual(self.get("/settings/history")["items"][0]["after"],
                         None)

    def test_an_import_is_all_or_none(self):
        path = self.write("smtp.threshold = 77\n\nlogin.threshold = 0\n")
        code, out, err = self.run_cli("settings", "import", path)
        self.assertEqual((code, out), (7, ""))
        self.assertIn("settings.txt: line 3: login.threshold", err)
        self.assertEqual(self.cli("settings", "export", "--changed").count("="),
                         0)
        code, _, err = self.run_cli("settings", "import", "/nowhere")
        self.assertEqual(code, 7)


class Backup(Case):
    def setUp(self):
        super().setUp()
        self.path = self.folder.name + "/backup.db"

    def test_what_was_backed_up_comes_back(self):
        self.cli("block", "203.0.113.1", "--for", "none")
        self.cli("never", "add", "192.0.2.0/24")
        self.cli("settings", "set", "mode=enforce", "smtp.threshold=77")
        self.cli("backup", self.path)
        self.assertEqual(os.stat(self.path).st_mode & 0o777, 0o600)
        self.cli("unblock", "203.0.113.1")
        self.cli("block", "203.0.113.2")
        self.cli("never", "remove", "192.0.2.0/24")
        self.cli("never", "add", "198.51.100.0/24")
        self.cli("settings", "reset", "smtp.threshold")
        self.assertRegex(self.cli("restore", self.path),
                         "^restored: 1 live blocks, ")
        self.assertEqual(self.run_cli("blocked", "203.0.113.1")[0], 0)
        self.assertEqual(self.run_cli("blocked", "203.0.113.2")[0], 3)
        self.assertEqual(self.run_cli("never", "check", "192.0.2.7")[0], 0)
        self.assertEqual(self.run_cli("never", "check", "198.51.100.1")[0], 3)
        self.assertEqual(self.run_cli("never", "check", "127.0.0.1")[0], 0)
        self.assertEqual(self.cli("settings", "get", "smtp.threshold"),
                         "smtp.threshold = 77\n")
        # The number of an entry that is gone isn't given again.
        block = json.loads(self.cli("--json", "block", "203.0.113.3"))
        self.assertEqual(block["block"]["id"], 3)
        self.stop(signal.SIGKILL)
        self.start()
        self.assertEqual(self.run_cli("blocked", "203.0.113.1")[0], 0)
        self.assertEqual(self.run_cli("blocked", "203.0.113.3")[0], 0)

    def test_a_restore_has_no_gap(self):
        self.cli("settings", "set", "mode=enforce")
        self.cli("block", "203.0.113.1")
        self.cli("never", "add", "192.0.2.0/24")
        self.cli("backup", self.path)
        asking, wrong = True, []

        def ask():
            while asking:
                answer = self.get("/blocked?address=203.0.113.1")
                if not answer["blocked"]:
                    wrong.append(answer)
                self.tell("192.0.2.9", "relay_denied", 11)
                self.tell("203.0.113.77", "probe", 1)

        thread = threading.Thread(target=ask)
        thread.start()
        for _ in range(10):
            self.cli("restore", self.path)
        asking = False
        thread.join()
        self.assertEqual(wrong, [])
        self.assertEqual([b["address"] for b in self.get("/blocks")["items"]],
                         ["203.0.113.1"])

    def test_events_outlive_a_restore(self):
        self.cli("backup", self.path)
        self.tell("203.0.113.9", "relay_denied", 3)
        self.cli("restore", self.path)
        self.tell("203.0.113.9", "relay_denied", 4)
        smtp = self.get("/addresses/203.0.113.9/explain")["components"][0]
        self.assertEqual(smtp["score"], 700)
        self.assertEqual(len(self.get("/events")["items"]), 7)

    def test_what_is_no_backup_is_refused(self):
        self.cli("block", "203.0.113.1")
        self.cli("backup", self.path)
        with open(self.path, "rb") as f:
            good = f.read()
        for bad in (b"", b"nothing", good[:-4096], good[:5000]):
            with open(self.path, "wb") as f:
                f.write(bad)
            code, out, err = self.run_cli("restore", self.path)
            self.assertIn(code, (2, 7), err)
            self.assertEqual(out, "")
            self.assertIn("backup", err)
        status, _ = self.ask("POST", "/restore", {"a": 1})
        self.assertEqual(status, 415)
        with open(self.path, "wb") as f:
            f.truncate((64 << 20) + 1)
        self.assertEqual(self.run_cli("restore", self.path)[0], 1)
        self.assertEqual(len(self.get("/blocks")["items"]), 1)

    def test_goes_through_a_pipe(self):
        self.cli("block", "203.0.113.1")
        p = subprocess.run([BRATTICE, "--socket", self.socket, "backup", "-"],
                           capture_output=True, timeout=30)
        self.assertEqual((p.returncode, p.stdout[:15]), (0, b"SQLite format 3"))


class Http(Case):
    def test_failures_are_problems(self):
        for method, path, body, status in (
                ("GET", "/nothing", None, 404),
                ("POST", "/status", {}, 405),
                ("GET", "/blocks?frobnicate=1", None, 400),
                ("GET", "/blocks?state=dead", None, 400),
                ("GET", "/blocks?limit=100000", None, 400),
                ("GET", "/events?kind=nonsense", None, 422),
                ("GET", "/events?since=now", None, 400),
                ("POST", "/blocks", {"address": "192.0.2.1/8"}, 422),
                ("POST", "/blocks", {}, 422),
                ("POST", "/blocks", {"address": "192.0.2.1",
                                     "duration": 0}, 422),
                ("POST", "/blocks", {"address": "192.0.2.1",
                                     "minutes": 5}, 400),
                ("POST", "/blocks", "{", 400),
                ("POST", "/blocks", '{"address":"192.0.2.1",'
                                    '"address":"192.0.2.2"}', 400),
                ("PATCH", "/settings", {"mode": "sleep"}, 422),
                ("DELETE", "/blocks?address=192.0.2.1", None, 404),
                ("DELETE", "/blocks/1", None, 404)):
            got, answer = self.ask(method, path, body)
            wanted = (status,) if path != "/events?since=now" else (400, 422)
            self.assertIn(got, wanted, (method, path, answer))
        self.assertEqual(self.ask("POST", "/blocks", b"address=192.0.2.1",
                                  "application/x-www-form-urlencoded")[0],
                         415)
        self.assertEqual(self.get("/blocks")["items"], [])

    def test_health_and_version(self):
        self.assertEqual(self.get("/health"), {"status": "ok"})
        self.assertEqual(self.get("/version"), {"version": "0.0.0"})
        s = self.get("/status")
        self.assertEqual((s["state"], s["mode"]), ("running", "observe"))
        self.assertIn("running since", self.cli("status"))

    def test_json_is_the_answer_of_the_api(self):
        self.cli("block", "192.0.2.1")
        for verb in (["status"], ["why", "192.0.2.1"], ["blocks"], ["never"],
                     ["events"], ["settings"], ["settings", "history"]):
            json.loads(self.cli(*verb, "--json"))
        code, out, err = self.run_cli("unblock", "192.0.2.9", "--json")
        self.assertEqual(code, 3)
        self.assertEqual(json.loads(out)["code"], "not-found")

    def test_a_terminal_has_colours_and_a_pipe_has_none(self):
        self.assertNotIn("\x1b", self.cli("status"))
        self.assertIn("\x1b[", self.cli("status", "--color", "always"))


class NoDaemon(unittest.TestCase):
    def test_says_which_socket_and_what_to_do(self):
        p = subprocess.run([BRATTICE, "--socket", "/nonexistent/s",
                            "status"], capture_output=True, text=True)
        self.assertEqual(p.returncode, 4)
        self.assertIn("/nonexistent/s", p.stderr)
        self.assertIn("systemctl start brattice", p.stderr)

    def test_a_daemon_that_says_nothing(self):
        with tempfile.TemporaryDirectory() as folder:
            s = socket.socket(socket.AF_UNIX)
            s.bind(folder + "/s")
            s.listen()
            p = subprocess.run(
                [BRATTICE, "--socket", folder + "/s", "--timeout", "1",
                 "status"], capture_output=True, text=True, timeout=20)
            s.close()
        self.assertEqual(p.returncode, 4)
        self.assertIn("timed out", p.stderr)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[3:])
