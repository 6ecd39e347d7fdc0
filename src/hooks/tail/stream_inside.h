/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * What the files stream*.c share.
 */

#include "hooks/tail/stream.h"

/**
 * stream_keep_position - tell the node where reading stands
 * @s  stream
 */
void stream_keep_position(struct stream *s);

/**
 * stream_watch - a file of the stream was opened
 * @s  stream
 * @f  file, in its list
 */
void stream_watch(struct stream *s, struct follow *f);

/**
 * stream_unwatch - close a file
 * @s  stream
 * @f  file, not in a list any more
 */
void stream_unwatch(struct stream *s, struct follow *f);

/**
 * stream_path - where the log or a neighbour lies
 * @s     stream
 * @name  in the folder
 * @room  for the path
 * @n     bytes of it
 *
 * Returns false when it is too long.
 */
bool stream_path(
	const struct stream *s, const char *name, char *room, size_t n);

/**
 * stream_trouble - the log can't be opened: say so once
 * @s      stream
 * @error  errno
 */
void stream_trouble(struct stream *s, int error);
