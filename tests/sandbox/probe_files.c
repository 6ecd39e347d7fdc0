/* SPDX-License-Identifier: ISC */

#include <fcntl.h>
#include <linux/stat.h>
#include <stddef.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/def.h"
#include "probe.h"

static const char *const true_args[] = { "true", "true", NULL };
static const char *const loader_args[] = { "loader", "/bin/true", NULL };
static const struct sockaddr_un outside_socket = { .sun_family = AF_UNIX,
	.sun_path = "outside/socket" };

/* Code that never was a file: written to memory, then executed. */
static long
run_from_memory(void)
{
	static const char script[] = "#!/bin/true\n";
	long fd = syscall(SYS_memfd_create, "probe", 0);

	if (fd < 0 || write((int)fd, script, sizeof(script) - 1) < 0)
		return -1;
	return syscall(
		SYS_execveat, fd, "", true_args, NULL, 0x1000 /* empty path */);
}

#define AT_CALL(name, nr, ...)                   \
	{                                        \
		name, NULL, nr,                  \
		{                                \
			N(AT_FDCWD), __VA_ARGS__ \
		}                                \
	}

const struct operation file_operations[] = {
	AT_CALL("read /etc/shadow", SYS_openat, N("/etc/shadow"), N(O_RDONLY)),
	AT_CALL("read a file outside", SYS_openat, N("outside/file"),
		N(O_RDONLY)),
	AT_CALL("list a folder outside", SYS_openat, N("/etc"),
		N(O_RDONLY | O_DIRECTORY)),
	AT_CALL("leave the state folder by ..", SYS_openat,
		N("state/../outside/file"), N(O_RDONLY)),
	AT_CALL("leave it by a link", SYS_openat, N("state/way-out"),
		N(O_RDONLY)),
	{ "by an open folder", NULL, SYS_openat,
		{ N(FD_FOLDER), N("outside/file"), N(O_RDONLY) } },
	AT_CALL("write to a file outside", SYS_openat, N("outside/file"),
		N(O_WRONLY)),
	AT_CALL("write to a log", SYS_openat, N("logs/file"), N(O_WRONLY)),
	AT_CALL("make a file outside", SYS_openat, N("outside/new"),
		N(O_WRONLY | O_CREAT), N(0600)),
	AT_CALL("empty a file outside", SYS_openat, N("outside/file"),
		N(O_RDONLY | O_TRUNC)),
	{ "truncate a file outside", NULL, SYS_truncate,
		{ N("outside/file"), N(0) } },
	AT_CALL("unlink a file outside", SYS_unlinkat, N("outside/file"), N(0)),
	AT_CALL("unlink a log", SYS_unlinkat, N("logs/file"), N(0)),
	AT_CALL("rename outside", SYS_renameat2, N("outside/file"), N(AT_FDCWD),
		N("outside/other"), N(0)),
	AT_CALL("move a file out", SYS_renameat2, N("state/file"), N(AT_FDCWD),
		N("outside/file"), N(0)),
	AT_CALL("move a file in", SYS_renameat2, N("outside/file"), N(AT_FDCWD),
		N("state/stolen"), N(0)),
	AT_CALL("link a file in", SYS_linkat, N("outside/file"), N(AT_FDCWD),
		N("state/stolen"), N(0)),
	{ "symlink outside", NULL, SYS_symlinkat,
		{ N("/etc/shadow"), N(AT_FDCWD), N("outside/link") } },
	{ "symlink in the state folder", NULL, SYS_symlinkat,
		{ N("/etc/shadow"), N(AT_FDCWD), N("state/link") } },
	AT_CALL("mkdir outside", SYS_mkdirat, N("outside/new"), N(0700)),
	AT_CALL("rmdir outside", SYS_unlinkat, N("outside/folder"),
		N(AT_REMOVEDIR)),
	AT_CALL("mknod: a pipe outside", SYS_mknodat, N("outside/pipe"),
		N(S_IFIFO | 0600), N(0)),
	AT_CALL("mknod: the memory", SYS_mknodat, N("state/memory"),
		N(S_IFCHR | 0600), N(0x101)),
	{ "bind a Unix socket outside", NULL, SYS_bind,
		{ N(FD_UNIX), &outside_socket, N(sizeof(outside_socket)) } },
	{ "chmod outside", NULL, SYS_chmod, { N("outside/file"), N(0666) },
		1 << 0 },
	{ "chown outside", NULL, SYS_chown, { N("outside/file"), N(-1), N(-1) },
		1 << 0 },
	AT_CALL("utimensat outside", SYS_utimensat, N("outside/file"), N(0),
		N(0)),
	{ "setxattr outside", NULL, SYS_setxattr,
		{ N("outside/file"), N("user.probe"), N("x"), N(1), N(0) } },
	{ "removexattr outside", NULL, SYS_removexattr,
		{ N("outside/file"), N("user.probe") } },
	AT_CALL("the environment of init", SYS_openat, N("/proc/1/environ"),
		N(O_RDONLY)),
	AT_CALL("the kernel's log", SYS_openat, N("/dev/kmsg"), N(O_RDONLY)),
	AT_CALL("a terminal", SYS_openat, N("/dev/ptmx"), N(O_RDWR)),
	AT_CALL("sysctl", SYS_openat, N("/proc/sys/kernel/core_pattern"),
		N(O_WRONLY)),
	AT_CALL("name_to_handle_at", SYS_name_to_handle_at, N("outside/file"),
		N(0), N(0), N(0)),
	AT_CALL("open_by_handle_at", SYS_open_by_handle_at, N(0), N(O_RDONLY)),
	AT_CALL("openat2", SYS_openat2, N("outside/file"), N(0), N(0)),
	{ "chroot", NULL, SYS_chroot, { N("outside") } },
	{ "execute a program", NULL, SYS_execve,
		{ N("/bin/true"), true_args } },
#if defined(__x86_64__)
	{ "execute it by the loader", NULL, SYS_execve,
		{ N("/lib64/ld-linux-x86-64.so.2"), loader_args } },
#endif
	{ "execute what it wrote", NULL, SYS_execve,
		{ N("state/program"), true_args } },
	AT_CALL("execveat", SYS_execveat, N("/bin/true"), true_args),
	{ "execute from memory", run_from_memory, 0, { 0 }, 0 },
	{ "memfd_create", NULL, SYS_memfd_create, { N("probe"), N(0) } },
	{ "fanotify_init", NULL, SYS_fanotify_init, { N(0), N(0) } },
	{ "sync everything", NULL, SYS_syncfs, { N(FD_FOLDER) } },
	{ "splice", NULL, SYS_splice, { N(-1), 0, N(-1), 0, N(1) } },
};

const unsigned file_operations_n = ARRAY_LEN(file_operations);
