/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * The bodies of Dovecot's auth policy protocol, which are weakforced's too:
 * JSON in, JSON out.  Pure.
 *
 * Source: doc.dovecot.org, "Authentication policy support".
 */

#include <stdbool.h>

#include "base/buf.h"
#include "base/str.h"
#include "core/event.h"

struct dovecot_flag {
	bool is_there, is_set;
};

/* Who logs in.  What isn't told is empty. */
struct dovecot_request {
	struct str remote;  /* the client's address */
	struct str login;   /* account, as the client wrote it */
	struct str service; /* "imap", "pop3", "smtp", "sieve" … */
	struct str session;
	struct str pwhash;  /* a tag of the password */
	struct str device;  /* what the client calls itself */
	struct str failure; /* 2.4: "credentials", "internal" … */
	struct dovecot_flag success;
	struct dovecot_flag reject; /* by an answer of ours */
	void *json; /* owns the texts when they aren't @body's; or NULL */
};

/**
 * dovecot_parse - a request's body
 * @body  JSON
 * @ret   filled, borrows from @body; for dovecot_request_fini()
 *
 * Returns true when it is an object whose members have the right types.
 */
bool dovecot_parse(struct str body, struct dovecot_request *ret);

/**
 * dovecot_request_fini - let go of a request's texts
 * @r  from dovecot_parse()
 */
void dovecot_request_fini(struct dovecot_request *r);

/**
 * dovecot_event - what a report tells
 * @r    request
 * @ret  filled; borrows from @r
 *
 * Returns false when it is no event: no address or outcome, a refusal of
 * our own, the server's own trouble.
 */
bool dovecot_event(const struct dovecot_request *r, struct event *ret);

/**
 * dovecot_pass - append the answer "no objection"
 * @out  buffer
 */
void dovecot_pass(struct buf *out);

/**
 * dovecot_refuse - append the answer that fails the login
 * @out   buffer
 * @text  for the client; what isn't printable ASCII becomes '?', since old
 *        Dovecots aren't to be trusted with more
 */
void dovecot_refuse(struct buf *out, struct str text);
