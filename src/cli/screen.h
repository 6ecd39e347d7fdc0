/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * A terminal that is drawn on as a whole.  However it is left, it is as it
 * was before.
 */

#include <signal.h>
#include <termios.h>

#include "cli/cli.h"

enum screen_key {
	KEY_NONE, /* the time is over, or it has another size */
	KEY_QUIT, /* q, or a signal that ends programs */
	KEY_UP,
	KEY_DOWN,
	KEY_LEFT,
	KEY_RIGHT,
	KEY_PAUSE,
};

struct screen {
	struct termios before;
	sigset_t mask;
	int signals; /* descriptor */
};

/**
 * screen_open - begin to draw on the terminal
 * @s  filled; for screen_close()
 *
 * Returns false when standard input is no terminal.
 */
bool screen_open(struct screen *s);

/**
 * screen_measure - how large is the terminal now?
 * @c  call; its width and height are set
 */
void screen_measure(struct cli *c);

/**
 * screen_draw - show lines in the place of those before
 * @lines  as many as there is room for, none too long
 */
void screen_draw(struct str lines);

/**
 * screen_wait - wait for a key
 * @s           screen
 * @timeout_ms  at most [ms]
 *
 * Returns what was pressed.
 */
enum screen_key screen_wait(struct screen *s, int timeout_ms);

/**
 * screen_close - the terminal as it was before
 * @s  open screen
 */
void screen_close(struct screen *s);
