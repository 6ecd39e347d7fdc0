/* SPDX-License-Identifier: ISC */

#include "sys/clock.h"

#include <stdatomic.h>
#include <time.h>

#define NS_PER_S INT64_C(1000000000)

static int64_t
clock_read_ns(clockid_t id)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	return ts.tv_sec * NS_PER_S + ts.tv_nsec;
}

int64_t
clock_follow(int64_t *base_ns, int64_t wall_ns, int64_t mono_ns)
{
	int64_t moved_ns = wall_ns - mono_ns - *base_ns;

	if (moved_ns >= CLOCK_STEP_S * NS_PER_S ||
		moved_ns <= -CLOCK_STEP_S * NS_PER_S)
		*base_ns = wall_ns - mono_ns;
	return *base_ns + mono_ns;
}

int64_t
clock_wall_s(void)
{
	/* A process has one clock: the only state beside the log's that
	 * isn't passed.  Two threads may both see a step and store the same
	 * base. */
	static _Atomic int64_t kept_ns;
	int64_t was_ns = atomic_load_explicit(&kept_ns, memory_order_relaxed);
	int64_t base_ns = was_ns;
	int64_t now_ns = clock_follow(&base_ns, clock_read_ns(CLOCK_REALTIME),
		clock_read_ns(CLOCK_BOOTTIME));

	if (base_ns != was_ns)
		atomic_store_explicit(&kept_ns, base_ns, memory_order_relaxed);
	return now_ns / NS_PER_S;
}

int64_t
clock_mono_ns(void)
{
	return clock_read_ns(CLOCK_BOOTTIME);
}

int64_t
clock_cpu_ns(void)
{
	return clock_read_ns(CLOCK_PROCESS_CPUTIME_ID);
}
