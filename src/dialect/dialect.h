/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * Log lines of mail servers to events.  A dialect knows one server's
 * words; how lines arrive (file, journal, syslog) isn't its affair.  Pure:
 * no clock, no file, bounded state, linear in the line whatever it holds.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/hash.h"
#include "base/str.h"
#include "base/zone.h"
#include "core/event.h"

enum {
	DIALECT_EVENTS_MAX = 16, /* events of one line */
};

/* What a line came to. */
enum reading {
	READING_EVENT,	   /* one event or more */
	READING_NOTHING,   /* understood, and nobody's fault */
	READING_UNKNOWN,   /* a line of a known server that no rule knows */
	READING_AMBIGUOUS, /* can be read two ways: nobody is scored */
	READING_FOREIGN,   /* no line of a server that is known here */
	READINGS,
};

extern const char *const reading_names[READINGS]; /* "event" … */

/* A line without the prefix of syslog or maillog_file. */
struct line {
	int64_t time;	    /* seconds since 1970; 0: the line has none */
	struct str host;    /* or empty */
	struct str program; /* "postfix/submission/smtpd", "dovecot" */
	uint32_t pid;	    /* 0: none */
	struct str text;
};

/* Events of one line; their texts borrow from the line and from state,
 * and are good until the next feed. */
struct events {
	unsigned n;
	struct event list[DIALECT_EVENTS_MAX];
};

struct preamble;

/* One row a mail server.  A new one is a folder and a line in
 * src/dialect/meson.build. */
struct dialect {
	const char *name;    /* "postfix" */
	const char *source;  /* struct event.source: "postfix-log" */
	const char *summary; /* for manuals */

	/* Is a line with this program tag one of this server's?  Several
	 * may own a tag: the first one that knows the line has it. */
	bool (*owns)(struct str program);

	/* A line of the server's own log file, which has no tag: its time
	 * and text.  NULL: it writes to syslog only.  True when it may be
	 * one; then feed() decides. */
	bool (*frame)(struct preamble *p, struct str s, int64_t arrival,
		struct line *ret);

	/* Bounded state; @key for its tables.  NULL: there is none. */
	void *(*open)(const struct hash_key *key);
	void (*close)(void *state);

	/* A line to events: addr, kind, texts; source is filled by the
	 * reader, and the time unless an earlier line told the event. */
	enum reading (*feed)(
		void *state, const struct line *line, struct events *ret);
};

extern const struct dialect *const dialects[];
extern const unsigned dialects_n;

/* One stream of lines: prefix, time, dialect by program tag. */
struct reader;

struct reader_stats {
	uint64_t lines;
	uint64_t events;
	uint64_t readings[READINGS];
	uint64_t times_mended; /* future, or far behind the line before */
};

/**
 * reader_new - begin a stream of log lines
 * @dialect  name of the only dialect, or NULL for "auto"
 * @zone     for times without a zone; copied
 * @key      secret for the tables of state; copied
 *
 * Returns a reader for reader_free(), or NULL when there is no such
 * dialect.
 */
struct reader *reader_new(const char *dialect, const struct zone *zone,
	const struct hash_key *key);

/**
 * reader_free - end a stream
 * @r  reader, or NULL
 */
void reader_free(struct reader *r);

/**
 * reader_feed - the next line
 * @r        reader
 * @line     without its newline; any bytes
 * @arrival  wall time [s]; of an old file its modification time.  Gives
 *           the year where the line has none: the newest that doesn't
 *           make it more than a day later than @arrival
 * @ret      events, time and source filled; borrowed until the next feed
 *
 * A time in the future, or more than 5 minutes before the line before,
 * becomes @arrival (spec.md section 3).
 * Returns what the line came to.
 */
enum reading reader_feed(
	struct reader *r, struct str line, int64_t arrival, struct events *ret);

/**
 * reader_stats - what has been read so far
 * @r    reader
 * @ret  filled
 */
void reader_stats(const struct reader *r, struct reader_stats *ret);
