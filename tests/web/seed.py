# SPDX-License-Identifier: ISC
"""A history for a daemon, told through its own API over the Unix socket.

Times are relative to now: the real time, or that of a daemon whose clock
stands still."""

import http.client
import json
import socket
import time

FIELDS = ("helo", "account", "session", "detail", "service", "source")
BATCH = 4  # a body is at most 64 KiB


class Connection(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("x", timeout=20)
        self.path = str(path)

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(20)
        self.sock.connect(self.path)


def ask(control, method, path, body=None):
    """Status and the bytes of the answer."""
    c = Connection(control)
    try:
        c.request(method, "/api/v1" + path,
                  None if body is None else
                  json.dumps(body, ensure_ascii=False).encode(),
                  {} if body is None else {"Content-Type": "application/json"})
        answer = c.getresponse()
        return answer.status, answer.read()
    finally:
        c.close()


def want(control, method, path, body=None):
    status, answer = ask(control, method, path, body)
    if status >= 300:
        raise AssertionError(f"{method} {path} {body}: {status} {answer!r}")
    return json.loads(answer)


def stamp(ago, now=None):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ",
                         time.gmtime((now or time.time()) - ago))


def tell(control, events):
    for i in range(0, len(events), BATCH):
        want(control, "POST", "/events", {"events": events[i:i + BATCH]})


def event(address, kind, ago, now=None, **more):
    return {"address": address, "kind": kind, "time": stamp(ago, now),
            "service": "smtp", "source": "test", **more}


def example(address, ago, now=None):
    """The vendor's: relays, bad passwords, unknown recipients."""
    plan = [("relay_denied", 2), ("auth_failure", 5), ("bad_recipient", 12)]
    kinds = [kind for kind, n in plan for _ in range(n)]
    return [event(address, kind, ago - i, now, account=f"user{i}",
                  session=f"{address}-{i}", helo="client.example",
                  detail=f"554 5.7.1 <u{i}@other.example>: refused")
            for i, kind in enumerate(kinds)]


def seed(control, now=None):
    """Blocks of each origin, one address below the threshold, a lock."""
    want(control, "PATCH", "/settings", {"mode": "enforce"})
    events = example("203.0.113.10", 600, now)
    events += [event("2001:db8:4::25", "login_failure", 500 - i, now,
                     service="imap", account=f"name{i}", session=f"s{i}")
               for i in range(10)]
    events += [event("198.51.100.20", "relay_denied", 300 - i, now,
                     session=f"near-{i}") for i in range(6)]
    events += [event("192.0.2.30", "login_failure", 100 - i, now,
                     service="pop3", account="ann", session=f"lock-{i}")
               for i in range(3)]
    tell(control, events)
    want(control, "POST", "/blocks", {"address": "192.0.2.128/25",
                                      "duration": 86400, "note": "a ticket"})
    want(control, "POST", "/never", {"address": "198.51.100.0/29",
                                     "note": "the office"})
