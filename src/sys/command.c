/* SPDX-License-Identifier: ISC */

#include "sys/command.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/def.h"
#include "sys/clock.h"

bool
command_find(const char *name, struct buf *ret)
{
	static const char *const folders[] = { "/usr/local/sbin",
		"/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin" };
	size_t before = ret->n;

	for (size_t i = 0; i < ARRAY_LEN(folders); i++) {
		buf_printf(ret, "%s/%s", folders[i], name);
		if (access(buf_text(ret) + before, X_OK) == 0)
			return true;
		ret->n = before;
	}
	return false;
}

static int
start(const char *const argv[], int output, pid_t *ret)
{
	static char path[] = "PATH=/usr/sbin:/usr/bin", locale[] = "LC_ALL=C";
	char *environment[] = { path, locale, NULL };
	char *args[COMMAND_ARGS_MAX] = { NULL };
	posix_spawn_file_actions_t actions;
	int rc;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(
		&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
	posix_spawn_file_actions_adddup2(&actions, output, STDERR_FILENO);
	for (unsigned i = 0; argv[i] && i < COMMAND_ARGS_MAX - 1; i++)
		memcpy(&args[i], &argv[i], sizeof(args[i]));
	rc = posix_spawn(ret, argv[0], &actions, NULL, args, environment);
	posix_spawn_file_actions_destroy(&actions);
	return rc;
}

/* All it prints, until it closes its end; false when that takes too long. */
static bool
read_all(int fd, struct buf *ret)
{
	int64_t end = clock_mono_ns() + COMMAND_LIMIT_S * INT64_C(1000000000);
	size_t before = ret->n;

	for (;;) {
		int64_t left = (end - clock_mono_ns()) / 1000000;
		struct pollfd p = { .fd = fd, .events = POLLIN };

		if (left <= 0 || poll(&p, 1, (int)left) == 0)
			return false;
		ssize_t n = read(fd, buf_room(ret, 4096), 4096);
		if (n == 0)
			return true;
		if (n > 0 && ret->n - before < COMMAND_OUTPUT_MAX)
			ret->n += (size_t)n;
		if (n < 0 && errno != EINTR)
			return true;
	}
}

static int
wait_for(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int
command_run(const char *const argv[], struct buf *ret, struct err *err)
{
	int ends[2];
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return err_set(err, "%s: %s", argv[0], strerror(errno));
	int rc = start(argv, ends[1], &pid);
	close(ends[1]);
	if (rc) {
		close(ends[0]);
		return err_set(err, "%s: %s", argv[0], strerror(rc));
	}
	bool is_done = read_all(ends[0], ret);
	close(ends[0]);
	if (!is_done)
		kill(pid, SIGKILL);
	rc = wait_for(pid);
	return is_done ? rc
		       : err_set(err, "%s: took longer than %d s", argv[0],
				 COMMAND_LIMIT_S);
}
