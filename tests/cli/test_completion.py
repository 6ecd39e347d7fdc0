#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""What shells offer, with a daemon to ask, and names that want to be run."""

import os
import pathlib
import shutil
import subprocess
import unittest

from terminal import BUILD, pipe

from bratticed import Bratticed, until  # noqa: E402
from seed import event, seed, tell, want  # noqa: E402

HOSTILE = ("$(touch pwned)", "`touch pwned`", ";touch pwned", "a b", "*",
           "-rf", "\x1b[2J", "'\"")

BASH = """
source <("$1/brattice" completion bash); shift
COMP_LINE="$*" COMP_POINT=${#COMP_LINE} COMP_WORDS=("$@") COMP_CWORD=$(($#-1))
COMP_LINE="$*" COMP_POINT=${#COMP_LINE}
_brattice
printf '%s\\n' "${COMPREPLY[@]}"
"""
ZSH = """
build=$1; shift
words=("$@") CURRENT=$#
_arguments() { [[ ${@[-1]} == *'{'*'}' ]] && eval "${${@[-1]#*:*:\\{}%\\}}" }
_describe() { print -rl -- ${next%%:*} }
compadd() { print -rl -- "${list[@]}" }
source <("$build/brattice" completion zsh)
"""
FISH = """
source ($argv[1]/brattice completion fish | psub)
complete -C "$argv[2..]" | string split -f 1 \\t
"""


class Completion(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.daemon = d = Bratticed()
        cls.addClassCleanup(d.__exit__)
        d.start()
        seed(d.control)
        want(d.control, "POST", "/blocks", {"address": "2001:db8:1::/48"})
        for i, name in enumerate(HOSTILE):
            tell(d.control, [event(f"192.0.2.{40 + i}", "login_failure", 9 - n,
                                   account=name, session=f"h{i}-{n}")
                             for n in range(3)])
        until("the locks", lambda: len(want(
            d.control, "GET", "/accounts")["items"]) > len(HOSTILE))

    def run_shell(self, *argv):
        folder = self.daemon.folder
        p = subprocess.run(
            argv, capture_output=True, text=True, timeout=30, cwd=folder,
            env={**os.environ, "BRATTICE_SOCKET": str(self.daemon.control),
                 "PATH": f"{BUILD}:{os.environ['PATH']}", "HOME": str(folder)})
        self.assertEqual(p.stderr, "")
        self.assertFalse((pathlib.Path(folder) / "pwned").exists())
        return {w for w in p.stdout.splitlines() if w}

    def shells(self):
        yield "bash", lambda *w: self.run_shell(
            "bash", "-c", BASH, "x", BUILD, "brattice", *w)
        if shutil.which("zsh"):
            yield "zsh", lambda *w: self.run_shell(
                "zsh", "-fc", ZSH, "x", BUILD, "brattice", *w)
        if shutil.which("fish"):
            yield "fish", lambda *w: self.run_shell(
                "fish", "-c", FISH, BUILD, "brattice", *w)

    def test_blocked_addresses_for_unblock(self):
        addresses = {"203.0.113.10", "2001:db8:4::/64", "192.0.2.128/25",
                     "2001:db8:1::/48"}
        for name, offered in self.shells():
            with self.subTest(shell=name):
                self.assertEqual(offered("unblock", ""), addresses)

    def test_entries_of_the_never_block_list(self):
        for name, offered in self.shells():
            with self.subTest(shell=name):
                self.assertEqual(offered("never", "remove", ""),
                                 {"198.51.100.0/29"})

    def test_accounts_and_nothing_that_a_shell_runs(self):
        for name, offered in self.shells():
            with self.subTest(shell=name):
                self.assertEqual(offered("accounts", "unlock", ""), {"ann"})

    def test_commands_and_topics(self):
        for name, offered in self.shells():
            with self.subTest(shell=name):
                self.assertLess({"status", "output"}, offered("help", ""))

    def test_bash_breaks_words_at_colons(self):
        script = BASH.replace("_brattice\n", "COMP_WORDBREAKS=:\n_brattice\n")
        got = self.run_shell("bash", "-c", script, "x", BUILD, "brattice",
                             "unblock", "2001:db8:")
        self.assertEqual(got, {"1::/48", "4::/64"})

    def test_without_a_daemon_nothing_is_said(self):
        got = pipe("__complete", "blocks", BRATTICE_SOCKET="/nonexistent")
        self.assertEqual(got, (0, "", ""))


if __name__ == "__main__":
    unittest.main(verbosity=1)
