# SPDX-License-Identifier: ISC
"""A daemon that answers as a test wants it to."""

import http.server
import json
import os
import socketserver
import tempfile
import threading


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self):
        self.server.asked.append((self.command, self.path))
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        answers = self.server.answers
        answers = answers() if callable(answers) else answers
        status, body = answers.get(
            self.path.split("?")[0].removeprefix("/api/v1"), answers.get("*"))
        text = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(text)

    do_GET = do_POST = do_PATCH = do_DELETE = answer

    def address_string(self):
        return "unix"

    def log_message(self, *_):
        pass


class Fake(socketserver.ThreadingUnixStreamServer):
    """Use it in a with statement.  @answers: path to (status, body); "*"
    for all others; or a function that gives such."""

    daemon_threads = True

    def __init__(self, answers):
        self.folder = tempfile.TemporaryDirectory(prefix="brattice-f-")
        self.path = os.path.join(self.folder.name, "control.sock")
        self.answers = answers
        self.asked = []
        super().__init__(self.path, Handler)

    def __enter__(self):
        threading.Thread(target=self.serve_forever, args=(0.01,),
                         daemon=True).start()
        return self

    def __exit__(self, *_):
        self.shutdown()
        self.server_close()
        self.folder.cleanup()


def problem(status, code="x", detail="so it is", **more):
    return status, {"status": status, "code": code, "detail": detail, **more}
