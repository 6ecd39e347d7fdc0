#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""bratticed itself: start, end, reload, death, and what is wrong with it."""

import contextlib
import os
import pathlib
import signal
import socket
import sqlite3
import threading
import time
import unittest

from bratticed import CONFIG, Bratticed, is_alive, until

SOURCE = pathlib.Path(__file__).parents[2]
BAD = "192.0.2.66"
IS_ROOT = os.geteuid() == 0


def median(values):
    return sorted(values)[len(values) // 2]


class Start(unittest.TestCase):
    def test_answers_soon_after_it_is_started(self):
        with Bratticed() as d:
            took = []
            for _ in range(5):
                began = time.monotonic()
                d.begin()
                until("a socket", d.policy.exists)
                until("an answer", lambda: self.asks(d))
                took.append(time.monotonic() - began)
                self.assertEqual(d.end(), 0)
            print(f"\nstart to answer: median {median(took) * 1000:.0f} ms, "
                  f"max {max(took) * 1000:.0f} ms")
            self.assertLess(min(took), 0.25)

    @staticmethod
    def asks(d):
        try:
            return d.connects(BAD).startswith("DUNNO")
        except ConnectionRefusedError:
            return False

    def test_tells_the_service_manager(self):
        with Bratticed() as d, \
                socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as s:
            path = str(d.folder / "notify.sock")
            s.bind(path)
            os.chmod(path, 0o666)
            s.settimeout(5)
            d.begin(NOTIFY_SOCKET=path)
            self.assertIn("READY=1", s.recv(500).decode())
            self.assertIn("WATCHDOG=1", s.recv(500).decode())
            d.process.terminate()
            got = ""
            while "STOPPING=1" not in got:
                got = s.recv(500).decode()
            self.assertEqual(d.process.wait(10), 0)

    def test_a_reload_is_told_from_its_beginning_to_its_end(self):
        for config, said in ((CONFIG, "wiring.same"),
                             (CONFIG + "nonsense = 1\n", "wiring.kept")):
            with Bratticed() as d, \
                    socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as s:
                path = str(d.folder / "notify.sock")
                s.bind(path)
                os.chmod(path, 0o666)
                s.settimeout(10)
                d.start(NOTIFY_SOCKET=path)
                d.write(config)
                before = time.monotonic_ns() // 1000
                d.process.send_signal(signal.SIGHUP)
                got = self.told(s, "RELOADING=1")
                stamp = int(dict(line.split("=", 1) for line in
                                 got.splitlines())["MONOTONIC_USEC"])
                self.assertLessEqual(before, stamp)
                self.assertLessEqual(stamp, time.monotonic_ns() // 1000)
                self.assertEqual(self.told(s, "READY=1"), "READY=1")
                self.assertIn(said, d.said())
                self.assertEqual(d.end(), 0)

    @staticmethod
    def told(s, word):
        while True:
            got = s.recv(500).decode()
            if word in got.splitlines():
                return got

    def test_takes_sockets_of_the_service_manager(self):
        with Bratticed() as d, \
                socket.socket(socket.AF_UNIX) as policy, \
                socket.create_server(("127.0.0.1", 0)) as tcp, \
                socket.create_server(("127.0.0.1", 0)) as spare:
            policy.bind(str(d.policy))
            policy.listen()
            inode = d.policy.stat().st_ino
            port = tcp.getsockname()[1]
            d.write(CONFIG + 'dovecot {{ listen = "127.0.0.1:%d"\n'
                    'api_header = "X-API-Key: x" }}\n' % port)
            d.inherit(spare, policy, tcp)
            spare_at = spare.getsockname()
            for s in (policy, tcp, spare):
                s.close()
            self.assertEqual(d.policy.stat().st_ino, inode)
            self.assertEqual(d.connects(BAD), "DUNNO")
            with socket.create_connection(("127.0.0.1", port), 5):
                pass
            with self.assertRaises(ConnectionRefusedError):
                socket.create_connection(spare_at, 5)
            self.assertIn("sockets.spare", d.said())
            d.kill_engine() # the next one has them, too
            until("an answer", lambda: d.connects(BAD) == "DUNNO", 10)
            self.assertEqual(d.end(), 0)

    @unittest.skipUnless(IS_ROOT, "needs root")
    def test_its_hooks_are_in_the_figures(self):
        with Bratticed() as d:
            d.start()
            d.relay(BAD, 0, 3)
            d.connects(BAD)
            until("the lines", lambda: d.counted(BAD) == 3)
            figures = d.metrics()
            log = '{hook="log",source="mail"}'
            policy = '{hook="policy",source="policy"}'
            self.assertEqual(figures["brattice_source_lines_total" + log], 3)
            self.assertEqual(figures["brattice_source_events_total" + log], 3)
            self.assertEqual(figures["brattice_source_up" + policy], 1)
            self.assertEqual(figures["brattice_checks_total" + policy], 1)

    def test_gives_up_root(self):
        with Bratticed(user="nobody") as d:
            os.chmod(d.log, 0o644)
            d.start()
            for pid in (d.process.pid, d.engine()):
                with open(f"/proc/{pid}/status", encoding="ascii") as status:
                    got = dict(line.rstrip("\n").split(":\t", 1)
                               for line in status if ":\t" in line)
                self.assertNotIn("0", got["Uid"].split())
                self.assertNotIn("0", got["Gid"].split())
                for caps in ("CapPrm", "CapEff", "CapInh", "CapAmb"):
                    self.assertEqual(int(got[caps], 16), 0)
                self.assertEqual(got["NoNewPrivs"], "1")
            self.assertEqual(d.policy.stat().st_mode & 0o777, 0o660)
            self.assertEqual(
                (d.folder / "state").stat().st_mode & 0o777, 0o700)
            d.relay(BAD, 0, 3)
            until("events", lambda: d.counted(BAD) == 3)
            self.assertEqual(d.end(), 0)

    def test_idle_it_is_small(self):
        with Bratticed() as d:
            d.start()
            sizes = []
            for pid in (d.process.pid, d.engine()):
                with open(f"/proc/{pid}/status", encoding="ascii") as status:
                    sizes += [int(line.split()[1]) for line in status
                              if line.startswith("VmRSS:")]
            print(f"\nRSS of monitor and engine: {sizes} KiB")
            self.assertLessEqual(max(sizes), 16 << 10)


class End(unittest.TestCase):
    def test_sigterm_under_load_loses_nothing(self):
        with Bratticed() as d:
            d.start()
            d.brattice("settings", "set", "smtp.threshold=1000000000")
            lines, stop = [0], threading.Event()

            def write():
                while not stop.is_set():
                    d.relay(BAD, lines[0], 100)
                    lines[0] += 100
                    time.sleep(0.001)

            writer = threading.Thread(target=write)
            writer.start()
            try:
                for _ in range(4):
                    time.sleep(0.2)
                    self.assertEqual(d.end(), 0)
                    d.start()
            finally:
                stop.set()
                writer.join()
            until("every line", lambda: d.counted(BAD) >= lines[0], 20)
            time.sleep(0.2)
            self.assertEqual(d.counted(BAD), lines[0])

    def test_ends_when_its_terminal_says_so(self):
        with Bratticed() as d:
            d.start()
            engine = d.engine()
            os.killpg(d.process.pid, signal.SIGINT)
            self.assertEqual(d.process.wait(10), 0)
            self.assertFalse(is_alive(engine))

    def test_without_its_monitor_the_engine_ends(self):
        with Bratticed() as d:
            d.start()
            d.relay(BAD, 0, 5)
            engine = d.engine()
            d.process.kill()
            d.process.wait(5)
            until("its end", lambda: not is_alive(engine))
            d.start()
            until("the events", lambda: d.counted(BAD) == 5)


class Death(unittest.TestCase):
    def test_a_dead_engine_is_started_again(self):
        with Bratticed() as d:
            d.start()
            d.brattice("settings", "set", "mode=enforce")
            d.brattice("block", BAD)
            monitor = d.process.pid
            d.kill_engine()
            until("a refusal", lambda: self.refuses(d), 3)
            self.assertEqual(d.process.pid, monitor)
            self.assertIsNone(d.process.poll())
            self.assertEqual(d.end(), 0)

    @staticmethod
    def refuses(d):
        return d.connects(BAD).startswith("421 ")

    def test_killed_again_and_again_it_counts_each_line_once(self):
        with Bratticed() as d:
            d.start()
            d.brattice("settings", "set", "smtp.threshold=1000000000")
            for i in range(8):
                d.relay(BAD, i * 50, 50)
                time.sleep(0.01 * i)
                d.kill_engine()
                if i == 3: # the wait doubles: begin anew
                    d.end()
                    d.start()
                until("an engine", d.engine, 10)
            until("every line", lambda: self.has(d, 400), 20)
            time.sleep(0.2)
            self.assertEqual(d.counted(BAD), 400)

    @staticmethod
    def has(d, count):
        return d.is_running() and d.counted(BAD) >= count

    def test_nobody_waits_while_no_engine_runs(self):
        with Bratticed() as d:
            d.start()
            slowest = 0
            for _ in range(4):
                d.kill_engine()
                began = time.monotonic()
                d.connects(BAD)
                slowest = max(slowest, time.monotonic() - began)
                until("an engine", d.engine, 3)
            self.assertLess(slowest, 0.5)
            self.assertIn("in 100 ms", d.said())
            until("an answer", lambda: d.connects(BAD) == "DUNNO", 5)

    def test_an_engine_that_hangs_is_replaced(self):
        with Bratticed() as d:
            d.start()
            engine = d.engine()
            os.kill(engine, signal.SIGSTOP)
            until("another", lambda: d.engine() not in (None, engine), 30)
            until("an answer", lambda: d.connects(BAD) == "DUNNO", 5)
            self.assertIn("engine.hangs", d.said())


class Wiring(unittest.TestCase):
    def refused(self, text, *expected):
        with Bratticed() as d:
            d.write(text)
            d.begin()
            self.assertEqual(d.process.wait(5), 7)
            code, checked = d.check()
            self.assertEqual(code, 7)
            for words in expected:
                self.assertIn(words, d.said())
                self.assertIn(words, checked)

    def test_what_is_wrong_is_named_with_its_line(self):
        self.refused(CONFIG + 'pollicy {{ }}\n',
                     'brattice.conf:6: there is no key "pollicy"',
                     'did you mean "policy"?')
        self.refused('state = "/x"\nipv6_prefix = 47\n',
                     "brattice.conf:2: ipv6_prefix: expected a number from "
                     '48 to 128, not "47"')
        self.refused('log "a" {{\n file = "relative"\n start = end\n}}\n',
                     "brattice.conf:2:", "whole path")
        self.refused('policy {{\n lissten = "unix:/x"\n}}\n',
                     'brattice.conf:2: there is no key "lissten" in a '
                     'section policy; did you mean "listen"?')
        self.refused('state = "/x"\nstate = "/y"\n',
                     "brattice.conf:2: state: given in line 1 already")
        self.refused('policy {{ listen = "here" }}\n', "brattice.conf:1:",
                     "listen")
        self.refused('policy {{\n mode = 0860\n}}\n', "brattice.conf:2: mode")
        self.refused(CONFIG + "\npolicy {{\n# }}\n", "brattice.conf:7: this {")
        self.refused(CONFIG + '\nlog "b" {{ file = "/x" # }}\n',
                     "brattice.conf:7: this {")
        self.refused('control {{\n listen = "127.0.0.1:4"\n}}\n',
                     "brattice.conf:2: control: listen: expected unix:/path")

    def test_comments_move_no_line(self):
        shipped = (SOURCE / "conf" / "brattice.conf").read_text()
        lines = [*shipped.replace("{", "{{").replace("}", "}}").splitlines(),
                 "// one", "/* two", "three */", "max_ipv6 = 5000 # // /*",
                 'control {{ listen = "unix:/c#d" # }}', "}}",
                 "# and the last key", "max_ipv44 = 5000"]
        self.refused("\n".join(lines),
                     f"brattice.conf:{len(lines)}: there is no key")

    def test_a_check_holds_it_against_the_machine(self):
        ok = ('state = "{folder}/state"\nuser = "root"\n'
              'control {{\n listen = "unix:{folder}/c"\n}}\n')
        for config, words in (
                (ok.replace("root", "nobody-of-this-name"), "2: user: "),
                (ok.replace("/state", "/no/state"), "1: state: there is no"),
                (ok.replace("/c", "/no/c"), "4: listen: there is no folder"),
                (ok + '# two\npolicy {{\n listen = "unix:{folder}/c"\n}}\n',
                 "8: listen: "),
                (ok.replace("listen", '# x\n\n group = "no-such-group"\n'
                            "listen"), "6: group: "),
                (ok.replace("control", "policy"), "1: there is no section")):
            with Bratticed() as d:
                d.write(config)
                code, said = d.check()
                self.assertEqual(code, 7, said)
                self.assertIn("brattice.conf:" + words, said)

    def test_a_check_warns_of_a_missing_log(self):
        with Bratticed() as d:
            d.write(CONFIG + 'log "b" {{\n\nfile = "/no/such/log"\n}}\n')
            d.log.unlink()
            code, said = d.check()
            self.assertEqual(code, 0, said)
            self.assertIn("brattice.conf:5: warning: file: there is no ", said)
            self.assertIn(
                "brattice.conf:8: warning: file: there is no folder", said)
            self.assertTrue(said.endswith("OK\n"), said)

    def test_a_missing_file_is_named(self):
        with Bratticed() as d:
            d.begin(config="/nonexistent/brattice.conf")
            self.assertEqual(d.process.wait(5), 7)
            self.assertIn("/nonexistent/brattice.conf", d.said())

    def test_a_bad_wiring_changes_nothing_that_runs(self):
        with Bratticed() as d:
            d.start()
            engine = d.engine()
            d.write(CONFIG + "nonsense = 1\n")
            d.process.send_signal(signal.SIGHUP)
            until("a word", lambda: "wiring.kept" in d.said())
            self.assertIn("brattice.conf:6", d.said())
            self.assertEqual(d.engine(), engine)
            d.kill_engine() # and the next engine has the old one, too
            until("an answer", lambda: d.connects(BAD) == "DUNNO", 3)
            until("it runs", d.is_running)

    def test_a_good_wiring_is_taken_on(self):
        with Bratticed() as d:
            d.start()
            d.brattice("settings", "set", "mode=enforce")
            d.brattice("block", BAD)
            d.write(CONFIG.replace(
                'policy.sock"', 'policy.sock"\n}}\npolicy {{\n'
                'listen = "unix:{folder}/second.sock"'))
            d.process.send_signal(signal.SIGHUP)
            second = d.folder / "second.sock"
            until("a second socket", second.exists)
            until("a refusal", lambda: d.connects(BAD).startswith("421"))
            d.policy = second
            until("a refusal", lambda: d.connects(BAD).startswith("421"))
            self.assertEqual(d.end(), 0)

    def test_the_same_wiring_starts_nothing_anew(self):
        with Bratticed() as d:
            d.start()
            engine = d.engine()
            d.process.send_signal(signal.SIGHUP)
            until("a word", lambda: "wiring.same" in d.said())
            self.assertTrue(d.is_running())
            self.assertEqual(d.engine(), engine)

    def test_two_of_them_do_not_share_a_state(self):
        with Bratticed() as first, Bratticed() as second:
            first.start()
            second.write(CONFIG.replace(
                "{folder}/state", str(first.folder / "state")))
            second.begin()
            self.assertEqual(second.process.wait(5), 1)
            self.assertIn("another bratticed uses", second.said())
            self.assertTrue(first.is_running())
            self.assertEqual(first.connects(BAD), "DUNNO")

    def test_a_socket_in_use_is_not_taken_away(self):
        with Bratticed() as first, Bratticed() as second:
            first.start()
            second.write(CONFIG.replace(
                "{folder}/policy.sock", str(first.policy)))
            second.begin()
            self.assertEqual(second.process.wait(5), 1)
            self.assertIn(str(first.policy), second.said())
            self.assertEqual(first.connects(BAD), "DUNNO")


class AbsentLog(unittest.TestCase):
    def test_is_told_once_and_read_when_it_comes(self):
        with Bratticed() as d:
            d.log.unlink()
            d.start()
            until("a word", lambda: "tail.absent" in d.said())
            time.sleep(2.5) # it looks again meanwhile
            self.assertEqual(d.said().count("tail.absent"), 1, d.said())
            self.assertIn(f"file={d.log}: there is none; waiting", d.said())
            d.relay(BAD, 0, 3)
            until("its lines", lambda: d.counted(BAD) == 3)


class IdsLog(unittest.TestCase):
    def test_is_written_in_the_sandbox_and_rotated(self):
        with Bratticed() as d:
            ids = d.folder / "ids" / "ids.log"
            ids.parent.mkdir()
            d.write(CONFIG + 'ids_log {{ file = "{folder}/ids/ids.log" }}\n')
            d.start()
            d.relay("192.0.2.70", 0, 1)
            until("a line", lambda: ids.exists() and ids.read_text())
            self.assertRegex(
                ids.read_text(),
                r"^[-0-9]{10}T[:0-9]{8}Z 192\.0\.2\.70 1 relay_denied \S")
            ids.rename(ids.parent / "ids.log.1")
            d.process.send_signal(signal.SIGHUP)
            until("a new file", ids.exists)
            d.relay("192.0.2.71", 0, 1)
            until("its line", lambda: "192.0.2.71" in ids.read_text())
            hook = next(h for h in d.ask("status")["hooks"]
                        if h["hook"] == "ids_log")
            self.assertEqual((hook["lines"], hook["dropped"]), (2, 0))


class NewerStore(unittest.TestCase):
    def test_is_left_alone_and_said_and_mail_flows(self):
        with Bratticed() as d:
            d.start()
            self.assertEqual(d.end(), 0)
            path = d.folder / "state" / "control.db"
            with contextlib.closing(sqlite3.connect(path)) as db:
                db.execute("pragma user_version = 99")
            before = path.read_bytes()
            d.begin()
            until("a word", lambda: "store.trouble" in d.said())
            self.assertEqual(d.connects(BAD), "DUNNO")
            self.assertIn("newer Brattice", d.said())
            self.assertIn("everybody is allowed", d.said())
            code, out = d.brattice("status")
            self.assertEqual(code, 0)
            self.assertIn("newer Brattice", out)
            self.assertIn("everybody is allowed", out)
            self.assertEqual(d.end(), 0)
            self.assertEqual(path.read_bytes(), before)


class Audit(unittest.TestCase):
    def test_tells_who_did_what_and_when_it_was_changed(self):
        with Bratticed() as d:
            d.start()
            d.brattice("never", "add", "192.0.2.8", "-m", "ours")
            d.brattice("settings", "set", "smtp.threshold=900")
            code, out = d.brattice("audit")
            self.assertEqual(code, 0, out)
            self.assertIn("start", out)
            self.assertIn("POST /never", out)
            self.assertIn("PATCH /settings", out)
            self.assertEqual(d.brattice("audit", "verify"),
                             (0, "The audit log is whole: 3 rows.\n"))
            self.assertEqual(d.end(), 0)
            path = d.folder / "state" / "control.db"
            with contextlib.closing(sqlite3.connect(path)) as db:
                db.execute("update audit set target = 'x' where rowid = 1")
                db.commit()
            d.start()
            code, out = d.brattice("audit", "verify")
            self.assertEqual(code, 1)
            self.assertIn("row 1 is not as it was written", out)


if __name__ == "__main__":
    unittest.main()
