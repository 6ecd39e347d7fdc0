/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * What the handlers about users and sessions share.
 */

#include "web/ask.h"

struct access_user;

/**
 * session_render - the session object
 * @a  request, signed in
 */
void session_render(struct ask *a);

/**
 * session_begin - sign a user in and answer with the session object
 * @a       request, ended when it is stored
 * @u       who
 * @status  of the answer
 */
void session_begin(struct ask *a, struct access_user *u, unsigned status);

/**
 * session_text - a text in the body
 * @a     request; on failure it is ended
 * @name  of the member
 * @ret   text, borrowed; empty when there is none
 *
 * Returns false when it is wrong: answered.
 */
bool session_text(struct ask *a, const char *name, struct str *ret);

/**
 * session_has_user - is somebody signed in?
 * @a  request; on failure it is ended
 *
 * Returns false over the Unix socket: answered.
 */
bool session_has_user(struct ask *a);

/**
 * session_is_slow - may this account be tried from here now?
 * @a     request; on failure it is ended
 * @name  account
 *
 * Returns false when it must wait: answered.
 */
bool session_is_slow(struct ask *a, struct str name);
