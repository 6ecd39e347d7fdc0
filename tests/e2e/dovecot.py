"""A Dovecot 2.3 of our own: IMAP, POP3, SASL for Postfix, auth policy."""

import os
import signal

from waiting import LogFile, children, spawn, stop, until

USERS = {"alice@example.test": "secret", "bob@example.test": "hunter2"}
NONCE = "a nonce for the tests"

CONFIG = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log/dovecot.log
protocols = imap pop3
listen = *, ::
ssl = yes
ssl_cert = <{certificate.chain}
ssl_key = <{certificate.key}
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_verbose = yes
auth_failure_delay = 0
mail_location = maildir:{folder}/mail/%n
first_valid_uid = 1
default_vsz_limit = 128M
userdb {{
  driver = static
  args = uid=65534 gid=65534 home={folder}/mail/%n
}}
service auth {{
  inet_listener postfix {{
    address = 127.0.0.1
    port = 12345
  }}
}}
service anvil {{
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  unix_listener stats-writer {{
    mode = 0666
  }}
}}
"""

POLICY = """
auth_policy_server_url = {url}
auth_policy_server_api_header = X-API-Key: {token}
auth_policy_hash_nonce = {nonce}
auth_policy_server_timeout_msecs = 2000
"""

PASSWD_FILE = """
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%u {folder}/users
}}
"""

# Every user exists and has the password x; any character is fine in a name.
CREDULOUS = """
auth_username_chars =
passdb {{
  driver = static
  args = password=x
}}
"""


class Dovecot:
    """Configure, start(), use .log, stop().

    policy is the (url, token) of an auth policy server, or None; passdb
    says where passwords come from; extra is configuration text that may
    override everything before it.
    """

    def __init__(self, folder, network, certificate, policy=None,
                 passdb=PASSWD_FILE, extra="", users=None):
        self.folder = folder
        self.network = network
        self.config = folder / "dovecot.conf"
        self.log = LogFile(folder / "log" / "dovecot.log")
        self.process = None
        for name in ("log", "mail", "state"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        os.chown(folder / "mail", 65534, 65534)
        text = (CONFIG + passdb).format(folder=folder,
                                        certificate=certificate)
        if policy:
            url, token = policy
            text += POLICY.format(url=url, token=token, nonce=NONCE)
        self.config.write_text(text + extra)
        (folder / "users").write_text("".join(
            f"{user}:{{PLAIN}}{password}\n"
            for user, password in (USERS | (users or {})).items()))

    def start(self):
        self.log.mark()
        self.process = spawn("/usr/sbin/dovecot", "-F", "-c", self.config,
                             netns=self.network.server)
        self.log.wait("starting up")
        until("auth socket", (self.folder / "run/auth-login").exists)
        return self

    def stop(self):
        if self.process:
            stop(self.process)
            self.process = None

    def auth_pid(self):
        """The pid of the process that checks passwords."""
        for child in children(self.process.pid):
            with open(f"/proc/{child}/comm", encoding="utf-8") as comm:
                if comm.read().strip() == "auth":
                    return child
        raise LookupError("no auth process")

    def freeze_auth(self):
        """Passwords are not checked any more; returns the way back."""
        pid = self.auth_pid()
        os.kill(pid, signal.SIGSTOP)
        return lambda: os.kill(pid, signal.SIGCONT)
