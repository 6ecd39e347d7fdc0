"""A client abuses a real mail server, is blocked, reads why, is let in."""

import abuse
from abuse import ALICE, LOGIN_TEXT, SMTP_TEXT
from case import MailServerCase
from netns import FAR_V6, SERVER_V6


class MainJob(MailServerCase):
    def test_the_vendors_example(self):
        client, other = "10.77.0.2", "10.77.0.3"
        abuse.vendors_example(self.network, client)
        self.assertBlocked(client)

        with self.subTest("the first line says why"):
            line = abuse.first_line(self.network, client)
            self.assertRegex(line, "^421 ")
            self.assertIn(SMTP_TEXT, line)
            self.assertIn(SMTP_TEXT,
                          abuse.first_line(self.network, client, port=587))
        with self.subTest("the right password is refused"):
            for reply in abuse.logins(self.network, client):
                self.assertIn(LOGIN_TEXT, reply)
        with self.subTest("another client is not affected"):
            self.assert_welcome(other)
        with self.subTest("the sum is right to the digit"):
            smtp = self.brattice.explanation(client).smtp
            self.assertEqual(smtp.counts, {
                "relay_denied": 2, "auth_failure": 5, "bad_recipient": 11})
            self.assertEqual((smtp.score, smtp.threshold), (1000, 1000))
        with self.subTest("after unblock it is welcome"):
            self.brattice.run("unblock", client)
            self.assertNotBlocked(client)
            self.assert_welcome(client)

    def test_judged_at_the_next_connection(self):
        client = "10.77.0.4"
        self.brattice.set(smtp__evaluate="connect")
        self.addCleanup(self.brattice.set, smtp__evaluate="event")
        abuse.vendors_example(self.network, client)
        self.brattice.wait_events(client, 19)
        self.assertNotBlocked(client)

        self.assertIn(SMTP_TEXT, abuse.first_line(self.network, client))
        smtp = self.brattice.explanation(client).smtp
        self.assertEqual(smtp.score, 1050)
        self.assertEqual(smtp.counts, {
            "relay_denied": 2, "auth_failure": 5, "bad_recipient": 12})

    def test_ipv6_clients_are_blocked_by_64(self):
        abuse.try_relay(self.network, f"{FAR_V6}2", 10)
        self.assertBlocked(f"{FAR_V6}2")
        self.assertIn(SMTP_TEXT,
                      abuse.first_line(self.network, f"{FAR_V6}3"))
        self.brattice.run("unblock", f"{FAR_V6}/64")
        self.assertNotBlocked(f"{FAR_V6}3")

    def test_a_network_with_the_server_in_it_is_not_blocked(self):
        abuse.try_relay(self.network, "fd77::2", 10)
        self.assertBlocked("fd77::2")
        self.assertNotBlocked("fd77::3")
        self.assertNotBlocked(SERVER_V6)

    def test_ten_failed_logins_block_everywhere(self):
        client = "10.77.0.5"
        for number in range(10):
            abuse.logins(self.network, client, password=f"guess {number}")
        self.assertBlocked(client)
        self.assertEqual(self.brattice.explanation(client).login.score, 10)
        self.assertIn(SMTP_TEXT, abuse.first_line(self.network, client))
        self.assertIn(LOGIN_TEXT, abuse.logins(self.network, client)[0])

    def test_a_block_survives_a_kill(self):
        client = "10.77.0.6"
        abuse.try_relay(self.network, client, 10)
        self.assertBlocked(client)
        before = self.brattice.explanation(client)

        self.brattice.kill()
        self.brattice.start()

        self.assertIn(SMTP_TEXT, abuse.first_line(self.network, client))
        self.assertEqual(self.brattice.explanation(client), before)

    def assert_welcome(self, client):
        reply = abuse.send_mail(self.network, client, 587, ALICE)
        self.assertRegex(reply, "^250 .* queued")
        imap, pop3 = abuse.logins(self.network, client)
        self.assertRegex(imap, "(?m)^a OK")
        self.assertRegex(pop3, r"^\+OK")
