"""What a client does that is not welcome, and what it does when it is."""

from clients import Smtp, imap_login, pop3_login

ALICE = ("alice@example.test", "secret")
BOB = ("bob@example.test", "hunter2")
SMTP_TEXT = "Your connection has been blocked temporarily - Try again later"
LOGIN_TEXT = "Server access temporarily blocked! Please try again later"


def guess_passwords(network, source, count, user=ALICE[0], first=0):
    """AUTH with passwords that are wrong and all different."""
    with Smtp(network, source) as smtp:
        smtp.hello()
        for number in range(first, first + count):
            reply = smtp.auth_plain(user, f"guess {number}")
            assert reply.startswith("535"), reply
        smtp.say("QUIT")


def try_relay(network, source, count):
    """RCPT to domains that are none of the server's."""
    with Smtp(network, source) as smtp:
        smtp.hello()
        smtp.mail()
        for number in range(count):
            reply = smtp.rcpt(f"z{number}@elsewhere.test")
            assert reply.startswith("554"), reply
        smtp.say("QUIT")


def try_unknown_users(network, source, count):
    """RCPT to local users that do not exist."""
    with Smtp(network, source) as smtp:
        smtp.hello()
        smtp.mail()
        for number in range(count):
            reply = smtp.rcpt(f"nosuch{number}@example.test")
            assert reply.startswith("550"), reply
        smtp.say("QUIT")


def vendors_example(network, source):
    """2 relay attempts, 5 bad passwords and 12 unknown recipients: 1050."""
    try_relay(network, source, 2)
    guess_passwords(network, source, 5)
    try_unknown_users(network, source, 12)


def send_mail(network, source, port=25, login=None):
    """The last reply of a session that sends a message to bob."""
    with Smtp(network, source, port) as smtp:
        for step in (smtp.hello,
                     lambda: smtp.auth_plain(*login) if login else "250",
                     smtp.mail,
                     lambda: smtp.rcpt(BOB[0])):
            reply = step()
            if reply[:1] != "2":
                return reply
        return smtp.data()


def first_line(network, source, port=25):
    """What the server says to a client that only connects."""
    with Smtp(network, source, port) as smtp:
        return smtp.first


def logins(network, source, user=ALICE[0], password=ALICE[1]):
    """Replies of IMAP and POP3 to the same login."""
    return (imap_login(network, source, user, password)[1],
            pop3_login(network, source, user, password)[1])
