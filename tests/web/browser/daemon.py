#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""A daemon with a made history, for a browser: says where it is as a line
of JSON, then does what it reads: restart, stop, or start."""

import json
import pathlib
import socket
import sys

HERE = pathlib.Path(__file__).parent
sys.path[:0] = [str(HERE.parent), str(HERE.parents[1] / "daemon")]

from bratticed import CONFIG, Bratticed, until  # noqa: E402
from hostile import strings  # noqa: E402
from seed import ask, event, seed, tell, want  # noqa: E402

PASSWORD = "correct horse battery"
USERS = {"ada": "admin", "oscar": "operator", "vera": "viewer"}
ATTACKER = "203.0.113.66"


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def hostile_event(i, text):
    """One that an attacker fills with the same words wherever he can; a
    field that may not hold them is left out."""
    one = event(ATTACKER, "login_failure", 1200 - i, service="imap")
    for name in ("account", "helo", "session", "detail"):
        if name == "detail" or (text and len(text.encode()) <= 100):
            one[name] = text
    return one


def tell_hostile(control):
    for i, text in enumerate(strings()):
        one = hostile_event(i, text)
        status, _ = ask(control, "POST", "/events", {"events": [one]})
        if status != 202:
            one = {k: v for k, v in one.items()
                   if k not in ("account", "helo", "session")}
            ask(control, "POST", "/events", {"events": [one]})


def lock_hostile(control):
    """Accounts with such names, locked for an address of their own."""
    names = [s for s in strings() if s.isprintable() and 0 < len(s) < 60]
    for i, name in enumerate(names[::40]):
        tell(control, [event(f"198.51.100.{100 + i}", "login_failure",
                             60 - k, service="imap", account=name,
                             session=f"h{i}-{k}") for k in range(3)])


def note_hostile(control):
    """Notes of blocks and of never-block entries."""
    notes = [s for s in strings() if s.isprintable() and 0 < len(s) < 100]
    for i, text in enumerate(notes[::20]):
        want(control, "POST", "/blocks", {
            "address": f"203.0.113.{100 + i}", "duration": 7200,
            "note": text})
        want(control, "POST", "/never", {
            "address": f"192.0.2.{200 + i}", "note": text})


def fill(daemon):
    control = daemon.control
    seed(control)
    for name, role in USERS.items():
        want(control, "POST", "/users",
             {"name": name, "role": role, "password": PASSWORD})
    tell(control, [event("192.0.2.200", "login_success", 60 * i + 1,
                         service="imap", account="bob", session=f"ok{i}")
                   for i in range(3)])
    tell_hostile(control)
    lock_hostile(control)
    note_hostile(control)
    until("the blocks", lambda: len(json.loads(
        ask(control, "GET", "/blocks")[1])["items"]) >= 4)


def main():
    port = free_port()
    with Bratticed() as daemon:
        daemon.write(CONFIG + f'web {{{{ listen = "127.0.0.1:{port}" }}}}\n')
        daemon.start()
        if "empty" not in sys.argv[1:]:
            fill(daemon)
        print(json.dumps({
            "url": f"http://127.0.0.1:{port}", "password": PASSWORD,
            "control": str(daemon.control), "log": str(daemon.log),
            "attacker": ATTACKER, "hostile": strings()}), flush=True)
        for line in sys.stdin:
            if line.strip() in ("stop", "restart"):
                daemon.end()
            if line.strip() in ("start", "restart"):
                daemon.start()
            print("done", flush=True)


if __name__ == "__main__":
    main()
