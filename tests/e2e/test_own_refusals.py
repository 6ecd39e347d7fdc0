"""What Brattice itself refused is no event, whoever tells it when."""

import abuse
from abuse import ALICE, LOGIN_TEXT, SMTP_TEXT
from case import MailServerCase
from clients import Imap, Smtp


class OwnRefusals(MailServerCase):
    def test_a_summary_that_comes_after_the_block(self):
        client = "10.77.0.2"
        with Imap(self.network, client) as imap:
            self.brattice.run("block", client)
            for _ in range(3):
                self.assertIn(LOGIN_TEXT, imap.login(*ALICE))
            self.brattice.run("unblock", client)
            imap.command("LOGOUT")
        self.dovecot.log.wait("3 attempts")
        self.assert_nothing_counted(client)

    def test_refused_in_a_session_that_was_open(self):
        client = "10.77.0.3"
        with Smtp(self.network, client) as smtp:
            smtp.hello()
            self.brattice.run("block", client)
            self.assertIn(LOGIN_TEXT, smtp.auth_plain(*ALICE))
            self.brattice.run("unblock", client)
            self.assertRegex(smtp.auth_plain(*ALICE), "^235")
            smtp.quit()
        self.assert_nothing_counted(client)

    def test_refused_connections(self):
        client = "10.77.0.4"
        self.brattice.run("block", client)
        for _ in range(3):
            self.assertIn(SMTP_TEXT, abuse.first_line(self.network, client))
        self.brattice.run("unblock", client)
        self.assert_nothing_counted(client)

    def test_observe_refuses_nothing(self):
        client = "10.77.0.5"
        self.brattice.set(mode="observe")
        self.addCleanup(self.brattice.set, mode="enforce")
        abuse.try_relay(self.network, client, 10)
        self.brattice.wait_events(client, 10)
        self.assertNotBlocked(client)
        self.assertEqual(self.brattice.explanation(client).state,
                         "would_block")
        self.assertRegex(abuse.first_line(self.network, client), "^220")

    def assert_nothing_counted(self, client):
        self.brattice.wait_quiet(client)
        explanation = self.brattice.explanation(client)
        self.assertEqual((explanation.smtp.score, explanation.login.score),
                         (0, 0), self.brattice.call("why", client, "--raw"))
