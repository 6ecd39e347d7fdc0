/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * A hook over a real socket, in front of a node that refuses one address
 * and remembers what it was told.  Tests only.
 */

#include <sys/un.h>

#include "base/buf.h"
#include "hooks/hook.h"

#define BLOCKED "192.0.2.66"
#define TEXT	"Go away"
#define LOCKED	"locked@example.test" /* an account */

struct node {
	struct settings settings;
	unsigned connects, checks, reports;
	enum event_kind kind; /* of the last report */
	char account[64];
};

extern struct node node;
extern const struct hook hook_policy, hook_events, hook_dovecot;

/* A hook that runs, and where. */
struct running {
	const struct hook *hook;
	uv_loop_t loop;
	struct sockaddr_un at;
	void *self;
};

/**
 * start - run a hook on a Unix socket
 * @r          filled
 * @hook       which one
 * @options    its keys
 * @options_n  rows
 */
void start(struct running *r, const struct hook *hook,
	const struct hook_option *options, size_t options_n);

/**
 * stop - end it; its status must be there, and nothing may be left
 * @r  running
 */
void stop(struct running *r);

/**
 * open_client - connect to a hook
 * @r  running
 *
 * Returns a descriptor for close().
 */
int open_client(const struct running *r);

/**
 * read_all - read until the hook closes
 * @r   running
 * @fd  of open_client()
 * @b   what comes is appended
 */
void read_all(struct running *r, int fd, struct buf *b);

/**
 * talk - send all, finish sending, compare what comes back
 * @r        running
 * @request  what is sent
 * @want     all that may come
 */
void talk(struct running *r, const char *request, const char *want);
