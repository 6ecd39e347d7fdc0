/* SPDX-License-Identifier: ISC */

#include "sys/log.h"

#include <poll.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/stamp.h"
#include "base/utf8.h"
#include "sys/clock.h"

enum {
	SLOTS = 64, /* ids; more share the last one */
};

/* How often an id was said in its span of time. */
struct slot {
	const char *id;
	int64_t since_ns;
	unsigned said, dropped;
};

/* Standard error is the process's, so its state is, too. */
static struct {
	pthread_mutex_t lock;
	const char *role;
	bool is_journal;
	uint64_t dropped;
	struct slot slots[SLOTS];
} out = { .lock = PTHREAD_MUTEX_INITIALIZER };

/* Does JOURNAL_STREAM ("device:inode") name our standard error? */
static bool
has_journal(void)
{
	const char *named = getenv("JOURNAL_STREAM");
	char ours[48];
	struct stat st;

	if (!named || fstat(STDERR_FILENO, &st) < 0)
		return false;
	snprintf(ours, sizeof(ours), "%ju:%ju", (uintmax_t)st.st_dev,
		(uintmax_t)st.st_ino);
	return strcmp(named, ours) == 0;
}

void
log_open(const char *role)
{
	out.role = role;
	out.is_journal = has_journal();
}

static struct slot *
slot_of(const char *id)
{
	unsigned i = 0;

	while (i < SLOTS - 1 && out.slots[i].id &&
		strcmp(out.slots[i].id, id) != 0)
		i++;
	if (!out.slots[i].id)
		out.slots[i].id = id;
	return &out.slots[i];
}

/* May @id be said now?  What was kept back goes to @ret_kept_back. */
static bool
may_say(const char *id, unsigned *ret_kept_back)
{
	struct slot *s = slot_of(id);
	int64_t now_ns = clock_mono_ns();

	*ret_kept_back = 0;
	if (now_ns - s->since_ns > INT64_C(1000000000) * LOG_SPAN_S) {
		*ret_kept_back = s->dropped;
		s->since_ns = now_ns;
		s->said = s->dropped = 0;
	}
	if (++s->said <= LOG_BURST)
		return true;
	s->dropped++;
	out.dropped++;
	return false;
}

/* A line shorter than a pipe's atomic write: when poll() says there is
 * room, write() doesn't wait. */
static void
line_write(struct str line)
{
	struct pollfd fd = { .fd = STDERR_FILENO, .events = POLLOUT };

	if (poll(&fd, 1, 0) != 1 || !(fd.revents & POLLOUT) ||
		write(STDERR_FILENO, line.p, line.n) < 0)
		out.dropped++;
}

static void
line_begin(struct buf *line, enum log_level level)
{
	static const char words[][8] = { "", "", "", "error", "warning",
		"notice", "info" };

	if (out.is_journal) {
		buf_printf(line, "<%d>", (int)level);
		return;
	}
	stamp_add(line, clock_wall_s());
	buf_printf(line, " %s[%d] %s: ", out.role ? out.role : "bratticed",
		(int)getpid(), words[level]);
}

void
log_line(enum log_level level, const char *id, const char *fmt, ...)
{
	char text[LOG_LINE_MAX];
	struct buf line = { 0 };
	unsigned kept_back;
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);

	pthread_mutex_lock(&out.lock);
	if (may_say(id, &kept_back)) {
		line_begin(&line, level);
		buf_printf(&line, "%s ", id);
		utf8_add_safe(&line, str_of(text));
		if (kept_back)
			buf_printf(&line, " (%u more kept back)", kept_back);
		buf_addc(&line, '\n');
		line_write(buf_str(&line));
		buf_free(&line);
	}
	pthread_mutex_unlock(&out.lock);
}

uint64_t
log_dropped(void)
{
	pthread_mutex_lock(&out.lock);
	uint64_t n = out.dropped;

	pthread_mutex_unlock(&out.lock);
	return n;
}
