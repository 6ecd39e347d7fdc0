"""Two network namespaces joined by a cable: one mail server, its clients.

Sockets belong to the namespace in which they were made, so the test runner
stays outside and only steps in, in its own thread, to make one.
"""

import contextlib
import ctypes
import itertools
import os
import pathlib
import re
import shutil

from waiting import run

CLONE_NEWNET = 0x40000000
CLIENTS = range(2, 9)
SERVER_V4, SERVER_V6 = "10.77.0.1", "fd77::1"
FAR_V6 = "fd77:1::"  # a /64 that holds clients and not the server

_libc = ctypes.CDLL(None, use_errno=True)
_serial = itertools.count()


def client_v4(number):
    return f"10.77.0.{number}"


def client_v6(number):
    return f"fd77::{number}"


class Network:
    """The namespaces `server` and `clients`; a context manager."""

    def __init__(self):
        self.tag = f"{os.getpid()}-{next(_serial)}"
        self.server = f"brattice-{self.tag}-srv"
        self.clients = f"brattice-{self.tag}-cli"

    def __enter__(self):
        sweep()
        try:
            self._build()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_):
        self.close()

    def _build(self):
        for name in (self.server, self.clients):
            run("ip", "netns", "add", name)
            run("ip", "-n", name, "link", "set", "lo", "up")
        run("ip", "-n", self.server, "link", "add", "mail0", "type", "veth",
            "peer", "name", "wire0", "netns", self.clients)
        self._address(self.server, "mail0", SERVER_V4, SERVER_V6)
        for number in CLIENTS:
            self._address(self.clients, "wire0",
                          client_v4(number), client_v6(number))
            run("ip", "-n", self.clients, "addr", "add",
                f"{FAR_V6}{number}/64", "dev", "wire0", "nodad")
        run("ip", "-n", self.server, "link", "set", "mail0", "up")
        run("ip", "-n", self.clients, "link", "set", "wire0", "up")
        run("ip", "-n", self.server, "route", "add", f"{FAR_V6}/64",
            "dev", "mail0")

    @staticmethod
    def _address(namespace, device, v4, v6):
        run("ip", "-n", namespace, "addr", "add", f"{v4}/24", "dev", device)
        run("ip", "-n", namespace, "addr", "add", f"{v6}/64", "dev", device,
            "nodad")

    def use_local_dns(self):
        """Programs started in the server namespace ask 127.0.0.1."""
        folder = pathlib.Path("/etc/netns") / self.server
        folder.mkdir(parents=True)
        (folder / "resolv.conf").write_text(
            "nameserver 127.0.0.1\noptions timeout:1 attempts:1\n")

    def close(self):
        for name in (self.server, self.clients):
            remove(name)

    def in_server(self):
        return entered(self.server)

    def in_clients(self):
        return entered(self.clients)


@contextlib.contextmanager
def entered(namespace):
    """This thread makes its sockets in the namespace."""
    with open("/proc/thread-self/ns/net", "rb") as home:
        with open(f"/run/netns/{namespace}", "rb") as there:
            _setns(there)
        try:
            yield
        finally:
            _setns(home)


def _setns(handle):
    if _libc.setns(handle.fileno(), CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), "setns")


def remove(name):
    """Delete a namespace of ours, if it is there."""
    if os.path.exists(f"/run/netns/{name}"):
        run("ip", "netns", "del", name)
    shutil.rmtree(f"/etc/netns/{name}", ignore_errors=True)
    with contextlib.suppress(OSError):
        os.rmdir("/etc/netns")  # ours too, if it is empty


def sweep():
    """Delete what a killed test run left behind."""
    if not os.path.isdir("/run/netns"):
        return
    for name in os.listdir("/run/netns"):
        ours = re.fullmatch(r"brattice-(\d+)-\d+-(srv|cli)", name)
        if ours and not os.path.exists(f"/proc/{ours[1]}"):
            remove(name)
