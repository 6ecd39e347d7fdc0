/* SPDX-License-Identifier: ISC */

/*
 * A wall clock that a test sets, for programs that are never installed:
 * they are linked with --wrap=clock_wall_s and this file, so that nothing
 * in bratticed itself could set its time.  The file named by
 * BRATTICE_TEST_CLOCK holds the time, eight bytes as this machine has them
 * [s]; 0, or no file, is the real time.  The test writes it at any moment.
 */

#include <fcntl.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "sys/clock.h"

int64_t __real_clock_wall_s(void);
int64_t __wrap_clock_wall_s(void);

static const _Atomic int64_t *page;

/* Before main: later there may be no files any more. */
static void __attribute__((constructor)) begin(void)
{
	const char *path = getenv("BRATTICE_TEST_CLOCK");
	int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
	void *p;

	if (fd < 0)
		return;
	p = mmap(NULL, sizeof(*page), PROT_READ, MAP_SHARED, fd, 0);
	close(fd);
	if (p == MAP_FAILED)
		abort();
	page = p;
}

int64_t
__wrap_clock_wall_s(void)
{
	int64_t now = page ? atomic_load(page) : 0;

	return now ? now : __real_clock_wall_s();
}
