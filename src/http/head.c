/* SPDX-License-Identifier: ISC */

/*
 * Which heads are refused.  MHD reads them leniently; whatever two readers
 * could take for two different requests (RFC 9112, 6.3 and 3.2) is not
 * answered but with an error, and the connection ends.
 */

#include <string.h>

#include "base/def.h"
#include "base/num.h"
#include "http/inside.h"

struct lengths {
	unsigned content_lengths, hosts, encodings;
	struct str content_length, encoding;
	bool is_odd; /* a name or value that no honest client sends */
};

/* RFC 9110, 5.6.2: what a field's name is made of. */
static bool
is_token(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (c <= ' ' || c >= 0x7f || strchr("\"(),/:;<=>?@[\\]{}", c))
			return false;
	}
	return s.n > 0;
}

static bool
has_control(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if ((c < ' ' && c != '\t') || c == 0x7f)
			return true;
	}
	return false;
}

/* NOLINTBEGIN(readability-function-size): MHD wants these six */
static enum MHD_Result
count(void *ctx, enum MHD_ValueKind kind, const char *key, size_t key_n,
	const char *value, size_t value_n)
{
	struct lengths *l = ctx;
	struct str name = { key, key_n };

	(void)kind;
	if (!is_token(name) || has_control((struct str){ value, value_n }))
		l->is_odd = true;
	if (str_eq_case(name, S("Content-Length"))) {
		l->content_lengths++;
		l->content_length = (struct str){ value, value_n };
	} else if (str_eq_case(name, S("Transfer-Encoding"))) {
		l->encodings++;
		l->encoding = (struct str){ value, value_n };
	} else if (str_eq_case(name, S("Host"))) {
		l->hosts++;
	}
	return MHD_YES;
}
/* NOLINTEND(readability-function-size) */

static unsigned
check_length(struct str s, uint32_t max)
{
	int64_t n;

	if (!num_parse(s, 0, INT64_MAX, &n))
		return MHD_HTTP_BAD_REQUEST;
	return n > max ? MHD_HTTP_CONTENT_TOO_LARGE : 0;
}

uint32_t
http_body_max(const struct http_request *r)
{
	const struct http_config *c = &r->server->config;

	return c->large_path && strcmp(r->path, c->large_path) == 0
		       ? c->large_max
		       : c->body_max;
}

unsigned
http_head_check(const struct http_request *r, const char *version)
{
	struct lengths l = { 0 };

	MHD_get_connection_values_n(r->connection, MHD_HEADER_KIND, count, &l);
	if (l.is_odd || r->path[0] != '/')
		return MHD_HTTP_BAD_REQUEST;
	if (l.content_lengths > 1 || l.hosts > 1 || l.encodings > 1)
		return MHD_HTTP_BAD_REQUEST;
	if (l.encodings &&
		(l.content_lengths || !str_eq(str_of(version), S("HTTP/1.1"))))
		return MHD_HTTP_BAD_REQUEST;
	if (l.encodings && !str_eq_case(l.encoding, S("chunked")))
		return MHD_HTTP_NOT_IMPLEMENTED;
	if (l.content_lengths)
		return check_length(l.content_length, http_body_max(r));
	return 0;
}

enum http_method
http_method_parse(const char *name)
{
	static const char *const names[HTTP_METHODS] = {
		[HTTP_GET] = "GET",
		[HTTP_HEAD] = "HEAD",
		[HTTP_POST] = "POST",
		[HTTP_PUT] = "PUT",
		[HTTP_PATCH] = "PATCH",
		[HTTP_DELETE] = "DELETE",
	};
	enum http_method m = 0;

	while (m < HTTP_METHODS && strcmp(names[m], name) != 0)
		m++;
	return m;
}

size_t
http_unescape(void *ctx, struct MHD_Connection *connection, char *text)
{
	char *to = text;
	uint64_t code;

	(void)ctx;
	(void)connection;
	for (const char *from = text; *from; from++) {
		*to = *from;
		if (*from == '%' && from[1] && from[2] &&
			num_parse_hex((struct str){ from + 1, 2 }, &code) &&
			code != 0) {
			*to = (char)code;
			from += 2;
		}
		to++;
	}
	*to = '\0';
	return (size_t)(to - text);
}
