#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""The web listener of the real daemon: names, pages, head fields, and what
it says before there is a user."""

import gzip
import http.client
import json
import pathlib
import re
import signal
import socket
import ssl
import subprocess
import sys
import unittest

HERE = pathlib.Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent / "daemon")]

from bratticed import CONFIG, Bratticed, until  # noqa: E402
from seed import want  # noqa: E402

PASSWORD = "correct horse"
STRICT = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
POLICY = ("default-src 'none'", "frame-ancestors 'none'",
          "require-trusted-types-for 'script'", "trusted-types 'none'")


def free_port(address="127.0.0.1"):
    with socket.socket() as s:
        s.bind((address, 0))
        return s.getsockname()[1]


class Answer:
    def __init__(self, response):
        self.status = response.status
        self.head = response.headers
        self.body = response.read()

    def json(self):
        return json.loads(self.body)


class Site(Bratticed):
    """A daemon with a section web; its listeners are ports of 127/8 and
    "far" ones of every address."""

    def __init__(self, keys="", near=1, far=0):
        super().__init__()
        self.near = [free_port() for _ in range(near)]
        self.far = [free_port("0.0.0.0") for _ in range(far)]
        listen = ([f'"127.0.0.1:{p}"' for p in self.near]
                  + [f'"0.0.0.0:{p}"' for p in self.far])
        self.write(CONFIG + "web {{ listen = {{" + ", ".join(listen) + "}}\n"
                   + keys.replace("{", "{{").replace("}", "}}") + "\n}}\n")

    # One connection to a listener; with a context by TLS.
    def dial(self, port=None, source="127.0.0.1", tls=None):
        where = {"host": "127.0.0.1", "port": port or self.near[0],
                 "timeout": 20, "source_address": (source, 0)}
        if tls:
            return http.client.HTTPSConnection(context=tls, **where)
        return http.client.HTTPConnection(**where)

    def ask(self, path, method="GET", head=None, body=None, **where):
        c = self.dial(**where)
        head = dict(head or {})
        if isinstance(body, dict):
            body = json.dumps(body)
            head["Content-Type"] = "application/json"
        try:
            c.request(method, path, body, head)
            return Answer(c.getresponse())
        finally:
            c.close()

    def add_user(self):
        want(self.control, "POST", "/users", {
            "name": "ann", "role": "admin", "password": PASSWORD})

    def sign_in(self, **more):
        got = self.ask("/api/v1/session", "POST", body={
            "name": "ann", "password": PASSWORD}, **more)
        assert got.status == 200, got.body
        return got


class Pages(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.site = Site('name = "Mail.Example.org"')
        cls.addClassCleanup(cls.site.__exit__)
        cls.site.start()

    def ask(self, *args, **more):
        return self.site.ask(*args, **more)

    def bundle(self):
        """The path of the script that the page loads."""
        page = self.ask("/").body.decode()
        return re.search(r'src="(/ui/[^"]+\.js)"', page).group(1)

    def test_every_page_is_the_one_document(self):
        first = self.ask("/")
        self.assertEqual(first.status, 200)
        self.assertEqual(first.head["Content-Type"],
                         "text/html; charset=utf-8")
        self.assertEqual(first.head["Cache-Control"], "no-cache")
        for path in ("/blocks", "/addresses/192.0.2.1",
                     "/accounts/ann@example.org", "/a?q=1.2"):
            self.assertEqual(self.ask(path).body, first.body, path)

    def test_what_pages_are_made_of_stays_for_ever(self):
        got = self.ask(self.bundle())
        self.assertEqual(got.status, 200)
        self.assertIn("immutable", got.head["Cache-Control"])
        self.assertEqual(got.head["Vary"], "Accept-Encoding")
        self.assertIsNone(got.head["Content-Encoding"])
        packed = self.ask(self.bundle(),
                          head={"Accept-Encoding": "br, gzip;q=0.5"})
        self.assertEqual(packed.head["Content-Encoding"], "gzip")
        self.assertEqual(gzip.decompress(packed.body), got.body)
        self.assertNotEqual(packed.head["ETag"], got.head["ETag"])
        refused = self.ask(self.bundle(),
                           head={"Accept-Encoding": "gzip;q=0"})
        self.assertIsNone(refused.head["Content-Encoding"])

    def test_what_a_browser_has_is_not_sent_again(self):
        for path in ("/", self.bundle()):
            etag = self.ask(path).head["ETag"]
            again = self.ask(path, head={"If-None-Match": f'"x", {etag}'})
            self.assertEqual((again.status, again.body), (304, b""))
            self.assertEqual(again.head["ETag"], etag)

    def test_another_build_and_files_are_not_there(self):
        for path in ("/ui/0123456789ab/main.js", "/ui/", "/favicon.ico",
                     "/.env", self.bundle() + "x", "/ui/../etc/passwd"):
            got = self.ask(path)
            self.assertEqual(got.status, 404, path)
            self.assertTrue(got.head["Content-Type"].startswith("text/plain"))

    def test_head_is_get_without_a_body(self):
        for path in ("/", self.bundle(), "/api/v1/version", "/nothing.txt"):
            get, head = self.ask(path), self.ask(path, "HEAD")
            self.assertEqual(head.status, get.status)
            self.assertEqual(head.body, b"")
            self.assertEqual(head.head["Content-Length"],
                             str(len(get.body)), path)

    def test_pages_are_only_read(self):
        got = self.ask("/", "POST", body=b"x")
        self.assertEqual((got.status, got.head["Allow"]), (405, "GET, HEAD"))

    def test_every_answer_has_the_strict_fields(self):
        for path in ("/", self.bundle(), "/nothing.txt", "/api/v1/version",
                     "/api/v1/blocks", "/api/v1/nothing"):
            got = self.ask(path)
            for name, value in STRICT.items():
                self.assertEqual(got.head.get_all(name), [value],
                                 (path, name))
            for word in POLICY:
                self.assertIn(word, got.head["Content-Security-Policy"])
            self.assertIn("camera=()", got.head["Permissions-Policy"])
            self.assertIsNone(got.head["Strict-Transport-Security"])
        for path in ("/api/v1/version", "/api/v1/blocks"):
            self.assertEqual(self.ask(path).head["Cache-Control"], "no-store")

    def test_only_its_own_names_are_answered(self):
        port = self.site.near[0]
        for host in ("localhost", f"localhost:{port}", "127.0.0.1",
                     f"[::1]:{port}", "mail.example.org:80", "192.0.2.9"):
            self.assertEqual(self.ask("/", head={"Host": host}).status, 200,
                             host)
        for host in ("evil.example", "mail.example.org.evil.example", "",
                     "127.0.0.1.evil.example", "[::1", "localhost:x:y"):
            got = self.ask("/", head={"Host": host})
            self.assertEqual(got.status, 421, host)
            self.assertIn("brattice.conf", got.body.decode())
        got = self.ask("/api/v1/version", head={"Host": "evil.example"})
        self.assertEqual((got.status, got.json()["code"]),
                         (421, "unknown-host"))

    def test_a_refused_request_says_why(self):
        got = self.ask("/api/v1/never", "POST", body=b"x" * (1 << 17))
        self.assertEqual((got.status, got.json()["code"]),
                         (413, "body-too-large"))
        self.assertIn("larger", got.json()["detail"])


class Setup(unittest.TestCase):
    def test_far_listeners_wait_for_a_user(self):
        with Site("insecure = yes", far=1) as site:
            site.start()
            far = site.far[0]
            for path in ("/", "/ui/x/main.js"):
                got = site.ask(path, port=far)
                self.assertEqual(got.status, 503)
                self.assertIn("brattice setup", got.body.decode())
            got = site.ask("/api/v1/session", port=far)
            self.assertEqual((got.status, got.json()["code"]),
                             (503, "setup-needed"))
            self.assertTrue(site.ask("/api/v1/setup").json()["needed"])
            site.add_user()
            self.assertEqual(site.ask("/", port=far).status, 200)
            got = site.ask("/api/v1/session", port=far)
            self.assertEqual(got.json()["code"], "unauthenticated")

    def test_nor_does_a_proxy_in_front_set_up(self):
        with Site('proxies = "127.0.0.2"') as site:
            site.start()
            head = {"X-Forwarded-For": "203.0.113.9"}
            got = site.ask("/", head=head, source="127.0.0.2")
            self.assertEqual(got.status, 503)
            head = {"X-Forwarded-For": "127.0.0.1"}
            got = site.ask("/", head=head, source="127.0.0.2")
            self.assertEqual(got.status, 200)


class Proxies(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.site = Site('proxies = { "127.0.0.2", "10.0.0.0/8" }', far=1)
        cls.addClassCleanup(cls.site.__exit__)
        cls.site.start()
        cls.site.add_user()

    def seen(self, *values, source="127.0.0.2"):
        """The address that a request is taken to come from."""
        c = self.site.dial(source=source)
        c.putrequest("GET", "/api/v1/setup")
        for value in values:
            c.putheader("X-Forwarded-For", value)
        c.endheaders()
        got = Answer(c.getresponse())
        c.close()
        self.assertEqual(got.status, 200)
        return got.json()["your_address"]

    def test_the_client_is_whom_our_proxies_name(self):
        rows = (
            ((), "127.0.0.2"),
            (("203.0.113.9",), "203.0.113.9"),
            (("203.0.113.9:4711",), "203.0.113.9"),
            (("[2001:db8::1]:443",), "2001:db8::1"),
            (("2001:db8::1",), "2001:db8::1"),
            (("198.51.100.1, 203.0.113.9",), "203.0.113.9"),
            (("198.51.100.1", "203.0.113.9"), "203.0.113.9"),
            (("203.0.113.9,10.1.2.3", "10.0.0.1"), "203.0.113.9"),
            (("203.0.113.9 , 192.0.2.7,10.1.2.3",), "192.0.2.7"),
            (("10.0.0.1, 10.0.0.2",), "10.0.0.1"),
            (("unknown",), "127.0.0.2"),
            (("203.0.113.9, unknown, 10.0.0.5",), "10.0.0.5"),
            (("",), "127.0.0.2"),
            ((",,,",), "127.0.0.2"),
            (("::ffff:203.0.113.9",), "203.0.113.9"),
        )
        for values, want_address in rows:
            self.assertEqual(self.seen(*values), want_address, values)

    def test_of_others_the_field_means_nothing(self):
        self.assertEqual(self.seen("203.0.113.9", source="127.0.0.3"),
                         "127.0.0.3")
        self.assertIn("web.proxy peer=127.0.0.3", self.site.said())

    def test_a_proxy_says_whether_the_cookie_is_for_tls(self):
        for head, source, name in (
                ({"X-Forwarded-Proto": "https"}, "127.0.0.2", "__Host-"),
                ({"X-Forwarded-Proto": "http, https"}, "127.0.0.2", "__Host-"),
                ({"X-Forwarded-Proto": "https, http"}, "127.0.0.2", ""),
                ({}, "127.0.0.2", ""),
                ({"X-Forwarded-Proto": "https"}, "127.0.0.3", "")):
            got = self.site.sign_in(head=head, source=source)
            cookie = got.head["Set-Cookie"]
            self.assertTrue(cookie.startswith(name + "brattice="), cookie)
            self.assertEqual("; Secure" in cookie, bool(name))
            self.assertIn("; HttpOnly; SameSite=Strict", cookie)
            again = self.site.ask("/api/v1/session", head={
                **head, "Cookie": cookie.split(";")[0]}, source=source)
            self.assertEqual(again.status, 200)

    def test_failures_are_the_clients_own(self):
        head = {"X-Forwarded-For": "203.0.113.44"}
        wrong = {"name": "ann", "password": "wrong"}
        got = self.site.ask("/api/v1/session", "POST", head, body=wrong,
                            source="127.0.0.2")
        self.assertEqual(got.status, 401)
        got = self.site.ask("/api/v1/session", "POST", head, body=wrong,
                            source="127.0.0.2")
        self.assertEqual(got.status, 429)
        got = self.site.sign_in(head={"X-Forwarded-For": "203.0.113.45"},
                                source="127.0.0.2")
        self.assertEqual(got.json()["address"], "203.0.113.45")
        events = until("the event", lambda: want(
            self.site.control, "GET", "/events?address=203.0.113.44")["items"])
        self.assertEqual(events[0]["service"], "web")

    def test_blocking_oneself_is_seen(self):
        head = {"X-Forwarded-For": "203.0.113.46",
                "X-Forwarded-Proto": "https"}
        got = self.site.sign_in(head=head, source="127.0.0.2")
        head["Cookie"] = got.head["Set-Cookie"].split(";")[0]
        head["X-CSRF-Token"] = got.json()["csrf"]
        head["Sec-Fetch-Site"] = "same-origin"
        got = self.site.ask("/api/v1/blocks", "POST", head, source="127.0.0.2",
                            body={"address": "203.0.113.0/24"})
        self.assertEqual((got.status, got.json()["code"]),
                         (409, "would-block-self"))

    def test_without_tls_only_proxies_are_answered_elsewhere(self):
        far = self.site.far[0]
        got = self.site.ask("/", port=far)
        self.assertEqual(got.status, 403)
        self.assertIn("proxies", got.body.decode())
        got = self.site.ask("/api/v1/session", port=far)
        self.assertEqual(got.json()["code"], "not-by-proxy")
        got = self.site.ask("/", port=far, source="127.0.0.2")
        self.assertEqual(got.status, 200)


def make_certificate(folder, name):
    """A certificate of its own and its key, in PEM."""
    key, chain = folder / f"{name}.key", folder / f"{name}.crt"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
         "ec_paramgen_curve:P-256", "-nodes", "-days", "30", "-subj",
         f"/CN={name}", "-addext", "subjectAltName=IP:127.0.0.1",
         "-keyout", key, "-out", chain],
        check=True, stderr=subprocess.DEVNULL)
    return chain.read_text(), key.read_text()


class Tls(unittest.TestCase):
    def setUp(self):
        self.site = Site()
        self.addCleanup(self.site.__exit__)
        self.folder = self.site.folder / "tls"
        self.folder.mkdir()
        self.pairs = [make_certificate(self.folder, name)
                      for name in ("one", "two")]
        self.chain = self.folder / "now.crt"
        self.key = self.folder / "now.key"
        self.put(0)
        self.wire()

    def wire(self, more=""):
        self.site.write(CONFIG + f"""web {{{{
            listen = "127.0.0.1:{self.site.near[0]}"
            certificate = "{self.chain}"
            key = "{self.key}"
            {more} }}}}\n""")

    def put(self, i):
        self.chain.write_text(self.pairs[i][0])
        self.key.write_text(self.pairs[i][1])

    def trust(self, i):
        return ssl.create_default_context(cadata=self.pairs[i][0])

    def hup(self):
        self.site.process.send_signal(signal.SIGHUP)

    def is_served(self, i):
        try:
            return self.site.ask("/", tls=self.trust(i)).status == 200
        except ssl.SSLError:
            return False

    def test_it_is_strict_and_secure(self):
        self.site.start()
        self.site.add_user()
        got = self.site.sign_in(tls=self.trust(0))
        self.assertTrue(
            got.head["Set-Cookie"].startswith("__Host-brattice="))
        self.assertIn("; Secure", got.head["Set-Cookie"])
        for path in ("/", "/nothing.txt", "/api/v1/version"):
            got = self.site.ask(path, tls=self.trust(0))
            self.assertIn("max-age=",
                          got.head["Strict-Transport-Security"])
        with self.assertRaises((OSError, http.client.HTTPException)):
            self.site.ask("/")

    def test_only_tls_of_today_is_spoken(self):
        self.site.start()
        for option, is_good in (("-tls1_3", True), ("-tls1_2", True),
                                ("-tls1_1", False)):
            done = subprocess.run(
                ["openssl", "s_client", option, "-cipher",
                 "DEFAULT@SECLEVEL=0", "-connect",
                 f"127.0.0.1:{self.site.near[0]}"], input="", text=True,
                capture_output=True, timeout=20, check=False)
            self.assertEqual("BEGIN CERTIFICATE" in done.stdout, is_good,
                             (option, done.stdout, done.stderr))

    def test_a_new_certificate_is_taken_and_nobody_is_dropped(self):
        self.site.start()
        c = self.site.dial(tls=self.trust(0))
        c.request("GET", "/")
        self.assertEqual(Answer(c.getresponse()).status, 200)
        was = c.sock
        self.put(1)
        until("the new one", lambda: self.is_served(1), 15)
        self.assertFalse(self.is_served(0))
        c.request("GET", "/")
        self.assertEqual(Answer(c.getresponse()).status, 200)
        self.assertIs(c.sock, was)
        c.close()
        self.put(0)
        self.hup()
        until("the old one", lambda: self.is_served(0), 2)

    def test_a_bad_one_is_not_taken(self):
        self.site.start()
        for chain, key, said in (
                (self.pairs[1][0], self.pairs[0][1], "not that of the"),
                ("nothing", self.pairs[0][1], "certificate can't be read"),
                (self.pairs[0][0], "nothing", "key can't be read")):
            self.chain.write_text(chain)
            self.key.write_text(key)
            self.hup()
            until(said, lambda: said in self.site.said())
            self.assertTrue(self.is_served(0))
            code, out = self.site.check()
            self.assertNotEqual(code, 0)
            self.assertIn(said, out)
            self.assertIn("brattice.conf:8: certificate: ", out)
        self.key.unlink()
        self.hup()
        until("no file", lambda: "No such file" in self.site.said())
        self.assertTrue(self.is_served(0))

    def test_a_wiring_with_a_bad_one_is_refused(self):
        self.site.start()
        engine = self.site.engine()
        self.key.write_text("nothing")
        self.wire("name = another.example")
        self.hup()
        until("refused", lambda: "wiring.kept" in self.site.said())
        self.assertEqual(self.site.engine(), engine)
        self.put(0)
        self.hup()
        until("taken", lambda: "wiring.new" in self.site.said())
        until("served", lambda: self.is_served_as("another.example"), 10)

    def is_served_as(self, name):
        try:
            return self.site.ask("/", head={"Host": name},
                                 tls=self.trust(0)).status == 200
        except OSError:
            return False

    def test_mail_goes_on_without_one(self):
        self.key.write_text("nothing")
        self.site.begin()
        until("the error", lambda: "hook.failed" in self.site.said())
        self.assertIn("key can't be read", self.site.said())
        self.assertTrue(self.site.connects("192.0.2.1").startswith("DUNNO"))


class Wiring(unittest.TestCase):
    ROWS = (
        ('listen = "127.0.0.1:4080"', ""),
        ('listen = "[::1]:4080"', ""),
        ('listen = "127.9.9.9:4080"', ""),
        ('listen = "0.0.0.0:4080"\ninsecure = yes', ""),
        ('listen = "0.0.0.0:4080"\nproxies = "10.0.0.1"', ""),
        ('listen = "127.0.0.1:4080"\nkey = "/k"', "expected a certificate"),
        ('listen = "127.0.0.1:4080"\ncertificate = "c"', "a whole path"),
        ('listen = "127.0.0.1:4080"\ncertificate = "/no/c"', "/no/c: "),
        ('listen = "127.0.0.1:4080"\nproxies = "all"', "proxies: "),
        ('listen = "0.0.0.0:4080"', "not a loopback address"),
        ('listen = "[::]:4080"', "not a loopback address"),
        ('listen = "unix:/tmp/x"', "expected ADDRESS:PORT"),
        ('listen = "127.0.0.1:4080"\ninsecure = maybe', "yes or no"),
        ('listen = "127.0.0.1:4080"\nname = "http://x/"', "name of a host"),
        ('insecure = yes', "expected an address to listen on"),
    )

    def test_what_is_wrong_is_said(self):
        for keys, want in self.ROWS:
            with Bratticed() as d:
                d.write(CONFIG + "web {{\n" + keys + "\n}}\n")
                code, out = d.check()
                self.assertEqual(code != 0, bool(want), (keys, out))
                self.assertIn(want, out)


if __name__ == "__main__":
    unittest.main()
