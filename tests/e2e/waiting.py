"""Bounded waits and child processes that cannot outlive the test run."""

import subprocess
import time


def until(what, condition, seconds=10.0, step=0.02):
    """Poll condition() until it is true and return its value."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what}: not within {seconds} s")
        time.sleep(step)


def run(*command, **options):
    """Run a command to its end; its output is in the error if it fails."""
    done = subprocess.run(command, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True,
                          errors="replace", timeout=60, **options)
    if done.returncode:
        raise RuntimeError(f"{' '.join(map(str, command))}: "
                           f"exit {done.returncode}\n{done.stdout}")
    return done.stdout


def spawn(*command, netns=None, **options):
    """Start a daemon that stays in the foreground.

    It gets SIGTERM when this process dies, however that happens.
    """
    inside = ["ip", "netns", "exec", netns] if netns else []
    guard = ["setpriv", "--pdeathsig", "TERM"]
    return subprocess.Popen([*guard, *inside, *map(str, command)],
                            stdin=subprocess.DEVNULL,
                            start_new_session=True, **options)


def stop(process, seconds=10):
    """End a process that spawn() started, by force when it lingers."""
    if process.poll() is None:
        process.terminate()
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(seconds)


def children(pid):
    with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as pids:
        return [int(child) for child in pids.read().split()]


def descendants(pid):
    """Every process below pid, nearest first."""
    found = children(pid)
    for child in list(found):
        found += descendants(child)
    return found


class LogFile:
    """A growing log: read what is new, wait for a text."""

    def __init__(self, path):
        self.path = path
        self.offset = 0

    def text(self):
        try:
            return self.path.read_bytes().decode("utf-8", "surrogateescape")
        except FileNotFoundError:
            return ""

    def mark(self):
        """Look only at what comes from now on."""
        self.offset = self.path.stat().st_size if self.path.exists() else 0

    def new(self):
        """What was written since the mark."""
        if not self.path.exists():
            return ""
        with self.path.open("rb") as log:
            log.seek(self.offset)
            return log.read().decode("utf-8", "surrogateescape")

    def wait(self, text, seconds=10.0):
        """Wait until text stands in what was written since the mark."""
        def seen():
            new = self.new()
            return new if text in new else None
        try:
            return until(f"{text!r} in {self.path.name}", seen, seconds)
        except TimeoutError as error:
            raise TimeoutError(f"{error}; it has:\n{self.new()}") from None
