#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""Wire the installed package to Postfix and Dovecot with doctor's lines.

    wired.py ROOT

ROOT holds a Debian with the package, Postfix and Dovecot, none of them
running.  Everything that `brattice doctor` prints is pasted where it says,
the servers are started, and a client in another network namespace abuses
them: first it would be blocked, then it is.
"""

import contextlib
import json
import pathlib
import re
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "e2e"))
from abuse import LOGIN_TEXT, SMTP_TEXT, first_line  # noqa: E402
from clients import Smtp, imap_login  # noqa: E402
from netns import Network  # noqa: E402
from waiting import spawn, stop, until  # noqa: E402

WATCHED, REFUSED = "10.77.0.2", "10.77.0.3"
ROUNDS = 8
# A machine's own matters, and what is decided after some days.
LEFT_ALONE = ("clock", "disk")
ENFORCE = "brattice settings set mode=enforce"


class Machine:
    """The folder as a machine on a network of its own."""

    def __init__(self, root, network):
        self.root = pathlib.Path(root)
        self.network = network
        self.running = {}
        self.pasted = set()

    def call(self, *words):
        """(exit code, output) of a command."""
        done = subprocess.run(
            ["ip", "netns", "exec", self.network.server, "chroot", self.root,
             *words], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, timeout=120, check=False)
        return done.returncode, done.stdout

    def run(self, *words):
        code, out = self.call(*words)
        if code:
            raise AssertionError(f"{' '.join(words)}: exit {code}\n{out}")
        return out

    def ask(self, *words):
        return json.loads(self.run("brattice", *words, "--json"))

    def start(self, name, *command):
        output = open(f"{self.root}.{name}", "ab")
        with output:
            self.running[name] = spawn(
                "chroot", self.root, *command, netns=self.network.server,
                stdout=output, stderr=output)

    def restart_brattice(self):
        """As `systemctl restart brattice` would."""
        if "brattice" in self.running:
            stop(self.running.pop("brattice"))
        self.start("brattice", "setpriv", "--reuid", "brattice", "--regid",
                   "brattice", "--init-groups", "--no-new-privs",
                   "--bounding-set=-all", "bratticed", "--foreground")
        until("bratticed answers",
              lambda: self.call("brattice", "status")[0] == 0)

    def stop(self):
        for name in reversed(list(self.running)):
            stop(self.running.pop(name))

    # Pasting.

    def doctor(self):
        code, out = self.call("brattice", "doctor", "--json")
        answer = json.loads(out[out.index("{"):])
        if code != (1 if answer["bad"] else 0):
            raise AssertionError(f"doctor: exit {code}\n{out}")
        return answer["findings"]

    def paste(self, finding):
        into, text = finding["into"], finding["paste"]
        print(f"        {finding['level']} {finding['text']}\n"
              f"        into {into}:\n{text}")
        if text == "systemctl enable --now rsyslog":
            self.start_rsyslog()
        elif "systemctl" in text:
            self.restart_brattice()
        elif into == "a root shell":
            # There is no network here, and nobody to say yes.
            subprocess.run(
                ["chroot", self.root, "env", "DEBIAN_FRONTEND=noninteractive",
                 "LC_ALL=C", "sh", "-c", text.replace(
                     "apt install", "apt-get install -q -y")],
                stdin=subprocess.DEVNULL, check=True, timeout=300)
        else:
            assert into.startswith("/"), into
            with open(self.root / into[1:], "a", encoding="utf-8") as file:
                file.write(text + "\n")

    def mend(self):
        """Paste until there is nothing new; returns what doctor finds."""
        for _ in range(ROUNDS):
            found = self.doctor()
            to_paste = [f for f in found
                        if f["level"] != "good" and "paste" in f
                        and f["topic"] not in LEFT_ALONE
                        and f["paste"] not in {ENFORCE, *self.pasted}]
            if not to_paste:
                return found
            # The wiring first: a restart takes it on.
            to_paste.sort(key=lambda f: "systemctl" in f["paste"])
            for finding in to_paste:
                self.paste(finding)
                if not finding["paste"].startswith("systemctl restart"):
                    self.pasted.add(finding["paste"])
            self.restart_brattice()
        raise AssertionError(f"not mended: {found}")

    # Servers.

    def start_rsyslog(self):
        self.start("rsyslog", "rsyslogd", "-n")
        until("a log socket", (self.root / "dev/log").exists)

    def start_servers(self):
        self.run("/usr/lib/postfix/configure-instance.sh", "-")
        self.start("postfix", "postfix", "start-fg")
        self.start("dovecot", "dovecot", "-F")
        for port in (25, 143):
            until(f"port {port}", lambda port=port: self.listens(port), 30)

    def listens(self, port):
        with contextlib.suppress(OSError):
            with Smtp(self.network, WATCHED, port) as session:
                return bool(session.first)
        return False


def abuse(network, client):
    with Smtp(network, client) as smtp:
        smtp.hello()
        smtp.mail()
        for number in range(10):
            reply = smtp.rcpt(f"z{number}@elsewhere.test")
            assert re.match("454|554", reply), reply
        smtp.say("QUIT")


def blocks(machine, client):
    return [b for b in machine.ask("blocks")["items"]
            if b["address"].startswith(client)]


def check(what, holds, detail=""):
    print(f"  {'ok    ' if holds else 'FAIL  '}{what} {detail if not holds else ''}",
          flush=True)
    return bool(holds)


def see_a_block(machine, network):
    good = True
    abuse(network, WATCHED)
    row = until("it would be blocked", lambda: blocks(machine, WATCHED))
    good &= check("observe: it would be blocked", row)
    first = first_line(network, WATCHED)
    good &= check("observe: and is served", first.startswith("220"), first)

    mode = next(f for f in machine.doctor() if f.get("paste") == ENFORCE)
    machine.paste(mode)
    abuse(network, REFUSED)
    until("it is blocked", lambda: machine.call(
        "brattice", "blocked", REFUSED)[0] == 0)
    first = first_line(network, REFUSED)
    good &= check("enforce: its first line says why",
                  first.startswith("421 4.7.0") and SMTP_TEXT in first, first)
    said = str(imap_login(network, REFUSED, "root", "x", port=993, tls=True))
    good &= check("enforce: Dovecot refuses it, too", LOGIN_TEXT in said,
                  said)
    first = first_line(network, "10.77.0.4")
    good &= check("enforce: another is served", first.startswith("220"),
                  first)
    why = machine.run("brattice", "why", REFUSED)
    good &= check("why: ten relay attempts",
                  "relay_denied" in why and "1000" in why, why)
    return good


def main(root):
    with Network() as network:
        machine = Machine(root, network)
        try:
            machine.mend()
            machine.start_servers()
            left = [f for f in machine.mend() if f["level"] != "good"
                    and f["topic"] not in LEFT_ALONE
                    and f.get("paste") != ENFORCE]
            good = check("doctor finds nothing more", not left, left)
            good &= see_a_block(machine, network)
        finally:
            machine.stop()
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
