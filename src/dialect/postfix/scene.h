/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * A line of Postfix while it is being read.
 */

#include "dialect/postfix/state.h"

/* A line being read. */
struct scene {
	struct postfix *px;
	const struct line *line;
	struct events *ret;
	struct session *session;
	struct str queue;   /* or empty */
	struct str where;   /* SMTP command, or empty */
	struct str rest;    /* what isn't read yet */
	struct addr addr;   /* client */
	bool is_submission; /* of cleanup: the message came in so */
};

/**
 * client_read - the client, where the server writes it
 * @sc  line; @rest is behind "from " and is shortened to what follows
 *      "host[address]"
 *
 * Returns true when an address stands there.
 */
bool client_read(struct scene *sc);

/**
 * event_tell - begin an event of a line
 * @sc    line
 * @kind  kind
 *
 * Returns it with address, service, session and detail.
 */
struct event *event_tell(struct scene *sc, enum event_kind kind);

/**
 * scene_is_submission - did the client come by a submission service?
 * @sc  line
 *
 * Returns true when the program's name or the message says so.
 */
bool scene_is_submission(const struct scene *sc);
