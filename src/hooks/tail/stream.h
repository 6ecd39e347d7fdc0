/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * One log as its readers know it: a name under which files come and go.
 * Reads them in the order in which they stood there, each to its end, and
 * tells the node where it stands after every block of lines.
 *
 * A file is left when the next one has lines: until then its writer may
 * still hold it, whoever made the next one.  A file that was left is
 * watched a little longer for writers that are slow to notice; such lines
 * count, but no position is kept for them.
 */

#include <stdbool.h>
#include <stdint.h>

#include "dialect/rules.h"
#include "hooks/tail/family.h"
#include "hooks/tail/follow.h"
#include "node/node.h"
#include "sys/watch.h"

enum {
	STREAM_LINES = 2000,	 /* read in one turn */
	STREAM_WARM = 256 << 10, /* bytes before a position that are read again
				    for what they say about open sessions */
	STREAM_QUEUE_MAX = 64,	 /* files that wait to be read */
	STREAM_LATE_MAX = 8,	 /* files that were left and are still open */
	STREAM_LATE_S = 10,	 /* of silence */
};

/* Counters of a section of the wiring. */
struct tail_stats {
	uint64_t lines, bytes, events;
	uint64_t unknown, ambiguous, foreign;
	uint64_t aside;	    /* lines that killed our predecessors */
	uint64_t cut;	    /* lines longer than FOLLOW_LINE_MAX */
	uint64_t rotations; /* files that were left for the next */
	uint64_t cuts;	    /* files cut or rewritten in place */
	uint64_t lost;	    /* files whose end could not be read */
	uint64_t partial;   /* last lines that never got their newline */
	uint64_t warmed;    /* lines read again after a start */
};

/* What the streams of a section share. */
struct tail_shared {
	const char *name;    /* of the section */
	const char *dialect; /* or NULL: by program tag */
	struct rules *rules; /* the section's own, maybe none */
	bool is_from_beginning;
	struct zone zone;
	struct hash_key key;
	struct node *node;
	struct guard *guard; /* or NULL */
	struct watch watch;
	char *room; /* FOLLOW_ROOM bytes */
	struct tail_stats stats;
};

/* A name that appeared and hasn't been opened: it may move on before. */
struct arrival {
	uint32_t cookie; /* on its way to another name */
	char name[256];	 /* or "" */
};

enum {
	ARRIVALS_MAX = 64,
};

struct stream {
	struct stream *next;
	struct tail_shared *shared;
	char *folder, *base; /* the path */
	char *key;	     /* under which the node keeps the position */
	struct reader *reader;
	struct follow *files; /* oldest first; the last one stands at the
				 path, or did */
	struct follow *late;  /* left, newest first */
	bool is_ready;	      /* there may be something to read */
	bool is_unread;	      /* a file stood there when we began, but it
				 could not be opened */
	const char *trouble;  /* why it can't be read, or NULL */
	struct arrival arrivals[ARRIVALS_MAX];
	unsigned arrivals_n;
};

/**
 * stream_new - a log by its path
 * @shared  of the section; outlives the stream
 * @folder  where it lies
 * @base    its name in there
 *
 * Returns a stream for stream_free(); nothing is open yet.
 */
struct stream *stream_new(
	struct tail_shared *shared, const char *folder, const char *base);

/**
 * stream_free - close its files
 * @s  stream, or NULL
 */
void stream_free(struct stream *s);

/**
 * stream_begin - find the place to go on from
 * @s        new; the node is loaded and the folder watched
 * @is_born  the file appeared just now: it is new from its first byte on
 */
void stream_begin(struct stream *s, bool is_born);

/**
 * stream_turn - read one block
 * @s  begun
 *
 * Returns true when there may be more.
 */
bool stream_turn(struct stream *s);

/**
 * stream_on_name - something happened to a name in the folder
 * @s   begun
 * @ev  APPEARED, MOVED or GONE
 */
void stream_on_name(struct stream *s, const struct watch_event *ev);

/**
 * stream_arrive - open what has appeared
 * @s  begun
 */
void stream_arrive(struct stream *s);

/**
 * stream_has_watch - is this one of its files?
 * @s   stream
 * @id  number of a watched file
 *
 * Returns true when it is.
 */
bool stream_has_watch(const struct stream *s, int id);

/**
 * stream_has_inode - is this one of its files?
 * @s   stream
 * @st  file
 *
 * Returns true when it is.
 */
bool stream_has_inode(const struct stream *s, const struct disk_state *st);

/**
 * stream_look - see for ourselves, in case nobody told us
 * @s  begun
 *
 * For file systems without inotify, lost messages, folders made later.
 */
void stream_look(struct stream *s);

/**
 * stream_lag - what there is to read
 * @s  stream
 *
 * Returns bytes behind the position, of all its files.
 */
int64_t stream_lag(const struct stream *s);
