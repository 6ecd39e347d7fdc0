#!/usr/bin/env python3
"""Searches, explanations and exports of long lists through the API.

    lists.py [BLOCKS [EVENTS]]

Prints lines "name median worst goal"; exits with 1 when one is missed.
"""

import http.client
import json
import os
import pathlib
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from urllib.parse import quote

TOP = pathlib.Path(__file__).resolve().parents[1]
BUILD = pathlib.Path(os.environ.get("BRATTICE_BUILD", TOP / "build"))
BLOCKS = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
EVENTS = int(sys.argv[2]) if len(sys.argv) > 2 else 10_000_000
ROUNDS = 9

# What an index serves, or what fills a page at once.
QUICK = [
    "/blocks?limit=50", "/blocks?limit=50&sort=until",
    "/blocks?limit=50&sort=address", "/blocks?limit=50&state=all",
    "/blocks?limit=50&state=expired",
    "/blocks?q=ip:{address}", "/blocks?q=ip:{near}",
    "/blocks?q=origin:manual", "/blocks?q=by:ann", "/blocks?q=note:4711",
    "/blocks?q=expires<1h", "/blocks?q=since:1h", "/blocks?q=hint:any",
    "/blocks?q=component:login", "/blocks?q=score>1490",
    "/events?limit=100", "/events?q=ip:{address}", "/events?q=ip:{near}",
    "/events?q=account:user77@example.org",
    "/events?q=account:user19999@example.org", "/events?q=account:nobody",
    "/events?q=since:1h", "/events?q=kind:auth_failure",
    "/events?q=kind:virus", "/events?q=kind:spam",
    "/events?q=service:imap", "/events?q=source:dovecot-log",
    "/events?q=outcome:repeat", "/events?q=outcome:never",
]
# What is looked for row by row.
SLOW = ["/events?q=nonsense", "/events?q=session:00000000",
        "/blocks?q=score>1499 component:smtp note:x"]


class Connection(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("x", timeout=120)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(120)
        self.sock.connect(self.path)


class Node:
    def __init__(self, folder):
        path = str(folder / "control.sock")
        self.process = subprocess.Popen(
            [BUILD / "src/web/api-fixture", folder, "unix:" + path],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.process.stdout.readline()
        self.connection = Connection(path)

    def get(self, path):
        self.connection.request(
            "GET", "/api/v1" + quote(path, safe="/?=&%:<>@,"))
        r = self.connection.getresponse()
        return r.status, r.read()

    def export(self, path):
        """Bytes, seconds, and how much the memory grew at the most."""
        before = self.rss()
        start = time.monotonic()
        self.connection.request("GET", "/api/v1" + path)
        r = self.connection.getresponse()
        n, most = 0, before
        while chunk := r.read(1 << 20):
            n += len(chunk)
            most = max(most, self.rss())
        return n, time.monotonic() - start, most - before

    def rss(self):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0]) / 1024


def measure(node, path, goal_ms):
    times = []
    for _ in range(ROUNDS):
        start = time.monotonic()
        status, body = node.get(path)
        times.append((time.monotonic() - start) * 1000)
    rows = ""
    if status == 200 and body[:9] == b'{"items":':
        rows = len(json.loads(body)["items"])
    median = statistics.median(times)
    print(f"{path:48} {status} {rows!s:>5} {median:9.2f} ms "
          f"{max(times):9.2f} ms  {'goal ' + str(goal_ms) if goal_ms else ''}",
          flush=True)
    return not goal_ms or (status == 200 and median <= goal_ms)


def main():
    good = True
    with tempfile.TemporaryDirectory(prefix="brattice-lists-") as name:
        folder = pathlib.Path(name)
        start = time.monotonic()
        subprocess.run([BUILD / "bench/bench-lists", name, str(BLOCKS),
                        str(EVENTS)], check=True)
        print(f"made in {time.monotonic() - start:.0f} s: {BLOCKS} blocks, "
              f"{EVENTS} events", flush=True)
        node = Node(folder)
        while node.get("/blocks?limit=1")[0] != 200:
            time.sleep(0.2)
        address = json.loads(node.get("/blocks?limit=1")[1])[
            "items"][0]["address"]
        near = address.rsplit(".", 1)[0] + ".0/24"
        for path in QUICK:
            good &= measure(node, path.format(address=address, near=near),
                            100)
        good &= measure(node, f"/addresses/{address}/explain", 20)
        for path in SLOW:
            measure(node, path, None)
        measure(node, "/overview", None)
        for path in ("/blocks/export?format=csv&state=all",
                     "/events/export?format=csv"):
            n, seconds, grown = node.export(path)
            print(f"{path:48} {n / 1e6:.0f} MB in {seconds:.1f} s, "
                  f"{grown:.1f} MiB more memory  goal 16", flush=True)
            good &= grown <= 16
        node.process.terminate()
        node.process.wait()
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
