/* SPDX-License-Identifier: ISC */

#include "sys/proc.h"

#include <signal.h>
#include <string.h>

#include "base/def.h"

static void proc_start(struct proc *p);

static void
on_wait_over(uv_timer_t *t)
{
	proc_start(CONTAINER_OF(t, struct proc, timer));
}

/* How long to wait before the next start; 0 the first time. */
static int
wait_next(struct proc *p)
{
	int wait_ms = p->wait_ms;

	if (uv_now(p->loop) - p->started_ms > PROC_STEADY_MS)
		wait_ms = 0;
	p->wait_ms = wait_ms ? wait_ms * 2 : PROC_WAIT_FIRST_MS;
	if (p->wait_ms > PROC_WAIT_LAST_MS)
		p->wait_ms = PROC_WAIT_LAST_MS;
	return wait_ms;
}

/* The child's handle is closed and may be used again. */
static void
on_gone(uv_handle_t *h)
{
	struct proc *p = CONTAINER_OF((uv_process_t *)h, struct proc, process);
	int wait_ms = p->is_stopping ? -1 : wait_next(p);

	p->is_running = false;
	if (wait_ms >= 0)
		uv_timer_start(&p->timer, on_wait_over, (uint64_t)wait_ms, 0);
	p->ops->ended(p->ctx, p->status, p->signal, wait_ms);
}

static void
on_exit(uv_process_t *process, int64_t status, int signal)
{
	struct proc *p = CONTAINER_OF(process, struct proc, process);

	p->status = status;
	p->signal = signal;
	uv_close((uv_handle_t *)process, on_gone);
}

static void
proc_start(struct proc *p)
{
	struct proc_plan plan = { 0 };
	uv_stdio_container_t stdio[3 + PROC_FDS_MAX];
	char *args[PROC_ARGS_MAX];

	p->ops->plan(p->ctx, &plan);
	memcpy(args, plan.args, sizeof(args)); /* libuv only reads them */
	for (unsigned i = 0; i < 3 + plan.fds_n; i++) {
		stdio[i].flags = i ? UV_INHERIT_FD : UV_IGNORE;
		stdio[i].data.fd = i < 3 ? (int)i : plan.fds[i - 3];
	}
	uv_process_options_t options = {
		.exit_cb = on_exit,
		.file = "/proc/self/exe",
		.args = args,
		.stdio = stdio,
		.stdio_count = (int)(3 + plan.fds_n),
	};
	int rc = uv_spawn(p->loop, &p->process, &options);

	p->started_ms = uv_now(p->loop);
	p->starts++;
	p->is_running = true;
	if (rc == 0) {
		p->ops->started(p->ctx, p->process.pid);
		return;
	}
	p->status = rc;
	p->signal = 0;
	uv_close((uv_handle_t *)&p->process, on_gone);
}

void
proc_open(struct proc *p)
{
	uv_timer_init(p->loop, &p->timer);
	proc_start(p);
}

void
proc_signal(struct proc *p, int signal)
{
	if (p->is_running)
		uv_process_kill(&p->process, signal);
}

void
proc_again(struct proc *p)
{
	p->wait_ms = 0;
	if (p->is_running)
		proc_signal(p, SIGTERM);
	else if (!p->is_stopping)
		uv_timer_start(&p->timer, on_wait_over, 0, 0);
}

void
proc_stop(struct proc *p)
{
	if (p->is_stopping)
		return;
	p->is_stopping = true;
	uv_timer_stop(&p->timer);
	if (p->is_running)
		proc_signal(p, SIGTERM);
	else
		p->ops->ended(p->ctx, p->status, p->signal, -1);
}

void
proc_close(struct proc *p)
{
	uv_close((uv_handle_t *)&p->timer, NULL);
}
