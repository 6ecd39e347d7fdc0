#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""The figures of `brattice parse` and `brattice replay`.

    bench/cli.py [LINES]

A mixed log of LINES lines, 30 % of them events, is written by
bench-cli-log; each program runs over it several times, and `wc -l` over the
same file in between.  Prints lines "name value floor ratio goal": lines per
CPU-second (user and system) in the median, and the CPU time as a multiple of
counting newlines.
"""

import os
import pathlib
import resource
import statistics
import subprocess
import sys
import tempfile

TOP = pathlib.Path(__file__).resolve().parents[1]
BUILD = pathlib.Path(os.environ.get("BRATTICE_BUILD", TOP / "build"))
LINES = int(sys.argv[1]) if len(sys.argv) > 1 else 2_000_000
ROUNDS = 7


def cpu_seconds(*command):
    """User and system time of one run."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime + after.ru_stime -
            before.ru_utime - before.ru_stime)


def row(name, value, floor, ratio, goal):
    print(f"{name:44} {value:>14} {floor:>14} {ratio:>8} {goal}", flush=True)


def count(log):
    """Lines, and those that held an event."""
    out = subprocess.run([BUILD / "brattice", "parse", "--all", log],
                         stdout=subprocess.PIPE, check=True).stdout
    lines = events = 0
    last = None
    for text in out.splitlines():
        line = text[:text.index(b",")]
        lines += line != last
        events += line != last and b'"event"' in text[:60]
        last = line
    return lines, events


def main():
    with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR")) as folder:
        log = folder + "/mail.log"
        with open(log, "wb") as f:
            subprocess.run([BUILD / "bench" / "bench-cli-log", str(LINES)],
                           stdout=f, check=True)
        lines, events = count(log)
        print(f"# {lines} lines of {os.path.getsize(log) / lines:.0f} bytes, "
              f"{100 * events / lines:.1f} % with events", flush=True)
        times = {"wc": [], "parse": [], "replay": []}
        for _ in range(ROUNDS):
            times["wc"].append(cpu_seconds("wc", "-l", log))
            for verb in ("parse", "replay"):
                times[verb].append(
                    cpu_seconds(BUILD / "brattice", verb, log))
        floor = statistics.median(times["wc"])
        for verb, goal in (("parse", 3_000_000), ("replay", 2_000_000)):
            t = statistics.median(times[verb])
            row(f"{verb}, lines per CPU-second", f"{lines / t:.0f}",
                f"{lines / floor:.0f}", f"{t / floor:.1f}", f">= {goal}")


if __name__ == "__main__":
    main()
