"""Whatever a client writes into a log, nobody else is accused."""

import hostile
from case import MailServerCase
from clients import Imap, Pop3, Smtp, quoted
from dovecot import CREDULOUS

WORDS = [hostile.raw(word).decode("utf-8", "surrogateescape")
         for word in hostile.WORDS]


class Injection(MailServerCase):
    postfix_main = {
        "strict_rfc821_envelopes": "no",
        "smtpd_helo_required": "no",
        "smtpd_hard_error_limit": "1000",
    }
    passdb = CREDULOUS

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.brattice.set(smtp__threshold=1000000, login__threshold=1000000)

    def test_helo_names(self):
        client = "10.77.0.2"
        for word in WORDS:
            with Smtp(self.network, client) as smtp:
                smtp.hello(word)
                smtp.mail()
                smtp.rcpt("z@elsewhere.test")
        self.assert_only(client, "relay_denied", len(WORDS))

    def test_senders_and_recipients(self):
        client = "10.77.0.3"
        refused = 0
        with Smtp(self.network, client) as smtp:
            smtp.hello()
            for word in WORDS:
                local = quoted(word)
                smtp.say(f"MAIL FROM:<{local}@client.test>")
                reply = smtp.say(f"RCPT TO:<{local}@elsewhere.test>")
                refused += "Relay access denied" in reply
                smtp.say("RSET")
        self.assertGreater(refused, len(WORDS) / 2)
        self.assert_only(client, "relay_denied", refused)

    def test_sasl_user_names(self):
        client = "10.77.0.4"
        failed = 0
        with Smtp(self.network, client) as smtp:
            smtp.hello()
            for word in hostile.PRINTABLE:
                failed += smtp.auth_plain(word, "wrong")[:3] == "535"
        self.assertEqual(failed, len(hostile.PRINTABLE))
        self.assert_only(client, "auth_failure", failed)

    def test_sasl_user_names_that_no_log_can_hold(self):
        client = "10.77.0.8"
        with Smtp(self.network, client) as smtp:
            smtp.hello()
            for word in hostile.OTHERS:
                smtp.auth_plain(word, "wrong")
        self.assert_only(client)

    def test_commands(self):
        client = "10.77.0.5"
        for word in WORDS:
            with Smtp(self.network, client) as smtp:
                smtp.say(f"MAIL FROM: {word}")
                smtp.say(f"GET {word}")
        self.assert_only(client)

    def test_imap_user_names(self):
        client = "10.77.0.6"
        for word in hostile.WORDS:
            with Imap(self.network, client) as imap:
                imap.plain(word, "wrong")
                imap.plain(word, "x")
        self.assert_only(client)

    def test_pop3_user_names(self):
        client = "10.77.0.7"
        for word in WORDS:
            with Pop3(self.network, client) as pop3:
                pop3.login(word, "wrong")
        self.assert_only(client)

    def assert_only(self, client, kind=None, count=None):
        """This client is accused, of so much, and nobody else is."""
        self.brattice.wait_quiet(client)
        if kind:
            self.assertEqual(
                self.brattice.explanation(client).smtp.counts.get(kind),
                count)
        strangers = {event["address"] for event in self.brattice.events()
                     if not event["address"].startswith("10.77.0.")}
        self.assertEqual(strangers, set())
        self.assertNotBlocked(hostile.VICTIM)
