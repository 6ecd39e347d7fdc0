/* SPDX-License-Identifier: ISC */

#include "hooks/policy/protocol.h"

#include <stdbool.h>
#include <string.h>

#include "base/def.h"

/* Attributes that are looked at; the others only have to be well formed. */
enum attribute {
	ATTRIBUTE_REQUEST,
	ATTRIBUTE_CLIENT_ADDRESS,
	ATTRIBUTE_INSTANCE,
	ATTRIBUTES,
};

struct found {
	struct str value[ATTRIBUTES];
	bool is_there[ATTRIBUTES];
};

static const struct str names[ATTRIBUTES] = {
	[ATTRIBUTE_REQUEST] = { "request", 7 },
	[ATTRIBUTE_CLIENT_ADDRESS] = { "client_address", 14 },
	[ATTRIBUTE_INSTANCE] = { "instance", 8 },
};

/* A line "name=value" without its end.  False: it isn't one. */
static bool
parse_attribute(struct str line, struct found *f)
{
	const char *equals = memchr(line.p, '=', line.n);
	struct str name;

	if (!equals || equals == line.p || line.n > POLICY_ATTRIBUTE_MAX)
		return false;
	name = (struct str){ line.p, (size_t)(equals - line.p) };
	for (size_t i = 0; i < ATTRIBUTES; i++) {
		if (!str_eq(name, names[i]))
			continue;
		if (f->is_there[i])
			return false;
		f->is_there[i] = true;
		f->value[i] = str_from(line, name.n + 1);
	}
	return true;
}

static ptrdiff_t
finish(const struct found *f, size_t used, struct policy_request *ret)
{
	if (!str_eq(f->value[ATTRIBUTE_REQUEST], S("smtpd_access_policy")))
		return -1;
	ret->client_address = f->value[ATTRIBUTE_CLIENT_ADDRESS];
	ret->instance = f->value[ATTRIBUTE_INSTANCE];
	return (ptrdiff_t)used;
}

ptrdiff_t
policy_parse(struct str in, struct policy_request *ret)
{
	struct found found = { 0 };
	struct str rest = in;
	const char *end;

	if (rest.n > POLICY_REQUEST_MAX)
		rest.n = POLICY_REQUEST_MAX;
	while ((end = memchr(rest.p, '\n', rest.n))) {
		struct str line = { rest.p, (size_t)(end - rest.p) };

		rest = str_from(rest, line.n + 1);
		if (line.n == 0)
			return finish(&found, (size_t)(rest.p - in.p), ret);
		if (!parse_attribute(line, &found))
			return -1;
	}
	return rest.n > POLICY_ATTRIBUTE_MAX || in.n >= POLICY_REQUEST_MAX ? -1
									   : 0;
}

void
policy_pass(struct buf *out)
{
	buf_add(out, S("action=DUNNO\n\n"));
}

void
policy_refuse(struct buf *out, struct str text)
{
	buf_add(out, S("action=421 4.7.0 "));
	buf_add(out, text);
	buf_add(out, S("\n\n"));
}
