#!/usr/bin/env python3
"""The figures of the whole daemon: start, restart, latency, memory.

Prints lines "name value floor ratio goal" as the other benches do.
"""

import os
import pathlib
import statistics
import subprocess
import tempfile
import time

from common import BUILD, Daemon, Postfix, row, rss_mib

ROUNDS = 200


def bare_exec():
    """The floor of a start: a process that ends at once."""
    start = time.monotonic()
    subprocess.run([BUILD / "bratticed", "--version"],
                   stdout=subprocess.DEVNULL, check=True)
    return (time.monotonic() - start) * 1000


def started(folder, log, check_loaded):
    """(ms to the first answer, ms until loaded, memory) of one start."""
    d = Daemon(folder, log)
    start = time.monotonic()
    d.start()
    first = Postfix(d)
    answer = first.ask("203.0.113.1")
    to_answer = (time.monotonic() - start) * 1000
    if b"DUNNO" not in answer:
        raise AssertionError(answer)
    if check_loaded:
        while b"DUNNO" in first.ask(check_loaded):
            if time.monotonic() - start > 60:
                raise AssertionError("it does not load")
            time.sleep(0.002)
    else:
        d.wait_loaded()
    loaded = (time.monotonic() - start) * 1000
    memory = rss_mib(d)
    d.stop()
    return to_answer, loaded, memory


def bench_start(folder, log):
    runs = [started(folder / "idle", log, None) for _ in range(9)]
    floor = statistics.median(bare_exec() for _ in range(9))
    first = statistics.median(run[0] for run in runs)
    row("start, empty store: exec to answer [ms]", f"{first:.1f}",
        f"{floor:.1f}", f"{first / floor:.1f}", "<= 50 ms")
    memory = statistics.median(run[2] for run in runs)
    row("memory of an idle bratticed [MiB RSS]", f"{memory:.1f}", "-", "-",
        "<= 16 MiB")


def bench_restart(folder, log):
    d = Daemon(folder / "full", log)
    d.start()
    d.wait_loaded()
    d.api("PATCH", "/settings", {"mode": "enforce"})
    d.stop()
    subprocess.run([BUILD / "bench" / "bench-fill", folder / "full" / "state",
                    "1000000", "1000000"], check=True)
    runs = [started(folder / "full", log, "11.15.66.63") for _ in range(3)]
    first = statistics.median(run[0] for run in runs)
    loaded = statistics.median(run[1] for run in runs)
    row("restart, 1 M blocks, 1 M events: answer [ms]", f"{first:.1f}", "-",
        "-", "<= 50 ms")
    row("restart, the same: fully loaded [ms]", f"{loaded:.0f}", "-", "-",
        "<= 2000 ms")
    row("memory with them [MiB RSS]",
        f"{statistics.median(run[2] for run in runs):.0f}", "-", "-", "-")


def one_latency(out, postfix, n):
    """From write() of the line that reaches the threshold to the refusal."""
    address = f"10.{n // 250 + 1}.{n % 250}.7"
    stamp = time.strftime("%b %e %H:%M:%S", time.localtime())
    line = (f"{stamp} mx postfix/smtpd[{n + 100}]: NOQUEUE: reject: RCPT "
            f"from unknown[{address}]: 554 5.7.1 <z@elsewhere.test>: Relay "
            f"access denied; from=<x@client.test> to=<z@elsewhere.test> "
            f"proto=ESMTP helo=<x>\n").encode()
    os.write(out, line * 9)
    time.sleep(0.02)
    if b"DUNNO" not in postfix.ask(address):
        raise AssertionError("blocked too early")
    start = time.monotonic()
    os.write(out, line)
    while b"DUNNO" in postfix.ask(address):
        if time.monotonic() - start > 5:
            raise AssertionError("never blocked")
    return (time.monotonic() - start) * 1000


def bench_latency(folder, log):
    d = Daemon(folder / "latency", log)
    d.start()
    d.wait_loaded()
    d.api("PATCH", "/settings", {"mode": "enforce"})
    postfix = Postfix(d)
    out = os.open(log, os.O_WRONLY | os.O_APPEND)
    took = sorted(one_latency(out, postfix, n) for n in range(ROUNDS))
    asked = []
    for _ in range(ROUNDS):
        start = time.monotonic()
        postfix.ask("203.0.113.1")
        asked.append((time.monotonic() - start) * 1000)
    floor = statistics.median(asked)
    d.stop()
    for name, at in (("p50", 0.5), ("p99", 0.99)):
        value = took[int(at * (len(took) - 1))]
        row(f"log line written to refused reply, {name} [ms]",
            f"{value:.2f}", f"{floor:.2f}", f"{value / floor:.1f}",
            "<= 20 ms" if name == "p99" else "-")


def main():
    with tempfile.TemporaryDirectory(prefix="brattice-bench-") as name:
        folder = pathlib.Path(name)
        os.chmod(folder, 0o755)
        log = folder / "mail.log"
        log.touch()
        bench_start(folder, log)
        bench_latency(folder, log)
        bench_restart(folder, log)


if __name__ == "__main__":
    main()
