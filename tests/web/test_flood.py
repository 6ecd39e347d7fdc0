#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Many connections, slow ones and handshakes at the web listener: it stays
within its limits, and Postfix is answered as before."""

import contextlib
import json
import multiprocessing
import os
import pathlib
import socket
import ssl
import subprocess
import sys
import time
import unittest

HERE = pathlib.Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent / "daemon")]

from bratticed import CONFIG, ask_policy, until  # noqa: E402
from test_listen import Site, make_certificate  # noqa: E402

SECONDS = 4


class Storm:
    """Processes that do something to the web listener until it is over."""

    def __init__(self, attack, n):
        fork = multiprocessing.get_context("fork")
        self.is_over = fork.Event()
        self.counts = [fork.Value("q", 0, lock=False) for _ in range(n)]
        self.processes = [fork.Process(target=self.run, args=(attack, c))
                          for c in self.counts]

    def run(self, attack, count):
        os.nice(5)
        while not self.is_over.is_set():
            with contextlib.suppress(OSError):
                attack()
                count.value += 1

    def count(self):
        return sum(c.value for c in self.counts)

    def __enter__(self):
        for p in self.processes:
            p.start()
        return self

    def __exit__(self, *_):
        self.is_over.set()
        for p in self.processes:
            p.join(30)


class Flood(unittest.TestCase):
    def start(self, keys="", tls=False):
        site = Site(keys)
        self.addCleanup(site.__exit__)
        if tls:
            chain, key = make_certificate(site.folder, "flood")
            (site.folder / "both.pem").write_text(chain + key)
            site.write(CONFIG + f"""web {{{{
                listen = "127.0.0.1:{site.near[0]}"
                certificate = "{site.folder}/both.pem" }}}}\n""")
        return site.start()

    def stats(self, site):
        return next(h for h in json.loads(site.brattice("status", "--json")[1])["hooks"]
                    if h["hook"] == "web")

    def answer_times(self, site, seconds=SECONDS):
        """How long Postfix waits, sorted [s]."""
        took = []
        with socket.socket(socket.AF_UNIX) as s:
            s.settimeout(10)
            s.connect(str(site.policy))
            end = time.monotonic() + seconds
            while time.monotonic() < end:
                began = time.monotonic()
                self.assertEqual(ask_policy(s, "192.0.2.1"), "DUNNO")
                took.append(time.monotonic() - began)
                time.sleep(0.005)
        return sorted(took)

    def check(self, site, name):
        """Postfix is never near its time-out of 2 s."""
        took = self.answer_times(site)
        p99 = took[len(took) * 99 // 100]
        print(f"\n{name}: {len(took)} answers, median "
              f"{took[len(took) // 2] * 1000:.1f} ms, p99 "
              f"{p99 * 1000:.1f} ms, max {took[-1] * 1000:.1f} ms")
        self.assertLess(p99, 0.5)
        self.assertLess(took[-1], 2.0)

    def test_many_short_connections(self):
        site = self.start()

        def attack():
            with socket.create_connection(("127.0.0.1", site.near[0]), 5) as s:
                s.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
                s.recv(100)

        with Storm(attack, 4) as storm:
            self.check(site, "short connections")
        print(storm.count(), "connections")
        self.assertGreater(storm.count(), 100)

    def test_a_flood_of_requests_on_open_connections(self):
        site = self.start()
        many = b"GET /api/v1/version HTTP/1.1\r\nHost: localhost\r\n\r\n" * 50

        def attack():
            with socket.create_connection(("127.0.0.1", site.near[0]), 5) as s:
                for _ in range(100):
                    s.sendall(many)
                    s.recv(1 << 16)

        before = self.stats(site)["requests"]
        with Storm(attack, 4):
            self.check(site, "requests")
        done = self.stats(site)["requests"] - before
        print(done, "requests")
        self.assertGreater(done, 1000)

    def test_a_flood_of_handshakes(self):
        site = self.start(tls=True)
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE

        def attack():
            with socket.create_connection(("127.0.0.1", site.near[0]),
                                          5) as s, \
                    context.wrap_socket(s):
                pass

        with Storm(attack, 8) as storm:
            self.check(site, "handshakes")
        # 2 each 25 ms, and what stands in the queue.
        print(storm.count(), "handshakes")
        self.assertLess(storm.count(), 120 * (SECONDS + 1))
        self.assertGreater(storm.count(), 20)

    def test_slow_heads_keep_nobody_out(self):
        site = self.start("connections = 64")
        open_ones = []

        def attack():
            s = socket.create_connection(("127.0.0.1", site.near[0]), 5)
            s.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nX: ")
            open_ones.append(s)
            for old in open_ones[:-64]:
                old.close()
            del open_ones[:-64]
            for other in open_ones:
                with contextlib.suppress(OSError):
                    other.send(b"x")
            time.sleep(0.005)

        with Storm(attack, 2) as storm:
            until("a full house", lambda: storm.count() > 100, 10)
            for _ in range(20):
                self.assertEqual(site.ask("/").status, 200)
            self.check(site, "slow heads")
        hook = self.stats(site)
        self.assertGreater(hook["shed"], 0)
        self.assertLessEqual(hook["connections"], 64)

    def test_a_head_has_20_seconds(self):
        site = self.start()
        with socket.create_connection(("127.0.0.1", site.near[0]), 5) as s:
            s.sendall(b"GET / HTTP/1.1\r\nX: ")
            began = time.monotonic()
            with contextlib.suppress(OSError):
                while time.monotonic() - began < 40:
                    s.sendall(b"x")
                    time.sleep(0.2)
            self.assertAlmostEqual(time.monotonic() - began, 21, delta=3)
        self.assertEqual(self.stats(site)["late"], 1)

    def test_a_head_and_a_body_have_their_size(self):
        site = self.start()
        got = site.ask("/", head={"X": "x" * 20000})
        self.assertIn(got.status, (413, 431))
        got = site.ask("/api/v1/never", "POST", body=b"x" * 70000)
        self.assertEqual(got.status, 413)
        # A backup comes back over the control socket only.
        got = site.ask("/api/v1/restore", "POST", body=b"x" * 70000)
        self.assertEqual(got.status, 413)


class PerAddress(unittest.TestCase):
    """In a network of its own, where an address isn't loopback."""

    def test_one_address_takes_not_all(self):
        inside = "brattice-flood-%d" % os.getpid()
        run = subprocess.check_call
        run(["ip", "netns", "add", inside])
        self.addCleanup(run, ["ip", "netns", "del", inside])
        for words in ("link set lo up", "addr add 198.51.100.1/32 dev lo",
                      "addr add 198.51.100.2/32 dev lo"):
            run(["ip", "-n", inside, *words.split()])
        run(["ip", "netns", "exec", inside, sys.executable, "-B", __file__,
             "Inside"])


class Inside(unittest.TestCase):
    def test_one_address_takes_not_all(self):
        if not any("198.51.100.1" in line for line in self.addresses()):
            return  # PerAddress comes here again, in its own network
        with Site("insecure = yes\nconnections_per_address = 5",
                  far=1) as site:
            site.start()
            held = [self.dial(site.far[0], "198.51.100.1") for _ in range(8)]
            alive = [s for s in held if self.is_answered(s)]
            self.assertEqual(len(alive), 5)
            self.assertTrue(self.is_answered(
                self.dial(site.far[0], "198.51.100.2")))
            near = [self.dial(site.far[0], "127.0.0.1") for _ in range(8)]
            self.assertTrue(all(self.is_answered(s) for s in near))
            alive[0].close()
            until("room again", lambda: self.is_answered(
                self.dial(site.far[0], "198.51.100.1")))

    @staticmethod
    def addresses():
        return subprocess.run(
            ["ip", "-o", "addr"], capture_output=True, text=True,
            check=True).stdout.splitlines()

    def dial(self, port, source):
        s = socket.create_connection(
            (source if source != "127.0.0.1" else "127.0.0.1", port), 5,
            source_address=(source, 0))
        self.addCleanup(s.close)
        return s

    @staticmethod
    def is_answered(s):
        try:
            s.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
            return s.recv(1000).startswith(b"HTTP/1.1 503")
        except OSError:
            return False


if __name__ == "__main__":
    unittest.main()
