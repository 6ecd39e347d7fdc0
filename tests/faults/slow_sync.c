/* SPDX-License-Identifier: ISC */
/* Preloaded: fsync() and fdatasync() take ten seconds while the first byte of
 * the file SLOW_SYNC is not zero. */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
	SLOW_S = 10
};

static const volatile char *flag;

__attribute__((constructor)) static void
begin(void)
{
	const char *path = getenv("SLOW_SYNC");
	int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
	void *at = fd < 0 ? MAP_FAILED
			  : mmap(NULL, 1, PROT_READ, MAP_SHARED, fd, 0);

	if (at != MAP_FAILED)
		flag = at;
	if (fd >= 0)
		close(fd);
}

static void
wait_if_slow(void)
{
	for (int tenth = 0; flag && *flag && tenth < SLOW_S * 10; tenth++)
		usleep(100000);
}

int
fsync(int fd)
{
	wait_if_slow();
	return (int)syscall(SYS_fsync, fd);
}

int
fdatasync(int fd)
{
	wait_if_slow();
	return (int)syscall(SYS_fdatasync, fd);
}
