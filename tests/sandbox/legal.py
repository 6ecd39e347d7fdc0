# SPDX-License-Identifier: ISC
"""The daemon at its work, with a sandbox that only logs: nothing is logged.

    legal.py PROBE

The kernel's log is read, so it needs root; PROBE shows that what is
forbidden does appear there.
"""

import os
import pathlib
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import time
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "daemon"))
from bratticed import BUILD, Bratticed, until  # noqa: E402

PORT = 47011
CONFIG = """\
state = "{folder}/state"
user = "{user}"
sandbox = "log"
control {{ listen = "unix:{folder}/control.sock" }}
policy {{ listen = "unix:{folder}/policy.sock" }}
events {{ listen = "unix:{folder}/events.sock" }}
dovecot {{
    listen = "127.0.0.1:%d"
    api_header = "X-API-Key: key"
}}
web {{ listen = "127.0.0.1:%d" }}
web {{
    listen = "127.0.0.1:%d"
    certificate = "{folder}/tls/both.pem"
}}
log "mail" {{ file = "{folder}/mail*.log" }}
""" % (PORT, PORT + 1, PORT + 2)
MORE = 'policy {{ listen = "unix:{folder}/more.sock" }}\n'
FAR = 'log "far" {{ file = "/srv/brattice/far.log" }}\n'
LINE = ("Nov 24 07:00:01 mx postfix/smtpd[%d]: NOQUEUE: reject: RCPT from "
        "unknown[203.0.113.%d]: 554 5.7.1 <a@b.example>: Relay access "
        "denied; from=<x@y.example> to=<a@b.example> proto=SMTP helo=<h>\n")
VERBS = ["status", "why 203.0.113.5", "block 192.0.2.1", "blocked 192.0.2.1",
         "blocks", "unblock 192.0.2.1", "never add 198.51.100.0/24",
         "never list", "never remove 198.51.100.0/24", "events",
         "settings get", "settings set smtp.threshold=500",
         "settings set mode=enforce"]


def hits(program, since):
    """System calls of a program that the kernel logged: {number: count}."""
    log = subprocess.run(["dmesg"], capture_output=True, text=True,
                         errors="replace", check=False).stdout
    found = {}
    for line in log.splitlines():
        stamp = re.match(r"\[\s*([0-9.]+)\] audit: type=1326 ", line)
        if (not stamp or float(stamp[1]) < since
                or f'exe="{os.path.realpath(program)}"' not in line):
            continue
        call = re.search(r"syscall=(\d+)", line)[1]
        found[call] = found.get(call, 0) + 1
    return found


def uptime():
    with open("/proc/uptime", encoding="ascii") as f:
        return float(f.read().split()[0])


def append(path, n, address):
    with path.open("a") as f:
        f.writelines(LINE % (i, address) for i in range(n))


def send_events(d):
    with socket.socket(socket.AF_UNIX) as s:
        s.connect(str(d.folder / "events.sock"))
        s.sendall(b"CONNECT addr=203.0.113.7\nnonsense\n"
                  b"EVENT addr=203.0.113.7 kind=spam\n")
        s.settimeout(2)
        s.recv(4096)


def ask_dovecot(command):
    request = urllib.request.Request(
        f"http://127.0.0.1:{PORT}/?command={command}",
        b'{"login":"a","remote":"203.0.113.9","pwhash":"00",'
        b'"success":false}', {"X-API-Key": "key"})
    with urllib.request.urlopen(request, timeout=5) as answer:
        answer.read()


def make_certificate(d, user):
    folder = d.folder / "tls"
    folder.mkdir()
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes",
         "-subj", "/CN=x", "-keyout", folder / "key", "-out",
         folder / "chain"], check=True, stderr=subprocess.DEVNULL)
    both = folder / "both.pem"
    both.write_text((folder / "chain").read_text()
                    + (folder / "key").read_text())
    shutil.chown(both, user)


def ask_web():
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    for path in ("/", "/api/v1/setup"):
        for url in (f"http://127.0.0.1:{PORT + 1}",
                    f"https://127.0.0.1:{PORT + 2}"):
            with urllib.request.urlopen(
                    url + path, timeout=5,
                    context=context if url[4] == "s" else None) as answer:
                answer.read()


def rotate(d):
    append(d.log, 20, 5)
    time.sleep(0.3)
    d.log.rename(d.folder / "mail.log.1")
    append(d.log, 20, 6)
    time.sleep(0.3)
    d.log.write_text("")
    append(d.log, 500, 8)
    time.sleep(0.5)


def reload(d, config):
    before = d.said().count("engine.ready")
    d.write(config)
    d.process.send_signal(signal.SIGHUP)
    try:
        until("a new engine",
              lambda: d.said().count("engine.ready") > before)
    except TimeoutError:
        print(d.said())
        raise
    until("an answer", d.is_running)


def work(d):
    for verb in VERBS:
        code, out = d.brattice(*verb.split())
        if code not in (0, 3):
            print(f"note: {verb}: {code} {out.strip()}")
    d.connects("203.0.113.5")
    send_events(d)
    for command in ("allow", "report"):
        ask_dovecot(command)
    ask_web()
    rotate(d)


def day(user):
    """Everything that a daemon lives through; returns what it said."""
    with Bratticed(user) as d:
        shutil.chown(d.folder, user)
        make_certificate(d, user)
        d.write(CONFIG)
        d.start()
        work(d)
        d.process.send_signal(signal.SIGHUP)
        reload(d, CONFIG + MORE)
        d.write(CONFIG + MORE + FAR)
        d.process.send_signal(signal.SIGHUP)
        until("a refusal", lambda: "needs a restart" in d.said())
        for _ in range(2):
            d.kill_engine()
            until("an answer", d.is_running)
        work(d)
        d.end()
        (d.folder / "state" / "events.db").write_bytes(b"spoilt" * 1000)
        d.start()
        work(d)
        d.end()
        return d.said()


def is_logged():
    """Does the kernel tell us of a hit?  After many it is silent a while."""
    for _ in range(4):
        since = uptime()
        subprocess.run([sys.argv[1], "engine", "--log"], check=False,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        if hits(sys.argv[1], since):
            return True
        time.sleep(3)
    return False


def main():
    if os.geteuid() or not is_logged():
        print("skipped: the kernel's log can't be read")
        return 77
    bad = 0
    for user in ("nobody", "root"):
        since = uptime()
        said = day(user)
        found = hits(BUILD / "bratticed", since)
        print(f"as {user}: {sum(found.values())} system calls logged {found}")
        if found or "sandbox.partly" in said or "signal=31" in said:
            print(said)
            bad += 1
    return 1 if bad else 0


sys.exit(main())
