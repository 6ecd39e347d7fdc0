"""Never-block beats everything, at once."""

import abuse
from case import MailServerCase
from netns import SERVER_V4


class Never(MailServerCase):
    def test_it_lifts_a_block_in_the_next_reply(self):
        client = "10.77.0.2"
        abuse.try_relay(self.network, client, 10)
        self.assertBlocked(client)
        self.assertRegex(abuse.first_line(self.network, client), "^421")

        self.brattice.run("never", "add", "10.77.0.2/31", "-m", "head office")

        self.assertRegex(abuse.first_line(self.network, client), "^220")
        imap, _ = abuse.logins(self.network, client)
        self.assertRegex(imap, "(?m)^a OK")

    def test_it_holds_whatever_arrives(self):
        client = "10.77.0.4"
        self.brattice.run("never", "add", client)
        for _ in range(3):
            abuse.vendors_example(self.network, client)
        self.brattice.wait_events(client, 3 * 19)
        self.brattice.call("block", client)

        self.assertNotBlocked(client)
        self.assertRegex(abuse.first_line(self.network, client), "^220")

    def test_the_machine_itself_is_never_blocked(self):
        self.brattice.call("block", "127.0.0.1")
        self.brattice.call("block", SERVER_V4)
        for address in ("127.0.0.1", "::1", SERVER_V4):
            self.assertNotBlocked(address)
