"""A phone with an old password is no attacker; a guesser is."""

import abuse
from case import MailServerCase
from clients import Imap

STALE = "last year's password"


class StalePassword(MailServerCase):
    def test_fifty_times_the_same_is_one_failure(self):
        client = "10.77.0.2"
        for _ in range(5):
            self.login_at_once(client, [STALE] * 10)
        self.brattice.wait_quiet(client)
        self.assertNotBlocked(client)
        self.assertEqual(self.brattice.explanation(client).login.counts,
                         {"login_failure": 1})
        imap, _ = abuse.logins(self.network, client)
        self.assertRegex(imap, "(?m)^a OK")

    def test_ten_different_ones_block(self):
        client = "10.77.0.3"
        self.login_at_once(client, [f"guess {n}" for n in range(10)])
        self.assertBlocked(client)

    def login_at_once(self, client, passwords):
        """One connection a password, all of them waiting together."""
        phones = [Imap(self.network, client) for _ in passwords]
        for phone, password in zip(phones, passwords):
            phone.send(f'a LOGIN {abuse.ALICE[0]} "{password}"')
        for phone in phones:
            self.assertRegex(phone.line(), "^a NO")
            phone.close()
