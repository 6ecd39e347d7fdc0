"""A mail server and its clients on this machine, gone when the test ends.

    with Lab() as lab:
        dovecot = lab.dovecot()
        postfix = lab.postfix()
        with Smtp(lab.network, "10.77.0.2") as smtp:
            smtp.hello()

Needs root. Run this file to see whether the lab works here.
"""

import contextlib
import dataclasses
import os
import pathlib
import tempfile

from clients import Smtp, imap_login, pop3_login
from dovecot import Dovecot
from netns import Network
from postfix import Postfix
from waiting import run


@dataclasses.dataclass
class Certificate:
    chain: pathlib.Path
    key: pathlib.Path


class Lab:
    """Namespaces, a scratch folder and whatever servers are asked for."""

    def __init__(self):
        self.cleanup = contextlib.ExitStack()
        self._certificate = None

    def __enter__(self):
        try:
            scratch = tempfile.TemporaryDirectory(
                prefix="brattice-", ignore_cleanup_errors=True)
            self.folder = pathlib.Path(self.cleanup.enter_context(scratch))
            os.chmod(self.folder, 0o755)
            self.network = self.cleanup.enter_context(Network())
        except BaseException:
            self.cleanup.close()
            raise
        return self

    def __exit__(self, *_):
        self.cleanup.close()

    def certificate(self):
        if not self._certificate:
            made = Certificate(self.folder / "cert.pem",
                               self.folder / "key.pem")
            run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                "-subj", "/CN=mx.example.test", "-keyout", made.key,
                "-out", made.chain)
            self._certificate = made
        return self._certificate

    def postfix(self, name="postfix", **options):
        """A running Postfix; options are those of postfix.Postfix."""
        return self._start(Postfix, name, options)

    def dovecot(self, name="dovecot", **options):
        """A running Dovecot; options are those of dovecot.Dovecot."""
        return self._start(Dovecot, name, options)

    def _start(self, kind, name, options):
        server = kind(self.folder / name, self.network, self.certificate(),
                      **options)
        self.cleanup.callback(server.stop)
        return server.start()


def main():
    with Lab() as lab:
        lab.dovecot()
        postfix = lab.postfix()
        with Smtp(lab.network, "10.77.0.2") as smtp:
            print(smtp.first)
            print(smtp.hello())
            print(smtp.auth_plain("alice@example.test", "wrong"))
            print(smtp.auth_plain("alice@example.test", "secret"))
            print(smtp.mail("alice@example.test"))
            print(smtp.rcpt("bob@example.test"))
            print(smtp.data())
            print(smtp.quit())
        postfix.delivered()
        alice = ("alice@example.test", "secret")
        print(imap_login(lab.network, "fd77::3", *alice))
        print(imap_login(lab.network, "fd77::3", *alice, port=993, tls=True))
        print(pop3_login(lab.network, "10.77.0.3", *alice))


if __name__ == "__main__":
    main()
