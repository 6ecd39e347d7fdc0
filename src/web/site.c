/* SPDX-License-Identifier: ISC */

#include "web/site.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "sys/log.h"
#include "web/access.h"
#include "web/assets.h"

struct site {
	struct site_config config;
	bool has_warned; /* of a proxy that isn't listed */
};

const struct http_field site_fields[] = {
	{ "Content-Security-Policy",
		"default-src 'none'; script-src 'self'; style-src 'self'; "
		"img-src 'self'; connect-src 'self'; font-src 'self'; "
		"manifest-src 'self'; base-uri 'none'; form-action 'self'; "
		"frame-ancestors 'none'; require-trusted-types-for 'script'; "
		"trusted-types 'none'" },
	{ "X-Content-Type-Options", "nosniff" },
	{ "Referrer-Policy", "no-referrer" },
	{ "Cross-Origin-Opener-Policy", "same-origin" },
	{ "Cross-Origin-Resource-Policy", "same-origin" },
	{ "Permissions-Policy", "camera=(), microphone=(), geolocation=()" },
	{ "Strict-Transport-Security", "max-age=31536000" },
};

const size_t site_fields_n = ARRAY_LEN(site_fields);

struct site *
site_new(const struct site_config *config)
{
	struct site *s = mem_alloc(1, sizeof(*s));

	s->config = *config;
	return s;
}

void
site_free(struct site *s)
{
	free(s);
}

bool
site_has_pages(void)
{
	return assets_n > 0;
}

/* --- refusals --------------------------------------------------------------- */

struct refusal {
	unsigned status;
	const char *code, *title;
};

static const struct refusal unknown_host = { 421, "unknown-host",
	"The server is not known by this name" };
static const struct refusal not_proxied = { 403, "not-by-proxy",
	"Only the proxies in front may ask here" };
static const struct refusal setup_needed = { 503, "setup-needed",
	"There is no user yet" };
static const struct refusal not_found = { 404, "not-found",
	"There is no such thing" };
static const struct refusal bad_method = { 405, "method-not-allowed",
	"The method does not fit the path" };

static bool
is_api(const struct http_request *r)
{
	return str_starts(http_path(r), S("/api/")) ||
	       str_eq(http_path(r), S("/metrics"));
}

static void
add_problem(struct buf *b, const struct refusal *why, struct str detail)
{
	struct json j = { .b = b };

	json_open(&j, '{');
	json_member_str(&j, "type", S("about:blank"));
	json_member_str(&j, "code", str_of(why->code));
	json_member_str(&j, "title", str_of(why->title));
	json_member_int(&j, "status", why->status);
	json_member_str(&j, "detail", detail);
	json_close(&j, '}');
}

/* For a program under /api, for a person elsewhere. */
static void
refuse(struct http_request *r, const struct refusal *why, struct str detail)
{
	static const struct http_field fields[] = {
		{ "Cache-Control", "no-store" },
		{ "Allow", "GET, HEAD" },
	};
	struct buf body CLEANUP(buf_free) = { 0 };

	if (is_api(r))
		add_problem(&body, why, detail);
	else
		buf_printf(&body, "%s: %.*s\n", why->title, (int)detail.n,
			detail.p);
	http_reply(r, &(struct http_response){ .status = why->status,
			      .type = is_api(r) ? "application/problem+json"
						: "text/plain; charset=utf-8",
			      .fields = fields,
			      .fields_n = why->status == 405 ? 2 : 1,
			      .body = buf_str(&body) });
}

/* --- under which name? --------------------------------------------------------- */

/* The host of "name:port" and "[address]:port". */
static struct str
without_port(struct str host)
{
	ptrdiff_t colon = str_rfind(host, S(":"));
	struct str name = host;

	if (str_take(&name, S("["))) {
		ptrdiff_t end = str_find(name, S("]"));

		return (struct str){ name.p, end < 0 ? 0 : (size_t)end };
	}
	return colon < 0 ? host : (struct str){ host.p, (size_t)colon };
}

/* A page of another site can have its own name point at us, and would then
 * be of the same origin (DNS rebinding); it can't make its name an address. */
static bool
is_known(const struct site *s, struct str host)
{
	struct addr addr;

	if (addr_parse(host, &addr) || str_eq_case(host, S("localhost")))
		return true;
	for (size_t i = 0; i < s->config.names_n; i++)
		if (str_eq_case(host, str_of(s->config.names[i])))
			return true;
	return false;
}

/* No browser leaves the field out. */
static bool
check_host(const struct site *s, struct http_request *r)
{
	struct buf detail CLEANUP(buf_free) = { 0 };
	struct str host;

	if (!http_head(r, "Host", &host))
		return true;
	host = without_port(host);
	if (is_known(s, host))
		return true;
	json_quote(&detail, host);
	buf_printf(&detail,
		" is none of this server's names; if it shall be, add it as "
		"\"name\" to the section web of brattice.conf");
	refuse(r, &unknown_host, buf_str(&detail));
	return false;
}

/* To an unlisted proxy's clients we would be blind. */
static void
warn_of_proxy(
	struct site *s, const struct http_request *r, const struct http_peer *p)
{
	char text[ADDR_TEXT_MAX];
	struct str unused;

	if (s->has_warned || p->is_proxy ||
		!http_head(r, "X-Forwarded-For", &unused))
		return;
	s->has_warned = true;
	log_line(LOG_LEVEL_WARN, "web.proxy",
		"peer=%s: it says whom it asks for (X-Forwarded-For) and is "
		"not believed; if it is a proxy of yours, add it to proxies "
		"in the section web of brattice.conf",
		addr_format(&p->addr, text));
}

static bool
check_peer(struct site *s, struct http_request *r)
{
	struct http_peer p;
	bool is_near;

	if (!http_peer(r, &p))
		p = (struct http_peer){ 0 };
	warn_of_proxy(s, r, &p);
	if (s->config.reach == SITE_PROXIES && !p.is_proxy) {
		refuse(r, &not_proxied,
			S("this listener has no TLS and is for the proxies "
			  "that the section web of brattice.conf names"));
		return false;
	}
	is_near = s->config.reach == SITE_NEAR &&
		  (!p.is_forwarded || addr_is_loopback(&p.addr));
	if (is_near || !api_lacks_users(s->config.api))
		return true;
	refuse(r, &setup_needed,
		S("run \"brattice setup\" on the server; until then the web "
		  "interface is served on its loopback address only"));
	return false;
}

/* --- pages ----------------------------------------------------------------------- */

static const struct asset *
asset_find(struct str name)
{
	for (size_t i = 0; i < assets_n; i++)
		if (str_eq(str_of(assets[i].name), name))
			return &assets[i];
	return NULL;
}

/* Is gzip among "gzip;q=0.5, br"? */
static bool
takes_gzip(const struct http_request *r)
{
	struct str rest, part, coding, q;

	if (!http_head(r, "Accept-Encoding", &rest))
		return false;
	while (rest.n) {
		str_cut(rest, ',', &part, &rest);
		str_cut(part, ';', &coding, &q);
		if (str_eq_case(str_trim(coding), S("gzip")))
			return !str_eq(str_trim(q), S("q=0"));
	}
	return false;
}

static bool
has_it(const struct http_request *r, const char *etag)
{
	struct str tags;

	return http_head(r, "If-None-Match", &tags) &&
	       (str_eq(tags, S("*")) || str_find(tags, str_of(etag)) >= 0);
}

static void
send_asset(struct http_request *r, const struct asset *a, const char *caching)
{
	bool is_gzip = a->gzip.n && takes_gzip(r);
	const char *etag = is_gzip ? a->etag_gzip : a->etag;
	struct http_field fields[] = {
		{ "Cache-Control", caching },
		{ "ETag", etag },
		{ "Vary", "Accept-Encoding" },
		{ "Content-Encoding", "gzip" },
	};
	bool is_same = has_it(r, etag);

	/* With 304 the body only says how long it is. */
	http_reply(r, &(struct http_response){
			      .status = is_same ? 304 : 200,
			      .type = is_same ? NULL : a->type,
			      .fields = fields,
			      .fields_n = is_gzip && !is_same ? 4 : 3,
			      .body = is_gzip ? a->gzip : a->plain,
			      .is_static = true,
		      });
}

/* What the pages are made of: "/ui/BUILD/main.js". */
static void
serve_asset(struct http_request *r, struct str path)
{
	const struct asset *a = NULL;

	if (str_take(&path, str_of(assets_build)) && str_take(&path, S("/")))
		a = asset_find(path);
	if (a)
		send_asset(r, a, "public, max-age=31536000, immutable");
	else
		refuse(r, &not_found,
			S("this is no file of this build; load the page "
			  "again"));
}

/* "/favicon.ico" and the like; an account may hold dots, further back. */
static bool
is_file(struct str path)
{
	struct str first, rest;

	str_cut(str_from(path, 1), '/', &first, &rest);
	return first.n && memchr(first.p, '.', first.n);
}

/* The pages share one document, whose script looks at the path. */
static void
serve_page(struct http_request *r, struct str path)
{
	const struct asset *a = asset_find(S("index.html"));

	if (!a)
		refuse(r, &not_found,
			S("this bratticed was built without its pages, for "
			  "want of Node.js; the API under /api/v1 and the "
			  "command brattice(1) do all that they would"));
	else if (is_file(path))
		refuse(r, &not_found, S("no page has this address"));
	else
		send_asset(r, a, "no-cache");
}

void
site_handle(void *ctx, struct http_request *r)
{
	struct site *s = ctx;
	struct str path = http_path(r);

	if (!check_host(s, r) || !check_peer(s, r))
		return;
	if (is_api(r))
		api_handle(s->config.api, r);
	else if (http_method(r) > HTTP_HEAD)
		refuse(r, &bad_method, S("pages are only read: GET or HEAD"));
	else if (str_take(&path, S("/ui/")))
		serve_asset(r, path);
	else
		serve_page(r, path);
}
