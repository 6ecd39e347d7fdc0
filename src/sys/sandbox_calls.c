/* SPDX-License-Identifier: ISC */

#include "sys/sandbox_calls.h"

#include <asm/termbits.h>
#include <errno.h>
#include <linux/netlink.h>
#include <linux/sched.h>
#include <seccomp.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
	MONITOR = 1 << SANDBOX_MONITOR,
	ENGINE = 1 << SANDBOX_ENGINE,
	RESPONDER = 1 << SANDBOX_RESPONDER,
	MILTER = 1 << SANDBOX_MILTER,
	CHILDREN = ENGINE | RESPONDER | MILTER,
	EVERYONE = MONITOR | CHILDREN,
	DISK = MONITOR | ENGINE,

	CALL_NAME_MAX = 32,
	ANY_NAMESPACE = CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS |
			CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID |
			CLONE_NEWNET,
};

#if defined(__s390__)
enum {
	CLONE_FLAGS = 1
}; /* the stack comes first there */
#else
enum {
	CLONE_FLAGS = 0
};
#endif

/* Calls that are allowed whatever their arguments are. */
static const struct {
	unsigned roles;
	const char *names; /* parted by one space */
} free_calls[] = {
	/* Descriptors. */
	{ EVERYONE, "read write readv writev pread64 pwrite64 preadv pwritev "
		    "lseek close dup dup2 dup3 fcntl fcntl64 pipe pipe2 "
		    "eventfd2 sendfile sendfile64 fstat fstat64 newfstatat "
		    "fstatat64 statx stat stat64 lstat lstat64" },
	{ EVERYONE, "epoll_create epoll_create1 epoll_ctl epoll_wait "
		    "epoll_pwait epoll_pwait2 poll ppoll select pselect6 "
		    "ppoll_time64 timerfd_create timerfd_settime "
		    "timerfd_gettime" },
	/* Sockets that it has, no new ones. */
	{ EVERYONE, "accept accept4 recvfrom recvmsg recvmmsg sendto sendmsg "
		    "sendmmsg shutdown getsockname getpeername getsockopt "
		    "setsockopt socketpair" },
	/* Memory. */
	{ EVERYONE, "munmap mremap madvise brk mlock munlock mincore msync" },
	/* Threads, signals, time. */
	{ EVERYONE, "futex futex_time64 set_robust_list get_robust_list rseq "
		    "set_tid_address sched_yield sched_getaffinity membarrier "
		    "rt_sigaction rt_sigprocmask rt_sigreturn sigreturn "
		    "rt_sigtimedwait sigaltstack restart_syscall exit "
		    "exit_group" },
	{ EVERYONE, "clock_gettime clock_gettime64 clock_getres "
		    "clock_nanosleep clock_nanosleep_time64 nanosleep "
		    "gettimeofday time" },
	/* Who am I, what is there. */
	{ EVERYONE, "getpid getppid gettid getuid geteuid getgid getegid "
		    "getuid32 geteuid32 getgid32 getegid32 getresuid "
		    "getresgid getgroups getrandom getrusage times uname "
		    "sysinfo getcpu umask" },
	/* Files: Landlock says which. */
	{ EVERYONE, "openat access faccessat faccessat2 readlink readlinkat "
		    "getcwd getdents64" },
	{ DISK, "fsync fdatasync sync_file_range ftruncate ftruncate64 "
		"fallocate fadvise64 fadvise64_64 flock unlink unlinkat "
		"rename renameat renameat2 statfs statfs64 fstatfs "
		"fstatfs64 fchmod fchown" },
	{ DISK, "inotify_init1 inotify_add_watch inotify_rm_watch" },
	/* getifaddrs() binds its netlink socket; Landlock guards TCP. */
	{ DISK, "bind" },
	/* Sockets for the children. */
	{ MONITOR, "listen connect chown fchownat chmod fchmodat" },
	/* Children: begin, become another user, shut themselves in. */
	{ MONITOR, "execve vfork wait4 waitid kill tgkill tkill setsid "
		   "setpgid chdir fchdir close_range arch_prctl" },
	{ MONITOR, "setuid setgid setresuid setresgid setgroups capget "
		   "capset setrlimit seccomp landlock_create_ruleset "
		   "landlock_add_rule landlock_restrict_self" },
};

#define ARG_IS(n, v)                     \
	{                                \
		(n), SCMP_CMP_EQ, (v), 0 \
	}
#define ARG_NOT(n, v)                    \
	{                                \
		(n), SCMP_CMP_NE, (v), 0 \
	}
#define ARG_HAS(n, bits, v)                          \
	{                                            \
		(n), SCMP_CMP_MASKED_EQ, (bits), (v) \
	}

/* Calls that depend on their arguments.  What libraries try and can do
 * without gets an error, not death. */
static const struct gate {
	unsigned roles;
	const char *name;
	int error; /* 0: allowed */
	unsigned n;
	struct scmp_arg_cmp when[2];
} gates[] = {
	{ EVERYONE, "mmap", 0, 1, { ARG_HAS(2, PROT_EXEC, 0) } },
	{ EVERYONE, "mmap2", 0, 1, { ARG_HAS(2, PROT_EXEC, 0) } },
	{ EVERYONE, "mprotect", 0, 1, { ARG_HAS(2, PROT_EXEC, 0) } },
	/* The loader of a child maps its program, never writable. */
	{ MONITOR, "mmap", 0, 1,
		{ ARG_HAS(2, PROT_EXEC | PROT_WRITE, PROT_EXEC) } },
	{ MONITOR, "mmap2", 0, 1,
		{ ARG_HAS(2, PROT_EXEC | PROT_WRITE, PROT_EXEC) } },
	{ MONITOR, "mmap", EACCES, 1,
		{ ARG_HAS(
			2, PROT_EXEC | PROT_WRITE, PROT_EXEC | PROT_WRITE) } },
	{ CHILDREN, "mmap", EACCES, 1, { ARG_HAS(2, PROT_EXEC, PROT_EXEC) } },
	{ EVERYONE, "mprotect", EACCES, 1,
		{ ARG_HAS(2, PROT_EXEC, PROT_EXEC) } },

	/* seccomp can't look into clone3's argument: glibc falls back. */
	{ EVERYONE, "clone3", ENOSYS, 0, { { 0 } } },
	{ CHILDREN, "clone", 0, 1,
		{ ARG_HAS(CLONE_FLAGS, CLONE_THREAD | ANY_NAMESPACE,
			CLONE_THREAD) } },
	{ MONITOR, "clone", 0, 1, { ARG_HAS(CLONE_FLAGS, ANY_NAMESPACE, 0) } },
	/* libuv falls back to its threads. */
	{ EVERYONE, "io_uring_setup", ENOSYS, 0, { { 0 } } },

	{ DISK, "socket", 0, 2,
		{ ARG_IS(0, AF_NETLINK), ARG_IS(2, NETLINK_ROUTE) } },
	{ DISK, "socket", EAFNOSUPPORT, 2,
		{ ARG_IS(0, AF_NETLINK), ARG_NOT(2, NETLINK_ROUTE) } },
	{ ENGINE, "socket", EAFNOSUPPORT, 1, { ARG_NOT(0, AF_NETLINK) } },
	{ RESPONDER | MILTER, "socket", EAFNOSUPPORT, 0, { { 0 } } },
	{ MONITOR, "socket", 0, 1, { ARG_IS(0, AF_UNIX) } },
	{ MONITOR, "socket", 0, 2,
		{ ARG_IS(0, AF_INET), ARG_HAS(1, 0xf, SOCK_STREAM) } },
	{ MONITOR, "socket", 0, 2,
		{ ARG_IS(0, AF_INET6), ARG_HAS(1, 0xf, SOCK_STREAM) } },

	/* The wiring's text for a child, to be sealed. */
	{ MONITOR, "memfd_create", 0, 1,
		{ ARG_IS(1, MFD_CLOEXEC | MFD_ALLOW_SEALING) } },

	/* Reading its own limits, not setting them. */
	{ CHILDREN, "prlimit64", 0, 2, { ARG_IS(0, 0), ARG_IS(2, 0) } },
	{ CHILDREN, "prlimit64", EACCES, 2, { ARG_IS(0, 0), ARG_NOT(2, 0) } },
	{ MONITOR, "prlimit64", 0, 1, { ARG_IS(0, 0) } },

	{ EVERYONE, "ioctl", 0, 1, { ARG_IS(1, FIONBIO) } },
	{ EVERYONE, "ioctl", 0, 1, { ARG_IS(1, FIOCLEX) } },
	{ EVERYONE, "ioctl", 0, 1, { ARG_IS(1, FIONREAD) } },
	{ EVERYONE, "ioctl", 0, 1, { ARG_IS(1, TCGETS) } },
	{ EVERYONE, "ioctl", 0, 1, { ARG_IS(1, TIOCGWINSZ) } },

	{ EVERYONE, "prctl", 0, 1, { ARG_IS(0, PR_SET_NAME) } },
	{ EVERYONE, "prctl", 0, 1, { ARG_IS(0, PR_GET_NAME) } },
	{ MONITOR, "prctl", 0, 1, { ARG_IS(0, PR_SET_NO_NEW_PRIVS) } },
	{ MONITOR, "prctl", 0, 1, { ARG_IS(0, PR_GET_NO_NEW_PRIVS) } },
	{ MONITOR, "prctl", 0, 1, { ARG_IS(0, PR_SET_DUMPABLE) } },
	{ MONITOR, "prctl", 0, 1, { ARG_IS(0, PR_SET_PDEATHSIG) } },
	{ MONITOR, "prctl", 0, 1, { ARG_IS(0, PR_CAPBSET_READ) } },
	{ MONITOR, "prctl", 0, 1, { ARG_IS(0, PR_CAP_AMBIENT) } },
	{ MONITOR, "prctl", 0, 1, { ARG_IS(0, PR_GET_SECUREBITS) } },
	{ MONITOR, "prctl", 0, 1, { ARG_IS(0, PR_GET_SECCOMP) } },
};

static uint32_t
action_of(enum sandbox_mode mode)
{
	static const uint32_t actions[] = {
		[SANDBOX_KILL] = SCMP_ACT_KILL_PROCESS,
		[SANDBOX_REFUSE] = SCMP_ACT_ERRNO(EPERM),
		[SANDBOX_LOG] = SCMP_ACT_LOG,
	};

	return actions[mode];
}

/* A name that this machine doesn't have is passed over. */
static int
add_rule(scmp_filter_ctx *filter, const struct gate *g)
{
	int call = seccomp_syscall_resolve_name(g->name);

	if (call == __NR_SCMP_ERROR)
		return 0;
	return seccomp_rule_add_array(filter,
		g->error ? SCMP_ACT_ERRNO((unsigned)g->error) : SCMP_ACT_ALLOW,
		call, g->n, g->when);
}

static int
add_names(scmp_filter_ctx *filter, const char *names)
{
	char name[CALL_NAME_MAX];
	const struct gate gate = { .name = name };
	int rc = 0;

	while (*names && !rc) {
		size_t n = strcspn(names, " ");

		memcpy(name, names, n);
		name[n] = '\0';
		names += names[n] ? n + 1 : n;
		rc = add_rule(filter, &gate);
	}
	return rc;
}

/* abort() and raise() are signals to oneself. */
static int
add_own_signals(scmp_filter_ctx *filter)
{
	const struct gate self = { .name = "tgkill",
		.n = 1,
		.when = { ARG_IS(0, (scmp_datum_t)getpid()) } };

	return add_rule(filter, &self);
}

static int
add_role(scmp_filter_ctx *filter, enum sandbox_role role)
{
	int rc = 0;

	for (unsigned i = 0; i < ARRAY_LEN(free_calls) && !rc; i++)
		if (free_calls[i].roles & 1U << role)
			rc = add_names(filter, free_calls[i].names);
	for (unsigned i = 0; i < ARRAY_LEN(gates) && !rc; i++)
		if (gates[i].roles & 1U << role)
			rc = add_rule(filter, &gates[i]);
	if (!rc && role != SANDBOX_MONITOR)
		rc = add_own_signals(filter);
	return rc;
}

/* The looks of the filter; what an older libseccomp or kernel hasn't got
 * is left out. */
static void
set_options(scmp_filter_ctx *filter, enum sandbox_mode mode)
{
	seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, action_of(mode));
	seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1);
	seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2);
}

int
sandbox_calls_enter(const struct sandbox_plan *plan)
{
	scmp_filter_ctx *filter = seccomp_init(action_of(plan->mode));
	int rc;

	if (!filter)
		return -ENOSYS;
	set_options(filter, plan->mode);
	rc = add_role(filter, plan->role);
	if (!rc)
		rc = seccomp_load(filter);
	seccomp_release(filter);
	return rc;
}
