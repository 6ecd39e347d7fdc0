"""Three wrong passwords in a row lock an account for that address."""

import imaplib
import time

import abuse
from abuse import ALICE, BOB
from case import MailServerCase
from clients import Imap
from waiting import until

USER = ALICE[0]
LOCK_TIME = 4


class Accounts(MailServerCase):
    settings = {"mode": "enforce"}

    def setUp(self):
        self.brattice.set(account__lock_time="30m")
        self.brattice.call("accounts", "unlock", USER)

    def guess(self, client, count, first=0):
        for number in range(first, first + count):
            self.assertFails(self.login(client, f"guess {number}"))

    def login(self, client, password=ALICE[1], user=USER):
        with Imap(self.network, client) as imap:
            return imap.login(user, password)

    def assertFails(self, reply):
        self.assertRegex(reply, "(?m)^a NO .*AUTHENTICATIONFAILED")

    def assertWorks(self, reply):
        self.assertRegex(reply, "(?m)^a OK")

    def locked(self):
        return {row["address"]
                for row in self.brattice.ask("accounts")["items"]}

    def wait_locked(self, client):
        until("a lock", lambda: client in self.locked())

    def test_the_third_wrong_password_locks(self):
        client, other = "10.77.0.2", "10.77.0.3"
        self.guess(client, 3)
        self.wait_locked(client)

        with self.subTest("the right one fails like a wrong one"):
            reply = self.login(client)
            self.assertEqual(reply, self.login(other, "a wrong one"))
            self.assertRegex(
                abuse.send_mail(self.network, client, 587, ALICE), "^535")
        with self.subTest("it works from elsewhere"):
            self.assertWorks(self.login(other))
        with self.subTest("and for another account"):
            self.assertWorks(self.login(client, BOB[1], BOB[0]))
        with self.subTest("what was refused counts nowhere"):
            self.brattice.wait_quiet(client)
            self.assertEqual(self.brattice.explanation(client).login.score, 3)
            self.assertEqual(self.brattice.explanation(client).smtp.score, 0)
        with self.subTest("it survives a kill"):
            self.brattice.kill()
            self.brattice.start()
            self.assertFails(self.login(client))
        with self.subTest("an administrator ends it"):
            self.brattice.run("accounts", "unlock", USER.upper(),
                              "--from", client)
            self.assertEqual(self.locked(), set())
            self.assertWorks(self.login(client))
            shown = self.brattice.ask("accounts", "show", USER)
            self.assertEqual(shown["locks"][0]["state"], "unlocked")
            self.assertEqual(self.brattice.call(
                "accounts", "unlock", USER)[0], 3)

    def test_a_device_with_the_right_password_gets_in(self):
        client = "10.77.0.4"
        self.brattice.set(account__lock_time=f"{LOCK_TIME}s")
        self.guess(client, 3)
        began = time.monotonic()
        self.wait_locked(client)

        refused = 0
        while "a OK" not in self.login(client):
            refused += 1
            self.assertLess(time.monotonic() - began, 3 * LOCK_TIME)
        self.assertGreater(refused, 1)
        self.assertGreater(time.monotonic() - began, LOCK_TIME - 2)

    def test_a_success_resets_the_count(self):
        client = "10.77.0.5"
        self.guess(client, 2)
        self.assertWorks(self.login(client))
        self.guess(client, 2, first=2)
        self.assertWorks(self.login(client))

    def test_a_phone_with_a_stale_password_does_not_lock(self):
        client = "10.77.0.6"
        for _ in range(3):
            phones = [Imap(self.network, client) for _ in range(8)]
            for phone in phones:
                phone.send(f'a LOGIN {USER} "last year"')
            for phone in phones:
                self.assertRegex(phone.line(), "^a NO")
                phone.close()
        self.brattice.wait_quiet(client)
        self.assertEqual(self.locked(), set())
        self.assertWorks(self.login(client))

    def test_loopback_is_exempt(self):
        for number in range(5):
            self.assertIn("AUTHENTICATIONFAILED",
                          self.local_login(f"guess {number}"))
        self.brattice.wait_events("127.0.0.1", 5)
        self.assertNotIn("127.0.0.1", self.locked())
        self.assertEqual(self.local_login(ALICE[1]), "OK")

    def local_login(self, password):
        with self.network.in_server():
            imap = imaplib.IMAP4("127.0.0.1", 143)
        try:
            return imap.login(USER, password)[0]
        except imaplib.IMAP4.error as error:
            return str(error)
        finally:
            imap.shutdown()

    def test_attempts_at_smtp_lock_as_well(self):
        client = "10.77.0.7"
        abuse.guess_passwords(self.network, client, 3)
        self.wait_locked(client)
        self.assertFails(self.login(client))
        reply = abuse.send_mail(self.network, client, 587, ALICE)
        self.assertRegex(reply, "^535")
        self.brattice.wait_quiet(client)
        self.assertEqual(self.brattice.explanation(client).smtp.counts,
                         {"auth_failure": 3})

    def test_a_trusted_address_has_twice_as_many(self):
        client = "10.77.0.8"
        self.brattice.set(account__failures=0)
        self.addCleanup(self.brattice.set, account__failures=3)
        self.assertWorks(self.login(client))
        self.guess(client, 19)
        self.brattice.wait_quiet(client)
        self.assertNotBlocked(client)
        self.assertEqual(self.brattice.explanation(client).login.score, 9)
        self.assertIn("trusted", self.brattice.why(client))
        self.guess(client, 1, first=19)
        self.assertBlocked(client)
