/* SPDX-License-Identifier: ISC */

/*
 * probe - try what a taken-over process would try
 *
 *   probe none|monitor|engine|responder|milter [--user NAME] [--refuse|--log]
 *         [--verbose]
 *
 * Every operation runs in a process of its own that first shuts itself in
 * as that role.  It must be denied: by an error, or by death.  With
 * "none" there is no sandbox, and at least GOES_THROUGH_MIN of them must
 * not be denied: else the probe would prove nothing.
 */

#include "probe.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/def.h"
#include "sys/privilege.h"
#include "sys/sandbox.h"

enum {
	GOES_THROUGH_MIN = 40,
	FORBIDDEN_MIN = 60,
};

static const char *const role_names[] = {
	[SANDBOX_MONITOR] = "monitor",
	[SANDBOX_ENGINE] = "engine",
	[SANDBOX_RESPONDER] = "responder",
	[SANDBOX_MILTER] = "milter",
};

struct probe {
	int role; /* or -1 */
	enum sandbox_mode mode;
	bool is_verbose;
	unsigned tried, denied;
};

static void
write_file(const char *path, const char *text, mode_t mode)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, mode);

	if (fd < 0 || write(fd, text, strlen(text)) < 0 || close(fd) < 0) {
		perror(path);
		exit(END_BROKEN);
	}
}

/* As every operation finds it. */
static void
prepare_scratch(void)
{
	static const char *const folders[] = { "outside", "outside/folder",
		"state", "logs" };
	static const char *const gone[] = { "outside/new", "outside/other",
		"outside/link", "outside/pipe", "outside/socket",
		"state/stolen", "state/link", "state/memory", "state/way-out" };

	for (unsigned i = 0; i < ARRAY_LEN(gone); i++)
		if (unlink(gone[i]) < 0)
			rmdir(gone[i]);
	for (unsigned i = 0; i < ARRAY_LEN(folders); i++)
		mkdir(folders[i], 0700);
	write_file("outside/file", "secret", 0600);
	write_file("state/file", "ours", 0600);
	write_file("state/program", "#!/bin/true\n", 0700);
	write_file("logs/file", "line\n", 0600);
	if (symlink("../outside/file", "state/way-out") < 0)
		perror("state/way-out");
}

static void
keep_as(int fd, int at)
{
	if (fd < 0 || dup2(fd, at) < 0) {
		perror("descriptor");
		exit(END_BROKEN);
	}
}

/* What the role may have inherited. */
static void
open_descriptors(void)
{
	keep_as(socket(AF_INET, SOCK_STREAM, 0), FD_TCP);
	keep_as(socket(AF_UNIX, SOCK_STREAM, 0), FD_UNIX);
	keep_as(open("/proc/self/ns/net", O_RDONLY), FD_NAMESPACE);
	keep_as((int)syscall(SYS_pidfd_open, getppid(), 0), FD_PARENT);
	keep_as(open(".", O_RDONLY | O_DIRECTORY), FD_FOLDER);
}

static void
enter(const struct probe *p)
{
	static const struct sandbox_path paths[] = {
		{ "state", SANDBOX_WRITE },
		{ "logs", SANDBOX_READ },
	};
	const struct sandbox_plan plan = { (enum sandbox_role)p->role, p->mode,
		paths, ARRAY_LEN(paths) };
	struct err err;

	if (p->role >= 0 && sandbox_enter(&plan, &err) != 0) {
		fprintf(stderr, "probe: %s\n", err.text);
		_exit(END_SKIPPED);
	}
}

static bool
is_denial(int error)
{
	static const int denials[] = { EPERM, EACCES, ENOSYS, EAFNOSUPPORT,
		EXDEV };

	for (unsigned i = 0; i < ARRAY_LEN(denials); i++)
		if (error == denials[i])
			return true;
	return false;
}

static long
run(const struct operation *o)
{
	const void *a[6];

	if (o->run)
		return o->run();
	for (unsigned i = 0; i < ARRAY_LEN(a); i++)
		a[i] = o->args[i] == N(PARENT) ? N(getppid()) : o->args[i];
	return syscall(o->call, a[0], a[1], a[2], a[3], a[4], a[5]);
}

static _Noreturn void
try_here(const struct probe *p, const struct operation *o)
{
	open_descriptors();
	enter(p);
	errno = 0;
	long ret = run(o);
	_exit(ret == -1 && is_denial(errno) ? END_DENIED : END_THROUGH);
}

static int
status_of(const struct probe *p, const struct operation *o)
{
	int status = 0;
	pid_t pid = fork();

	if (pid == 0)
		try_here(p, o);
	if (pid < 0 || waitpid(pid, &status, 0) != pid) {
		perror("probe");
		exit(END_BROKEN);
	}
	return status;
}

static bool
is_denied(int status)
{
	if (WIFSIGNALED(status))
		return WTERMSIG(status) == SIGSYS;
	return WEXITSTATUS(status) == END_DENIED ||
	       WEXITSTATUS(status) == END_NOT_EXECUTED;
}

static void
try_operation(struct probe *p, const struct operation *o)
{
	int status;
	bool denied;

	if (p->role >= 0 && o->spared & 1U << p->role)
		return;
	prepare_scratch();
	status = status_of(p, o);
	if (WIFEXITED(status) && WEXITSTATUS(status) == END_SKIPPED)
		exit(END_SKIPPED);
	denied = is_denied(status);
	p->tried++;
	p->denied += denied;
	if (p->is_verbose || (p->role >= 0 && !denied))
		printf("%-8s %s%s\n", denied ? "denied" : "THROUGH", o->name,
			WIFSIGNALED(status) ? " (by death)" : "");
}

/* Somebody else's socket, for connect(). */
static void
open_abstract_socket(void)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	memcpy(name.sun_path, abstract_name, 15);
	if (bind(fd, (struct sockaddr *)&name, sizeof(sa_family_t) + 15) < 0 ||
		listen(fd, 1) < 0)
		perror("abstract socket");
}

static void
remove_scratch(const char *folder)
{
	char command[256];

	snprintf(command, sizeof(command), "rm -rf '%s'", folder);
	if (system(command) != 0)
		perror(folder);
}

static int
result_of(const struct probe *p)
{
	unsigned through = p->tried - p->denied;

	printf("%s: %u operations tried, %u denied, %u went through\n",
		p->role < 0 ? "no sandbox" : role_names[p->role], p->tried,
		p->denied, through);
	if (p->role < 0)
		return through >= GOES_THROUGH_MIN ? 0 : 1;
	return p->tried >= FORBIDDEN_MIN && through == 0 ? 0 : 1;
}

static int
role_of(const char *name)
{
	for (int i = 0; i < (int)ARRAY_LEN(role_names); i++)
		if (strcmp(name, role_names[i]) == 0)
			return i;
	return -1;
}

static void
become(const char *name)
{
	struct user user;
	struct err err;

	if (privilege_user(name, &user, &err) < 0 ||
		privilege_drop(&user, name, &err) < 0) {
		fprintf(stderr, "probe: %s\n", err.text);
		exit(END_SKIPPED);
	}
}

static void
options_read(struct probe *p, int argc, char **argv)
{
	p->role = role_of(argv[1]);
	for (int i = 2; i < argc; i++) {
		if (strcmp(argv[i], "--verbose") == 0)
			p->is_verbose = true;
		else if (strcmp(argv[i], "--refuse") == 0)
			p->mode = SANDBOX_REFUSE;
		else if (strcmp(argv[i], "--log") == 0)
			p->mode = SANDBOX_LOG;
		else if (strcmp(argv[i], "--user") == 0 && i + 1 < argc)
			become(argv[++i]);
	}
}

int
main(int argc, char **argv)
{
	struct probe p = { 0 };
	char folder[] = "/tmp/brattice-probe-XXXXXX";

	if (argc < 2) {
		fprintf(stderr, "usage: probe ROLE [--user NAME] "
				"[--refuse|--log] [--verbose]\n");
		return END_BROKEN;
	}
	setvbuf(stdout, NULL, _IONBF, 0);
	options_read(&p, argc, argv);
	if (!mkdtemp(folder) || chdir(folder) < 0) {
		perror(folder);
		return END_BROKEN;
	}
	open_abstract_socket();
	for (unsigned i = 0; i < file_operations_n; i++)
		try_operation(&p, &file_operations[i]);
	for (unsigned i = 0; i < system_operations_n; i++)
		try_operation(&p, &system_operations[i]);
	remove_scratch(folder);
	return result_of(&p);
}
