# SPDX-License-Identifier: ISC
"""What the figures of the whole daemon share."""

import pathlib
import socket
import sys
import time

TOP = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(TOP / "tests" / "kill"))
from daemon import BUILD, Daemon  # noqa: E402, F401


def row(name, value, floor, ratio, goal):
    print(f"{name:44} {value:>14} {floor:>14} {ratio:>8} {goal}", flush=True)


class Postfix:
    """Asks the policy service on a connection that stays."""

    def __init__(self, daemon, patience=10):
        end = time.monotonic() + patience
        while True:
            self.socket = socket.socket(socket.AF_UNIX)
            self.socket.settimeout(5)
            try:
                self.socket.connect(str(daemon.folder / "policy.sock"))
                break
            except OSError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.0005)
        self.n = 0

    def ask(self, address):
        self.n += 1
        self.socket.sendall(
            b"request=smtpd_access_policy\nprotocol_state=CONNECT\n"
            b"client_address=%s\ninstance=b%d\n\n"
            % (address.encode(), self.n))
        return self.socket.recv(4096)


def rss_mib(daemon):
    """Resident memory of all its processes."""
    total = 0
    for pid in daemon.pids():
        status = pathlib.Path(f"/proc/{pid}/status").read_text()
        total += int(status.split("VmRSS:")[1].split()[0])
    return total / 1024
