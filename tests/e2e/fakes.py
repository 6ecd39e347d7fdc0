"""Small stand-ins for the programs that a mail server asks.

Each is a thread of this process that listens inside the server namespace
(or on a Unix socket) and is closed by its close().
"""

import http.server
import json
import os
import socket
import socketserver
import struct
import threading

A, PTR, MX, TXT, AAAA = 1, 12, 15, 16, 28


class _Background:
    """Run a socketserver in a thread until close()."""

    def __init__(self, server):
        self.server = server
        self.thread = threading.Thread(target=server.serve_forever,
                                       args=(0.05,), daemon=True)
        self.thread.start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class _Unix(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True


class Dns(_Background):
    """Authoritative for everything: records are {(name, type): [values]}.

    A label may hold any byte, a dot in it is written as '\\.'.
    """

    def __init__(self, network, records):
        known = {}
        for (name, kind), values in records.items():
            known[name.lower(), kind] = values

        class Handler(socketserver.BaseRequestHandler):
            def handle(self):
                query, reply = self.request
                reply.sendto(_dns_answer(query, known), self.client_address)

        with network.in_server():
            server = socketserver.ThreadingUDPServer(("127.0.0.1", 53),
                                                     Handler)
        server.daemon_threads = True
        super().__init__(server)


def _dns_answer(query, known):
    at, labels = 12, []
    while query[at]:
        labels.append(query[at + 1:at + 1 + query[at]].decode("latin-1"))
        at += 1 + query[at]
    kind = struct.unpack(">H", query[at + 1:at + 3])[0]
    name = ".".join(labels).lower()
    answers = known.get((name, kind), [])
    exists = any(k[0] == name or k[0].endswith("." + name) for k in known)
    flags = 0x8580 if exists else 0x8583
    head = query[:2] + struct.pack(">5H", flags, 1, len(answers), 0, 0)
    reply = head + query[12:at + 5]
    for value in answers:
        data = _dns_data(kind, value)
        reply += b"\xc0\x0c" + struct.pack(">HHIH", kind, 1, 60, len(data))
        reply += data
    return reply


def _dns_data(kind, value):
    if kind == A:
        return socket.inet_aton(value)
    if kind == AAAA:
        return socket.inet_pton(socket.AF_INET6, value)
    if kind == TXT:
        text = value.encode()
        return bytes([len(text)]) + text
    name = _dns_name(value)
    return struct.pack(">H", 10) + name if kind == MX else name


def _dns_name(name):
    labels = name.replace("\\.", "\0").split(".")
    packed = b""
    for label in labels:
        raw = label.replace("\0", ".").encode("latin-1")
        packed += bytes([len(raw)]) + raw
    return packed + b"\0"


class PolicyService(_Background):
    """Postfix's policy protocol on a Unix socket; answer(attributes)."""

    def __init__(self, path, answer):
        class Handler(socketserver.StreamRequestHandler):
            def handle(self):
                attributes = {}
                for raw in self.rfile:
                    line = raw.decode("utf-8", "replace").rstrip("\n")
                    if line:
                        name, _, value = line.partition("=")
                        attributes[name] = value
                        continue
                    reply = f"action={answer(attributes)}\n\n"
                    self.wfile.write(reply.encode())
                    attributes = {}

        super().__init__(_listen(path, Handler))


class AuthPolicy(_Background):
    """Dovecot's auth policy server; answer(command, request) -> dict."""

    def __init__(self, network, answer, port=4001):
        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                length = int(self.headers["Content-Length"])
                request = json.loads(self.rfile.read(length))
                command = self.path.partition("command=")[2]
                reply = json.dumps(answer(command, request)).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(reply)))
                self.end_headers()
                self.wfile.write(reply)

            def log_message(self, *_):
                pass

        with network.in_server():
            server = http.server.ThreadingHTTPServer(("127.0.0.1", port),
                                                     Handler)
        super().__init__(server)
        self.url = f"http://127.0.0.1:{port}/"


class Milter(_Background):
    """Lets everything pass until answer(command, data) returns a reply text.

    Commands are the letters of the milter protocol (C connect, H helo,
    M mail, R rcpt, T data, L header, N end of headers, B body, E end).
    """

    SILENT = b"DAQ"

    def __init__(self, path, answer):
        class Handler(socketserver.StreamRequestHandler):
            def handle(self):
                while True:
                    head = self.rfile.read(4)
                    if len(head) < 4:
                        return
                    packet = self.rfile.read(struct.unpack(">I", head)[0])
                    command, data = packet[:1], packet[1:]
                    if command == b"O":
                        self.reply(b"O" + struct.pack(">3I", 6, 0, 0))
                    elif command == b"Q":
                        return
                    elif command not in Milter.SILENT:
                        text = answer(command.decode(), data)
                        self.reply(b"y" + text.encode() + b"\0" if text
                                   else b"c")

            def reply(self, packet):
                self.wfile.write(struct.pack(">I", len(packet)) + packet)

        super().__init__(_listen(path, Handler))


class ContentFilter(_Background):
    """A before-queue filter that speaks SMTP; final is its last word."""

    def __init__(self, network, port, final):
        class Handler(socketserver.StreamRequestHandler):
            def handle(self):
                self.say("220 filter ESMTP")
                for raw in self.rfile:
                    word = raw[:4].upper()
                    if word == b"DATA":
                        self.say("354 go on")
                        while self.rfile.readline() not in (b".\r\n", b""):
                            pass
                        self.say(final)
                    elif word == b"QUIT":
                        return self.say("221 bye")
                    else:
                        self.say("250 fine")

            def say(self, text):
                self.wfile.write(text.encode() + b"\r\n")

        with network.in_server():
            server = socketserver.ThreadingTCPServer(("127.0.0.1", port),
                                                     Handler)
        server.daemon_threads = True
        super().__init__(server)


def _listen(path, handler):
    if os.path.exists(path):
        os.unlink(path)
    server = _Unix(str(path), handler)
    os.chmod(path, 0o666)
    return server
