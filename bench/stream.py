#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Live streams: what 200 of them cost while 1,000 events come a second.

Prints lines "name value floor ratio goal" as the other benches do.  The
question of Postfix is asked idle, with the events alone, and with both, by
turns; the readers are a process of their own.
"""

import multiprocessing
import os
import pathlib
import selectors
import socket
import statistics
import sys
import tempfile
import time

from common import Daemon, Postfix, row, rss_mib

STREAMS = 200
EVENTS_A_SECOND = 1000
ROUNDS = 3
ASKS = 1000  # a round


def feed(log, stop):
    """Lines of Postfix, each of another client: so nobody is blocked."""
    out = os.open(log, os.O_WRONLY | os.O_APPEND)
    n = 0
    due = time.monotonic()
    while not stop.is_set():
        stamp = time.strftime("%b %e %H:%M:%S", time.localtime())
        os.write(out, "".join(
            f"{stamp} mx postfix/smtpd[{k % 30000 + 100}]: NOQUEUE: reject: "
            f"RCPT from unknown[10.{k >> 16 & 255}.{k >> 8 & 255}.{k & 255}]:"
            " 554 5.7.1 <z@elsewhere.test>: Relay access denied; "
            "from=<x@client.test> to=<z@elsewhere.test> proto=ESMTP "
            "helo=<x>\n" for k in range(n, n + 50)).encode())
        n += 50
        due += 50 / EVENTS_A_SECOND
        time.sleep(max(0, due - time.monotonic()))


def watch(path, ready, heard, stop):
    """All streams, read as they come."""
    os.nice(5)
    poll = selectors.DefaultSelector()
    for _ in range(STREAMS):
        s = socket.socket(socket.AF_UNIX)
        s.connect(path)
        s.sendall(b"GET /api/v1/stream HTTP/1.1\r\nHost: x\r\n\r\n")
        poll.register(s, selectors.EVENT_READ)
    answered = set()
    while not stop.is_set():
        for key, _ in poll.select(0.1):
            got = key.fileobj.recv(1 << 16)
            if not got:
                raise SystemExit("a stream ended")
            heard.value += len(got)
            answered.add(key.fd)
        if len(answered) == STREAMS:
            ready.set()


def asked(postfix):
    """ms of each question, one every 2 ms."""
    took = []
    for _ in range(ASKS):
        start = time.monotonic()
        postfix.ask("203.0.113.1")
        took.append((time.monotonic() - start) * 1000)
        time.sleep(0.002)
    return took


def p99(values):
    return sorted(values)[int(0.99 * (len(values) - 1))]


class During:
    """Something that goes on in a process of its own."""

    def __init__(self, target, *arguments):
        self.stop = multiprocessing.Event()
        self.process = multiprocessing.Process(
            target=target, args=(*arguments, self.stop))

    def __enter__(self):
        self.process.start()
        return self

    def __exit__(self, *_):
        self.stop.set()
        self.process.join(10)


def measure(daemon, log):
    control = str(daemon.folder / "control.sock")
    postfix = Postfix(daemon)
    took = {"idle": [], "events": [], "both": []}
    memory, heard = [], multiprocessing.Value("q", 0)
    asked(postfix)
    for _ in range(ROUNDS):
        took["idle"] += asked(postfix)
        with During(feed, log):
            time.sleep(1)
            took["events"] += asked(postfix)
            before = rss_mib(daemon)
            ready = multiprocessing.Event()
            with During(watch, control, ready, heard):
                if not ready.wait(30):
                    raise AssertionError("the streams don't begin")
                time.sleep(1)
                memory.append((rss_mib(daemon) - before) * 1024 / STREAMS)
                took["both"] += asked(postfix)
    postfix.socket.close()
    if heard.value < ROUNDS * STREAMS * 10000:
        raise AssertionError(f"only {heard.value} bytes were heard")
    return took, memory


def main():
    with tempfile.TemporaryDirectory(prefix="brattice-bench-") as name:
        folder = pathlib.Path(name)
        os.chmod(folder, 0o755)
        log = folder / "mail.log"
        log.touch()
        d = Daemon(folder / "live", log)
        d.start()
        d.wait_loaded()
        took, memory = measure(d, log)
        d.stop()
    idle, events, both = (p99(took[k]) for k in ("idle", "events", "both"))
    # What the ring holds counts, too, the first time.
    a_stream = max(memory)
    row("answer to Postfix, 1,000 events/s, p99 [ms]", f"{events:.2f}",
        f"{idle:.2f}", f"{events / idle:.2f}", "-")
    row(f"the same with {STREAMS} streams, p99 [ms]", f"{both:.2f}",
        f"{idle:.2f}", f"{both / idle:.2f}", "<= 2 x idle")
    row("the same, p50 [ms]", f"{statistics.median(took['both']):.2f}",
        f"{statistics.median(took['idle']):.2f}", "-", "-")
    row("memory of a stream [KiB RSS]", f"{a_stream:.1f}", "-", "-",
        "<= 32 KiB")
    sys.exit(both > 2 * idle or a_stream > 32)


if __name__ == "__main__":
    main()
