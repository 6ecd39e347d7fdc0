#!/usr/bin/python3
"""Drive every abuse through real servers and keep what they log.

    samples.py FOLDER [postfix] [dovecot]

writes FOLDER/{postfix,dovecot}/NAME.log and a README beside them that says
what the client did. The log dialects are written and tested against these.
"""

import contextlib
import pathlib
import sys
import traceback

import samples_dovecot
import samples_postfix
from lab import Lab
from waiting import until


class Recorder:
    """Cuts a server's log into one file per scenario."""

    def __init__(self, folder, log):
        self.folder = folder
        self.log = log
        self.failed = []
        folder.mkdir(parents=True, exist_ok=True)
        self.readme = folder / "README"

    @contextlib.contextmanager
    def __call__(self, name, what):
        self.log.mark()
        try:
            yield self.log
        except Exception:
            traceback.print_exc()
            self.failed.append(name)
        lines = self._settled()
        path = self.folder / f"{name}.log"
        path.write_bytes(lines.encode("utf-8", "surrogateescape"))
        with self.readme.open("a", encoding="utf-8") as readme:
            readme.write(f"{name}.log: {what}\n")

    def _settled(self):
        """What was logged, once nothing more is written for a while."""
        quiet = {"text": "", "since": 0}

        def still():
            text = self.log.new()
            if text != quiet["text"]:
                quiet.update(text=text, since=0)
            quiet["since"] += 1
            return quiet["since"] > 6
        until("quiet log", still, seconds=20, step=0.05)
        return quiet["text"]


def main(target, *only):
    failed = []
    modules = {"postfix": samples_postfix, "dovecot": samples_dovecot}
    with Lab() as lab:
        for name in only or modules:
            module = modules[name]
            (pathlib.Path(target) / name / "README").unlink(missing_ok=True)
            failed += module.record(lab, Recorder, pathlib.Path(target))
    if failed:
        sys.exit("failed: " + " ".join(failed))


if __name__ == "__main__":
    main(*sys.argv[1:])
