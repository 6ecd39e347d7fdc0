"""A test case with a whole mail server in front of it."""

import os
import unittest

from brattice import BUILD, PORT, TOKEN, Brattice
from dovecot import PASSWD_FILE, Dovecot
from lab import Lab
from postfix import Postfix


@unittest.skipUnless(os.geteuid() == 0, "needs root for network namespaces")
@unittest.skipUnless((BUILD / "bratticed").exists(), "nothing is built")
class MailServerCase(unittest.TestCase):
    """Postfix, Dovecot and Brattice run; one set for all tests of a class.

    Tests use different client addresses so that they don't disturb each
    other.
    """

    postfix_main = {}
    # A locked account is refused before its failures can add up.
    settings = {"mode": "enforce", "account__failures": 0}
    passdb = PASSWD_FILE

    @classmethod
    def setUpClass(cls):
        cls.lab = cls.enterClassContext(Lab())
        cls.network = cls.lab.network
        certificate = cls.lab.certificate()
        folder = cls.lab.folder
        cls.postfix = Postfix(folder / "postfix", cls.network, certificate,
                              main=cls.postfix_main)
        cls.dovecot = Dovecot(folder / "dovecot", cls.network, certificate,
                              policy=(f"http://127.0.0.1:{PORT}/", TOKEN),
                              passdb=cls.passdb)
        cls.brattice = Brattice(
            folder / "brattice", cls.network, cls.postfix.socket,
            {"postfix_log": cls.postfix.log.path,
             "dovecot_log": cls.dovecot.log.path})
        for server in (cls.brattice, cls.dovecot, cls.postfix):
            cls.addClassCleanup(server.stop)
            server.start()
        cls.brattice.set(**cls.settings)

    def assertBlocked(self, address):
        self.brattice.wait_blocked(address)

    def assertNotBlocked(self, address):
        self.assertFalse(self.brattice.is_blocked(address),
                         self.brattice.why(address))
