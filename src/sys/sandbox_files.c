/* SPDX-License-Identifier: ISC */

#include "sys/sandbox_files.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <link.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The kernel's numbers; headers of Debian 12 know only the first two
 * versions. */
enum {
	FS_EXECUTE = 1 << 0,
	FS_WRITE_FILE = 1 << 1,
	FS_READ_FILE = 1 << 2,
	FS_READ_DIR = 1 << 3,
	FS_REMOVE_FILE = 1 << 5,
	FS_MAKE_REG = 1 << 8,
	FS_MAKE_SOCK = 1 << 9,
	FS_VERSION_1 = (1 << 13) - 1,
	FS_REFER = 1 << 13,
	FS_TRUNCATE = 1 << 14,
	FS_IOCTL_DEV = 1 << 15,
	FS_OF_FILES = FS_EXECUTE | FS_WRITE_FILE | FS_READ_FILE | FS_TRUNCATE,

	NET_BIND_TCP = 1 << 0,
	NET_CONNECT_TCP = 1 << 1,

	SCOPE_ABSTRACT_SOCKET = 1 << 0,
	SCOPE_SIGNAL = 1 << 1,

	ASK_VERSION = 1,
	RULE_BENEATH = 1,
};

struct ruleset {
	uint64_t fs, net, scope;
};

struct rule_beneath {
	uint64_t access;
	int32_t fd;
} __attribute__((packed));

/* What each version began to know. */
static const struct {
	int version;
	struct ruleset adds;
	size_t size; /* of struct ruleset there [bytes] */
} versions[] = {
	{ 1, { .fs = FS_VERSION_1 }, 8 },
	{ 2, { .fs = FS_REFER }, 8 },
	{ 3, { .fs = FS_TRUNCATE }, 8 },
	{ 4, { .net = NET_BIND_TCP | NET_CONNECT_TCP }, 16 },
	{ 5, { .fs = FS_IOCTL_DEV }, 16 },
	{ 6, { .scope = SCOPE_ABSTRACT_SOCKET | SCOPE_SIGNAL }, 24 },
};

/* What a role is spared, because it is what it is there for. */
static const struct ruleset spared[] = {
	[SANDBOX_MONITOR] = { .net = NET_BIND_TCP },
	[SANDBOX_ENGINE] = { 0 },
	[SANDBOX_RESPONDER] = { 0 },
	[SANDBOX_MILTER] = { 0 },
};

static const uint64_t rights[] = {
	[SANDBOX_READ] = FS_READ_FILE | FS_READ_DIR,
	[SANDBOX_WRITE] = FS_READ_FILE | FS_READ_DIR | FS_WRITE_FILE |
			  FS_MAKE_REG | FS_REMOVE_FILE | FS_TRUNCATE,
	[SANDBOX_BIND] = FS_READ_DIR | FS_MAKE_SOCK | FS_REMOVE_FILE,
	[SANDBOX_RUN] = FS_READ_FILE | FS_READ_DIR | FS_EXECUTE,
};

/* Names of users, local time. */
static const struct sandbox_path of_libc[] = {
	{ "/etc/passwd", SANDBOX_READ },
	{ "/etc/group", SANDBOX_READ },
	{ "/etc/nsswitch.conf", SANDBOX_READ },
	{ "/etc/localtime", SANDBOX_READ },
	{ "/etc/ld.so.cache", SANDBOX_READ },
	{ "/usr/share/zoneinfo", SANDBOX_READ },
	{ "/dev/null", SANDBOX_WRITE },
	{ "/dev/urandom", SANDBOX_READ },
};

/* Opens @path, or, to read, the nearest folder above that exists. */
static int
open_nearest(const struct sandbox_path *p)
{
	char path[PATH_MAX];
	char *slash;
	int fd;

	if (snprintf(path, sizeof(path), "%s", p->path) >= (int)sizeof(path))
		return -ENAMETOOLONG;
	for (;;) {
		fd = open(path, O_PATH | O_CLOEXEC);
		if (fd >= 0)
			return fd;
		slash = strrchr(path, '/');
		if (errno != ENOENT || p->access != SANDBOX_READ || !slash ||
			slash == path)
			return -errno;
		*slash = '\0';
	}
}

/* A path that can't be opened gives no right; it is no failure. */
static int
add_path(int set, uint64_t handled, const struct sandbox_path *p)
{
	struct rule_beneath rule = { .access = rights[p->access] & handled };
	struct stat st;
	int rc;

	rule.fd = open_nearest(p);
	if (rule.fd < 0)
		return 0;
	if (fstat(rule.fd, &st) == 0 && !S_ISDIR(st.st_mode))
		rule.access &= FS_OF_FILES;
	rc = syscall(SYS_landlock_add_rule, set, RULE_BENEATH, &rule, 0) < 0
		     ? -errno
		     : 0;
	close(rule.fd);
	return rc;
}

static int
add_paths(int set, uint64_t handled, const struct sandbox_path *p, unsigned n)
{
	int rc = 0;

	for (unsigned i = 0; i < n && !rc; i++)
		rc = add_path(set, handled, &p[i]);
	return rc;
}

struct object_walk {
	int set;
	uint64_t handled;
	int rc;
};

/* The folder, not the file: an upgrade puts another file there. */
static int
add_object_folder(struct dl_phdr_info *object, size_t size, void *data)
{
	struct object_walk *w = data;
	char folder[PATH_MAX];
	const char *slash = strrchr(object->dlpi_name, '/');

	(void)size;
	if (!slash || slash - object->dlpi_name >= (int)sizeof(folder))
		return 0;
	snprintf(folder, sizeof(folder), "%.*s",
		(int)(slash - object->dlpi_name), object->dlpi_name);
	w->rc = add_path(w->set, w->handled,
		&(struct sandbox_path){ folder, SANDBOX_RUN });
	return w->rc;
}

/* This program again, with its loader and libraries. */
static int
add_program(int set, uint64_t handled)
{
	struct object_walk walk = { set, handled, 0 };

	dl_iterate_phdr(add_object_folder, &walk);
	return walk.rc ? walk.rc
		       : add_path(set, handled,
				 &(struct sandbox_path){
					 "/proc/self/exe", SANDBOX_RUN });
}

static int
add_all(int set, uint64_t handled, const struct sandbox_plan *plan)
{
	int rc = add_paths(set, handled, of_libc, ARRAY_LEN(of_libc));

	if (!rc)
		rc = add_paths(set, handled, plan->paths, plan->paths_n);
	if (!rc && plan->role == SANDBOX_MONITOR)
		rc = add_program(set, handled);
	return rc;
}

/* What this kernel can deny the role.  Returns the size for the kernel. */
static size_t
ruleset_of(int version, enum sandbox_role role, struct ruleset *ret)
{
	size_t size = 0;

	for (unsigned i = 0; i < ARRAY_LEN(versions); i++) {
		if (versions[i].version > version)
			break;
		ret->fs |= versions[i].adds.fs;
		ret->net |= versions[i].adds.net;
		ret->scope |= versions[i].adds.scope;
		size = versions[i].size;
	}
	ret->fs &= ~spared[role].fs;
	ret->net &= ~spared[role].net;
	ret->scope &= ~spared[role].scope;
	return size;
}

int
sandbox_files_enter(const struct sandbox_plan *plan)
{
	long version = syscall(
		SYS_landlock_create_ruleset, NULL, 0, ASK_VERSION);
	struct ruleset set = { 0 };
	size_t size;
	int fd, rc;

	if (version < 0)
		return -errno;
	size = ruleset_of((int)version, plan->role, &set);
	fd = (int)syscall(SYS_landlock_create_ruleset, &set, size, 0);
	if (fd < 0)
		return -errno;
	rc = add_all(fd, set.fs, plan);
	if (!rc && syscall(SYS_landlock_restrict_self, fd, 0) < 0)
		rc = -errno;
	close(fd);
	return rc;
}
