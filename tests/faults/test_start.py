#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""bratticed started with something broken: one fault, and every two of them.

Whatever is broken, Postfix gets "allow" within a second, the administrator
is told what is wrong, and what was whole is there again when the fault is
mended.  As root, since most faults need it.
"""

import concurrent.futures
import contextlib
import itertools
import os
import pathlib
import random
import re
import shutil
import sqlite3
import subprocess
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "daemon"))
from bratticed import CONFIG, Bratticed, until  # noqa: E402

BAD, GOOD, KNOWN, FRESH = "192.0.2.66", "192.0.2.10", "192.0.2.20", "192.0.2.9"
USER = "nobody"
ANSWER_S = 1.0
WIRING = CONFIG + ('log "other" {{ file = "{folder}/other.log" }}\n'
                   'ids_log {{ file = "{folder}/ids/ids.log" }}\n')


class Case(Bratticed):
    """A daemon with a history, and the faults planted in it."""

    def __init__(self, state=None):
        super().__init__(user=USER)
        self.state = self.folder / "state"
        self.open_things = contextlib.ExitStack()
        (self.folder / "ids").mkdir()
        (self.folder / "other.log").touch()
        self.write(WIRING)
        self.state.mkdir()
        if state:
            shutil.copytree(state, self.state, dirs_exist_ok=True)
        self.own(self.folder)

    @staticmethod
    def own(top):
        for path in (top, *top.rglob("*")):
            shutil.chown(path, USER)

    def __exit__(self, *_):
        self.open_things.close()
        super().__exit__()

    def seed(self):
        self.start()
        self.brattice("settings", "set", "mode=enforce", "smtp.threshold=900")
        self.brattice("block", BAD, "--for", "1d")
        self.brattice("never", "add", GOOD, "-m", "ours")
        self.relay(KNOWN, 0, 5)
        until("its events", lambda: self.counted(KNOWN) == 5)
        assert self.end() == 0

    def db(self, name):
        return self.state / f"{name}.db"


# What can be wrong.  Each returns how to mend it, or None when it can't be:
# what it hit is lost.

def gone(name):
    def plant(case):
        for end in ("", "-wal", "-shm"):
            pathlib.Path(f"{case.db(name)}{end}").unlink(missing_ok=True)
    return plant


def cut(name, share):
    def plant(case):
        path = case.db(name)
        if path.exists():
            os.truncate(path, int(path.stat().st_size * share))
    return plant


def overwritten(name, share):
    def plant(case):
        path = case.db(name)
        if not path.exists():
            return
        size = path.stat().st_size
        with path.open("r+b") as f:
            f.seek(int(size * share))
            f.write(random.Random(7).randbytes(min(4096, size)))
    return plant


def locked(name):
    def plant(case):
        path = case.db(name)
        if not path.exists():
            return None
        db = sqlite3.connect(path, timeout=0, isolation_level=None)
        case.open_things.callback(db.close)
        with contextlib.suppress(sqlite3.Error):
            db.execute("pragma locking_mode=exclusive")
            db.execute("begin exclusive")
        return db.close
    return plant


def newer(name):
    def plant(case):
        path = case.db(name)
        with contextlib.suppress(sqlite3.Error):
            with contextlib.closing(sqlite3.connect(path)) as db:
                old = db.execute("pragma user_version").fetchone()[0]
                db.execute("pragma user_version = 99")
            case.own(case.state)
            return lambda: older(path, old)
        return None
    return plant


def older(path, version):
    with contextlib.suppress(sqlite3.Error), \
            contextlib.closing(sqlite3.connect(path)) as db:
        db.execute(f"pragma user_version = {version}")


def mode(path_of, bits):
    def plant(case):
        path = path_of(case)
        if not path.exists():
            return None
        before = path.stat().st_mode & 0o7777
        path.chmod(bits)
        shutil.chown(path, "root" if bits == 0 else USER)
        return lambda: (path.chmod(before), shutil.chown(path, USER))
    return plant


def stray_wal(name):
    def plant(case):
        wal = pathlib.Path(f"{case.db(name)}-wal")
        wal.write_bytes(random.Random(3).randbytes(9000))
        shutil.chown(wal, USER)
        return lambda: wal.unlink(missing_ok=True)
    return plant


def full(case):
    """A file system of its own, with no byte left."""
    kept = case.folder / "kept"
    shutil.copytree(case.state, kept)
    size = sum(p.stat().st_size for p in kept.iterdir()) + (24 << 20)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "none",
                    case.state], check=True)
    case.open_things.callback(
        subprocess.run, ["umount", "-l", case.state], check=False)
    for path in kept.iterdir():
        shutil.copy2(path, case.state / path.name)
    case.own(case.state)
    case.state.chmod(0o700)
    filler = case.state / "filler"
    with filler.open("wb", buffering=0) as f, contextlib.suppress(OSError):
        while f.write(b"x" * 4096):
            pass
    return filler.unlink


def no_log(case):
    log = case.folder / "other.log"
    if log.is_file():
        log.unlink()
    return log.touch


def log_is_folder(case):
    log = case.folder / "other.log"
    log.unlink(missing_ok=True)
    log.mkdir()
    return lambda: (log.rmdir(), log.touch())


class Fault:
    def __init__(self, name, part, plant, says, is_lost=False):
        self.name, self.part, self.plant = name, part, plant
        self.says, self.is_lost = says, is_lost


def state_of(case):
    return case.state


def db_of(name):
    return lambda case: case.db(name)


def then(plant, mend):
    """A control.db that is damaged waits for the administrator, who moves
    it away."""
    def both(case):
        plant(case)
        return lambda: mend(case)
    return both


DAMAGED = "put a backup in its place, or move it away"
ASIDE = r"store\.|aside|corrupt|damaged|not a database"
FAULTS = [
    Fault("control.db is gone", "control", gone("control"), None, True),
    Fault("control.db is empty", "control", cut("control", 0), None, True),
    Fault("control.db is half", "control", then(cut("control", .5),
          gone("control")), DAMAGED, True),
    Fault("control.db has a bad head", "control",
          then(overwritten("control", 0), gone("control")), DAMAGED, True),
    Fault("control.db is locked", "control", locked("control"), "lock|busy"),
    Fault("control.db is newer", "control", newer("control"),
          "newer Brattice"),
    Fault("control.db is read-only", "control", mode(db_of("control"), 0o400),
          "control.db"),
    Fault("control.db is unreadable", "control", mode(db_of("control"), 0),
          "control.db"),
    Fault("control.db-wal is garbage", "control", stray_wal("control"), None),
    Fault("events.db is gone", "events", gone("events"), None, True),
    Fault("events.db is empty", "events", cut("events", 0), None, True),
    Fault("events.db is half", "events", cut("events", .5), ASIDE, True),
    Fault("events.db has a bad head", "events", overwritten("events", 0),
          ASIDE, True),
    Fault("events.db is locked", "events", locked("events"), "lock|busy"),
    Fault("events.db is newer", "events", newer("events"), "newer Brattice"),
    Fault("events.db is unreadable", "events", mode(db_of("events"), 0),
          "events.db"),
    Fault("the state can't be written", "folder", mode(state_of, 0o500),
          "state"),
    Fault("the disk is full", "folder", full, "full"),
    Fault("a log is absent", "log", no_log, "tail.absent"),
    Fault("a log is a folder", "log", log_is_folder, "other.log"),
    Fault("a log is unreadable", "log",
          mode(lambda case: case.folder / "other.log", 0), "other.log"),
    Fault("the IDS log's folder is closed", "ids",
          mode(lambda case: case.folder / "ids", 0), "ids.log"),
]


def answers(case):
    """Seconds from exec to the first "allow"."""
    began = time.monotonic()
    case.begin()
    while True:
        took = time.monotonic() - began
        with contextlib.suppress(OSError):
            if case.connects(FRESH).startswith("DUNNO"):
                return time.monotonic() - began
        if took > 5 or case.process.poll() is not None:
            raise AssertionError(f"no answer in {took:.1f} s: {case.said()}")
        time.sleep(0.005)


def is_told(case, pattern):
    _, status = case.brattice("status")
    return re.search(pattern, case.said() + status)


def to_be_told(faults):
    """Patterns by part.  A file that is gone has no other fault; the store
    tells one trouble at a time; logs are begun once it is there."""
    gone_parts = {f.part for f in faults if f.is_lost and not f.says}
    parts = {}
    for fault in faults:
        if fault.says and fault.part not in gone_parts:
            part = fault.part if fault.part in ("log", "ids") else "store"
            parts.setdefault(part, []).append(fault.says)
    if "store" in parts:
        parts.pop("log", None)
    return parts


def check_told(case, faults):
    parts = to_be_told(faults)
    for says in parts.values():
        try:
            until("a word", lambda s=says: is_told(case, "|".join(s)), 4)
        except TimeoutError as e:
            raise AssertionError(
                f"nothing of /{'|'.join(says)}/ in:\n{case.said()}"
                f"\n{case.brattice('status')[1]}") from e


def check_whole(case, faults):
    """What no fault destroyed is there when the rest is mended."""
    lost = {f.part for f in faults if f.is_lost}
    case.start()
    if "control" not in lost:
        until("the block", lambda: case.connects(BAD).startswith("421"), 3)
        assert case.ask("settings", "get", "smtp.threshold"), "setting"
        code, out = case.brattice("never", "check", GOOD)
        assert code == 0, out
    if not lost:
        assert case.counted(KNOWN) == 5, f"{case.counted(KNOWN)} of 5 events"
    assert case.end() == 0


def run(seeded, faults):
    """None, or what went wrong; and the seconds to the answer."""
    with Case(seeded) as case:
        try:
            mends = [fault.plant(case) for fault in faults]
            took = answers(case)
            check_told(case, faults)
            assert case.connects(FRESH).startswith("DUNNO"), "no allow"
            assert case.connects(GOOD).startswith("DUNNO"), "never-block"
            if {f.part for f in faults} <= {"events", "log", "ids"}:
                until("the lists to hold", lambda: case.connects(
                    BAD).startswith("421"), 3)
            assert case.process.poll() is None, "it ended"
            case.end()
            for mend in filter(None, reversed(mends)):
                with contextlib.suppress(FileNotFoundError):
                    mend()
            case.own(case.state)
            check_whole(case, faults)
            return None, took
        except Exception as e: # told with the faults' names
            return f"{type(e).__name__}: {e}", 0


@unittest.skipUnless(os.geteuid() == 0, "needs root")
class Start(unittest.TestCase):
    def matrix(self, sets):
        sets = list(sets)
        with Case() as seeded, \
                concurrent.futures.ThreadPoolExecutor(4) as pool:
            seeded.seed()
            done = list(pool.map(lambda s: run(seeded.state, s), sets))
        for faults, (wrong, took) in zip(sets, done):
            with self.subTest(" + ".join(f.name for f in faults)):
                self.assertIsNone(wrong)
                self.assertLess(took, ANSWER_S)
        took = sorted(t for _, t in done)
        print(f"\n{len(sets)} starts: answer after {took[len(took) // 2]:.3f} "
              f"s in the median, {took[-1]:.3f} s at most")

    def test_with_one_fault(self):
        self.matrix((f,) for f in FAULTS)

    def test_with_two_faults(self):
        self.matrix(itertools.combinations(FAULTS, 2))


if __name__ == "__main__":
    unittest.main()
