"""One failed login, told by up to three sources, counts once."""

import abuse
from case import MailServerCase
from clients import Imap, Pop3, Smtp, plain
from dovecot import PASSWD_FILE


class OneAct(MailServerCase):
    def test_smtp_auth(self):
        """Postfix's log, Dovecot's log and its policy service tell it.

        Dovecot's log doesn't say how a login for another server ended (a
        miss in one passdb is no failure), so nothing is taken from there.
        """
        client = "10.77.0.2"
        abuse.guess_passwords(self.network, client, 3)
        self.dovecot.log.wait("Password mismatch")
        self.assert_sources(client, {"postfix-log", "dovecot-policy"})
        explanation = self.brattice.explanation(client)
        self.assertEqual(explanation.smtp.counts, {"auth_failure": 3})
        self.assertEqual(explanation.smtp.score, 150)
        self.assertEqual(explanation.login.score, 3)

    def test_imap(self):
        """Dovecot tells it at once, and again in the summary."""
        client = "10.77.0.3"
        with Imap(self.network, client) as imap:
            for number in range(3):
                imap.login(abuse.ALICE[0], f"guess {number}")
            imap.command("LOGOUT")
        self.assert_three_failures(client)

    def test_pop3_without_goodbye(self):
        client = "10.77.0.4"
        with Pop3(self.network, client) as pop3:
            for number in range(3):
                pop3.login(abuse.ALICE[0], f"guess {number}")
        self.assert_three_failures(client)

    def test_three_accounts_at_once(self):
        """Interleaved sessions of one client are not mixed up."""
        client = "10.77.0.5"
        sessions = [Smtp(self.network, client) for _ in range(3)]
        for number, smtp in enumerate(sessions):
            smtp.hello()
            smtp.send("AUTH PLAIN " + plain(f"user{number}@x", "guess"))
        for smtp in sessions:
            self.assertRegex(smtp.hear(), "^535")
            smtp.quit()
        self.assert_sources(client, {"postfix-log", "dovecot-policy"})
        self.assertEqual(self.brattice.explanation(client).login.counts,
                         {"auth_failure": 3})

    def assert_three_failures(self, client):
        self.dovecot.log.wait("3 attempts")
        self.assert_sources(client, {"dovecot-log", "dovecot-policy"})
        self.assertEqual(self.brattice.explanation(client).login.counts,
                         {"login_failure": 3})

    def assert_sources(self, client, sources):
        """All of these have told something, and nothing is on its way."""
        self.brattice.wait_sources(client, sources)
        self.brattice.wait_quiet(client)


class TwoPasswordDatabases(MailServerCase):
    """Dovecot logs a miss in the first one before it asks the second."""

    passdb = PASSWD_FILE + """
passdb {{
  driver = static
  args = password=x
}}
"""
    user = "in-the-second@example.test"

    def test_a_success_is_no_failure(self):
        client = "10.77.0.2"
        for _ in range(3):
            for reply in abuse.logins(self.network, client, self.user, "x"):
                self.assertRegex(reply, "OK")
        self.brattice.wait_sources(client, {"dovecot-log", "dovecot-policy"})
        self.brattice.wait_quiet(client)
        self.assertEqual(self.brattice.explanation(client).login.counts, {},
                         self.brattice.why(client))

    def test_a_failure_is_one(self):
        client = "10.77.0.3"
        abuse.logins(self.network, client, self.user, "wrong")
        abuse.guess_passwords(self.network, client, 2, user=self.user)
        self.brattice.wait_quiet(client)
        self.assertEqual(self.brattice.explanation(client).login.score, 3,
                         self.brattice.why(client))
