/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * What is remembered of Postfix: SMTP sessions by host and process id,
 * messages by queue id.  Both tables are fixed; when one is full the
 * session or message that was quiet longest goes.  A session whose
 * beginning wasn't seen has no summary: what it told before is unknown.
 */

#include <stdbool.h>

#include "base/addr.h"
#include "dialect/dialect.h"
#include "dialect/slots.h"

enum {
	SESSIONS = 4096,
	MESSAGES = 8192,
	SESSION_ID_MAX = 48, /* "smtpd", 3 marks, 10 + 16 + 10 digits */
	CLIENT_TEXT_MAX = 64,
	HOST_MAX = 64,
};

/* One SMTP session, from "connect from" to "disconnect from". */
struct session {
	struct addr addr;
	int64_t since;	/* time of the connect line; 0: not seen */
	uint32_t nth;	/* of the sessions that began in that second */
	uint16_t auths; /* failed AUTH that lines told, or that are nobody's
			   fault */
	uint16_t auths_told; /* those of them that were events */
	uint16_t syntax;     /* syntax events told */
	uint16_t lines;	  /* failed HELO, NOOP, unknown … that lines told */
	bool is_told;	  /* something was told: not a probe */
	bool is_hung;	  /* gone in the middle of AUTH */
	bool is_user;	  /* its login was told */
	bool is_refused;  /* a command was refused */
	bool is_shut;	  /* a milter refused the client or its HELO, and
			    says so again at each command */
	uint8_t id_n;	  /* 0: not asked for yet */
	uint8_t client_n; /* 0: too long to keep */
	char id[SESSION_ID_MAX];
	char client[CLIENT_TEXT_MAX]; /* "host[address]" that was @addr */
};

/* One message, from "client=" on. */
struct message {
	struct addr addr;
	bool is_submission;
};

struct postfix {
	struct hash_key key;
	struct slots session_slots;
	struct session *sessions;
	struct slots message_slots;
	struct message *messages;
	char host[HOST_MAX]; /* host of the last line and its hash */
	size_t host_n;
	uint64_t host_hash;
	uint64_t key_of_line;	 /* of session_get(), for open and close */
	int slot_of_line;	 /* or -1 */
	int64_t second;		 /* of the last connect line */
	uint32_t opened;	 /* sessions in that second */
	struct session stranger; /* for a line whose session isn't known */
};

/**
 * session_open - a new session of the process of session_get()'s line
 * @px    state
 * @line  its connect line
 * @addr  its client
 * @text  "host[address]", as all its lines have it
 *
 * Returns it.
 */
struct session *session_open(struct postfix *px, const struct line *line,
	const struct addr *addr, struct str text);

/**
 * session_get - the session that a line belongs to
 * @px    state
 * @line  line
 *
 * Returns it, or one without a beginning, good until the next line.
 */
struct session *session_get(struct postfix *px, const struct line *line);

/**
 * session_close - forget the session of session_get()'s line
 * @px  state
 */
void session_close(struct postfix *px);

/**
 * message_take - remember a message
 * @px     state
 * @line   line, for its host
 * @queue  queue id
 * @m      who sent it; copied
 */
void message_take(struct postfix *px, const struct line *line, struct str queue,
	const struct message *m);

/**
 * message_find - who sent a message
 * @px    state
 * @line  line, for its host
 * @queue queue id
 *
 * Returns it, or NULL.
 */
struct message *message_find(
	struct postfix *px, const struct line *line, struct str queue);
