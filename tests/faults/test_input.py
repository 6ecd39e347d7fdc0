#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""A line of a log that kills the engine, each time it is read."""

import pathlib
import subprocess
import sys
import unittest

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "daemon"))
from bratticed import Bratticed, until  # noqa: E402

BEFORE, DEADLY, AFTER = "192.0.2.66", "192.0.2.67", "192.0.2.68"


class Input(unittest.TestCase):
    def test_is_put_aside_and_the_rest_is_read_once(self):
        with Bratticed() as d:
            shim = d.folder / "deadly.so"
            subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-fno-builtin",
                            "-o", shim, HERE / "deadly_line.c"], check=True)
            d.start(LD_PRELOAD=str(shim))
            d.relay(BEFORE, 0, 3)
            until("what came before", lambda: d.counted(BEFORE) == 3)
            with d.log.open("a") as log:
                log.write("Nov 24 10:00:00 mx postfix/smtpd[7]: DEADLY "
                          f"[{DEADLY}]: to all who read it\n")
            d.relay(AFTER, 0, 4)
            until("two deaths", lambda: d.said().count(
                "engine.input it died over an input") == 2, 10)
            until("a third one", d.is_running, 10)
            until("what came after", lambda: d.counted(AFTER) == 4, 10)
            self.assertEqual(d.counted(BEFORE), 3)
            self.assertIn("it is put aside from now on", d.said())
            mail = next(h for h in d.ask("status")["hooks"]
                        if h["source"] == "mail")
            self.assertEqual(mail["aside_lines"], 1)
            # And it stays aside when the engine dies of something else.
            d.kill_engine()
            until("a new one", lambda: d.engine() and d.is_running(), 10)
            d.relay(AFTER, 4, 2)
            until("more", lambda: d.counted(AFTER) == 6, 10)
            self.assertEqual(d.said().count("engine.input it died"), 2)


if __name__ == "__main__":
    unittest.main()
