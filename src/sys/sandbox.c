/* SPDX-License-Identifier: ISC */

#include "sys/sandbox.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>

#include "sys/privilege.h"
#include "sys/sandbox_calls.h"
#include "sys/sandbox_files.h"

/* Landlock's walls stand around the calling thread and what it starts. */
static bool
has_one_thread(void)
{
	struct stat st;

	return stat("/proc/self/task", &st) < 0 || st.st_nlink <= 3;
}

#if defined(__SANITIZE_ADDRESS__)
/* The checker itself traces and forks. */
int
sandbox_enter(const struct sandbox_plan *plan, struct err *err)
{
	(void)plan;
	err_set(err, "no sandbox: built with AddressSanitizer");
	return SANDBOX_PARTLY;
}
#else
int
sandbox_enter(const struct sandbox_plan *plan, struct err *err)
{
	int files, calls;

	privilege_seal();
	if (!has_one_thread()) {
		err_set(err, "no sandbox: there are other threads already");
		return SANDBOX_PARTLY;
	}
	files = sandbox_files_enter(plan);
	calls = sandbox_calls_enter(plan);
	if (!files && !calls)
		return 0;
	err_set(err,
		"this kernel gives part of the sandbox: files %s, calls %s",
		files ? strerror(-files) : "guarded",
		calls ? strerror(-calls) : "guarded");
	return SANDBOX_PARTLY;
}
#endif
