/* SPDX-License-Identifier: ISC */

#include "sys/privilege.h"

#include <cap-ng.h>
#include <errno.h>
#include <grp.h>
#include <limits.h>
#include <pwd.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

int
privilege_user(const char *name, struct user *ret, struct err *err)
{
	const struct passwd *pw = getpwnam(name);

	if (!pw)
		return err_set(err,
			"there is no user \"%s\": make it, or name another "
			"with \"user\"",
			name);
	*ret = (struct user){ pw->pw_uid, pw->pw_gid };
	return 0;
}

int
privilege_group(const char *name, gid_t *ret, struct err *err)
{
	const struct group *gr = getgrnam(name);

	if (!gr)
		return err_set(err, "there is no group \"%s\"", name);
	*ret = gr->gr_gid;
	return 0;
}

int
privilege_drop(const struct user *user, const char *name, struct err *err)
{
	if (initgroups(name, user->gid) < 0 ||
		setresgid(user->gid, user->gid, user->gid) < 0)
		return err_set(err, "cannot take on the groups of \"%s\": %s",
			name, strerror(errno));
	if (setresuid(user->uid, user->uid, user->uid) < 0)
		return err_set(
			err, "cannot become \"%s\": %s", name, strerror(errno));
	capng_clear(CAPNG_SELECT_BOTH);
	/* The bounding set can't be touched any more, which is no loss:
	 * no_new_privs keeps it from being used. */
	if (capng_apply(CAPNG_SELECT_CAPS) < 0)
		return err_set(err, "cannot give up capabilities");
	if (user->uid != 0 && setuid(0) == 0)
		return err_set(err, "still able to be root again");
	return 0;
}

void
privilege_seal(void)
{
	const struct rlimit none = { 0, 0 };

	umask(077);
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	setrlimit(RLIMIT_CORE, &none);
}

void
privilege_close_from(unsigned first)
{
	close_range(first, UINT_MAX, 0);
}
