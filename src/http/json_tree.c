/* SPDX-License-Identifier: ISC */

#include "http/json_tree.h"

#include <jansson.h>

#include "base/num.h"

json_t *
json_tree_get(const json_t *o, const char *name)
{
	json_t *v = json_object_get(o, name);

	return json_is_null(v) ? NULL : v;
}

bool
json_tree_has(const json_t *o, const char *name)
{
	return json_object_get(o, name) != NULL;
}

json_t *
json_tree_at(const json_t *v, size_t i)
{
	return json_array_get(v, i);
}

bool
json_tree_is_array(const json_t *v)
{
	return json_is_array(v);
}

struct str
json_tree_str(const json_t *o, const char *name)
{
	const json_t *v = json_object_get(o, name);

	return (struct str){ json_string_value(v), json_string_length(v) };
}

int64_t
json_tree_int(const json_t *o, const char *name)
{
	return json_integer_value(json_object_get(o, name));
}

int64_t
json_tree_number(const json_t *v)
{
	return json_integer_value(v);
}

bool
json_tree_bool(const json_t *o, const char *name)
{
	return json_is_true(json_object_get(o, name));
}

bool
json_tree_add(struct buf *b, const json_t *v)
{
	switch (json_typeof(v)) {
	case JSON_STRING:
		buf_add(b, (struct str){ json_string_value(v),
				   json_string_length(v) });
		return true;
	case JSON_INTEGER: num_add(b, json_integer_value(v)); return true;
	case JSON_TRUE: buf_add(b, S("true")); return true;
	case JSON_FALSE: buf_add(b, S("false")); return true;
	case JSON_NULL: return true;
	default: return false;
	}
}

static int
on_text(const char *p, size_t n, void *ctx)
{
	buf_add(ctx, (struct str){ p, n });
	return 0;
}

void
json_tree_write(struct buf *b, const json_t *v)
{
	(void)json_dump_callback(v, on_text, b, JSON_COMPACT | JSON_ENCODE_ANY);
}
