#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""How answers look on terminals of 40, 80 and 200 columns and in a pipe,
when clients have chosen the worst names.  UPDATE=1 writes the pictures anew:
look at them."""

import os
import pathlib
import re
import time
import unicodedata
import unittest

from fake import Fake
from terminal import Terminal, pipe

GOLDEN = pathlib.Path(__file__).parent / "golden"
COMMANDS = ("blocks", "never", "accounts", "events", "user", "token",
            "session", "audit", "status", "settings", "top")
MORE = {"blocks": ("--limit", "4")}
WIDTHS = (40, 80, 200)
HOSTILE = "\x1b]0;owned\x07\x1b[2J\u202egnp.exe"
WIDE = "漢字メールの人"  # two columns each
MARKED = "e\u0301l\u00e8ve"  # the first accent takes none


def stamp(ago):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - ago))


def block(number, address, **more):
    return {"id": number, "address": address, "state": "active",
            "origin": "automatic", "observed": False, "would_block": False,
            "from": stamp(425), "until": stamp(-1410), "no_end": False, **more}


def event(number, account, detail):
    return {"id": number, "time": stamp(0), "address": "203.0.113.10",
            "event": 0, "kind": "auth_failure", "count": 1, "points": 50,
            "outcome": "scored", "service": "submission",
            "source": "postfix-log", "account": account, "detail": detail}


def answers():
    """What the daemon says, by path; times are seen from the question."""
    blocks = [
        block(3, "192.0.2.128/25", origin="manual", by="root", until=None,
              no_end=True, note=HOSTILE),
        block(2, "2001:db8:4:ffff:ffff:ffff:ffff:ffff", component="login",
              score=10, threshold=10),
        block(1, "203.0.113.10", component="smtp", score=1050,
              threshold=1000),
        block(12, "198.51.100.7", state="removed", removed_by=WIDE,
              component="smtp", score=1000, threshold=1000)]
    near = [{"address": "198.51.100.20", "component": "smtp", "score": 600,
             "threshold": 1000, "percent": 60}]
    lists = {
        "/blocks": blocks,
        "/never": [{"address": "127.0.0.1", "builtin": True, "by": "",
                    "added": None, "note": "an address of this machine"},
                   {"id": 1, "address": "192.0.2.0/24", "by": WIDE,
                    "added": stamp(3 * 86400 + 60), "note": HOSTILE}],
        "/accounts": [
            {"event": 9, "account": name, "address": "192.0.2.30",
             "state": "locked", "from": stamp(425), "until": stamp(-1410)}
            for name in ("ann", HOSTILE, WIDE, MARKED)],
        "/events": [event(9, WIDE, "a long story " * 20),
                    event(8, HOSTILE, HOSTILE), event(7, MARKED, "short")],
        "/users": [{"id": 1, "name": "ann", "role": "admin", "totp": True,
                    "disabled": False, "created": stamp(50 * 86400 + 90),
                    "last_login": stamp(425)},
                   {"id": 2, "name": MARKED, "role": "viewer", "totp": False,
                    "disabled": True, "created": stamp(425),
                    "last_login": None}],
        "/tokens": [{"id": 1, "name": "grafana", "user": "ann",
                     "scopes": ["read", "audit:read"],
                     "created": stamp(425), "last_used": None,
                     "expires": stamp(-364 * 86400 - 3600),
                     "networks": ["192.0.2.0/24", "2001:db8::/32"]}],
        "/sessions": [{"id": 5, "user": "ann", "address": "192.0.2.9",
                       "created": stamp(425), "last_seen": stamp(125),
                       "agent": "Mozilla/5.0 " + HOSTILE}],
        "/audit": [{"id": 7, "time": stamp(425), "actor": "ann",
                    "via": "web", "action": "PATCH /users/{id}",
                    "target": HOSTILE, "address": "192.0.2.9"}],
        "/settings": [{"name": "text.smtp", "value": WIDE, "changed": True,
                       "default": "Try again later", "summary":
                       "what a blocked client reads at SMTP"},
                      {"name": "smtp.threshold", "value": "1000",
                       "changed": False, "default": "1000", "summary":
                       "Client Error Block Threshold: points that block"}],
    }
    found = {path: (200, {"items": items, "next": None})
             for path, items in lists.items()}
    found["/blocks"][1].update(next="x",
                               total={"value": 266, "exact": True})
    found["/status"] = (200, {
        "state": "running", "version": "1.0.0", "mode": "observe",
        "started": stamp(8070), "now": stamp(0), "events": 12, "blocks": 24,
        "never": 6, "tracked": {"ipv4": 3, "ipv6": 1, "bytes": 1 << 20},
        "store": {"shed": 3}, "hooks": [
            {"hook": "log", "source": "mail", "is_running": True,
             "lines": 337680, "events": 12, "unknown": 675, "ambiguous": 1,
             "files": [{"path": "/var/log/mail.log", "lag_bytes": 9,
                        "is_open": True}]},
            {"hook": "policy", "source": "policy", "is_running": False,
             "requests": 7, "refused": 0}]})
    found["/overview"] = (200, {
        "blocked": 24, "manual": 3, "blocks_24h": 37, "locked": 2, "near": 1,
        "events_24h": 1234, "never": 6, "mode": "observe", "newest":
        blocks[:3], "near_list": near, "hints": 2, "problems": []})
    found["/stats/series"] = (200, {"buckets": [
        {"time": stamp(425), "counts": {"auth_failure": 5, "spam": 1}},
        {"time": stamp(1500), "counts": {"auth_failure": 40}}]})
    return found


def steady(text):
    """Without what the clock changes."""
    text = re.sub(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", "YYYY-MM-DDThh:mm:ssZ",
                  text)
    text = re.sub(r"(?<!\d)\d\d:\d\d:\d\d(?!\d)", "hh:mm:ss", text)
    # Where a bar stands depends on the minute.
    return re.sub(r"[▁-█ ]{4,}$", lambda m: "" if "░" in m[0] else "…", text,
                  flags=re.M) if "a bar is" in text else text


def width(text):
    return sum(0 if unicodedata.combining(c) else
               2 if unicodedata.east_asian_width(c) in "WF" else 1
               for c in text)


class Golden(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.fake = Fake(answers)
        cls.enterClassContext(cls.fake)
        GOLDEN.mkdir(exist_ok=True)

    def check(self, name, text):
        path = GOLDEN / f"{name}.txt"
        if os.environ.get("UPDATE"):
            path.write_text(steady(text))
        self.assertEqual(steady(text), path.read_text(), path.name)

    def on_terminal(self, command, columns, *words):
        t = Terminal("--socket", self.fake.path, command, *words,
                     *MORE.get(command, ()), size=(100, columns))
        if command == "top":
            t.until("\x1b[H")
            text = t.until("\x1b[J").replace("\x1b[K", "")
            t.type("q")
            t.end()
            return re.sub(r"\n{3,}", "\n\n", text.replace("\r\n", "\n")) + "\n"
        return t.end()[1]

    def test_each_width(self):
        for command in COMMANDS:
            for columns in WIDTHS:
                with self.subTest(command=command, columns=columns):
                    self.check(f"{command}-{columns}",
                               self.on_terminal(command, columns))

    def test_tables_fit(self):
        for command in COMMANDS:
            if command in ("status", "top"):
                continue
            for columns in (*WIDTHS, 60, 25):
                text = self.on_terminal(command, columns, "--color", "never")
                for line in text.splitlines():
                    if not line.startswith("…"):
                        self.assertLessEqual(width(line), columns, line)

    def test_nothing_breaks_out(self):
        for command in COMMANDS:
            for text in (self.on_terminal(command, 200),
                         pipe("--socket", self.fake.path, command)[1]):
                text = re.sub(r"\x1b\[[0-9]?[0-9]?m", "", text)
                self.assertFalse([c for c in text if c != "\n" and
                                  unicodedata.category(c) in ("Cc", "Cf")],
                                 repr(text))

    def test_a_pipe(self):
        for command in COMMANDS:
            with self.subTest(command=command):
                code, out, err = pipe("--socket", self.fake.path, command,
                                      *MORE.get(command, ()))
                self.assertEqual(code, 0, err)
                self.check(f"{command}-pipe", out)
        self.assertIn("… 262 more: --limit 0 shows all",
                      pipe("--socket", self.fake.path, "blocks", "--limit",
                           4)[2])

    def test_colours_obey(self):
        for env, words, wanted in (
                ({}, (), True), ({"NO_COLOR": "1"}, (), False),
                ({"TERM": "dumb"}, (), False),
                ({}, ("--color", "never"), False)):
            t = Terminal("--socket", self.fake.path, "accounts", *words, **env)
            self.assertEqual("\x1b[" in t.end()[1], wanted, (env, words))
        for env, words, wanted in (
                ({}, (), False), ({"CLICOLOR_FORCE": "1"}, (), True),
                ({}, ("--color", "always"), True)):
            out = pipe("--socket", self.fake.path, "accounts", *words, **env)
            self.assertEqual("\x1b[" in out[1], wanted, (env, words))

    def test_long_output_goes_through_a_pager(self):
        t = Terminal("--socket", self.fake.path, "accounts", size=(3, 80),
                     BRATTICE_PAGER="sed s/^/paged:/")
        code, text = t.end()
        self.assertEqual(code, 0)
        self.assertIn("paged:ann", text)
        for words, size in ((("--no-pager",), (3, 80)), ((), (50, 80))):
            t = Terminal("--socket", self.fake.path, "accounts", *words,
                         size=size, BRATTICE_PAGER="sed s/^/paged:/")
            self.assertNotIn("paged:", t.end()[1])
        t = Terminal("--socket", self.fake.path, "accounts", size=(3, 80),
                     BRATTICE_PAGER="true")  # who reads nothing of it
        self.assertEqual(t.end()[0], 0)


if __name__ == "__main__":
    unittest.main(verbosity=1)
