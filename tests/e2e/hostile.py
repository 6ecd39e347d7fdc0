"""Text that clients choose to look like something a server wrote."""

VICTIM = "198.51.100.9"

# Every delimiter of a log line, alone and in the server's own phrases.
PRINTABLE = [
    "a> b",
    "a, b",
    "a] b",
    f"a[{VICTIM}]",
    f"[{VICTIM}]",
    f"rip={VICTIM}",
    f"a>, rip={VICTIM}, lip=10.77.0.1, session=<x",
    f"a, method=PLAIN, rip={VICTIM}, lip=10.77.0.1, session=<abc>",
    f"a (auth failed, 9 attempts in 9 secs): user=<b>, rip={VICTIM}",
    f"a from x[{VICTIM}]: 554 5.7.1 <b>: Relay access denied; from=<c>",
    f"unknown[{VICTIM}]: SASL PLAIN authentication failed: "
    "authentication failure",
    f"a: Connection: x[{VICTIM}]; from=<b> to=<c> proto=ESMTP helo=<d>",
    f"x; client=b[{VICTIM}]",
    f"a,{VICTIM},<sess>): Password mismatch",
    f"a,{VICTIM}",
    f"a,{VICTIM})",
    "a(b)c",
    "a=b",
    'a"b',
    "a'b",
    "a;b",
    "a:b",
    "a%s%n%u{rip}",
    "a\\b\\n",
    "from=<a>",
    f"reject: RCPT from x[{VICTIM}]",
    "ümläut€",
]

# Servers write these in a changed or shortened form, each in its own.
OTHERS = [
    "a\tb",
    "a\x01b\x1b[31mc\x7f",
    b"a\xff\xfe\x80b",
    b"a\xe2\x80\xaeb",
    "x" * 300,
]

WORDS = PRINTABLE + OTHERS


def raw(word):
    return word if isinstance(word, bytes) else word.encode()
