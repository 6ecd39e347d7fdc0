"""The programs under test: bratticed beside the mail server, brattice."""

import dataclasses
import json
import os
import pathlib
import shutil
import signal
import subprocess
import time

from waiting import descendants, spawn, stop, until

BUILD = pathlib.Path(os.environ.get(
    "BRATTICE_BUILD", pathlib.Path(__file__).parents[2] / "build"))
TOKEN = "e2e-token"
PORT = 4001

CONFIG = """
state = "{folder}/state"
user = "nobody"
control {{
    listen = "unix:{folder}/control.sock"
}}
policy {{
    listen = "unix:{policy_socket}"
    group = "postfix"
}}
dovecot {{
    listen = "127.0.0.1:{port}"
    api_header = "X-API-Key: {token}"
}}
events {{
    listen = "unix:{folder}/events.sock"
}}
log "postfix-log" {{
    file = "{postfix_log}"
}}
log "dovecot-log" {{
    file = "{dovecot_log}"
}}
"""

NOT_FOUND = 3


class Brattice:
    """bratticed with everything switched on, and its command line."""

    def __init__(self, folder, network, policy_socket, logs):
        self.folder = folder
        self.network = network
        self.policy_socket = policy_socket
        self.config = folder / "brattice.conf"
        self.control = folder / "control.sock"
        self.output = folder / "bratticed.log"
        self.process = None
        (folder / "state").mkdir(parents=True)
        shutil.chown(folder / "state", "nobody")
        for log in logs.values():
            log.touch()
            log.chmod(0o644)
        self.config.write_text(CONFIG.format(
            folder=folder, policy_socket=policy_socket, port=PORT,
            token=TOKEN, **logs))

    def start(self):
        self.begin()
        until("bratticed is ready", self.is_ready)
        return self

    def begin(self):
        """Start without waiting for anything."""
        with self.output.open("ab") as output:
            self.process = spawn(
                BUILD / "bratticed", "--foreground", "--config", self.config,
                netns=self.network.server, stdout=output, stderr=output)

    def stop(self):
        if self.process:
            self.resume()
            stop(self.process)
            self.process = None

    def kill(self):
        """All of its processes at once, as a power failure would."""
        self._signal(signal.SIGKILL)
        self.process.wait(10)
        self.process = None

    def pause(self):
        self._signal(signal.SIGSTOP)

    def resume(self):
        self._signal(signal.SIGCONT)

    def _signal(self, number):
        if self.process.poll() is None:
            for pid in [self.process.pid, *descendants(self.process.pid)]:
                os.kill(pid, number)

    # The command line.

    def call(self, *words):
        """(exit code, standard output, standard error)"""
        done = subprocess.run(
            [BUILD / "brattice", "--socket", self.control, *words],
            stdin=subprocess.DEVNULL, capture_output=True, text=True,
            timeout=30, check=False)
        return done.returncode, done.stdout, done.stderr

    def run(self, *words):
        """Standard output of a command that must succeed."""
        code, out, err = self.call(*words)
        if code:
            raise AssertionError(
                f"brattice {' '.join(words)}: exit {code}\n{out}{err}\n"
                f"bratticed: {self.output.read_text(errors='replace')}")
        return out

    def ask(self, *words):
        """The JSON that a command answers."""
        return json.loads(self.run(*words, "--json"))

    def is_ready(self):
        if self.process.poll() is not None:
            raise AssertionError("bratticed ended: " +
                                 self.output.read_text(errors="replace"))
        code, out, _ = self.call("status", "--json")
        return code == 0 and json.loads(out)["state"] == "running"

    def set(self, **settings):
        """set(smtp__threshold=500) sets smtp.threshold."""
        self.run("settings", "set",
                 *[f"{name.replace('__', '.')}={value}"
                   for name, value in settings.items()])

    def is_blocked(self, address):
        code, out, err = self.call("blocked", address)
        if code not in (0, NOT_FOUND):
            raise AssertionError(f"blocked {address}: {code} {out}{err}")
        return code == 0

    def wait_blocked(self, address, seconds=10):
        try:
            until(f"{address} is blocked", lambda: self.is_blocked(address),
                  seconds)
        except TimeoutError as error:
            raise AssertionError(f"{error}\n{self.why(address)}") from None

    def why(self, address):
        """The explanation in words; fine for people and failed tests."""
        return self.call("why", address)[1]

    def explanation(self, address):
        return Explanation(self.ask("why", address))

    def events(self, *words):
        """Rows of the event log."""
        return self.ask("events", "--limit", "0", *words)["items"]

    def wait_events(self, address, count):
        """As many acts as that are known of an address."""
        until(f"{count} acts of {address}", lambda: count <= sum(
            event["outcome"] != "joined"
            for event in self.events(address)))

    def wait_sources(self, address, names):
        """Each of these sources has told something about an address."""
        until(f"events of {address} from {names}", lambda: names <= {
            event["source"] for event in self.events(address)})

    def wait_quiet(self, address, seconds=0.5):
        """Nothing more comes in about an address."""
        last = {"count": -1, "since": time.monotonic()}

        def still():
            count = len(self.events(address))
            now = time.monotonic()
            if count != last["count"]:
                last.update(count=count, since=now)
            return now - last["since"] > seconds
        until(f"no more events of {address}", still, seconds=20, step=0.1)


class Explanation:
    """What `brattice why` says, as far as tests compare it.

    smtp and login have score, threshold and counts ({kind: how many}; kinds
    that give no points are left out).
    """

    def __init__(self, answer):
        self.state = answer["state"]
        for part in answer["components"]:
            setattr(self, part["component"], Part(
                part["score"], part["threshold"],
                {row["kind"]: row["count"] for row in part["contributions"]
                 if row["points"]}))

    def __eq__(self, other):
        return vars(self) == vars(other)

    def __repr__(self):
        return str(vars(self))


@dataclasses.dataclass
class Part:
    score: int
    threshold: int
    counts: dict
