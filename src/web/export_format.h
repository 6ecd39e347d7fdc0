/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * How rows are written for other programs.
 */

#include "base/buf.h"
#include "store/access.h"
#include "store/store.h"
#include "web/render.h"

/* A kind of file. */
struct export_format {
	const char *name;
	/* The first line, and a row with its end; NULL: it has none. */
	const char *event_head;
	void (*event)(struct buf *b, const struct store_event *e);
	const char *block_head;
	void (*block)(struct buf *b, const struct store_block *row,
		const struct render_view *view);
	const char *never_head;
	void (*never)(struct buf *b, const struct store_never *n);
	const char *audit_head;
	void (*audit)(struct buf *b, const struct store_audit *row);
};

extern const struct export_format export_formats[];
extern const unsigned export_formats_n;
