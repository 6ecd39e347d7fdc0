#!/usr/bin/env python3
"""kill -9 at any moment, under load from all hooks.

What must hold afterwards:
  - every block, never-block entry and setting that was acknowledged is there
  - the events of the log are stored once each, and the windows they feed
    equal those of a run that nobody killed
  - of events told by sockets at most those of the last 50 ms are lost, and
    of the time for which the disk itself just stood still (a probe beside
    the daemon's files measures that); what is told while the daemon loads
    waits in memory until it has
  - no automatic block is without its events, none is there twice

KILLS=n sets how often (100).  The seed is printed.
"""

import collections
import json
import os
import pathlib
import random
import socket
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request

from daemon import Daemon

KILLS = int(os.environ.get("KILLS", "100"))
SEED = int(os.environ.get("SEED", str(time.time_ns() % 1000000)))
LAST_MS = 50
random.seed(SEED)


class Load(threading.Thread):
    """Something that goes on until it is told to stop."""

    def __init__(self, daemon):
        super().__init__(daemon=True)
        self.target = daemon
        self.over = threading.Event()
        self.random = random.Random(random.random())

    def run(self):
        while not self.over.is_set():
            try:
                self.step()
            except (OSError, urllib.error.URLError):
                self.trouble()
                time.sleep(0.01)

    def trouble(self):
        pass

    def finish(self):
        self.over.set()
        self.join(20)


class LogWriter(Load):
    """Postfix lines: most clients a few, some enough for a block."""

    def __init__(self, daemon, path):
        super().__init__(daemon)
        self.file = open(path, "a", encoding="ascii", buffering=1)
        self.told = collections.Counter()

    def step(self):
        n = self.random.choice((1, 3, 20))
        stamp = time.strftime("%b %e %H:%M:%S", time.localtime())
        for _ in range(n):
            address = "10.1.%d.%d" % (
                self.random.choice((0, 0, 0, 1)) or
                self.random.randrange(2, 60), self.random.randrange(1, 255))
            self.file.write(
                f"{stamp} mx postfix/smtpd[{self.random.randrange(1, 999)}]: "
                f"NOQUEUE: reject: RCPT from unknown[{address}]: 554 5.7.1 "
                f"<z@elsewhere.test>: Relay access denied; "
                f"from=<x@client.test> to=<z@elsewhere.test> proto=ESMTP "
                f"helo=<[198.51.100.1]>\n")
            self.told[address] += 1
        time.sleep(0.004)


class Teller(Load):
    """Events by a socket: each is noted when it was acknowledged."""

    def __init__(self, daemon):
        super().__init__(daemon)
        self.sent = collections.Counter()
        self.acknowledged = []  # (time, address)

    def client(self):
        return "10.2.0.%d" % self.random.randrange(1, 255)


class LineTeller(Teller):
    def __init__(self, daemon):
        super().__init__(daemon)
        self.connection = None

    def step(self):
        if not self.connection:
            s = socket.socket(socket.AF_UNIX)
            s.settimeout(5)
            s.connect(str(self.target.folder / "events.sock"))
            self.connection = s.makefile("rw", newline="\n")
        address = self.client()
        self.sent[address] += 1
        self.connection.write(f"EVENT helo {address} session=s{id(self)}\n")
        self.connection.flush()
        if self.connection.readline() != "OK\n":
            raise OSError("gone")
        self.acknowledged.append((time.monotonic(), address))
        time.sleep(0.001)

    def trouble(self):
        self.connection = None


class LoginTeller(Teller):
    def client(self):
        return "10.3.%d.%d" % (self.random.randrange(250),
                               self.random.randrange(1, 255))

    def step(self):
        address = self.client()
        body = {"login": "ann", "remote": address, "protocol": "imap",
                "session_id": "", "device_id": "", "pwhash": "",
                "success": False, "policy_reject": False, "tls": False}
        self.sent[address] += 1
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.target.port}/?command=report",
            data=json.dumps(body).encode(),
            headers={"Content-Type": "application/json",
                     "X-API-Key": "token"})
        with urllib.request.urlopen(request, timeout=5) as answer:
            if json.load(answer)["status"] != 0:
                raise AssertionError("a report was refused")
        self.acknowledged.append((time.monotonic(), address))
        time.sleep(0.002)


class Asker(Load):
    """Postfix: an answer is whole and right, or there is none."""

    def step(self):
        with socket.socket(socket.AF_UNIX) as s:
            s.settimeout(5)
            s.connect(str(self.target.folder / "policy.sock"))
            for n in range(50):
                s.sendall(b"request=smtpd_access_policy\n"
                          b"protocol_state=CONNECT\nclient_address=10.4.0.1\n"
                          b"instance=%d\n\n" % n)
                answer = s.recv(4096)
                if answer == b"":
                    return
                if answer != b"action=DUNNO\n\n":
                    raise AssertionError(f"policy: {answer!r}")


class Admin(Load):
    """Changes; what was acknowledged must be there for ever after."""

    def __init__(self, daemon):
        super().__init__(daemon)
        self.blocks, self.never = set(), set()
        self.threshold = None
        self.unsure = set()
        self.n = 0

    def step(self):
        self.n += 1
        net = "10.%d.%d.0/24" % (20 + self.n // 250, self.n % 250)
        what = self.random.choice((self.block, self.block, self.unblock,
                                   self.exempt, self.set))
        what(net)
        time.sleep(0.003)

    def done(self, status, answer):
        if status == 503:
            raise OSError("it is starting")
        if status not in (200, 201, 204):
            raise AssertionError(f"{status} {answer}")

    def block(self, net):
        self.unsure.add(net)
        self.done(*self.target.api("POST", "/blocks", {
            "address": net, "duration": 86400, "note": "kill test"}))
        self.unsure.discard(net)
        self.blocks.add(net)

    def unblock(self, _):
        if not self.blocks:
            return
        net = self.random.choice(sorted(self.blocks))
        self.blocks.discard(net)
        self.unsure.add(net)
        self.done(*self.target.api("DELETE", f"/blocks?address={net}"))
        self.unsure.discard(net)

    def exempt(self, net):
        self.unsure.add(net)
        self.done(*self.target.api("POST", "/never", {"address": net}))
        self.unsure.discard(net)
        self.never.add(net)

    def set(self, _):
        value = self.random.randrange(1000000, 2000000)
        self.threshold = None
        self.done(*self.target.api(
            "PATCH", "/settings", {"weight.virus": str(value % 999)}))
        self.threshold = str(value % 999)


class DiskProbe(Load):
    """How long does the disk take to sync a page?"""

    def __init__(self, daemon):
        super().__init__(daemon)
        self.file = os.open(daemon.folder / "probe", os.O_CREAT | os.O_RDWR)
        self.took = []  # (begun, ended)

    def step(self):
        begun = time.monotonic()
        os.pwrite(self.file, os.urandom(4096), 0)
        os.fdatasync(self.file)
        self.took.append((begun, time.monotonic()))
        time.sleep(0.01)

    def stall(self, kill):
        """The longest sync, or wait for a processor, in the second before a
        kill [s]."""
        begun = [t for t, _ in self.took if kill - 1.5 < t < kill + 0.5]
        return max((later - t - 0.01 for t, later in zip(begun, begun[1:])
                    if later > kill - 1), default=0)


def sound(daemon, admin):
    """What was acknowledged is there."""
    live = {row["address"] for row in daemon.all("/blocks?state=active")
            if row["origin"] == "manual"}
    never = {row["address"] for row in daemon.all("/never")}
    settings = daemon.api("GET", "/settings")[1]
    problems = []
    for net in admin.blocks - live:
        problems.append(f"the block of {net} is lost")
    for net in live - admin.blocks - admin.unsure:
        problems.append(f"{net} is blocked, though it was removed")
    for net in admin.never - never:
        problems.append(f"the never-block entry {net} is lost")
    if admin.threshold is not None:
        is_now = str(value_of(settings, "weight.virus"))
        if is_now != admin.threshold:
            problems.append(f"weight.virus is {is_now}, "
                            f"{admin.threshold} was acknowledged")
    return problems


def value_of(settings, name):
    for row in settings["items"]:
        if row["name"] == name:
            return row["value"]
    raise AssertionError(f"no setting {name}")


def counts(rows):
    return collections.Counter(row["address"] for row in rows)


def automatic(daemon):
    return [row for row in daemon.all("/blocks?state=all")
            if row["origin"] == "automatic"]


def explained(daemon, address):
    """What stands against an address, without what the clock changes."""
    _, answer = daemon.api("GET", f"/addresses/{address}/explain")
    return {
        "state": answer["state"],
        "parts": [(part["component"], part["score"], part["contributions"])
                  for part in answer["components"]],
    }


def check_blocks(daemon):
    """None without its events, none twice."""
    problems, spans = [], collections.defaultdict(list)
    for row in automatic(daemon):
        _, why = daemon.api("GET", f"/blocks/{row['id']}/explain")
        told = sum(event["points"] for event in why["events"]
                   if event["outcome"] == "scored")
        if told < row["score"]:
            problems.append(f"block {row['id']} of {row['address']} has "
                            f"events of {told} points for {row['score']}")
        spans[row["address"]].append((row["from"], row["until"] or "9"))
    for address, rows in spans.items():
        rows.sort()
        for before, after in zip(rows, rows[1:]):
            if after[0] < before[1]:
                problems.append(f"{address} is blocked twice: {rows}")
    return problems, len(spans)


def at_risk_window(life, probe):
    """The span before a kill in which what was told may be lost."""
    begun, loaded, kill, dead = life
    # A commit may wait for the one that is running.
    begin = kill - LAST_MS / 1000 - 3 * probe.stall(kill)
    # What is told while the daemon loads waits in memory until it has.
    return (begun if begin < loaded else begin), dead


def check_tellers(tellers, windows, stored):
    """At most what was told in a kill's window is lost."""
    problems, at_risk = [], 0
    sent, sure = collections.Counter(), collections.Counter()
    for teller in tellers:
        sent.update(teller.sent)
        for when, address in teller.acknowledged:
            if any(begin <= when <= kill for begin, kill in windows):
                at_risk += 1
            else:
                sure[address] += 1
    for address, n in sure.items():
        if stored[address] < n:
            problems.append(f"{address}: {n} were acknowledged in time, "
                            f"{stored[address]} are stored")
    for address, n in sent.items():
        if stored[address] > n:
            problems.append(f"{address}: {n} were sent, "
                            f"{stored[address]} are stored")
    lost = sum(max(0, n - stored[address]) for address, n in sent.items())
    return problems, lost, at_risk


def wait_read(daemon, log, told):
    """Until the daemon has read the whole log."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        if len(daemon.all("/events?address=10.1.0.0/16")) >= sum(
                told.values()):
            break
        time.sleep(0.3)
    return counts(daemon.all("/events?address=10.1.0.0/16"))


def main():
    print(f"seed {SEED}, {KILLS} kills")
    problems = []
    with tempfile.TemporaryDirectory(prefix="brattice-kill-") as folder:
        os.chmod(folder, 0o755)
        log = pathlib.Path(folder) / "mail.log"
        log.touch()
        d = Daemon(pathlib.Path(folder) / "killed", log)
        d.start()
        d.wait_loaded()
        d.api("PATCH", "/settings", {"mode": "enforce"})
        writer, admin = LogWriter(d, log), Admin(d)
        tellers = [LineTeller(d), LineTeller(d), LoginTeller(d)]
        probe = DiskProbe(d)
        loads = [writer, admin, Asker(d), probe, *tellers]
        for load in loads:
            load.start()
        lives, begun, loaded = [], time.monotonic(), time.monotonic()
        for n in range(KILLS):
            time.sleep(random.uniform(0.02, 0.3))
            kill = time.monotonic()
            if n % 4 == 3:
                d.kill_engine()
            else:
                d.kill()
            lives.append((begun, loaded, kill, time.monotonic()))
            begun = time.monotonic()
            if n % 4 != 3:
                d.start()
            d.wait_loaded()
            loaded = time.monotonic()
        for load in loads:
            load.finish()
        problems += sound(d, admin)
        stored_log = wait_read(d, log, writer.told)
        for address, n in writer.told.items():
            if stored_log[address] != n:
                problems.append(f"{address}: {n} lines, "
                                f"{stored_log[address]} events")
        stored = counts(d.all("/events?address=10.2.0.0/15"))
        stalls = sorted(probe.stall(life[2]) for life in lives)
        windows = [at_risk_window(life, probe) for life in lives]
        more, lost, at_risk = check_tellers(tellers, windows, stored)
        problems += more
        more, blocked = check_blocks(d)
        problems += more

        # The same log, read by one that nobody killed.
        calm = Daemon(pathlib.Path(folder) / "calm", log)
        calm.start()
        calm.wait_loaded()
        calm.api("PATCH", "/settings", {"mode": "enforce"})
        wait_read(calm, log, writer.told)
        for address in writer.told:
            one, two = explained(d, address), explained(calm, address)
            if one != two:
                problems.append(f"{address}: killed {one}, calm {two}")
        d.stop()
        calm.stop()
        print(f"{sum(writer.told.values())} log lines of "
              f"{len(writer.told)} clients, {blocked} blocked; "
              f"{sum(len(t.acknowledged) for t in tellers)} events by "
              f"sockets acknowledged, {at_risk} of them in the last "
              f"{LAST_MS} ms before a kill, {lost} lost (the disk stood "
              f"still for {stalls[len(stalls) // 2] * 1000:.0f} ms, at most "
              f"{stalls[-1] * 1000:.0f}); "
              f"{admin.n} changes by the administrator")
        if problems:
            print(d.output.read_text(errors="replace")[-30000:])
    for problem in problems[:40]:
        print("PROBLEM", problem)
    print("failed" if problems else "ok")
    sys.exit(1 if problems else 0)


main()
