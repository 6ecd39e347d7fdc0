/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * The bytes of Postfix's policy delegation: requests in, actions out.
 * Pure.
 *
 * Source: Postfix SMTPD_POLICY_README, "Protocol description".
 */

#include <stddef.h>

#include "base/buf.h"
#include "base/str.h"

enum {
	POLICY_REQUEST_MAX = 16384,  /* [bytes], the empty line included */
	POLICY_ATTRIBUTE_MAX = 2048, /* [bytes], a line without its end */
};

/* What of a request matters here; borrows from its bytes. */
struct policy_request {
	struct str client_address; /* empty: not told */
	struct str instance;	   /* the same in all requests about one
				      message; empty: not told */
};

/**
 * policy_parse - the first request of a run
 * @in   bytes as they came
 * @ret  filled when there is a whole request
 *
 * Returns its length [bytes], 0 when it isn't whole yet, -1 when this is
 * no policy request: a line without '=', a length above the limits, no
 * request=smtpd_access_policy, one of the attributes used here twice.
 */
ptrdiff_t policy_parse(struct str in, struct policy_request *ret);

/**
 * policy_pass - append the answer "no objection"
 * @out  buffer
 */
void policy_pass(struct buf *out);

/**
 * policy_refuse - append the answer that makes Postfix say 421 and hang up
 * @out   buffer
 * @text  for the client, one line without a reply code
 */
void policy_refuse(struct buf *out, struct str text);
