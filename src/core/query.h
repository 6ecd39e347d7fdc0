/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * What people type into a search box, taken apart: a list of terms that
 * all must hold.  Which fields there are is the caller's table; what they
 * are compared with is a typed value, never text of another language.
 *
 *	query  = { term }
 *	term   = [ "-" ] ( field op value { "," value } | text )
 *	op     = ":" | "=" | "<" | ">" | "<=" | ">="
 *	value, text = a run without blanks, or "quoted"
 *
 * A comma means or, a minus not.  A text alone is an address or network
 * when it reads as one, else it is looked for in what was said.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/arena.h"
#include "base/str.h"

enum {
	QUERY_BYTES_MAX = 2000,
	QUERY_TERMS_MAX = 32,
	QUERY_VALUES_MAX = 100, /* of one term */
};

/* What a field is about; the store knows where that stands. */
enum query_subject {
	QUERY_IP,
	QUERY_KIND,
	QUERY_ACCOUNT,
	QUERY_SERVICE,
	QUERY_SOURCE,
	QUERY_OUTCOME,
	QUERY_SESSION,
	QUERY_HELO,
	QUERY_POINTS,
	QUERY_BLOCK,
	QUERY_SINCE,
	QUERY_UNTIL,
	QUERY_TEXT,
	QUERY_ORIGIN,
	QUERY_COMPONENT,
	QUERY_STATE,
	QUERY_SCORE,
	QUERY_BY,
	QUERY_NOTE,
	QUERY_EXPIRES,
	QUERY_HINT,
	QUERY_SUBJECTS,
};

/* Numbers of choices that are no enum of the engine's. */
enum query_choice {
	QUERY_FORGIVEN = 8, /* behind enum outcome */
	QUERY_ACTIVE = 0,
	QUERY_EXPIRED,
	QUERY_REMOVED,
};

/* What is accepted behind the operator. */
enum query_type {
	QUERY_IS_PREFIX, /* address or network */
	QUERY_IS_KIND,	 /* kind of event, by name or number */
	QUERY_IS_CHOICE, /* one of the field's names */
	QUERY_IS_NAME,	 /* text, with * at its end any that begins so */
	QUERY_IS_PART,	 /* text that is part of it, whatever its case */
	QUERY_IS_TIME,	 /* RFC 3339, or a span: so long ago */
	QUERY_IS_END,	 /* RFC 3339, or a span: so long from now */
	QUERY_IS_NUMBER,
	QUERY_IS_HINT, /* kind of hint, or "any" of those for the address */
};

enum query_op {
	QUERY_EQUAL,
	QUERY_LESS,
	QUERY_MORE,
	QUERY_LESS_EQUAL,
	QUERY_MORE_EQUAL,
};

struct query_field {
	const char *name;
	enum query_subject subject;
	enum query_type type;
	const char *const *choices; /* QUERY_IS_CHOICE: NULL at the end */
	const char *meaning;	    /* a clause for the manual */
};

union query_value {
	struct prefix prefix;
	int64_t number; /* kind, place in choices, time [s], bits of hints */
	struct {
		struct str text;
		bool is_open; /* QUERY_IS_NAME: any that begins so */
	} name;
};

struct query_term {
	const struct query_field *field;
	enum query_op op;
	bool is_not;
	unsigned n; /* ≥ 1 */
	union query_value *values;
};

/* The fields of a list. */
struct query_fields {
	const struct query_field *rows;
	unsigned n;
};

struct query {
	const struct query_fields *fields;
	unsigned n;
	struct query_term terms[QUERY_TERMS_MAX];
};

/* What is read. */
struct query_input {
	struct str text; /* UTF-8, may be empty */
	const struct query_fields *fields;
	int64_t now; /* spans are from here [s] */
};

/* What is wrong, and where. */
struct query_error {
	unsigned column; /* from 1, in characters */
	char text[320];
};

/**
 * query_parse - take a search apart
 * @in     text and fields
 * @arena  owns what @ret points to, texts included
 * @ret    the terms
 * @err    what was expected, and a name that is near
 *
 * Returns 0, or -1 with @err.
 */
int query_parse(const struct query_input *in, struct arena *arena,
	struct query *ret, struct query_error *err);

/**
 * query_find - the first term about a subject that must hold
 * @q        terms
 * @subject  what it is about
 *
 * Returns the term, or NULL.
 */
const struct query_term *query_find(
	const struct query *q, enum query_subject subject);
