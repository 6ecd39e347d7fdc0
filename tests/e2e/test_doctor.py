"""brattice doctor looks at a real Postfix and a real Dovecot."""

import json
import re
import shutil

from brattice import TOKEN
from case import MailServerCase


class Doctor(MailServerCase):
    def test_the_lab_is_wired_safely(self):
        code, found = self.doctor()
        bad = [f for f in found if f["level"] == "bad"]
        self.assertEqual((code, bad), (0, []))
        self.assertFound(found, "good", "postfix", "mail flows")
        self.assertFound(found, "good", "postfix", "when they connect")
        self.assertFound(found, "good", "dovecot", "asks Brattice")
        self.assertFound(found, "good", "daemon", "runs")
        self.assertFound(found, "good", "wiring", "is right")

    def test_a_bare_service_is_bad_and_mended_by_what_is_pasted(self):
        etc = self.folder() / "etc"
        shutil.copytree(self.postfix.etc, etc)
        master = etc / "master.cf"
        good = master.read_text()
        safe = re.search(r"check_policy_service \{ (unix:\S+), [^}]*\}", good)
        master.write_text(good.replace(
            safe[0], "check_policy_service " + safe[1]))
        code, found = self.doctor("--postfix-config", etc)
        self.assertEqual(code, 1)
        paste = self.assertFound(found, "bad", "postfix", "lacks")["paste"]
        master.write_text(good.replace(safe[0], paste))
        code, found = self.doctor("--postfix-config", etc)
        self.assertEqual(code, 0, found)
        master.write_text(good.replace("check_policy_service", "permit #"))
        code, found = self.doctor("--postfix-config", etc)
        self.assertFound(found, "bad", "postfix", "does not ask")

    def test_a_dovecot_that_fails_closed_is_bad(self):
        config = self.folder() / "dovecot.conf"
        text = self.dovecot.config.read_text()
        config.write_text(text + "\nauth_policy_reject_on_fail = yes\n")
        code, found = self.doctor("--dovecot-config", config)
        self.assertEqual(code, 1)
        self.assertFound(found, "bad", "dovecot", "nobody can log in")
        config.write_text("".join(
            line for line in text.splitlines(True)
            if "auth_policy_hash_nonce" not in line))
        code, found = self.doctor("--dovecot-config", config)
        self.assertFound(found, "bad", "dovecot", "asks nothing at all")
        config.write_text(text.replace(TOKEN, "another"))
        code, found = self.doctor("--dovecot-config", config)
        paste = self.assertFound(found, "bad", "dovecot", "is another")
        config.write_text(text + paste["paste"] + "\n")
        code, found = self.doctor("--dovecot-config", config)
        self.assertEqual(code, 0, found)

    def test_a_dead_daemon_is_bad(self):
        self.brattice.kill()
        try:
            code, found = self.doctor()
            self.assertEqual(code, 1)
            self.assertFound(found, "bad", "daemon", "cannot be reached")
        finally:
            self.brattice.start()

    # Helpers.

    def folder(self):
        made = self.lab.folder / self._testMethodName
        made.mkdir()
        return made

    def doctor(self, *options):
        given = {"--config": self.brattice.config,
                 "--postfix-config": self.postfix.etc,
                 "--dovecot-config": self.dovecot.config}
        given.update(zip(options[::2], options[1::2]))
        words = [str(w) for pair in given.items() for w in pair]
        code, out, _ = self.brattice.call("doctor", "--json", *words)
        return code, json.loads(out)["findings"]

    def assertFound(self, found, level, topic, text):
        for f in found:
            if (f["level"], f["topic"]) == (level, topic) \
                    and text in f["text"]:
                return f
        self.fail(f"no {level} {topic} with \"{text}\" in {found}")
