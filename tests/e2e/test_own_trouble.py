"""What the server cannot do is nobody's fault."""

from abuse import ALICE
from case import MailServerCase
from clients import Imap, Smtp


class OwnTrouble(MailServerCase):
    postfix_main = {
        "smtpd_sender_restrictions": "reject_unknown_sender_domain",
        "smtpd_recipient_restrictions": "reject_unknown_client_hostname, "
                                        "reject_rbl_client bl.test",
    }

    def test_dns_does_not_answer(self):
        client = "10.77.0.2"
        with Smtp(self.network, client) as smtp:
            smtp.hello()
            smtp.mail("x@nobody-answers.test")
            reply = smtp.rcpt(ALICE[0])
        self.assertRegex(reply, "^4")
        self.postfix.log.wait("disconnect from")
        self.assert_no_points(client)

    def test_dovecot_is_stuck(self):
        client = "10.77.0.3"
        thaw = self.dovecot.freeze_auth()
        try:
            with Smtp(self.network, client) as smtp:
                smtp.hello()
                reply = smtp.auth_plain(*ALICE)
            with Imap(self.network, client, greet=False) as imap:
                imap.send(f"a LOGIN {ALICE[0]} {ALICE[1]}")
        finally:
            thaw()
        self.assertRegex(reply, "^(4|535)")
        self.postfix.log.wait("Connection lost to authentication server")
        self.assert_no_points(client)

    def assert_no_points(self, client):
        self.brattice.wait_quiet(client)
        explanation = self.brattice.explanation(client)
        self.assertEqual(explanation.smtp.score + explanation.login.score, 0,
                         self.brattice.why(client))
        self.assertEqual(
            [event for event in self.brattice.events(client)
             if event["kind"] not in ("probe", "login_success")], [])
