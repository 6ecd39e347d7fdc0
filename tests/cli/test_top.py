#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""brattice top: every way out of it leaves the terminal as it was."""

import os
import signal
import termios
import time
import unittest

from terminal import Terminal, pipe

from bratticed import Bratticed, until  # noqa: E402
from seed import seed  # noqa: E402

OPEN, CLOSE = "\x1b[?1049h\x1b[?25l", "\x1b[?25h\x1b[?1049l"
FOOT = "q quits"


class Top(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.daemon = Bratticed()
        cls.addClassCleanup(cls.daemon.__exit__)
        cls.daemon.start()
        seed(cls.daemon.control)

    def open(self, size=(24, 80)):
        t = Terminal("--socket", self.daemon.control, "top", size=size)
        self.before = termios.tcgetattr(t.fd)
        t.until(OPEN)
        return t, self.screen(t)

    def screen(self, t):
        """The lines of the next picture."""
        text = t.until("\x1b[J").split("\x1b[H")[-1]
        for code in ("\x1b[K", "\x1b[0m", "\x1b[1m", "\x1b[2m", "\x1b[31m"):
            text = text.replace(code, "")
        return text.split("\r\n")

    def leave(self, t, code=0):
        got = termios.tcgetattr(t.fd)
        self.assertEqual(got[:4], self.before[:4])
        got, out = t.end()
        self.assertEqual(got, code)
        self.assertTrue(out.endswith(CLOSE), out[-40:])

    def test_it_fits_the_terminal(self):
        for rows, columns in ((24, 80), (10, 40), (50, 200)):
            t, lines = self.open((rows, columns))
            self.assertEqual(len(lines), rows)
            self.assertEqual([l for l in lines if len(l) > columns], [])
            t.type("q")
            until("its end", lambda: not t.read(0.1))
            self.leave(t)

    def test_it_shows_what_happens(self):
        t, lines = self.open()
        text = "\n".join(lines)
        for word in ("Unknown recipient", "192.0.2.128/25", "a ticket",
                     "198.51.100.20", "last hour", FOOT):
            self.assertIn(word, text)
        t.type("\x1b[C")
        until("the day", lambda: "last day" in "\n".join(self.screen(t)))
        t.type("\x1b[D")
        until("the hour", lambda: "last hour" in "\n".join(self.screen(t)))
        t.type("q")
        t.end()

    def test_it_scrolls_and_follows_the_size(self):
        t, lines = self.open((10, 80))
        self.assertIn("↓ more", lines[-1])
        t.type("\x1b[B")
        self.assertEqual(self.screen(t)[0], lines[1])
        t.resize(40, 60)
        until("the size", lambda: len(self.screen(t)) == 40)
        t.type("q")
        t.end()

    def test_a_signal_leaves_it_too(self):
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            t, _ = self.open()
            os.kill(t.pid, number)
            until("its end", lambda: not t.read(0.1))
            self.leave(t)

    def test_it_stops_and_goes_on(self):
        t, _ = self.open()
        t.type("\x1a")  # Ctrl-Z
        t.until(CLOSE)
        until("a stop", lambda: os.waitpid(
            t.pid, os.WUNTRACED | os.WNOHANG)[0] == t.pid)
        self.assertEqual(termios.tcgetattr(t.fd)[:4], self.before[:4])
        os.kill(t.pid, signal.SIGCONT)
        t.until(OPEN)
        self.screen(t)
        t.type("q")
        t.end()

    def test_a_pipe_gets_it_once(self):
        code, out, err = pipe("--socket", self.daemon.control, "top")
        self.assertEqual((code, err), (0, ""))
        self.assertNotIn("\x1b", out)
        self.assertIn("Near the threshold\n", out)
        self.assertIn("12 ", out)

    def test_a_daemon_that_goes_is_said(self):
        with Bratticed() as d:
            d.start()
            t = Terminal("--socket", d.control, "top")
            t.until(OPEN)
            self.before = termios.tcgetattr(t.fd)
            self.screen(t)
            d.end()
            until("the message", lambda: "cannot be reached" in "\n".join(
                self.screen(t)), 20)
            t.type("q")
            t.end()
            begun = time.monotonic()
            code, out, err = pipe("--socket", d.control, "top")
            self.assertEqual((code, out), (4, ""))
            self.assertIn("cannot be reached", err)
            self.assertLess(time.monotonic() - begun, 5)


if __name__ == "__main__":
    unittest.main(verbosity=1)
