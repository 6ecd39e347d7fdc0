/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * The keys of the section web, and whether they go together.
 */

#include "hooks/hook.h"
#include "http/http.h"
#include "web/site.h"

enum {
	WEB_LISTENERS_MAX = 16,
};

extern const struct hook_option_type web_keys[];

/**
 * web_keys_check - are the keys of a section right?
 * @config  section
 * @err     names the key and says what was expected
 *
 * Returns 0, or -1 with @err.
 */
int web_keys_check(const struct hook_config *config, struct err *err);

/**
 * web_keys_certificate - the file of the certificate
 * @config  section
 *
 * Returns its path, or NULL: no TLS.
 */
const char *web_keys_certificate(const struct hook_config *config);

/**
 * web_keys_key - the file of the private key
 * @config  section with a certificate
 *
 * Returns its path.
 */
const char *web_keys_key(const struct hook_config *config);

/**
 * web_keys_reach - who reaches a listener?
 * @config  section
 * @label   of the listener, as in the wiring
 *
 * Returns SITE_PROXIES when nobody else may: without TLS where a network
 * can listen.
 */
enum site_reach web_keys_reach(
	const struct hook_config *config, const char *label);

/**
 * web_keys_limits - the numbers
 * @config  section
 * @ret     its limits on connections
 * @err     names the key and says what was expected
 *
 * Returns 0, or -1 with @err.
 */
int web_keys_limits(const struct hook_config *config, struct http_config *ret,
	struct err *err);
