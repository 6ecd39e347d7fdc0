/* SPDX-License-Identifier: ISC */

#include "daemon/doorkeeper.h"

#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"

struct door {
	uv_poll_t poll;
	int fd;
	struct doorkeeper *keeper;
};

struct doorkeeper {
	unsigned n, open;
	struct door doors[];
};

/* As many as are there, but not for ever. */
static void
on_knock(uv_poll_t *poll, int status, int events)
{
	const struct door *d = poll->data;

	(void)status;
	(void)events;
	for (int i = 0; i < 64; i++) {
		int fd = accept4(d->fd, NULL, NULL, SOCK_CLOEXEC);

		if (fd < 0)
			return;
		close(fd);
	}
}

struct doorkeeper *
doorkeeper_begin(uv_loop_t *loop, const int *fds, unsigned n)
{
	struct doorkeeper *k = mem_alloc(
		1, sizeof(*k) + n * sizeof(k->doors[0]));

	for (unsigned i = 0; i < n; i++) {
		struct door *d = &k->doors[k->n];

		d->fd = fds[i];
		d->keeper = k;
		d->poll.data = d;
		if (uv_poll_init(loop, &d->poll, d->fd) < 0)
			continue;
		uv_poll_start(&d->poll, UV_READABLE, on_knock);
		k->n++;
	}
	k->open = k->n;
	return k;
}

static void
on_closed(uv_handle_t *h)
{
	const struct door *d = h->data;

	if (--d->keeper->open == 0)
		free(d->keeper);
}

void
doorkeeper_end(struct doorkeeper *k)
{
	if (!k)
		return;
	for (unsigned i = 0; i < k->n; i++) {
		uv_poll_stop(&k->doors[i].poll);
		uv_close((uv_handle_t *)&k->doors[i].poll, on_closed);
	}
	if (k->n == 0)
		free(k);
}
