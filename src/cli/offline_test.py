#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""What `brattice` does without the daemon: parse, replay, help, usage.

    offline_test.py BRATTICE BRATTICE.1
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

BRATTICE, MANUAL = sys.argv[1:3]
REJECT = ("NOQUEUE: reject: RCPT from unknown[{ip}]: 550 5.1.1 <{to}>: "
          "Recipient address rejected: User unknown in virtual mailbox table; "
          "from=<x@client.test> to=<{to}> proto=ESMTP helo=<h>")
DOVECOT = ("imap-login: Disconnected: Aborted login by logging out (auth "
           "failed, 1 attempts in 2 secs): user=<{user}>, method=PLAIN, "
           "rip={ip}, lip=192.0.2.25, session=<{session}>")


def smtpd(stamp, text, pid=100):
    return "%s mx postfix/smtpd[%d]: %s\n" % (stamp, pid, text)


class Case(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def write(self, name, text, mtime=None):
        path = os.path.join(self.folder, name)
        with open(path, "wb") as f:
            f.write(text if isinstance(text, bytes) else text.encode())
        if mtime:
            os.utime(path, (mtime, mtime))
        return path

    def run_cli(self, *args, stdin=b"", env=None):
        p = subprocess.run([BRATTICE, *args], input=stdin,
                           capture_output=True, timeout=60,
                           env={"TZ": "UTC", **(env or {})})
        return p.returncode, p.stdout.decode(), p.stderr.decode()

    def lines(self, *args, **more):
        """Objects of a call that goes well."""
        code, out, err = self.run_cli(*args, **more)
        self.assertEqual((code, err), (0, ""))
        return [json.loads(line) for line in out.splitlines()]


class Parse(Case):
    def test_an_object_an_event(self):
        path = self.write("log", smtpd(
            "2026-11-24T03:03:04.123456+00:00",
            REJECT.format(ip="203.0.113.7", to="no@example.test")))
        self.assertEqual(self.lines("parse", path), [{
            "line": 1, "event": 3, "kind": "bad_recipient",
            "address": "203.0.113.7", "account": "no@example.test",
            "service": "smtp", "time": "2026-11-24T03:03:04Z",
            "detail": REJECT.format(ip="203.0.113.7", to="no@example.test"),
            "session": self.lines("parse", path)[0]["session"],
            "source": "postfix-log"}])

    def test_members_stand_in_their_order(self):
        path = self.write("log", smtpd("2026-11-24T03:03:04Z", REJECT.format(
            ip="203.0.113.7", to="no@example.test")))
        _, out, _ = self.run_cli("parse", path)
        self.assertTrue(out.startswith(
            '{"line":1,"event":3,"kind":"bad_recipient",'
            '"address":"203.0.113.7","account":"no@example.test",'
            '"service":"smtp","time":"2026-11-24T03:03:04Z","detail":"'), out)

    def test_all_tells_how_the_others_were_read(self):
        path = self.write("log", (
            "not a log line at all\n" +
            smtpd("Nov 24 03:03:04", "connect from a.test[203.0.113.7]") +
            smtpd("Nov 24 03:03:04", "nobody has ever logged this") +
            "Nov 24 03:03:04 mx CRON[1]: (root) CMD (true)\n"))
        self.assertEqual(self.lines("parse", path), [])
        self.assertEqual(
            self.lines("parse", "--all", path),
            [{"line": 1, "reading": "foreign"},
             {"line": 2, "reading": "nothing"},
             {"line": 3, "reading": "unknown"},
             {"line": 4, "reading": "foreign"}])

    def test_the_year_is_the_files(self):
        text = smtpd("Nov 24 03:03:04", REJECT.format(ip="203.0.113.7",
                                                      to="a@b.test"))
        stamp = time.mktime((2021, 12, 1, 0, 0, 0, 0, 0, 0)) - time.timezone
        path = self.write("log", text, stamp)
        self.assertEqual(self.lines("parse", path)[0]["time"],
                         "2021-11-24T03:03:04Z")

    def test_local_time_is_the_machines(self):
        stamp = time.mktime((2021, 12, 1, 0, 0, 0, 0, 0, 0))
        path = self.write("log", smtpd("Nov 24 03:03:04", REJECT.format(
            ip="203.0.113.7", to="a@b.test")), stamp)
        e = self.lines("parse", path, env={"TZ": "Europe/Berlin"})[0]
        self.assertEqual(e["time"], "2021-11-24T02:03:04Z")

    def test_standard_input_and_a_last_line_without_end(self):
        text = smtpd("2026-01-01T00:00:00Z", REJECT.format(
            ip="203.0.113.7", to="a@b.test"))
        for stdin in (text, text.rstrip("\n")):
            self.assertEqual(
                len(self.lines("parse", "-", stdin=stdin.encode())), 1)

    def test_several_files_are_named(self):
        a = self.write("a", smtpd("2026-01-01T00:00:00Z", REJECT.format(
            ip="203.0.113.7", to="a@b.test")))
        b = self.write("b", "2026-01-01T00:00:00Z mx dovecot: " +
                       DOVECOT.format(ip="203.0.113.8", user="u@b.test",
                                      session="abc") + "\n")
        got = self.lines("parse", a, b)
        self.assertEqual([(e["file"], e["line"], e["address"]) for e in got],
                         [(a, 1, "203.0.113.7"), (b, 1, "203.0.113.8")])
        self.assertEqual(got[1]["source"], "dovecot-log")

    def test_a_compressed_file_is_said_to_be_one(self):
        for magic, tool in ((b"\x1f\x8b\x08", "zcat"),
                            (b"\xfd7zXZ\x00", "xzcat"),
                            (b"\x28\xb5\x2f\xfd", "zstdcat")):
            path = self.write("log.1", magic + b"\0\n" * 20)
            for command in "parse", "replay":
                code, out, err = self.run_cli(command, path)
                self.assertEqual(code, 1, command)
                self.assertIn(f"brattice: {path}: compressed; use {tool} "
                              f"{path} | brattice replay -", err)

    def test_a_missing_file_does_not_stop_the_others(self):
        path = self.write("log", smtpd("2026-01-01T00:00:00Z", REJECT.format(
            ip="203.0.113.7", to="a@b.test")))
        code, out, err = self.run_cli("parse", self.folder + "/none", path,
                                      self.folder)
        self.assertEqual((code, out.count("\n")), (1, 1))
        self.assertIn(self.folder + "/none: No such file", err)
        self.assertIn(self.folder + ": is a directory", err)

    def test_one_dialect_only(self):
        path = self.write("log", smtpd("2026-01-01T00:00:00Z", REJECT.format(
            ip="203.0.113.7", to="a@b.test")))
        self.assertEqual(len(self.lines("parse", "--source", "postfix",
                                        path)), 1)
        self.assertEqual(self.lines("parse", "--source", "dovecot", path), [])
        code, _, err = self.run_cli("parse", "--source", "qmail", path)
        self.assertEqual(code, 2)
        self.assertIn("auto, postfix, dovecot", err)

    def test_hostile_bytes(self):
        line = smtpd("2026-01-01T00:00:00Z", REJECT.format(
            ip="203.0.113.7", to='q"\\\\b@c.test')).encode()
        text = b"\0\xff\xfe\n" + line.replace(b"helo=<h>",
                                              b"helo=<\xff\x1b>") + b"\n\n"
        code, out, err = self.run_cli("parse", "--all", self.write("l", text))
        self.assertEqual((code, err), (0, ""))
        self.assertEqual([json.loads(l)["line"] for l in out.splitlines()],
                         [1, 2, 3, 4])

    def test_a_line_without_end_is_cut_not_kept(self):
        line = smtpd("2026-01-01T00:00:00Z", REJECT.format(
            ip="203.0.113.7", to="a@b.test")).encode()
        path = self.write("log", b"x" * (3 << 20) + b"\n" + line)
        self.assertEqual([e["line"] for e in self.lines("parse", path)], [2])
        self.assertEqual(len(self.lines("parse", "--all", path)), 2)

    def test_no_line_is_lost_at_the_seams_of_blocks(self):
        line = smtpd("2026-01-01T00:00:00Z", REJECT.format(
            ip="203.0.113.7", to="a@b.test"))
        path = self.write("log", "".join(
            "%s%s\n" % ("#" * (i % 97), "") + line for i in range(20000)))
        self.assertEqual(len(self.lines("parse", path)), 20000)


class Replay(Case):
    def vendor_example(self, minute=0):
        """2 relay attempts, 5 bad passwords, 12 unknown recipients."""
        out, t = "", 0
        def stamp():
            nonlocal t
            t += 1
            return "2026-11-24T03:%02d:%02dZ" % (minute + t // 60, t % 60)
        for i in range(2):
            out += smtpd(stamp(), "NOQUEUE: reject: RCPT from unknown["
                         "203.0.113.10]: 554 5.7.1 <z%d@else.test>: Relay "
                         "access denied; from=<x@c.test> to=<z%d@else.test> "
                         "proto=ESMTP helo=<h>" % (i, i))
        for i in range(5):
            out += smtpd(stamp(), "warning: unknown[203.0.113.10]: SASL PLAIN"
                         " authentication failed: (reason unavailable), "
                         "sasl_username=user%d@b.test" % i)
        for i in range(12):
            out += smtpd(stamp(), REJECT.format(ip="203.0.113.10",
                                                to="no%d@b.test" % i))
        return out

    def test_the_vendors_example(self):
        path = self.write("log", self.vendor_example())
        block, summary = self.lines("replay", "--json", path)
        self.assertEqual(block, {
            "address": "203.0.113.10", "component": "smtp",
            "from": "2026-11-24T03:00:18Z", "until": "2026-11-24T03:30:18Z",
            "score": 1000, "threshold": 1000,
            "events": {"auth_failure": 5, "relay_denied": 2,
                       "bad_recipient": 11}})
        self.assertGreater(summary.pop("lines_per_second"), 0)
        self.assertEqual(summary, {"lines": 19, "events": 19, "addresses": 1,
                                   "blocks": 1})

    def test_for_people(self):
        path = self.write("log", self.vendor_example())
        code, out, err = self.run_cli("replay", path)
        self.assertEqual((code, err), (0, ""))
        self.assertTrue(out.startswith("ADDRESS"))
        self.assertIn("203.0.113.10  smtp 1000/1000  2026-11-24T03:00:18Z  "
                      "2026-11-24T03:30:18Z  5 auth_failure, 2 relay_denied, "
                      "11 bad_recipient\n", out)
        self.assertIn("19 lines, 19 events of 1 address, 1 block;", out)

    def test_files_are_merged_by_time(self):
        lines = self.vendor_example().splitlines(keepends=True)
        a = self.write("a", "".join(lines[0::2]))
        b = self.write("b", "".join(lines[1::2]))
        whole = self.lines("replay", "--json", self.write("c", "".join(lines)))
        for order in ((a, b), (b, a)):
            merged = self.lines("replay", "--json", *order)
            self.assertEqual(merged[0], whole[0])
            self.assertEqual(merged[1]["events"], whole[1]["events"])

    def test_other_settings(self):
        path = self.write("log", self.vendor_example())
        settings = self.write("s", "# stricter\nsmtp.threshold = 300\n"
                                   'weight.auth_failure = "100"\n')
        block = self.lines("replay", "--settings", settings, "--json",
                           path)[0]
        self.assertEqual((block["score"], block["threshold"]), (300, 300))
        self.assertEqual(block["events"],
                         {"relay_denied": 2, "auth_failure": 1})

    def test_settings_that_are_wrong(self):
        path = self.write("log", self.vendor_example())
        settings = self.write("s", "smtp.threshold = 300\nsmtp.period = x\n")
        code, out, err = self.run_cli("replay", "--settings", settings, path)
        self.assertEqual((code, out), (7, ""))
        self.assertIn(settings + ": line 2", err)
        code, _, err = self.run_cli("replay", "--settings", "/none", path)
        self.assertEqual(code, 7)

    def test_nothing_to_see(self):
        self.assertEqual(len(self.lines("replay", "--json", "/dev/null")), 1)
        code, _, err = self.run_cli("replay", self.folder + "/none")
        self.assertEqual(code, 1)
        self.assertIn("No such file", err)


class Usage(Case):
    def test_exit_codes(self):
        for args, code in (
                (["--help"], 0), (["help"], 0), (["help", "never", "add"], 0),
                (["help", "never"], 0), (["help", "nothing"], 3),
                (["version"], 0), (["block", "--help"], 0), ([], 2),
                (["frobnicate"], 2), (["parse"], 2), (["status", "x"], 2),
                (["status", "--frobnicate"], 2), (["block", "nobody"], 2),
                (["block", "192.0.2.1/8"], 2), (["why", "x"], 2),
                (["events", "x:y"], 2), (["never", "add", "x"], 2),
                (["settings", "set", "mode"], 2),
                (["--socket", "/nonexistent", "status"], 4)):
            got, out, err = self.run_cli(*args)
            self.assertEqual(got, code, (args, err))
            if code:
                self.assertTrue(err.startswith("brattice: ") or args == [])
            else:
                self.assertEqual(err, "")

    def test_help_of_events_lists_the_kinds(self):
        out = self.run_cli("help", "events")[1]
        self.assertIn("Kinds of events:\n", out)
        self.assertIn("\n  relay_denied  ", out)
        self.assertNotIn("Kinds", self.run_cli("help", "blocks")[1])

    def test_did_you_mean(self):
        for args, word in ((["stats"], "status"), (["repley"], "replay"),
                           (["help", "setings"], "settings"),
                           (["never", "ad", "x"], "never add"),
                           (["parse", "--al", "x"], "--all")):
            self.assertIn('did you mean "%s' % word, self.run_cli(*args)[2])

    def test_version(self):
        code, out, _ = self.run_cli("version")
        self.assertRegex(out, r"^brattice \d+\.\d+\.\d+\n$")
        self.assertEqual("brattice " + json.loads(
            self.run_cli("version", "--json")[1])["version"] + "\n", out)

    def test_a_reader_that_goes_away(self):
        line = smtpd("2026-01-01T00:00:00Z", REJECT.format(
            ip="203.0.113.7", to="a@b.test"))
        path = self.write("log", line * 20000)
        p = subprocess.run("%s parse %s | head -1 | wc -l" % (BRATTICE, path),
                           shell=True, capture_output=True, timeout=60)
        self.assertEqual((p.stdout.strip(), p.stderr), (b"1", b""))

    def test_output_that_cannot_be_written(self):
        with open("/dev/full", "w") as full:
            p = subprocess.run([BRATTICE, "help"], stdout=full,
                               stderr=subprocess.PIPE)
        self.assertEqual(p.returncode, 1)
        self.assertIn(b"standard output", p.stderr)


class Completion(Case):
    """bash's own words, as bash would ask for them."""

    def offered(self, *line):
        script = ("source <(%s completion bash); COMP_WORDS=(%s); "
                  "COMP_CWORD=%d; _brattice; printf '%%s\\n' \"${COMPREPLY[@]}\""
                  % (os.path.abspath(BRATTICE), " ".join("'%s'" % w for w in
                                        ("brattice", *line)), len(line)))
        p = subprocess.run(["bash", "-c", script], capture_output=True,
                           text=True, cwd=self.folder, timeout=30)
        self.assertEqual(p.stderr, "")
        return [w for w in p.stdout.splitlines() if w]

    def test_commands(self):
        self.assertEqual(self.offered("blo"), ["block", "blocked", "blocks"])
        self.assertEqual(self.offered("never", ""),
                         ["add", "check", "list", "remove"])
        self.assertEqual(self.offered("--json", "--socket", "x", "stat"),
                         ["status"])

    def test_options_of_the_command(self):
        self.assertIn("--note", self.offered("never", "add", "--"))
        self.assertNotIn("--note", self.offered("never", "--"))
        self.assertIn("--json", self.offered("--j"))
        self.assertEqual(self.offered("block", "1.2.3.4", "--fo"),
                         ["--for", "--force"])

    def test_values(self):
        self.assertEqual(self.offered("blocks", "--state", "re"), ["removed"])
        self.assertEqual(self.offered("settings", "get", "smtp.th"),
                         ["smtp.threshold"])
        self.write("mail.log", "")
        self.assertEqual(self.offered("parse", "ma"), ["mail.log"])
        self.assertEqual(self.offered("replay", "--settings", "ma"),
                         ["mail.log"])
        self.assertEqual(self.offered("block", ""), [])

    def test_every_shell_names_every_command(self):
        commands = self.run_cli("help")[1].split("\nTopics:")[0]
        words = {w for line in commands.splitlines()
                 if line.startswith("  ") and line[2:3].isalpha()
                 for w in [line.split()[0]]}
        for shell in ("bash", "zsh", "fish"):
            code, out, _ = self.run_cli("completion", shell)
            self.assertEqual(code, 0)
            for word in words:
                self.assertIn(word, out)
        self.assertEqual(self.run_cli("completion", "csh")[0], 2)


class Manual(Case):
    def test_says_what_the_tables_say(self):
        code, out, _ = self.run_cli("help", "--mdoc")
        cut = out.index(".Sh EXIT STATUS\n")
        with open(MANUAL) as f:
            page = f.read()
        for part in (out[:cut], out[cut:]):
            self.assertIn(part, page, "print it anew: brattice help --mdoc")

    @unittest.skipUnless(shutil.which("mandoc"), "no mandoc")
    def test_mandoc_finds_nothing(self):
        p = subprocess.run(["mandoc", "-T", "lint", "-W", "style", MANUAL],
                           capture_output=True, text=True)
        # Our other pages need not be installed.
        self.assertEqual([line for line in p.stdout.splitlines()
                          if "referenced manual not found" not in line], [])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[3:])
