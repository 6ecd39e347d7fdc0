#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""GET /stream: what happens in a node, as those who watch hear it.

    stream_test.py API_FIXTURE
"""

import json
import sys
import time
import unittest

from fixture import PASSWORD, Fixture

PROGRAM = sys.argv[1]


class Stream:
    """One that watches, read as a browser does."""

    def __init__(self, fixture, query="", head=None, unix=True):
        self.connection = fixture.connect(unix)
        self.connection.request(
            "GET", "/api/v1/stream" + query, headers=head or {})
        self.response = self.connection.getresponse()
        self.last_id = ""
        self.pings = 0

    def close(self):
        self.response.close()
        self.connection.close()

    def next(self):
        """Name and data of the next message; None at the end."""
        name, data = "message", []
        while True:
            line = self.response.readline()
            if not line:
                return None
            line = line.decode().rstrip("\n")
            field, _, value = line.partition(":")
            value = value.removeprefix(" ")
            if line.startswith(":"):
                self.pings += 1
            elif field == "event":
                name = value
            elif field == "data":
                data.append(value)
            elif field == "id":
                self.last_id = value
            elif line == "" and name == "cut":
                name, data = "message", []
            elif line == "" and data:
                return name, json.loads("\n".join(data))
            elif line == "":
                name = "message"

    def until(self, name):
        while True:
            message = self.next()
            assert message, f"the stream ended before {name}"
            if message[0] == name:
                return message[1]


class Case(unittest.TestCase):
    def setUp(self):
        self.fixture = Fixture(PROGRAM)
        self.addCleanup(self.fixture.end)

    def watch(self, *args, **named):
        s = Stream(self.fixture, *args, **named)
        self.addCleanup(s.close)
        self.assertEqual(s.response.status, 200)
        self.assertEqual(s.response.getheader("Content-Type"),
                         "text/event-stream")
        self.assertEqual(s.response.getheader("Cache-Control"), "no-store")
        self.assertEqual(s.next()[0], "hello")
        return s

    def report(self, address="203.0.113.7", **more):
        self.fixture.api("POST", "/events", {
            "address": address, "kind": "spam", **more})

    def user(self, name, role):
        self.fixture.api("POST", "/users", {
            "name": name, "role": role, "password": PASSWORD})

    def test_hello_says_who_and_what(self):
        s = Stream(self.fixture)
        self.addCleanup(s.close)
        name, hello = s.next()
        self.assertEqual(name, "hello")
        self.assertEqual(hello["role"], "admin")
        self.assertEqual(hello["version"], "0.0.0")
        self.assertLessEqual({"now", "build"}, set(hello))
        self.assertRegex(s.last_id, r"^[0-9a-f]{8}-\d+$")

    def test_blocks_come_and_go(self):
        s = self.watch("?topics=blocks")
        self.fixture.api("POST", "/blocks", {
            "address": "192.0.2.1", "duration": 600, "note": "why"})
        told = s.until("block")
        row = self.fixture.api("GET", "/blocks")["items"][0]
        self.assertEqual(told["op"], "added")
        self.assertEqual(told["block"]["note"], "why")
        self.assertEqual(told["block"], {
            name: row[name] for name in told["block"]})

        self.fixture.api("DELETE", f"/blocks/{row['id']}")
        told = s.until("block")
        self.assertEqual(told["op"], "removed")
        self.assertEqual(told["block"]["id"], row["id"])
        self.assertEqual(told["block"]["state"], "removed")

        # By the engine, lifted by a never-block entry.
        self.report(kind="virus", count=5)
        told = s.until("block")
        self.assertEqual((told["op"], told["block"]["origin"]),
                         ("added", "automatic"))
        self.fixture.api("POST", "/never", {"address": "203.0.113.0/24"})
        self.assertEqual(s.until("block")["op"], "removed")

        # Its time is up.
        self.fixture.api("POST", "/blocks", {
            "address": "192.0.2.9", "duration": 1})
        self.assertEqual(s.until("block")["op"], "added")
        told = s.until("block")
        self.assertEqual((told["op"], told["block"]["state"]),
                         ("removed", "expired"))

    def test_events_come_in_batches(self):
        s = self.watch("?topics=events")
        for i in range(3):
            self.report(detail=f"number {i}")
        rows = []
        while len(rows) < 3:
            told = s.until("events")
            self.assertEqual(told["dropped"], 0)
            rows += told["items"]
        self.assertEqual([r["detail"] for r in rows],
                         ["number 0", "number 1", "number 2"])
        # The same row as in the log.
        log = self.fixture.api("GET", "/events?limit=1")["items"][0]
        self.assertEqual(rows[-1], log)

        self.fixture.api("POST", "/events", {"events": [
            {"address": "203.0.113.7", "kind": "probe"}] * 250})
        seen = dropped = 0
        while seen + dropped < 250:
            told = s.until("events")
            self.assertLessEqual(len(told["items"]), 100)
            seen += len(told["items"])
            dropped += told["dropped"]
        self.assertEqual(seen + dropped, 250)
        self.assertGreater(dropped, 0)

    def test_figures_and_settings(self):
        s = self.watch("?topics=stats,config")
        told = s.until("stats")
        self.assertEqual(told["blocked"], 0)
        self.assertLessEqual(
            {"events_24h", "mode", "near", "never"}, set(told))
        self.report()  # not asked for
        self.fixture.api("PATCH", "/settings", {"smtp.threshold": 900})
        name, told = s.next()
        self.assertEqual(name, "config")
        self.assertEqual(told["names"], ["smtp.threshold"])
        self.fixture.api("POST", "/blocks", {
            "address": "192.0.2.1", "duration": 600})
        began = time.monotonic()
        self.assertEqual(s.until("stats")["blocked"], 1)
        self.assertLess(time.monotonic() - began, 8)

    def test_goes_on_where_it_was(self):
        s = self.watch("?topics=blocks,config")
        self.fixture.api("POST", "/blocks", {
            "address": "192.0.2.1", "duration": 600})
        s.until("block")
        s.close()
        for i in (2, 3):
            self.fixture.api("POST", "/blocks", {
                "address": f"192.0.2.{i}", "duration": 600})
        again = self.watch("?topics=blocks,config",
                           {"Last-Event-ID": s.last_id})
        for i in (2, 3):
            name, told = again.next()
            self.assertEqual((name, told["block"]["address"]),
                             ("block", f"192.0.2.{i}"))
        boot = s.last_id.split("-")[0]
        for gone in (f"{boot}-999", "00000000-1", "nonsense"):
            late = self.watch("?topics=blocks", {"Last-Event-ID": gone})
            self.assertEqual(late.next(), ("reset", {}))
            self.fixture.api("PATCH", "/settings", {"smtp.threshold": 901})
            self.fixture.api("POST", "/blocks", {
                "address": "192.0.2.7", "duration": 600})
            self.assertEqual(late.next()[0], "block")

    def test_a_restored_backup_resets(self):
        s = self.watch()
        _, backup, _ = self.fixture.ask("GET", "/api/v1/backup")
        c = self.fixture.connect(True)
        c.request("POST", "/api/v1/restore", backup,
                  {"Content-Type": "application/vnd.sqlite3"})
        self.assertEqual(c.getresponse().status, 200)
        c.close()
        s.until("reset")

    def test_ends_with_the_session(self):
        self.user("ann", "admin")
        head, write = self.fixture.sign_in("ann")
        s = self.watch("?topics=blocks", head, unix=False)
        status, _, _ = self.fixture.ask(
            "DELETE", "/api/v1/session", head=write, unix=False)
        self.assertEqual(status, 204)
        self.assertEqual(s.next(), ("bye", {"reason": "session-ended"}))
        self.assertIsNone(s.next())

    def test_ends_with_the_rights(self):
        self.user("bob", "operator")
        head, _ = self.fixture.sign_in("bob")
        s = self.watch("?topics=blocks", head, unix=False)
        token = self.fixture.api("POST", "/tokens", {
            "name": "t", "user": "bob", "scopes": ["read"]})
        t = self.watch("?topics=blocks", unix=False,
                       head={"Authorization": "Bearer " + token["token"]})
        self.fixture.api("PATCH", "/users/bob", {"role": "viewer"})
        bye = s.next()
        self.assertEqual(bye[0], "bye")
        self.assertIsNone(s.next())
        # The token may still read.
        self.fixture.api("POST", "/blocks", {
            "address": "192.0.2.1", "duration": 600})
        self.assertEqual(t.next()[0], "block")
        self.fixture.api("DELETE", f"/tokens/{token['id']}")
        self.assertEqual(t.next(), ("bye", {"reason": "session-ended"}))

    def test_there_are_not_too_many(self):
        self.user("ann", "admin")
        head, _ = self.fixture.sign_in("ann")
        mine = [self.watch(head=head, unix=False) for _ in range(8)]
        path = "/api/v1/stream"
        status, answer, r = self.fixture.ask(
            "GET", path, head=head, unix=False)
        self.assertEqual((status, answer["code"]),
                         (429, "too-many-streams"))
        self.assertEqual(r.getheader("Retry-After"), "10")
        # One that has hung up doesn't count, noticed or not.
        mine[0].close()
        self.watch(head=head, unix=False)
        # And all together.
        others = [self.watch() for _ in range(256 - 8)]
        status, answer, _ = self.fixture.ask("GET", path)
        self.assertEqual((status, answer["code"]),
                         (429, "too-many-streams"))
        for s in others[:2]:
            s.close()
        self.watch()

    def test_topics_are_checked(self):
        for bad in ("", "stat", "stats,", ",", "stats,all"):
            status, answer, _ = self.fixture.ask(
                "GET", "/api/v1/stream?topics=" + bad)
            self.assertEqual((status, answer["code"]),
                             (400, "bad-request"), bad)
        status, _, r = self.fixture.ask("HEAD", "/api/v1/stream")
        self.assertEqual(status, 200)

    def test_a_slow_reader_is_reset(self):
        slow = self.watch("?topics=blocks")
        for i in range(11):
            self.fixture.api("POST", "/events", {"events": [
                {"address": f"198.51.{i}.{j}", "kind": "virus", "count": 5}
                for j in range(1, 251)] + [
                {"address": f"198.52.{i}.{j}", "kind": "virus", "count": 5}
                for j in range(1, 251)]})
        heard = 0
        while (message := slow.next())[0] == "block":
            heard += 1
        self.assertEqual(message, ("reset", {}))
        self.assertLess(heard, 5500)
        self.fixture.api("POST", "/blocks", {
            "address": "192.0.2.1", "duration": 600})
        self.assertEqual(slow.next()[1]["block"]["address"], "192.0.2.1")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[2:])
