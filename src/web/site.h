/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * What a listener of the web interface serves: the API and the pages,
 * under the names that it is known by, with the head fields that keep a
 * browser strict.
 */

#include "http/request.h"
#include "web/api.h"

struct site;

enum site_reach {
	SITE_NEAR,    /* it listens on a loopback address */
	SITE_FAR,     /* it says nothing until there is a user */
	SITE_PROXIES, /* like SITE_FAR, and only proxies may ask */
};

struct site_config {
	struct api *api;
	const char *const *names; /* as Host; addresses and localhost beside */
	size_t names_n;
	enum site_reach reach;
};

/* Head fields of every answer; the last one is for TLS only. */
extern const struct http_field site_fields[];
extern const size_t site_fields_n;

/**
 * site_new - a site
 * @config  copied, but for the names: they and the API must outlive it
 *
 * Returns a site for site_free().
 */
struct site *site_new(const struct site_config *config);

/**
 * site_free - end it; no request may be under way
 * @s  site, or NULL
 */
void site_free(struct site *s);

/**
 * site_has_pages - does this build have them?
 *
 * Returns true when it does.
 */
bool site_has_pages(void);

/**
 * site_handle - answer a request: the handler for http_start()
 * @ctx  struct site
 * @r    request
 */
void site_handle(void *ctx, struct http_request *r);
