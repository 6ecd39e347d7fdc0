# SPDX-License-Identifier: ISC
"""Strings that an attacker may send wherever he has a say: as HELO, user
name, session, or in the server's words about him.  All are made here, so
that the list is the same on every machine."""

MARK = "hostile"

SCRIPTS = [
    "<script>{}</script>", "<img src=x onerror={}>", "<svg onload={}>",
    "<body onload={}>", "<iframe srcdoc='<script>{}</script>'>",
    "<a href='javascript:{}'>x</a>", "<math><a xlink:href=javascript:{}>x",
    "<details open ontoggle={}>", "<input autofocus onfocus={}>",
    "<style>@import 'javascript:{}'</style>", "<object data=javascript:{}>",
    "<video><source onerror={}>", "<form action=javascript:{}><button>",
    "<template><script>{}</script></template>", "<base href=javascript:{}>",
]
OUTS = ["", "'", '"', "`", "-->", "]]>", "</td></tr></table>", "</script>",
        "</textarea>", "</title>", "\\", "\\'", "&quot;", "&#39;", "%22"]
TEMPLATES = ["{{{}}}", "${{{}}}", "#{{{}}}", "<%= {} %>", "{{{{{}}}}}",
             "[[{}]]", "{{% {} %}}", "@{{{}}}", "{{n, plural, other {{{}}}}}",
             "%({})s"]
CONTROLS = [chr(c) for c in range(1, 32)] + [chr(c) for c in range(127, 160)]
BIDI = [chr(c) for c in (0x061c, 0x200e, 0x200f, *range(0x202a, 0x202f),
                         *range(0x2066, 0x206a))]
ODD = ["", " ", "\t\t", ".", "..", "../../etc/passwd", "//host.example/x",
       "?q=1&limit=0#x", "%00", "%0d%0aSet-Cookie: a=b", "null", "undefined",
       "NaN", "true", "[object Object]", "__proto__", "constructor",
       "toString", "'; DROP TABLE events; --", "\" OR 1=1 --",
       "=cmd|'/C calc'!A0", "+1+1", "-1+1", "@SUM(A1)", "\ufeffBOM",
       "\ufffd", "\u2028line\u2029paragraph", "e\u0301" * 50,
       "a" + "\u0300" * 200, "\U0001f469\u200d\U0001f680", "\u0000"]
LONG = ["x" * 10240, "<b>" * 3413, "\u202e" * 3413, "a " * 5120,
        "\u754c" * 3413, "&amp;" * 2048]


def strings():
    """At least 300 different ones, in a fixed order."""
    call = f"window.{MARK}=1"
    found = [out + script.format(call) for script in SCRIPTS
             for out in OUTS[:13]]
    found += [t.format(call) for t in TEMPLATES]
    found += [f"a{c}<b>{c}" for c in CONTROLS + BIDI]
    found += [out + MARK for out in OUTS] + ODD + LONG
    return list(dict.fromkeys(found))
