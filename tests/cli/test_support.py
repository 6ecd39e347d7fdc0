#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""brattice reload and support-bundle on a real daemon."""

import os
import stat
import unittest

from terminal import pipe

from bratticed import CONFIG, Bratticed, until  # noqa: E402

SECRET = "hunter2-and-more"


class Support(unittest.TestCase):
    def setUp(self):
        self.daemon = Bratticed()
        self.addCleanup(self.daemon.__exit__)

    def run_it(self, *words):
        return pipe("--socket", self.daemon.control, *words)

    def test_reload_reads_the_wiring(self):
        self.daemon.start()
        self.daemon.write(CONFIG + 'log "other" {{ file = "{folder}/b" }}\n')
        code, out, err = self.run_it("reload")
        self.assertEqual((code, err), (0, ""))
        self.assertIn(str(self.daemon.process.pid), out)
        until("the new wiring", lambda: "wiring.new" in self.daemon.said())
        self.assertIn("elsewhere", pipe("--url", "https://mx", "reload")[2])

    def test_the_bundle_holds_no_secret(self):
        self.daemon.write(
            CONFIG + 'dovecot {{ listen = "unix:{folder}/d.sock"\n'
            f'api_header = "X-API-Key: {SECRET}" }}}}\n'
            f"# a note: brt_{'a' * 49}\n")
        self.daemon.start()
        path = self.daemon.folder / "bundle"
        words = ("support-bundle", "--config", self.daemon.config)
        code, out, err = self.run_it(*words, path)
        self.assertEqual((code, err), (0, ""))
        self.assertIn("masked", out)
        self.assertEqual(stat.S_IMODE(os.stat(path).st_mode), 0o600)
        text = path.read_text()
        for word in ("== version", "running since", "== doctor",
                     'log "mail"', "brt_(masked)"):
            self.assertIn(word, text)
        for word in (SECRET, "aaaaaaaa"):
            self.assertNotIn(word, text)
        self.assertIn("== status", self.run_it(*words, "-")[1])

    def test_the_bundle_needs_no_daemon(self):
        code, out, _ = pipe("--socket", "/nonexistent", "support-bundle", "-")
        self.assertEqual(code, 0)
        self.assertIn("cannot be reached", out)


if __name__ == "__main__":
    unittest.main(verbosity=1)
