#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Every exit code: what the daemon says, and what each command makes of
it; and what changes nothing."""

import json
import os
import re
import unittest

from fake import Fake, problem
from terminal import pipe

from seed import seed, want  # noqa: E402
from test_listen import Site  # noqa: E402

# What the daemon answers to `brattice status`, and the code.
STATUSES = (
    (problem(400), 2), (problem(401, "unauthenticated"), 5),
    (problem(403, "forbidden"), 5), (problem(404), 3), (problem(409), 6),
    (problem(412, "precondition-failed"), 6), (problem(422), 2),
    (problem(428, "precondition-required"), 6), (problem(429), 1),
    (problem(500), 1), (problem(503), 1), ((200, b"no JSON"), 1),
    ((200, {}), 0),
)

# A command for each code that it says it may have: {code: words}.  What
# stands before the words of a command is done first.
COMMANDS = {
    "status": {0: ""}, "top": {0: ""},
    "why": {0: "203.0.113.10", 2: "x", 3: "999"},
    "block": {0: "203.0.113.99 --for 1h", 2: "x", 6: "198.0.0.0/7"},
    "unblock": {0: "2001:db8:4::/64", 2: "x", 3: "10.0.0.1",
                6: "192.0.2.130", 8: "203.0.113.10 10.0.0.1"},
    "blocked": {0: "192.0.2.130", 2: "x", 3: "10.0.0.1"},
    "blocks": {0: "", 2: "--limit x"},
    "never list": {0: "", 2: "--columns nonsense"},
    "never add": {0: "203.0.113.0/28", 2: "x", 6: "198.51.100.0/29"},
    "never remove": {0: "203.0.113.0/28", 2: "x", 3: "10.0.0.0/8"},
    "never check": {0: "127.0.0.1", 2: "x", 3: "10.0.0.1"},
    "accounts list": {0: "", 2: "--limit x"},
    "accounts show": {0: "ann"},
    "accounts unlock": {0: "ann", 2: "ann --from x", 3: "nobody"},
    "events": {0: "", 2: "--since x"},
    "settings list": {0: ""},
    "settings get": {0: "mode", 3: "nothing"},
    "settings set": {0: "mode=enforce", 2: "mode", 7: "mode=sleep"},
    "settings reset": {0: "smtp.period", 7: "nothing"},
    "settings diff": {0: "", 7: "bad.txt"},
    "settings history": {0: "", 2: "--limit x"},
    "settings rollback": {0: "1", 3: "999"},
    "settings export": {0: ""},
    "settings import": {0: "good.txt", 7: "bad.txt"},
    "setup": {0: "", 6: ""},
    "user add": {0: "ann", 2: "'a b'", 6: "ann"},
    "user list": {0: ""},
    "user role": {0: "ann admin", 2: "ann king", 3: "carl admin"},
    "user passwd": {0: "ann", 3: "carl"},
    "user totp": {0: "ann --reset", 2: "ann", 3: "carl --reset"},
    "user disable": {0: "ann", 3: "carl"},
    "user enable": {0: "ann", 3: "carl"},
    "token create": {0: "x --user ann", 2: "x"},
    "token list": {0: ""},
    "token revoke": {0: "1", 2: "x", 3: "99"},
    "session list": {0: ""},
    "session revoke": {2: "x", 3: "99"},
    "user remove": {0: "ann --yes", 2: "ann", 3: "carl --yes"},
    "audit list": {0: "", 2: "--limit x"},
    "audit verify": {0: ""},
    "backup": {0: "copy.db", 1: "/nonexistent/x"},
    "restore": {0: "copy.db", 1: "/nonexistent", 7: "bad.txt"},
    "doctor": {1: "--config /nonexistent"},
    "parse": {0: "/dev/null", 1: "/nonexistent"},
    "replay": {0: "/dev/null", 1: "/nonexistent",
               7: "/dev/null --settings bad.txt"},
    "reload": {0: ""},
    "support-bundle": {0: "bundle.txt", 1: "/nonexistent/x"},
    "completion": {0: "bash", 2: "csh"},
    "version": {0: ""}, "help": {0: "never", 3: "nothing"},
}

# Codes that belong to what others do to us: tried elsewhere, or by STATUSES.
ELSEWHERE = {4, 5}

CHANGES = (
    "block 203.0.113.50", "unblock 203.0.113.10", "never add 203.0.113.0/28",
    "never remove 198.51.100.0/29", "accounts unlock ann",
    "settings set smtp.threshold=900", "settings reset mode",
    "settings import good.txt", "user add bob",
)


class Exit(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.daemon = Site()
        cls.addClassCleanup(cls.daemon.__exit__)
        cls.daemon.start()
        seed(cls.daemon.control)
        os.chdir(cls.daemon.folder)
        cls.addClassCleanup(os.chdir, "/")
        (cls.daemon.folder / "good.txt").write_text("smtp.threshold = 900\n")
        (cls.daemon.folder / "bad.txt").write_text("smtp.threshold = x\n")

    def run_line(self, line, given="correct horse battery\n"):
        words = [w.strip("'") for w in re.findall(r"'[^']*'|\S+", line)]
        return pipe("--socket", self.daemon.control, *words, given=given)

    def test_a_changes_nothing_with_dry_run(self):
        def rows():
            return want(self.daemon.control, "GET", "/audit/verify")["rows"]

        before = rows()
        for line in CHANGES:
            code, out, err = self.run_line(line + " --dry-run")
            self.assertEqual(code, 0, (line, err))
            self.assertTrue(out)
            self.assertEqual(rows(), before, line)

    def test_each_command_says_what_happened(self):
        for path, wanted in COMMANDS.items():
            for code, words in wanted.items():
                with self.subTest(command=path, words=words):
                    if (path, code) == ("setup", 6):
                        self.run_line("user add eve")
                    got, out, err = self.run_line(f"{path} {words}")
                    self.assertEqual(got, code, (out, err))
                    if code and path not in ("blocked", "never check",
                                             "accounts unlock", "doctor"):
                        self.assertTrue(err.startswith("brattice: "), err)

    def test_the_table_above_has_every_command_and_code(self):
        code, out, _ = pipe("help", "--mdoc")
        paths = re.findall(r"^\.It Cm ([a-z-]+(?: [a-z]+)?)", out, re.M)
        self.assertEqual(sorted(paths), sorted(COMMANDS))
        for path in paths:
            code, out, _ = pipe("help", *path.split())
            said = {int(c) for c in re.findall(
                r"^  (\d) ", out.split("Exit codes:")[1], re.M)}
            tried = set(COMMANDS[path])
            self.assertLessEqual(tried, said, path)
            tried |= {3} if path == "setup" else set()  # test_users
            self.assertLessEqual(said - tried - ELSEWHERE - {1, 2, 6, 8},
                                 {0}, path)

    def test_what_the_daemon_answers(self):
        for answer, code in STATUSES:
            with self.subTest(answer=answer), Fake({"*": answer}) as f:
                got, out, err = pipe("--socket", f.path, "status")
                self.assertEqual(got, code, err)
                self.assertEqual(bool(err), code != 0)
                if code and isinstance(answer[1], dict):
                    self.assertIn("so it is", err)
                    out = pipe("--socket", f.path, "status", "-j")[1]
                    self.assertEqual(json.loads(out), answer[1])

    def test_nobody_there(self):
        for line in ("status", "blocks", "user", "top", "why 192.0.2.1"):
            got, out, err = pipe("--socket", "/nonexistent", *line.split())
            self.assertEqual((got, out), (4, ""))
            self.assertIn("cannot be reached", err)


if __name__ == "__main__":
    unittest.main(verbosity=1)
