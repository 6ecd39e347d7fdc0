/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * A child that runs this program in another role, and is started again
 * when it dies: at once the first time, then after a wait that doubles.
 */

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "base/err.h"

enum {
	PROC_FDS_MAX = 64,
	PROC_ARGS_MAX = 16,
	PROC_WAIT_FIRST_MS = 100,
	PROC_WAIT_LAST_MS = 10000,
	PROC_STEADY_MS = 60000, /* alive so long: the next wait is short */
};

/* What a child is given.  Descriptors fds[0 … n) become 3, 4 …; standard
 * input is empty, output and error are ours. */
struct proc_plan {
	const char *args[PROC_ARGS_MAX]; /* args[0] first, NULL at the end */
	int fds[PROC_FDS_MAX];
	unsigned fds_n;
};

struct proc_ops {
	/* What the child shall be given, before each start. */
	void (*plan)(void *ctx, struct proc_plan *ret);

	/* It runs. */
	void (*started)(void *ctx, int pid);

	/* It has ended or could not be started.  @wait_ms: until the next
	 * start, or -1: none, because of proc_stop(). */
	void (*ended)(void *ctx, int64_t status, int signal, int wait_ms);
};

/* Embedded in its owner. */
struct proc {
	uv_loop_t *loop;
	uv_process_t process;
	uv_timer_t timer;
	const struct proc_ops *ops;
	void *ctx;
	int wait_ms; /* before the next start, if it dies soon */
	uint64_t started_ms;
	bool is_running, is_stopping;
	uint64_t starts; /* how often it was started */
	int64_t status;	 /* of the last end */
	int signal;
};

/**
 * proc_open - start the child and keep it running
 * @p     zeroed; loop, ops and ctx are set
 */
void proc_open(struct proc *p);

/**
 * proc_signal - send the running child a signal
 * @p       open
 * @signal  number
 */
void proc_signal(struct proc *p, int signal);

/**
 * proc_again - end the child in good order and start it anew at once
 * @p  open
 */
void proc_again(struct proc *p);

/**
 * proc_stop - don't start it again; it is told to end with SIGTERM
 * @p  open; ops->ended() is called with -1 when it has, at once when it
 *     isn't running
 */
void proc_stop(struct proc *p);

/**
 * proc_close - give up the handles
 * @p  ended after proc_stop()
 */
void proc_close(struct proc *p);
