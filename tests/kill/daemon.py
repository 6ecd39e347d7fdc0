"""bratticed without root in a folder of its own, and its interfaces."""

import http.client
import json
import os
import pathlib
import signal
import socket
import subprocess
import time

BUILD = pathlib.Path(os.environ.get(
    "BRATTICE_BUILD", pathlib.Path(__file__).parents[2] / "build"))

WIRING = """
state = "{folder}/state"
user = "{user}"
max_ipv4 = 4000000
control {{ listen = "unix:{folder}/control.sock" }}
policy {{ listen = "unix:{folder}/policy.sock" }}
dovecot {{
    listen = "127.0.0.1:{port}"
    api_header = "X-API-Key: token"
}}
events {{ listen = "unix:{folder}/events.sock" }}
log "mail" {{
    file = "{log}"
    start = "beginning"
}}
"""


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Over(http.client.HTTPConnection):
    """HTTP over a Unix socket."""

    def __init__(self, path):
        super().__init__("localhost", timeout=10)
        self.path = str(path)

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(10)
        self.sock.connect(self.path)


class Daemon:
    def __init__(self, folder, log):
        self.folder = pathlib.Path(folder)
        (self.folder / "state").mkdir(parents=True, exist_ok=True)
        self.port = free_port()
        self.conf = self.folder / "brattice.conf"
        self.conf.write_text(WIRING.format(
            folder=folder, port=self.port, log=log,
            user=os.environ.get("USER") or "root"))
        self.output = self.folder / "output"
        self.process = None

    def start(self):
        with self.output.open("ab") as out:
            self.process = subprocess.Popen(
                [BUILD / "bratticed", "--foreground", "--config", self.conf],
                stdin=subprocess.DEVNULL, stdout=out, stderr=out)

    def pids(self):
        """The monitor and its children."""
        top = self.process.pid
        found = [top]
        try:
            children = pathlib.Path(
                f"/proc/{top}/task/{top}/children").read_text()
        except OSError:
            children = ""
        return found + [int(pid) for pid in children.split()]

    def kill(self):
        """All its processes at once."""
        gone = self.pids()
        self.signal(gone)
        self.process.wait(10)
        self.wait_gone(gone)

    def kill_engine(self):
        gone = self.pids()[1:]
        self.signal(gone)
        self.wait_gone(gone)

    def signal(self, pids):
        for pid in pids:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass

    def wait_gone(self, pids):
        """Their sockets and locks are free once the kernel has let go."""
        end = time.monotonic() + 10
        while any(self.is_alive(pid) for pid in pids):
            if time.monotonic() > end:
                raise TimeoutError(f"{pids} live on")
            time.sleep(0.001)

    @staticmethod
    def is_alive(pid):
        try:
            stat = pathlib.Path(f"/proc/{pid}/stat").read_text()
        except OSError:
            return False
        fields = stat.rpartition(")")[2].split()
        state, threads = fields[0], int(fields[17])
        return state not in "ZX" or threads > 1

    def stop(self):
        self.process.terminate()
        return self.process.wait(30)

    def api(self, method, path, body=None):
        """(status, answer); raises OSError while it is away."""
        c = Over(self.folder / "control.sock")
        try:
            c.request(method, "/api/v1" + path,
                      body=None if body is None else json.dumps(body),
                      headers={"Content-Type": "application/json"})
            r = c.getresponse()
            text = r.read()
            return r.status, json.loads(text) if text else None
        except http.client.HTTPException as e:
            raise OSError(str(e)) from e
        finally:
            c.close()

    def wait_loaded(self, seconds=20):
        end = time.monotonic() + seconds
        while True:
            try:
                status, answer = self.api("GET", "/status")
                if status == 200 and answer["state"] == "running":
                    return answer
            except OSError:
                pass
            if time.monotonic() > end:
                raise TimeoutError("bratticed did not come up:\n" +
                                   self.output.read_text(errors="replace"))
            time.sleep(0.005)

    def all(self, path):
        """Every row of a list, page by page."""
        rows, cursor = [], "limit=1000" if path != "/never" else ""
        while True:
            sep = "&" if "?" in path else "?"
            status, answer = self.api("GET", f"{path}{sep}{cursor}")
            if status != 200:
                raise AssertionError(f"{path}: {status} {answer}")
            rows += answer["items"]
            if not answer.get("next"):
                return rows
            cursor = f"limit=1000&cursor={answer['next']}"
