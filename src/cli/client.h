/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * One request to the daemon's API over its Unix socket.
 */

#include "cli/cli.h"
#include "http/json_tree.h"

/* What is asked.  Built by the functions below, freed by client_ask(). */
struct question {
	const char *method;
	struct buf path; /* with its query; percent-encoded */
	struct buf body; /* JSON unless @type says otherwise, or empty */
	const char *type;
	unsigned params; /* of the query so far */
};

/* What came back. */
struct answer {
	unsigned status;
	struct buf raw;	    /* head and body as they came */
	struct str text;    /* the body in @raw */
	struct json_t *doc; /* the body read; NULL when it isn't JSON */
};

/**
 * question_open - begin a question
 * @q       filled
 * @method  "GET"
 * @path    behind /api/v1, needs no encoding
 */
void question_open(struct question *q, const char *method, const char *path);

/**
 * question_part - a part of the path
 * @q     question without values yet
 * @text  any bytes
 */
void question_part(struct question *q, const char *text);

/**
 * question_param - a value of the query
 * @q      question
 * @name   of the value
 * @value  any bytes; NULL: nothing is added
 */
void question_param(struct question *q, const char *name, const char *value);

/**
 * question_time - a time of the command line as a value of the query
 * @c     call
 * @q     question
 * @name  of the value
 * @o     option: RFC 3339, or a span ago; nothing is added without it
 */
void question_time(
	struct cli *c, struct question *q, const char *name, enum option o);

/**
 * question_free - forget a question that isn't asked
 * @q  question
 */
void question_free(struct question *q);

/**
 * client_ask - ask and read the answer
 * @c    call
 * @q    question; freed here, whatever is returned
 * @ret  the answer, of any 2xx status; for answer_free()
 *
 * Other statuses and failures are printed; with --json, what the daemon
 * said about them is printed as well.
 * Returns EXIT_CODE_DONE, or the exit code; @ret is empty then.
 */
enum exit_code client_ask(
	struct cli *c, struct question *q, struct answer *ret);

/**
 * client_try - the same without a word
 * @c    call
 * @q    question; freed here, whatever is returned
 * @ret  the answer, of any 2xx status; for answer_free()
 * @err  what is wrong
 *
 * Returns EXIT_CODE_DONE, or the exit code with @err; @ret is empty then.
 */
enum exit_code client_try(
	struct cli *c, struct question *q, struct answer *ret, struct err *err);

/**
 * client_json - print the answer as it is, if --json is given
 * @c  call
 * @a  answer
 *
 * With --jsonl the items of a list come one a line.
 *
 * Returns true when it was.
 */
bool client_json(struct cli *c, const struct answer *a);

/**
 * answer_free - give an answer's memory back
 * @a  answer, empty afterwards
 */
void answer_free(struct answer *a);
