# SPDX-License-Identifier: ISC
"""A node with its API, for tests that talk to it for longer."""

import http.client
import json
import socket
import subprocess
import tempfile

PASSWORD = "correct horse"


class Unix(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("x", timeout=20)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(20)
        self.sock.connect(self.path)


class Fixture:
    """api-fixture on a Unix socket and a port of loopback."""

    def __init__(self, program):
        self.folder = tempfile.TemporaryDirectory()
        self.socket = self.folder.name + "/control.sock"
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            self.port = s.getsockname()[1]
        self.daemon = subprocess.Popen(
            [program, self.folder.name, "unix:" + self.socket,
             f"127.0.0.1:{self.port}"], stdout=subprocess.PIPE)
        assert self.daemon.stdout.readline() == b"ready\n"

    def end(self):
        self.daemon.terminate()
        self.daemon.stdout.close()
        code = self.daemon.wait(20)
        self.folder.cleanup()
        assert code == 0, f"the fixture ended with {code}"

    def connect(self, unix):
        return Unix(self.socket) if unix else \
            http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)

    def ask(self, method, path, body=None, head=None, unix=True):
        """Status, answer and the connection's response."""
        c = self.connect(unix)
        head = dict(head or {})
        if body is not None:
            body = json.dumps(body)
            head["Content-Type"] = "application/json"
        c.request(method, path, body, head)
        r = c.getresponse()
        raw = r.read()
        c.close()
        is_json = "json" in r.getheader("Content-Type", "")
        return r.status, json.loads(raw) if is_json else raw, r

    def api(self, method, path, body=None, head=None):
        """The answer to a request that must succeed."""
        status, answer, _ = self.ask(method, "/api/v1" + path, body, head)
        assert status < 300, (status, answer)
        return answer

    def sign_in(self, name):
        """Head fields of a session: for reading, and for writing."""
        status, answer, r = self.ask(
            "POST", "/api/v1/session",
            {"name": name, "password": PASSWORD}, unix=False)
        assert status == 200, answer
        read = {"Cookie": r.getheader("Set-Cookie").split(";")[0]}
        return read, {**read, "X-CSRF-Token": answer["csrf"],
                      "Origin": f"http://127.0.0.1:{self.port}"}
