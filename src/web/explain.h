/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * An explanation on its way: what was asked, what the engine, the lists and
 * the log say of it.  Only explain*.c include it.
 */

#include "core/engine_course.h"
#include "core/hints.h"
#include "web/render.h"
#include "web/route.h"

enum {
	EXPLAIN_COVERING = 16, /* blocks that are listed */
	EXPLAIN_HISTORY = 100, /* rows of the block list's history looked at */
	EXPLAIN_READ = 2000,   /* newest events that are looked at */
	EXPLAIN_SHOWN = 500,   /* newest of them that are listed */
	EXPLAIN_POINTS = 600,  /* of the score's steps */
	EXPLAIN_NEIGHBOURS = 64,
	EXPLAIN_DAYS = 30, /* of the log looked at */
};

/* An event that was read. */
struct told {
	struct stored s;
	struct str json; /* its object, still open; empty when it is old */
	bool is_forgiven;
};

/* Oldest first once they are read. */
struct told_list {
	struct told *rows; /* EXPLAIN_READ */
	unsigned n;
};

struct inquiry {
	int64_t now;
	int64_t at; /* the time that is explained */
	bool is_past;
	struct render_view view;
	struct addr addr;
	bool has_addr; /* else a block is asked for */
	struct addr self;
	bool has_self;
	struct prefix key;
	struct verdict verdict;
	bool is_never;
	struct store_never never;
	struct block covering[EXPLAIN_COVERING]; /* live, longest first */
	unsigned covering_n;
	uint64_t id; /* of the block that is explained, or 0 */
	bool has_id; /* it was asked for by its number */
	struct explanation held[COMPONENTS]; /* at that time */
	struct settings settings;	     /* at that time */
	enum component chosen;		     /* explained in full */
	bool has_choice;		     /* as was asked for */

	/* From the lists. */
	struct str blocks[EXPLAIN_COVERING]; /* finished JSON */
	struct str last;		     /* finished JSON */
	struct store_block block; /* explained; its texts aren't kept */
	bool has_block;
	struct store_why why;
	int64_t since;		  /* acts before this don't count */
	struct hint_facts *day;	  /* of HINT_SPAN_S */
	struct hint_facts *month; /* of EXPLAIN_DAYS */

	/* From the log. */
	struct told_list log, kept;   /* kept: with the block */
	const struct told_list *told; /* the one that is shown */
	struct course *course;	      /* of @told; owned */
	bool is_exact;		      /* it comes to the same score */
	uint64_t seen_n;	      /* events of EXPLAIN_DAYS, 2000 at most */
	int64_t seen_first, seen_last;
	struct neighbour {
		struct addr addr;
		uint64_t n;
	} neighbours[EXPLAIN_NEIGHBOURS];
	unsigned neighbours_n;
	struct prefix blocked[EXPLAIN_NEIGHBOURS]; /* in the same network */
	struct err failed;
};

/* The component that is explained, as it was. */
static inline const struct explanation *
inquiry_explained(const struct inquiry *q)
{
	return q->why.is_found ? &q->why.why : &q->held[q->chosen];
}

/**
 * explain_read - look everything up, in the storage thread
 * @a       request; state: struct inquiry
 * @store   lists
 * @events  log
 */
void explain_read(
	struct ask *a, struct store *store, struct store_reader *events);

/**
 * explain_keep - one object, kept until the answer is put together
 * @a  request
 * @b  its text; freed
 *
 * Returns the text.
 */
struct str explain_keep(struct ask *a, struct buf *b);

/**
 * explain_read_blocks - the blocks that are listed
 * @a      request
 * @store  lists
 *
 * Returns 0, or -1 when it has failed.
 */
int explain_read_blocks(struct ask *a, struct store *store);

/**
 * explain_read_history - earlier blocks, and those beside it
 * @a      request
 * @store  lists
 *
 * Returns 0, or -1 when it has failed.
 */
int explain_read_history(struct ask *a, struct store *store);

/**
 * explain_add_events - the member "events"
 * @j  writer
 * @q  read
 */
void explain_add_events(struct json *j, const struct inquiry *q);

/**
 * explain_add_course - "series", "episode", "as_of", "counterfactuals"
 * @j  writer
 * @q  read
 */
void explain_add_course(struct json *j, struct inquiry *q);

/**
 * explain_add_hints - "hints" and "dossier"
 * @j  writer
 * @q  read
 */
void explain_add_hints(struct json *j, const struct inquiry *q);
