#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""A disk that is full, slow or lies, under a bratticed that is at work.

Postfix is answered as fast as before, the never-block list holds, nothing
crashes, and when the disk is well again so is everything else.
"""

import contextlib
import os
import pathlib
import random
import shutil
import socket
import subprocess
import sys
import threading
import time
import unittest

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "daemon"))
from bratticed import Bratticed, ask_policy, until  # noqa: E402

BAD, GOOD, FRESH = "192.0.2.66", "192.0.2.10", "192.0.2.9"
PLACES = int(os.environ.get("PLACES", "1000"))


class Asker(threading.Thread):
    """Asks the policy service without end and measures each answer."""

    def __init__(self, d):
        super().__init__(daemon=True)
        self.path, self.took, self.wrong = str(d.policy), [], []
        self.is_over = False
        self.start()

    EXPECTED = ((BAD, "421"), (GOOD, "DUNNO"), (FRESH, "DUNNO"))

    def run(self):
        with socket.socket(socket.AF_UNIX) as s:
            s.settimeout(5)
            s.connect(self.path)
            try:
                while not self.is_over:
                    for address, expected in self.EXPECTED:
                        self.ask(s, address, expected)
                    time.sleep(0.002)
            except OSError as e:
                self.wrong.append(repr(e))

    def ask(self, s, address, expected):
        began = time.monotonic()
        answer = ask_policy(s, address)
        self.took.append(time.monotonic() - began)
        if not answer.startswith(expected):
            self.wrong.append(f"{address}: {answer!r}")

    def mark(self):
        """p99 [ms] since the last mark."""
        took, self.took = sorted(self.took), []
        return took[int(len(took) * 0.99)] * 1000 if took else None

    def end(self):
        self.is_over = True
        self.join(10)


@contextlib.contextmanager
def at_work(d, **env):
    """A daemon with a block and a never-block entry, and who asks it."""
    d.start(**env)
    d.brattice("settings", "set", "mode=enforce")
    d.brattice("block", BAD, "--for", "1d")
    d.brattice("block", "192.0.2.0/28", "--force")
    d.brattice("unblock", "192.0.2.0/28")
    d.brattice("never", "add", GOOD)
    d.brattice("block", GOOD + "/31", "--force")
    asker = Asker(d)
    time.sleep(1)
    try:
        yield asker
    finally:
        asker.end()


def fill(folder):
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as f, contextlib.suppress(OSError):
        while f.write(b"x" * 1024):
            pass
    return filler


@unittest.skipUnless(os.geteuid() == 0, "needs root")
class Disk(unittest.TestCase):
    def mount(self, d, *arguments):
        state = d.folder / "state"
        state.mkdir()
        done = subprocess.run(["mount", *arguments, state], check=False,
                              stderr=subprocess.PIPE, text=True)
        if done.returncode:
            self.skipTest("can't mount here: " + done.stderr.strip())
        self.addCleanup(
            subprocess.run, ["umount", "-l", state], check=False)
        return state

    def as_before(self, asker, before, what):
        now = asker.mark()
        print(f"\n{what}: p99 {before:.2f} ms before, {now:.2f} ms during")
        self.assertEqual(asker.wrong, [])
        self.assertLess(now, max(20, 3 * before))

    def full(self, d, state):
        with at_work(d) as asker:
            before = asker.mark()
            filler = fill(state)
            for n in range(40):
                d.relay("192.0.2.20", n * 200, 200)
                time.sleep(0.05)
            until("a word",
                  lambda: "full" in d.said() + d.brattice("status")[1], 10)
            code, out = d.brattice("block", "192.0.2.77")
            self.assertTrue(code == 0 or "full" in out or "room" in out, out)
            self.as_before(asker, before, "the disk is full")
            engine = d.engine()
            filler.unlink()
            until("a change that is kept", lambda: d.brattice(
                "block", "192.0.2.78", "--for", "1d")[0] == 0, 20)
            d.relay("192.0.2.21", 0, 10)
            until("its block", lambda: d.connects(
                "192.0.2.21").startswith("421"), 20)
            self.assertEqual(d.engine(), engine)
        self.assertEqual(d.end(), 0)
        fill(state) # and a start without a byte to spare
        d.start()
        self.assertEqual(d.brattice("blocked", "192.0.2.78")[0], 0)
        self.assertEqual(d.brattice("blocked", BAD)[0], 0)
        self.assertEqual(d.brattice("never", "check", GOOD)[0], 0)

    def test_a_small_tmpfs_is_full(self):
        with Bratticed() as d:
            self.full(d, self.mount(
                d, "-t", "tmpfs", "-o", "size=6m", "none"))

    def test_a_small_ext4_of_1k_blocks_is_full(self):
        if not shutil.which("mkfs.ext4"):
            self.skipTest("there is no mkfs.ext4")
        with Bratticed() as d:
            image = d.folder / "image"
            with image.open("wb") as f:
                f.truncate(4 << 20)
            subprocess.run(["mkfs.ext4", "-q", "-b", "1024", image],
                           check=True)
            self.full(d, self.mount(d, "-o", "loop", image))

    def test_a_sync_takes_ten_seconds(self):
        with Bratticed() as d:
            shim, flag = d.folder / "slow.so", d.folder / "slow"
            subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", shim,
                            HERE / "slow_sync.c"], check=True)
            flag.write_bytes(b"\0")
            with at_work(d, LD_PRELOAD=str(shim),
                         SLOW_SYNC=str(flag)) as asker:
                engine, before = d.engine(), asker.mark()
                with flag.open("r+b") as f:
                    f.write(b"\1")
                began = time.monotonic()
                d.relay("192.0.2.20", 0, 5)
                code, _ = d.brattice("block", "192.0.2.77", "--for", "1d")
                took = time.monotonic() - began
                self.assertEqual(code, 0)
                self.assertGreater(took, 9, "the shim isn't in the way")
                self.as_before(asker, before,
                               f"a change waited {took:.1f} s for its sync")
                with flag.open("r+b") as f:
                    f.write(b"\0")
                self.assertEqual(d.engine(), engine)
                until("events", lambda: d.counted("192.0.2.20") == 5, 30)

    def test_files_are_overwritten_at_random_places(self):
        seed = int(os.environ.get("SEED", time.time()))
        rng = random.Random(seed)
        print(f"\nSEED={seed} PLACES={PLACES}")
        with Bratticed() as d:
            with at_work(d) as asker:
                engine, before = d.engine(), asker.mark()
                files = [d.folder / "state" / f"{name}.db{end}"
                         for name in ("control", "events")
                         for end in ("", "-wal")]
                for n in range(PLACES):
                    self.overwrite(rng, rng.choice(files))
                    if n % 20 == 0:
                        d.relay(f"192.0.2.{rng.randrange(100, 250)}", n, 2)
                        d.brattice("events", "--limit", "5")
                    if n % 50 == 0:
                        d.brattice("block", f"198.51.100.{n % 250}")
                        d.brattice("why", BAD)
                self.as_before(asker, before, f"{PLACES} places overwritten")
                self.assertEqual(d.engine(), engine, d.said())
            d.end()
            d.begin()
            until("an answer", lambda: self.is_allowed(d), 5)

    @staticmethod
    def overwrite(rng, path):
        with contextlib.suppress(FileNotFoundError, ValueError), \
                path.open("r+b") as f:
            f.seek(rng.randrange(path.stat().st_size))
            f.write(rng.randbytes(rng.choice((1, 8, 64, 512))))

    @staticmethod
    def is_allowed(d):
        with contextlib.suppress(OSError):
            return d.connects(FRESH) == "DUNNO"


if __name__ == "__main__":
    unittest.main()
