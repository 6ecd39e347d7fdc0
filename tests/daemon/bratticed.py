# SPDX-License-Identifier: ISC
"""A bratticed in a folder of its own, for tests of the daemon itself."""

import json
import os
import pathlib
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time

BUILD = pathlib.Path(os.environ.get(
    "BRATTICE_BUILD", pathlib.Path(__file__).parents[2] / "build"))

CONFIG = """\
state = "{folder}/state"
user = "{user}"
control {{ listen = "unix:{folder}/control.sock" }}
policy {{ listen = "unix:{folder}/policy.sock" }}
log "mail" {{ file = "{folder}/mail.log" }}
"""


def until(what, condition, seconds=5.0):
    """Poll condition() until it is true and return its value."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what}: not within {seconds} s")
        time.sleep(0.005)


def is_alive(pid):
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii") as stat:
            return stat.read().rsplit(")", 1)[1].split()[0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False


def ask_policy(s, address):
    """What Postfix is told on an open socket; "" when it is closed."""
    s.sendall((
        "request=smtpd_access_policy\nprotocol_state=CONNECT\n"
        f"protocol_name=SMTP\nclient_address={address}\n"
        "client_name=unknown\n\n").encode())
    got = b""
    while not got.endswith(b"\n\n"):
        more = s.recv(4096)
        if not more:
            return ""
        got += more
    return got.decode().strip().removeprefix("action=")


class Clock:
    """What the daemon takes for the time, when it begins with .env."""

    def __init__(self, folder, now=0):
        self.path = pathlib.Path(folder) / "clock"
        self.path.write_bytes(bytes(8))
        self.env = {"BRATTICE_TEST_CLOCK": str(self.path)}
        self.set(now or int(time.time()))

    def set(self, now):
        """Stand still at this time [s]; 0: run like the real one."""
        with self.path.open("r+b") as f:
            f.write(struct.pack("=q", now))
        self.now = now
        time.sleep(0.003)  # it is read once a millisecond

    def forward(self, seconds):
        self.set(self.now + seconds)


class Bratticed:
    """One daemon; use it in a with statement.  With a time its clock
    stands still there, and is moved by .clock."""

    def __init__(self, user="root", now=None):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="brattice-d-"))
        os.chmod(self.folder, 0o755)
        self.user = user
        self.config = self.folder / "brattice.conf"
        self.control = self.folder / "control.sock"
        self.policy = self.folder / "policy.sock"
        self.log = self.folder / "mail.log"
        self.output = self.folder / "output"
        self.process = None
        self.clock = now and Clock(self.folder, now)
        self.log.touch()
        self.write(CONFIG)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait(10)
        shutil.rmtree(self.folder, ignore_errors=True)

    def write(self, config):
        self.config.write_text(
            config.format(folder=self.folder, user=self.user))

    # Processes.

    def program(self):
        return BUILD / ("tests/daemon/bratticed-test" if self.clock
                        else "bratticed")

    def begin(self, config=None, **env):
        with self.output.open("ab") as output:
            self.process = subprocess.Popen(
                [self.program(), "--foreground", "--config",
                 config or self.config],
                stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                env={**os.environ, **(self.clock.env if self.clock else {}),
                     **env}, start_new_session=True)
        return self

    def inherit(self, *sockets):
        """Start with sockets as a service manager passes them."""
        first = 3
        passing = (
            "import os, sys\n"
            "fds = [os.dup(int(n)) for n in sys.argv[1].split()]\n"
            "fds = [fcntl.fcntl(fd, fcntl.F_DUPFD, 64) for fd in fds]\n"
            f"for i, fd in enumerate(fds): os.dup2(fd, {first} + i)\n"
            "os.environ.update(LISTEN_PID=str(os.getpid()),\n"
            "                  LISTEN_FDS=str(len(fds)))\n"
            "os.execv(sys.argv[2], sys.argv[2:])\n")
        fds = [s.fileno() for s in sockets]
        with self.output.open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-c", "import fcntl\n" + passing,
                 " ".join(map(str, fds)), BUILD / "bratticed",
                 "--foreground", "--config", self.config],
                stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                pass_fds=fds, start_new_session=True)
        until("an answer", self.is_running)
        return self

    def start(self, **env):
        self.begin(**env)
        until("an answer", self.is_running)
        return self

    def check(self):
        """(exit code, output) of --check."""
        done = subprocess.run(
            [BUILD / "bratticed", "--check", "--config", self.config],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, timeout=30, check=False)
        return done.returncode, done.stdout

    def end(self, seconds=10):
        """SIGTERM; the exit code."""
        self.process.terminate()
        return self.process.wait(seconds)

    def engine(self):
        """The engine's process id, or None."""
        pid = self.process.pid
        with open(f"/proc/{pid}/task/{pid}/children",
                  encoding="ascii") as pids:
            found = [int(p) for p in pids.read().split()]
        found = [p for p in found if is_alive(p)]
        return found[0] if found else None

    def kill_engine(self):
        pid = until("an engine", self.engine)
        os.kill(pid, signal.SIGKILL)
        until("its death", lambda: not is_alive(pid))
        return pid

    def said(self):
        return self.output.read_text(errors="replace")

    # Asking it.

    def brattice(self, *words):
        """(exit code, output) of the command line."""
        done = subprocess.run(
            [BUILD / "brattice", "--socket", self.control, *words],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, timeout=30, check=False)
        return done.returncode, done.stdout

    def ask(self, *words):
        code, out = self.brattice(*words, "--json")
        if code:
            raise AssertionError(
                f"brattice {' '.join(words)}: {code} {out}\n{self.said()}")
        return json.loads(out)

    def metrics(self):
        """The figures for Prometheus: {name and labels: value}."""
        with socket.socket(socket.AF_UNIX) as s:
            s.settimeout(5)
            s.connect(str(self.control))
            s.sendall(b"GET /metrics HTTP/1.0\r\nHost: x\r\n\r\n")
            with s.makefile(encoding="utf-8", newline="\n") as answer:
                lines = answer.read().split("\r\n\r\n", 1)[1].splitlines()
        return {name: float(value) for name, value in (
            line.rsplit(" ", 1) for line in lines if line[0] != "#")}

    def is_running(self):
        if self.process.poll() is not None:
            raise AssertionError("bratticed ended:\n" + self.said())
        code, out = self.brattice("status", "--json")
        status = json.loads(out) if code == 0 else {"state": "none"}
        return status["state"] == "running" and all(
            self.has_opened(hook) for hook in status["hooks"])

    def has_opened(self, hook):
        """Does it read its files?  It is told of none before it begins."""
        files = hook.get("files", ())
        if hook["source"] == "mail" and self.log.exists() and not files:
            return False
        return all(file["is_open"] or not os.path.exists(file["path"])
                   for file in files)

    def connects(self, address, seconds=2.0):
        """What Postfix is told: "DUNNO", "421 …"; "closed" without one."""
        with socket.socket(socket.AF_UNIX) as s:
            s.settimeout(seconds)
            s.connect(str(self.policy))
            try:
                return ask_policy(s, address) or "closed"
            except (ConnectionResetError, BrokenPipeError):
                return "closed"

    def relay(self, address, first, count):
        """Lines of Postfix: so many relay attempts, each another one."""
        now = time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime())
        with self.log.open("a", encoding="ascii") as log:
            log.write("".join(
                f"{now} mx postfix/smtpd[{n % 30000 + 1}]: NOQUEUE: reject: "
                f"RCPT from unknown[{address}]: 554 5.7.1 "
                f"<u{n}@other.example>: Relay access denied; "
                f"from=<x@y.example> to=<u{n}@other.example> proto=ESMTP "
                "helo=<z>\n" for n in range(first, first + count)))

    def counted(self, address):
        """How many relay attempts are in the address's window; none while
        it is loading."""
        code, out = self.brattice("why", address, "--json")
        if code and "starting or restoring" in out:
            return 0
        smtp = self.ask("why", address)["components"][0]
        return sum(c["count"] for c in smtp["contributions"]
                   if c["kind"] == "relay_denied")
