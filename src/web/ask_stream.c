/* SPDX-License-Identifier: ISC */

#include "web/ask_stream.h"

#include "web/access.h"

static ssize_t
on_fill(void *ctx, char *to, size_t cap)
{
	struct ask *a = ctx;

	return a->source->fill(a, to, cap);
}

static void
on_free(void *ctx)
{
	struct ask *a = ctx;

	a->has_ended = true;
	if (!a->is_reading)
		ask_free(a);
}

void
ask_stream(struct ask *a, const struct ask_source *source)
{
	static const struct http_source pulled = { on_fill, on_free };
	struct http_field fields[4] = {
		{ "Cache-Control", "no-store" },
		{ "X-Content-Type-Options", "nosniff" },
	};
	size_t n = 2;

	if (source->field.name)
		fields[n++] = source->field;
	access_audit_rest(a, 200);
	a->source = source;
	http_stream_start(a->request,
		&(struct http_response){ .status = 200,
			.type = source->type,
			.fields = fields,
			.fields_n = n },
		&pulled, a);
}

void
ask_wake(struct ask *a)
{
	(void)http_stream_wake(a->request);
}
