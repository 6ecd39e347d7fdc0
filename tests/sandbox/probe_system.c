/* SPDX-License-Identifier: ISC */

#include <linux/keyctl.h>
#include <linux/sched.h>
#include <netinet/in.h>
#include <signal.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/def.h"
#include "probe.h"

#define BY_MONITOR .spared = 1 << 0

enum {
	LOOPBACK = 0x7f000001,
	PORT = 9
};

const char abstract_name[] = "\0brattice-probe";

static const struct sockaddr_un abstract_socket = { .sun_family = AF_UNIX,
	.sun_path = "\0brattice-probe" };
static const struct sockaddr_in nobody_there = { .sin_family = AF_INET,
	.sin_port = __builtin_bswap16(PORT),
	.sin_addr = { __builtin_bswap32(LOOPBACK) } };
static const struct sockaddr_in any_port = { .sin_family = AF_INET,
	.sin_addr = { __builtin_bswap32(LOOPBACK) } };
static const struct timespec never = { .tv_nsec = -1 };
static const struct timeval never_either = { .tv_usec = -1 };
static struct rlimit limit;
static const int ordinary[1];

/* Written, then made executable. */
static long
make_executable(void)
{
	enum {
		PAGE = 4096
	};
	unsigned char *page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	page[0] = 0xc3;
	return mprotect(page, PAGE, PROT_READ | PROT_EXEC);
}

static void
on_no_such_gate(int signal)
{
	(void)signal;
	_exit(END_DENIED);
}

/* The table of calls of a 32-bit program: a way around a filter.  A kernel
 * built without it answers with SIGSEGV. */
static long
call_as_32_bit(void)
{
	long ret = 20; /* getpid */

	signal(SIGSEGV, on_no_such_gate);
#if defined(__x86_64__)
	__asm__ volatile("int $0x80" : "+a"(ret) : : "r8", "r9", "r10", "r11");
#endif
	return ret;
}

/* With a namespace of its own; the child ends at once. */
static long
clone_into_namespace(void)
{
	long pid = syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0);

	if (pid == 0)
		_exit(0);
	return pid;
}

#define CALL(n, nr, ...)                                           \
	{                                                          \
		.name = (n), .call = (nr), .args = { __VA_ARGS__ } \
	}
#define SPARED(n, nr, ...)                                                     \
	{                                                                      \
		.name = (n), .call = (nr), .args = { __VA_ARGS__ }, BY_MONITOR \
	}
#define SOCKET(name, family, type, protocol) \
	CALL(name, SYS_socket, N(family), N(type), N(protocol))

const struct operation system_operations[] = {
	SPARED("socket: TCP", SYS_socket, N(AF_INET), N(SOCK_STREAM), N(0)),
	SOCKET("socket: UDP", AF_INET, SOCK_DGRAM, 0),
	SOCKET("socket: UDP, IPv6", AF_INET6, SOCK_DGRAM, 0),
	SOCKET("socket: raw IP", AF_INET, SOCK_RAW, 1),
	SOCKET("socket: packets", AF_PACKET, SOCK_RAW, 0),
	SOCKET("socket: kernel events", AF_NETLINK, SOCK_RAW, 15),
	SOCKET("socket: audit", AF_NETLINK, SOCK_RAW, 9),
	SOCKET("socket: ciphers", AF_ALG, 5, 0),
	SOCKET("socket: virtual machines", AF_VSOCK, SOCK_STREAM, 0),
	CALL("connect to TCP", SYS_connect, N(FD_TCP), &nobody_there,
		N(sizeof(nobody_there))),
	SPARED("bind TCP", SYS_bind, N(FD_TCP), &any_port, N(sizeof(any_port))),
	SPARED("listen", SYS_listen, N(FD_TCP), N(1)),
	CALL("connect to an abstract socket", SYS_connect, N(FD_UNIX),
		&abstract_socket, N(sizeof(sa_family_t) + 15)),

	SPARED("fork", SYS_clone, N(SIGCHLD)),
	{ .name = "clone into a namespace", .run = clone_into_namespace },
	CALL("unshare: user", SYS_unshare, N(CLONE_NEWUSER)),
	CALL("unshare: network", SYS_unshare, N(CLONE_NEWNET)),
	CALL("unshare: mounts", SYS_unshare, N(CLONE_NEWNS)),
	CALL("setns", SYS_setns, N(FD_NAMESPACE), N(0)),
	CALL("ptrace the parent", SYS_ptrace, N(PTRACE_SEIZE), N(PARENT)),
	CALL("be traced", SYS_ptrace, N(PTRACE_TRACEME)),
	CALL("kill the parent", SYS_kill, N(PARENT), N(0)),
	CALL("kill init", SYS_kill, N(1), N(0)),
	CALL("tgkill the parent", SYS_tgkill, N(PARENT), N(PARENT), N(0)),
	CALL("rt_sigqueueinfo", SYS_rt_sigqueueinfo, N(PARENT), N(0)),
	CALL("pidfd_open", SYS_pidfd_open, N(PARENT), N(0)),
	CALL("pidfd_send_signal", SYS_pidfd_send_signal, N(FD_PARENT), N(0)),
	CALL("pidfd_getfd", SYS_pidfd_getfd, N(FD_PARENT), N(0), N(0)),
	CALL("process_vm_readv", SYS_process_vm_readv, N(PARENT)),
	CALL("process_vm_writev", SYS_process_vm_writev, N(PARENT)),
	CALL("kcmp", SYS_kcmp, N(PARENT), N(PARENT), N(1)),
	CALL("prlimit of the parent", SYS_prlimit64, N(PARENT), N(RLIMIT_CORE),
		N(0), &limit),
	CALL("setpriority", SYS_setpriority, N(PRIO_PROCESS), N(PARENT), N(0)),
	CALL("sched_setscheduler", SYS_sched_setscheduler, N(PARENT), N(0),
		ordinary),
	CALL("sched_setaffinity", SYS_sched_setaffinity, N(PARENT), N(0), N(0)),
	CALL("mmap: writable and executable", SYS_mmap, N(0), N(4096),
		N(PROT_READ | PROT_WRITE | PROT_EXEC),
		N(MAP_PRIVATE | MAP_ANONYMOUS), N(-1)),
	{ .name = "mprotect: executable", .run = make_executable },
	{ .name = "a 32-bit system call", .run = call_as_32_bit },
	CALL("io_uring_setup", SYS_io_uring_setup, N(1), N(0)),
	CALL("userfaultfd", SYS_userfaultfd, N(-1)),
	CALL("perf_event_open", SYS_perf_event_open, N(0), N(0), N(-1), N(-1)),
	CALL("personality", SYS_personality, N(ADDR_NO_RANDOMIZE)),
	CALL("shmget", SYS_shmget, N(0), N(0), N(0)),
	CALL("semget", SYS_semget, N(0), N(0), N(0)),
	CALL("msgget", SYS_msgget, N(1), N(0)),
	CALL("mlockall", SYS_mlockall, N(MCL_CURRENT)),
	CALL("mbind", SYS_mbind, N(0), N(0), N(0), N(0), N(0)),
	CALL("ioctl TIOCSTI", SYS_ioctl, N(0), N(TIOCSTI), N(0)),

	CALL("mount", SYS_mount, N("none"), N("nowhere"), N("tmpfs"), N(0)),
	CALL("umount", SYS_umount2, N("nowhere"), N(0)),
	CALL("fsopen", SYS_fsopen, N("tmpfs"), N(0)),
	CALL("open_tree", SYS_open_tree, N(-100), N("."), N(0)),
	CALL("pivot_root", SYS_pivot_root, N("nowhere"), N("nowhere")),
	CALL("bpf", SYS_bpf, N(0), N(0), N(0)),
	CALL("keyctl", SYS_keyctl, N(KEYCTL_GET_KEYRING_ID), N(-3), N(0)),
	CALL("add_key", SYS_add_key, N("user"), N("probe"), N("x"), N(1),
		N(-2)),
	CALL("request_key", SYS_request_key, N("user"), N("probe"), N(0), N(0)),
	CALL("kexec_load", SYS_kexec_load, N(0), N(0), N(0), N(-1)),
	CALL("init_module", SYS_init_module, N(""), N(1), N("")),
	CALL("finit_module", SYS_finit_module, N(-1), N(""), N(0)),
	CALL("delete_module", SYS_delete_module, N("nothing"), N(04000)),
	CALL("reboot", SYS_reboot, N(0), N(0), N(0)),
	CALL("swapon", SYS_swapon, N("nowhere"), N(0)),
	CALL("swapoff", SYS_swapoff, N("nowhere")),
	CALL("settimeofday", SYS_settimeofday, &never_either, N(0)),
	CALL("clock_settime", SYS_clock_settime, N(0), &never),
	CALL("clock_adjtime", SYS_clock_adjtime, N(0), N(0)),
	CALL("acct", SYS_acct, N("nowhere")),
	CALL("quotactl", SYS_quotactl, N(-1), N("nowhere"), N(0), N(0)),
	CALL("syslog", SYS_syslog, N(10), N(0), N(0)),
	CALL("sethostname", SYS_sethostname, N(0), N(-1)),
#if defined(__x86_64__)
	CALL("iopl", SYS_iopl, N(0)),
	CALL("ioperm", SYS_ioperm, N(0x80), N(1), N(0)),
	CALL("modify_ldt", SYS_modify_ldt, N(0), N(0), N(0)),
#endif

	SPARED("setuid", SYS_setuid, N(0)),
	SPARED("setgroups", SYS_setgroups, N(0), N(0)),
	SPARED("capset", SYS_capset, N(0), N(0)),
	SPARED("be dumpable", SYS_prctl, N(PR_SET_DUMPABLE), N(1)),
	CALL("be traceable", SYS_prctl, N(PR_SET_PTRACER), N(-1)),
	CALL("keep capabilities", SYS_prctl, N(PR_SET_KEEPCAPS), N(1)),
	CALL("secure bits", SYS_prctl, N(PR_SET_SECUREBITS), N(0)),
	CALL("subreaper", SYS_prctl, N(PR_SET_CHILD_SUBREAPER), N(1)),
	CALL("setfsuid", SYS_setfsuid, N(-1)),
	SPARED("setrlimit", SYS_setrlimit, N(RLIMIT_CORE), &limit),
};

const unsigned system_operations_n = ARRAY_LEN(system_operations);
