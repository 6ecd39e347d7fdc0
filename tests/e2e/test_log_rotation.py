"""Every line of a log counts once, whatever happens to the file."""

import abuse
from case import MailServerCase


class LogRotation(MailServerCase):
    def test_a_new_file(self):
        self.abuse_around("10.77.0.2", self.postfix.rotate_log)

    def test_copied_and_cut(self):
        self.abuse_around("10.77.0.3", self.postfix.cut_log)

    def test_a_new_file_while_nobody_reads(self):
        def rotate():
            self.brattice.kill()
            abuse.try_relay(self.network, client, 1)
            self.postfix.rotate_log()
            abuse.try_relay(self.network, client, 1)
            self.brattice.start()
        client = "10.77.0.4"
        self.abuse_around(client, rotate, 2)

    def abuse_around(self, client, rotate, meanwhile=0):
        for _ in range(3):
            abuse.try_relay(self.network, client, 1)
        self.brattice.wait_events(client, 3)
        rotate()
        for _ in range(3):
            abuse.try_relay(self.network, client, 1)
        self.brattice.wait_quiet(client)
        self.assertEqual(self.brattice.explanation(client).smtp.counts,
                         {"relay_denied": 6 + meanwhile},
                         self.brattice.why(client))
