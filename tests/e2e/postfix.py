"""A Postfix of our own: scratch folder, no systemd, no syslog."""

import os
import pathlib
import shutil
import signal

from waiting import LogFile, spawn, stop, until

DAEMONS = "/usr/lib/postfix/sbin"
USERS = ("alice@example.test", "bob@example.test")

# The line that Brattice ships (design.md 8): mail flows without Brattice.
POLICY = ("check_policy_service { unix:private/brattice, timeout=2s, "
          "try_limit=1, default_action=DUNNO }")

MAIN = {
    "compatibility_level": "3.6",
    "command_directory": "/usr/sbin",
    "daemon_directory": DAEMONS,
    "mail_owner": "postfix",
    "setgid_group": "postdrop",
    "myhostname": "mx.example.test",
    "mydomain": "example.test",
    "mydestination": "",
    "alias_maps": "",
    "mynetworks": "127.0.0.0/8 [::1]/128",
    "inet_protocols": "all",
    "smtpd_peername_lookup": "no",
    "smtp_dns_support_level": "disabled",
    "virtual_mailbox_domains": "example.test",
    "virtual_mailbox_base": "/nonexistent",
    "virtual_uid_maps": "static:65534",
    "virtual_gid_maps": "static:65534",
    "virtual_transport": "discard",
    "default_transport": "discard",
    "smtpd_sasl_type": "dovecot",
    "smtpd_sasl_path": "inet:127.0.0.1:12345",
    "smtpd_sasl_auth_enable": "yes",
    "smtpd_tls_security_level": "may",
    "smtpd_helo_required": "yes",
    "strict_rfc821_envelopes": "yes",
    "smtpd_error_sleep_time": "0",
    "disable_vrfy_command": "yes",
    "smtpd_relay_restrictions": "permit_mynetworks, "
                                "permit_sasl_authenticated, "
                                "reject_unauth_destination",
    "smtpd_recipient_restrictions": "reject_unlisted_recipient",
}

SUBMISSION = {
    "syslog_name": "postfix/submission",
    "smtpd_relay_restrictions": "permit_sasl_authenticated,reject",
}
SMTPS = SUBMISSION | {
    "syslog_name": "postfix/smtps",
    "smtpd_tls_wrappermode": "yes",
}

# name, type, private, unpriv, chroot, wakeup, maxproc, command
INTERNAL = """
pickup    unix       n - n 60    1 pickup
cleanup   unix       n - n -     0 cleanup
qmgr      unix       n - n 300   1 qmgr
tlsmgr    unix       - - n 1000? 1 tlsmgr
rewrite   unix       - - n -     - trivial-rewrite
bounce    unix       - - n -     0 bounce
defer     unix       - - n -     0 bounce
trace     unix       - - n -     0 bounce
verify    unix       - - n -     1 verify
proxymap  unix       - - n -     - proxymap
showq     unix       n - n -     - showq
error     unix       - - n -     - error
retry     unix       - - n -     - error
discard   unix       - - n -     - discard
anvil     unix       - - n -     1 anvil
postlog   unix-dgram n - n -     1 postlogd
"""

QUEUE = dict.fromkeys(
    ("active", "bounce", "corrupt", "defer", "deferred", "flush", "hold",
     "incoming", "private", "saved", "trace"), ("postfix", 0o700)
) | {"maildrop": ("postdrop", 0o730), "public": ("postdrop", 0o710)}


class Postfix:
    """Configure, start(), use .log, stop().

    policy is put before everything else a client can do; None leaves it out.
    main changes main.cf, services adds smtpd listeners ({port: {option:
    value}}), tables writes lookup files ({name: text}) into self.etc.
    """

    def __init__(self, folder, network, certificate, policy=POLICY,
                 main=None, services=None, tables=None, chroot=True):
        self.network = network
        self.etc = folder / "etc"
        self.spool = folder / "spool"
        self.log = LogFile(folder / "log" / "mail.log")
        self.process = None
        early = {"smtpd_delay_reject": "no"}
        if policy:
            early["smtpd_client_restrictions"] = policy
        ports = {25: early, 587: early | SUBMISSION, 465: early | SMTPS}
        self.services = ports | (services or {})
        self.chroot = "y" if chroot else "n"
        self._make_folders(folder)
        for name, text in ({"mailboxes": _table(USERS)} |
                           (tables or {})).items():
            (self.etc / name).write_text(text)
        self._write_main(folder, certificate, main or {})
        self._write_master()

    @property
    def socket(self):
        """Where Brattice must listen for POLICY."""
        return self.spool / "private" / "brattice"

    def _make_folders(self, folder):
        for name in ("etc", "log", "data", "spool", "spool/pid"):
            (folder / name).mkdir(parents=True)
        for name, (group, mode) in QUEUE.items():
            queue = self.spool / name
            queue.mkdir()
            shutil.chown(queue, "postfix", group)
            queue.chmod(mode)
        shutil.chown(folder / "data", "postfix", "postfix")
        (self.spool / "etc").mkdir()
        for name in ("services", "hosts", "nsswitch.conf"):
            shutil.copy(pathlib.Path("/etc") / name, self.spool / "etc")
        (self.spool / "etc" / "resolv.conf").write_text(
            "nameserver 127.0.0.1\noptions timeout:1 attempts:1\n")

    def _write_main(self, folder, certificate, changes):
        places = {
            "queue_directory": self.spool,
            "data_directory": folder / "data",
            "maillog_file": self.log.path,
            "maillog_file_prefixes": folder,
            "virtual_mailbox_maps": f"texthash:{self.etc}/mailboxes",
            "smtpd_tls_cert_file": certificate.chain,
            "smtpd_tls_key_file": certificate.key,
        }
        with open(self.etc / "main.cf", "w", encoding="utf-8") as file:
            for name, value in (MAIN | places | changes).items():
                file.write(f"{name} = {value}\n")

    def _write_master(self):
        with open(self.etc / "master.cf", "w", encoding="utf-8") as file:
            for port, options in self.services.items():
                file.write(f"{port} inet n - {self.chroot} - - smtpd\n")
                for name, value in options.items():
                    file.write(f"  -o {{ {name} = {value} }}\n")
            file.write(INTERNAL)

    def start(self):
        self.log.mark()
        self.process = spawn(f"{DAEMONS}/master", "-s", "-c", self.etc,
                             netns=self.network.server)
        self.log.wait("daemon started")
        return self

    def stop(self):
        if self.process:
            stop(self.process)
            self.process = None

    def rotate_log(self):
        """As logrotate does it: a new file, then tell Postfix."""
        path = self.log.path
        old = LogFile(path.with_suffix(".log.1"))
        path.rename(old.path)
        old.mark()
        path.touch()
        path.chmod(0o644)
        os.kill(self.process.pid, signal.SIGHUP)
        until("reload", lambda: "reload" in old.new() + self.log.text())

    def cut_log(self):
        """As logrotate's copytruncate does it."""
        path = self.log.path
        shutil.copy(path, path.with_suffix(".log.1"))
        os.truncate(path, 0)

    def delivered(self, seconds=10):
        """Wait for the next delivery since log.mark()."""
        return self.log.wait("status=sent", seconds)


def _table(keys):
    return "".join(f"{key} x\n" for key in keys)
