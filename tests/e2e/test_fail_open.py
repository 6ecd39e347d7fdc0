"""Mail flows while bratticed is dead, and while it is stuck."""

import sys
import time

import abuse
from case import MailServerCase

LIMIT_S = 10


class FailOpen(MailServerCase):
    def test_mail_is_delivered(self):
        client = "10.77.0.2"
        running = self.deliver(client)
        self.brattice.pause()
        stopped = self.deliver(client)
        self.brattice.resume()
        again = self.deliver(client)
        self.brattice.kill()
        dead = self.deliver(client)
        self.brattice.start()
        back = self.deliver(client)
        print(f"\na message takes {running:.2f} s; bratticed stopped: "
              f"{stopped:.2f} s, going on: {again:.2f} s, dead: {dead:.2f} s,"
              f" started again: {back:.2f} s", file=sys.stderr)
        self.assertLess(max(stopped, dead), LIMIT_S)

    def test_users_log_in(self):
        client = "10.77.0.3"
        running = self.log_in(client)
        self.brattice.kill()
        dead = self.log_in(client)
        self.brattice.start()
        back = self.log_in(client)
        self.brattice.pause()
        stopped = self.log_in(client)
        self.brattice.resume()
        again = self.log_in(client)
        print(f"\nan IMAP and a POP3 login take {running:.2f} s; bratticed "
              f"dead: {dead:.2f} s, started again: {back:.2f} s, "
              f"stopped: {stopped:.2f} s, going on: {again:.2f} s",
              file=sys.stderr)

    def deliver(self, client):
        """Seconds until a message stands in the log as delivered."""
        self.postfix.log.mark()
        begin = time.monotonic()
        reply = abuse.send_mail(self.network, client)
        self.assertRegex(reply, "^250 .* queued")
        self.postfix.delivered()
        return time.monotonic() - begin

    def log_in(self, client):
        begin = time.monotonic()
        imap, pop3 = abuse.logins(self.network, client)
        self.assertRegex(imap, "(?m)^a OK")
        self.assertRegex(pop3, r"^\+OK")
        return time.monotonic() - begin
