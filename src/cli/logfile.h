/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * A log file as a stream of events.
 */

#include "base/err.h"
#include "cli/lines.h"
#include "dialect/rules.h"

/* What the streams of one run share. */
struct logfile_config {
	const char *dialect; /* NULL: by the program tag of each line */
	struct rules *rules; /* to be tried first, or NULL */
	struct zone zone;
	struct hash_key key;
};

struct logfile {
	struct lines lines;
	struct reader *reader;
	int64_t at; /* when the file was written last */
	enum reading reading;
	struct events events; /* of the line read last; borrowed */
};

/**
 * logfile_config - what streams need to know
 * @ret      filled
 * @dialect  name of the only dialect, "auto" or NULL; borrowed
 * @err      names the dialects there are
 *
 * Returns 0, or -1 with @err: there is no such dialect.
 */
int logfile_config(
	struct logfile_config *ret, const char *dialect, struct err *err);

/**
 * logfile_rule - a rule that is tried before the dialects
 * @config  from logfile_config(), for logfile_done()
 * @text    as for rules_add(), or NULL: none
 * @err     what is wrong with it
 *
 * Returns 0, or -1 with @err.
 */
int logfile_rule(
	struct logfile_config *config, const char *text, struct err *err);

/**
 * logfile_done - give back what streams needed to know
 * @config  from logfile_config(); its streams are closed
 */
void logfile_done(struct logfile_config *config);

/**
 * logfile_open - begin to read a log file
 * @s       filled; for logfile_close()
 * @config  from logfile_config()
 * @path    of the file, or "-"; borrowed
 * @err     what is wrong
 *
 * Returns 0, or -1 with @err; logfile_close() isn't needed then.
 */
int logfile_open(struct logfile *s, const struct logfile_config *config,
	const char *path, struct err *err);

/**
 * logfile_next - read a line: @s->reading, @s->events
 * @s    stream
 * @err  what is wrong
 *
 * Returns 1, 0 at the end, or -1 with @err.
 */
int logfile_next(struct logfile *s, struct err *err);

/**
 * logfile_close - end reading
 * @s  stream, or zeroed
 */
void logfile_close(struct logfile *s);
