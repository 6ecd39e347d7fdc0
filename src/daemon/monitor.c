/* SPDX-License-Identifier: ISC */

/*
 * The monitor: reads the wiring, binds every socket, gives up root, starts
 * the engine with the sockets and starts it again when it dies.  It reads
 * nothing but the file and fixed-size messages of the engine.
 */

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/def.h"
#include "base/mem.h"
#include "daemon/doorkeeper.h"
#include "daemon/prepare.h"
#include "daemon/role.h"
#include "daemon/walls.h"
#include "daemon/wiring.h"
#include "sys/guard.h"
#include "sys/listen.h"
#include "sys/log.h"
#include "sys/notify.h"
#include "sys/privilege.h"
#include "sys/proc.h"

enum {
	EXIT_BAD_WIRING = 7,
	LOOK_MS = 2000,	    /* how often the engine is looked after */
	SILENCE_MS = 20000, /* a loop that long without a sign hangs */
	END_MS = 60000,	    /* time to store everything */
};

/* Our end of the line to one engine. */
struct line {
	uv_poll_t poll;
	int fd;
};

struct monitor {
	const struct options *options;
	uv_loop_t loop;
	uv_signal_t term, interrupt, hup;
	uv_timer_t look;
	struct proc engine;
	struct wiring *wiring;
	struct guard *guard; /* what the engine has in hand */
	struct line *line;   /* NULL: no engine */
	int far_end;	     /* of the line, while the engine is started */
	struct doorkeeper *keeper;
	uint64_t heard_ms, end_ms;
	bool was_ready; /* an engine has answered once */
	int exit_code;
};

/* --- the engine's line ------------------------------------------------------ */

static void
on_line_closed(uv_handle_t *h)
{
	struct line *l = CONTAINER_OF((uv_poll_t *)h, struct line, poll);

	close(l->fd);
	free(l);
}

static void
line_close(struct monitor *m)
{
	if (m->line)
		uv_close((uv_handle_t *)&m->line->poll, on_line_closed);
	m->line = NULL;
}

static void
message_take(struct monitor *m, struct message *msg)
{
	msg->text[sizeof(msg->text) - 1] = '\0';
	m->heard_ms = uv_now(&m->loop);
	if (msg->type == MESSAGE_READY) {
		m->was_ready = true;
		notify_send("READY=1\nSTATUS=answering");
		log_line(LOG_LEVEL_NOTICE, "engine.ready", "pid=%d starts=%llu",
			m->engine.process.pid,
			(unsigned long long)m->engine.starts);
	} else if (msg->type == MESSAGE_STATUS) {
		/* One line, whatever it holds. */
		msg->text[strcspn(msg->text, "\n")] = '\0';
		notify_send("STATUS=%s\nWATCHDOG=1", msg->text);
	}
}

static void
on_message(uv_poll_t *poll, int status, int events)
{
	struct monitor *m = poll->data;
	struct message msg;
	ssize_t n = recv(m->line->fd, &msg, sizeof(msg), MSG_DONTWAIT);

	(void)status;
	(void)events;
	if (n == (ssize_t)sizeof(msg))
		message_take(m, &msg);
	else if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
		uv_poll_stop(poll); /* it is ending; its exit is told apart */
}

static void
line_open(struct monitor *m)
{
	struct line *l = mem_alloc(1, sizeof(*l));
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
		abort();
	l->fd = ends[0];
	m->far_end = ends[1];
	uv_poll_init(&m->loop, &l->poll, l->fd);
	uv_poll_start(&l->poll, UV_READABLE, on_message);
	l->poll.data = m;
	m->line = l;
}

/* --- the engine ---------------------------------------------------------------- */

static void
on_plan(void *ctx, struct proc_plan *ret)
{
	struct monitor *m = ctx;
	const struct wiring *w = m->wiring;

	doorkeeper_end(m->keeper);
	m->keeper = NULL;
	line_open(m);
	ret->args[0] = m->options->program;
	ret->args[1] = "--role=engine";
	ret->args[2] = "--config";
	ret->args[3] = m->options->config;
	ret->fds[ret->fds_n++] = m->far_end;
	ret->fds[ret->fds_n++] = w->memory;
	ret->fds[ret->fds_n++] = guard_fd(m->guard);
	for (unsigned i = 0; i < w->fds_n; i++)
		ret->fds[ret->fds_n++] = w->fds[i];
	m->heard_ms = uv_now(&m->loop);
}

static void
on_started(void *ctx, int pid)
{
	struct monitor *m = ctx;

	(void)pid;
	close(m->far_end);
	m->far_end = -1;
}

static void
finish(struct monitor *m)
{
	proc_close(&m->engine);
	uv_close((uv_handle_t *)&m->term, NULL);
	uv_close((uv_handle_t *)&m->interrupt, NULL);
	uv_close((uv_handle_t *)&m->hup, NULL);
	uv_close((uv_handle_t *)&m->look, NULL);
	doorkeeper_end(m->keeper);
	m->keeper = NULL;
}

/* Whatever it had in hand may kill the next one, too. */
static void
blame(struct monitor *m)
{
	struct str input;
	unsigned deaths = guard_blame(m->guard, &input);

	if (deaths)
		log_line(LOG_LEVEL_ERROR, "engine.input",
			"it died over an input, %u of %d times; %s: %.*s",
			deaths, GUARD_DEATHS,
			deaths < GUARD_DEATHS ? "it is tried once more"
					      : "it is put aside from now on",
			(int)input.n, input.p);
}

static void
on_ended(void *ctx, int64_t status, int signal, int wait_ms)
{
	struct monitor *m = ctx;

	line_close(m);
	if (m->far_end >= 0)
		close(m->far_end);
	m->far_end = -1;
	if (wait_ms < 0) {
		finish(m);
		return;
	}
	if (!m->was_ready) {
		/* Its own log line says why. */
		log_line(LOG_LEVEL_ERROR, "engine.failed",
			"it could not be started: status=%lld signal=%d",
			(long long)status, signal);
		m->exit_code = EXIT_FAILURE;
		proc_stop(&m->engine);
		return;
	}
	if (status || signal) {
		log_line(LOG_LEVEL_ERROR, "engine.died",
			"status=%lld signal=%d; starting it again in %d ms",
			(long long)status, signal, wait_ms);
		blame(m);
	}
	if (wait_ms > 0)
		m->keeper = doorkeeper_begin(
			&m->loop, m->wiring->fds, m->wiring->fds_n);
}

static const struct proc_ops engine_ops = { on_plan, on_started, on_ended };

/* --- signals and time ------------------------------------------------------------ */

static void
on_term(uv_signal_t *s, int number)
{
	struct monitor *m = s->data;

	(void)number;
	if (m->end_ms)
		return;
	m->end_ms = uv_now(&m->loop) + END_MS;
	notify_send("STOPPING=1\nSTATUS=storing everything");
	proc_stop(&m->engine);
}

static void
log_lines(enum log_level level, const char *id, struct buf *text)
{
	struct str rest = buf_str(text), line;

	while (rest.n) {
		str_cut(rest, '\n', &line, &rest);
		log_line(level, id, "%.*s", (int)line.n, line.p);
	}
}

/* The new wiring, or NULL and why the old one stays. */
static struct wiring *
wiring_next(struct monitor *m, struct buf *errors)
{
	struct wiring *w = mem_alloc(1, sizeof(*w));

	if (wiring_read(w, m->options->config, errors) == 0) {
		if (strcmp(w->conf.state, m->wiring->conf.state) != 0)
			buf_printf(errors,
				"state: another folder needs a restart\n");
		else if (walls_admit(&m->wiring->conf, &w->conf, errors) == 0 &&
			 wiring_check(w, errors) == 0 &&
			 wiring_bind(w, m->wiring, errors) == 0)
			return w;
	}
	wiring_free(w, m->wiring);
	free(w);
	return NULL;
}

static void
reload(struct monitor *m)
{
	struct buf errors = { 0 };
	struct wiring *w = wiring_next(m, &errors);

	if (!w) {
		log_lines(LOG_LEVEL_ERROR, "wiring.refused", &errors);
		log_line(LOG_LEVEL_ERROR, "wiring.kept",
			"the wiring in force stays until this is mended");
	} else if (str_eq(buf_str(&w->text), buf_str(&m->wiring->text))) {
		wiring_free(w, m->wiring);
		free(w);
		proc_signal(&m->engine, SIGHUP);
		log_line(LOG_LEVEL_NOTICE, "wiring.same", "nothing changed");
	} else {
		wiring_free(m->wiring, w);
		free(m->wiring);
		m->wiring = w;
		log_line(LOG_LEVEL_NOTICE, "wiring.new",
			"starting the engine with it");
		proc_again(&m->engine);
	}
	buf_free(&errors);
}

static void
on_hup(uv_signal_t *s, int number)
{
	struct monitor *m = s->data;

	(void)number;
	if (m->end_ms)
		return;
	notify_send("RELOADING=1\nMONOTONIC_USEC=%llu",
		(unsigned long long)(uv_hrtime() / 1000));
	reload(m);
	notify_send("READY=1");
}

static void
on_look(uv_timer_t *t)
{
	struct monitor *m = t->data;
	uint64_t now = uv_now(&m->loop);

	if (!m->engine.is_running) {
		/* Between two engines we are the one who answers. */
		notify_send("WATCHDOG=1");
		return;
	}
	if (m->end_ms ? now < m->end_ms : now - m->heard_ms < SILENCE_MS)
		return;
	log_line(LOG_LEVEL_ERROR, "engine.hangs", "pid=%d: killing it",
		m->engine.process.pid);
	m->heard_ms = now;
	proc_signal(&m->engine, SIGKILL);
}

/* --- the beginning ------------------------------------------------------------------ */

static void
loop_begin(struct monitor *m)
{
	uv_loop_init(&m->loop);
	uv_signal_init(&m->loop, &m->term);
	uv_signal_init(&m->loop, &m->interrupt);
	uv_signal_init(&m->loop, &m->hup);
	uv_timer_init(&m->loop, &m->look);
	m->term.data = m->interrupt.data = m->hup.data = m->look.data = m;
	uv_signal_start(&m->term, on_term, SIGTERM);
	uv_signal_start(&m->interrupt, on_term, SIGINT);
	uv_signal_start(&m->hup, on_hup, SIGHUP);
	uv_timer_start(&m->look, on_look, LOOK_MS, LOOK_MS);
	m->engine.loop = &m->loop;
	m->engine.ops = &engine_ops;
	m->engine.ctx = m;
}

int
monitor_run(const struct options *o)
{
	struct monitor *m = mem_alloc(1, sizeof(*m));
	struct buf errors = { 0 };
	int code = EXIT_BAD_WIRING;

	log_open("monitor");
	privilege_close_from(3 + (int)listen_inherited());
	signal(SIGPIPE, SIG_IGN);
	m->options = o;
	m->far_end = -1;
	m->wiring = mem_alloc(1, sizeof(*m->wiring));
	m->guard = guard_new();
	if (!m->guard)
		buf_printf(&errors, "no memory for a page\n");
	else if (wiring_read(m->wiring, o->config, &errors) == 0) {
		code = EXIT_FAILURE;
		if (prepare_all(m->wiring, &errors) == 0) {
			walls_raise(
				&m->wiring->conf, SANDBOX_MONITOR, o->config);
			loop_begin(m);
			proc_open(&m->engine);
			uv_run(&m->loop, UV_RUN_DEFAULT);
			uv_loop_close(&m->loop);
			code = m->exit_code;
		}
	}
	log_lines(LOG_LEVEL_ERROR, "bratticed.refused", &errors);
	buf_free(&errors);
	wiring_free(m->wiring, NULL);
	free(m->wiring);
	guard_free(m->guard);
	free(m);
	return code;
}
