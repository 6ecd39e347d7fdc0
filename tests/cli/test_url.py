#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""brattice --url: TCP and TLS to a daemon elsewhere, with a token."""

import json
import unittest

from terminal import pipe

from bratticed import CONFIG  # noqa: E402
from test_listen import Site, make_certificate  # noqa: E402

PASSWORD = "correct horse battery\n"


class Url(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.site = Site(near=2)
        cls.addClassCleanup(cls.site.__exit__)
        cls.folder = cls.site.folder
        pairs = [make_certificate(cls.folder, name)
                 for name in ("mine", "other")]
        cls.authority = cls.folder / "mine.crt"
        cls.site.write(CONFIG + f"""web {{{{
            listen = "127.0.0.1:{cls.site.near[0]}"
            certificate = "{cls.authority}"
            key = "{cls.folder / 'mine.key'}"
            name = "127.0.0.1" }}}}\n""")
        assert pairs
        cls.site.start()
        cls.token = cls.folder / "token"
        cls.url = f"https://127.0.0.1:{cls.site.near[0]}"
        control = ("--socket", cls.site.control)
        code, _, err = pipe(*control, "user", "add", "ann", "--role", "admin",
                            given=PASSWORD)
        assert code == 0, err
        code, out, err = pipe(*control, "token", "create", "x", "--user",
                              "ann", "--scopes", "read")
        assert code == 0, err
        cls.token.write_text(out)

    def ask(self, *words, url=None, token=None, ca=None):
        return pipe("--url", url or self.url, "--token-file",
                    token or self.token, "--ca-file", ca or self.authority,
                    *words)

    def test_it_asks_as_the_token_may(self):
        code, out, err = self.ask("status", "--json")
        self.assertEqual((code, err), (0, ""))
        self.assertEqual(json.loads(out)["state"], "running")
        code, out, err = self.ask("block", "192.0.2.1")
        self.assertEqual((code, out), (5, ""))
        self.assertTrue(err)

    def test_a_token_that_is_none(self):
        for text, code in (("brt_" + "x" * 49 + "\n", 5), ("", 2),
                           ("secret\n", 2)):
            path = self.folder / "bad"
            path.write_text(text)
            self.assertEqual(self.ask("status", token=path)[0], code, text)
        self.assertEqual(self.ask("status", token="/nonexistent")[0], 2)
        code, _, err = pipe("--url", self.url, "status")
        self.assertEqual(code, 2)
        self.assertIn("--token-file", err)

    def test_the_certificate_must_be_good(self):
        code, out, err = self.ask("status", ca=self.folder / "other.crt")
        self.assertEqual((code, out), (4, ""))
        self.assertIn("--ca-file", err)
        code, _, err = pipe("--url", self.url, "--token-file", self.token,
                            "status")  # the system's authorities
        self.assertEqual(code, 4, err)
        url = self.url.replace("127.0.0.1", "localhost")
        code, _, err = self.ask("status", url=url)
        self.assertEqual(code, 4)
        self.assertIn("localhost", err)
        self.assertEqual(self.ask("status", ca="/nonexistent")[0], 4)

    def test_a_url_that_is_none(self):
        for url in ("mx", "ftp://mx", "https://", "https://a b/",
                    "https://mx:0", "https://mx/path", "https://u@mx",
                    "http://192.0.2.1", "http://mx.example.org"):
            code, out, err = self.ask("status", url=url)
            self.assertEqual((code, out), (2, ""), url)
            self.assertIn("expected https://", err)

    def test_nobody_there(self):
        port = self.site.near[1]
        for url in (f"https://127.0.0.1:{port}", f"http://127.0.0.1:{port}",
                    f"http://[::1]:{port}"):
            code, _, err = self.ask("status", url=url)
            self.assertEqual(code, 4)
            self.assertIn("cannot be reached", err)
        code, _, err = self.ask("status", url="https://nobody.invalid")
        self.assertEqual(code, 4)


if __name__ == "__main__":
    unittest.main(verbosity=1)
