# SPDX-License-Identifier: ISC
"""brattice on a terminal of a certain size, and in a pipe."""

import fcntl
import os
import pathlib
import pty
import select
import struct
import subprocess
import sys
import termios
import time

HERE = pathlib.Path(__file__).parent
sys.path[:0] = [str(HERE.parent / "daemon"), str(HERE.parent / "web")]
BUILD = pathlib.Path(os.environ.get("BRATTICE_BUILD", HERE.parents[1] / "build"))
BRATTICE = str(BUILD / "brattice")


class Terminal:
    """One call on a terminal of its own."""

    def __init__(self, *words, size=(24, 80), **env):
        self.text = b""
        self.code = None
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            for name, value in {"TERM": "xterm", "TZ": "UTC",
                                "BRATTICE_PAGER": "cat", **env}.items():
                os.environ[name] = value
            if "NO_COLOR" not in env:
                os.environ.pop("NO_COLOR", None)
            # Its size is set before it is looked at.
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", *size, 0, 0))
            os.execv(BRATTICE, ["brattice", *map(str, words)])

    def resize(self, rows, columns):
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ,
                    struct.pack("HHHH", rows, columns, 0, 0))

    def type(self, text):
        os.write(self.fd, text.encode())

    def read(self, seconds):
        """What came; False once it has ended."""
        if not select.select([self.fd], [], [], seconds)[0]:
            return True
        try:
            more = os.read(self.fd, 65536)
        except OSError:
            more = b""
        self.text += more
        return bool(more)

    def until(self, text, seconds=10.0):
        """Wait until it is there, and return what stands before it."""
        deadline = time.monotonic() + seconds
        while text.encode() not in self.text:
            if not self.read(0.1) or time.monotonic() > deadline:
                raise AssertionError(f"no {text!r} in {self.text!r}")
        before, _, self.text = self.text.partition(text.encode())
        return before.decode()

    def end(self, seconds=10.0):
        """Exit code and all that came."""
        deadline = time.monotonic() + seconds
        while self.read(0.1):
            if time.monotonic() > deadline:
                raise AssertionError(f"it goes on: {self.text!r}")
        if self.code is None:
            self.code = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
            os.close(self.fd)
        return self.code, self.text.decode().replace("\r\n", "\n")


def pipe(*words, given="", **env):
    """(exit code, output, messages) of a call without a terminal."""
    done = subprocess.run(
        [BRATTICE, *map(str, words)], input=given, capture_output=True,
        text=True, timeout=30, check=False,
        env={**os.environ, "TZ": "UTC", **env})
    return done.returncode, done.stdout, done.stderr
