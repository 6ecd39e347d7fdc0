/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * Lines as a real server writes them about a hostile client, for tests and
 * fuzz targets: whatever a client may choose is made of given bytes, what
 * the server writes is the truth that the parser must find.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/buf.h"

/* Bytes that decide; zeros when they are used up. */
struct forge_source {
	const uint8_t *p;
	size_t n;
	const char *const *pieces; /* decoys of the dialect's own; NULL, or
				      the last is NULL */
};

/* What a server does to a client's text before it logs it. */
struct forge_rule {
	size_t max;	      /* bytes kept */
	const char *more;     /* put behind what was cut, or NULL */
	const char *replaced; /* bytes that become '?', control bytes too */
};

/* The lines about one client. */
struct forged {
	struct buf lines; /* each with its newline */
	struct addr addr; /* the truth */
	unsigned wanted;  /* events that it must come to, at least */
};

struct forge {
	const char *name;	   /* of the dialect */
	unsigned ways;		   /* kinds of line */
	const char *const *pieces; /* see struct forge_source */
	void (*make)(
		unsigned way, struct forge_source *src, struct forged *ret);
};

/**
 * forge_byte - the next byte
 * @src  source
 *
 * Returns it.
 */
uint8_t forge_byte(struct forge_source *src);

/**
 * forge_text - a text as a hostile client chooses it
 * @src   source; picks raw bytes and pieces that imitate servers' words
 * @rule  what the server makes of it
 * @b     appended to
 */
void forge_text(
	struct forge_source *src, const struct forge_rule *rule, struct buf *b);

/**
 * forge_addr - the client's address
 * @src  source
 * @ret  an address that no imitation has
 * @b    its text is appended
 */
void forge_addr(struct forge_source *src, struct addr *ret, struct buf *b);

/**
 * forge_find - the forge of a dialect
 * @name  its name
 *
 * Returns it, or NULL.
 */
const struct forge *forge_find(const char *name);
