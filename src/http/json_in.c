/* SPDX-License-Identifier: ISC */

#include "http/json_in.h"

#include <jansson.h>

enum {
	DEPTH_MAX = 16,
};

/* jansson's own limit of depth is 2048, a constant of its build. */
static bool
is_too_deep(struct str text)
{
	int depth = 0;
	bool in_string = false;

	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];

		if (c == '"')
			in_string = !in_string;
		else if (c == '\\' && in_string)
			i++;
		else if ((c == '[' || c == '{') && !in_string)
			depth++;
		else if ((c == ']' || c == '}') && !in_string)
			depth--;
		if (depth > DEPTH_MAX)
			return true;
	}
	return false;
}

json_t *
json_in_parse(struct str text, struct err *err)
{
	json_error_t error;
	json_t *v;

	if (is_too_deep(text)) {
		err_set(err, "JSON: expected at most %d levels", DEPTH_MAX);
		return NULL;
	}
	v = json_loadb(text.p, text.n, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY,
		&error);
	if (!v)
		err_set(err, "JSON, line %d, column %d: %s", error.line,
			error.column, error.text);
	return v;
}

json_t *
json_in_object(struct str text, struct err *err)
{
	json_t *v = json_in_parse(text, err);

	if (v && !json_is_object(v)) {
		json_decref(v);
		err_set(err, "JSON: expected an object");
		return NULL;
	}
	return v;
}

void
json_in_free(json_t *v)
{
	json_decref(v);
}

void
json_in_freep(json_t **v)
{
	json_decref(*v);
}

bool
json_in_text(const json_t *v, struct str *ret)
{
	if (!json_is_string(v))
		return false;
	*ret = (struct str){ json_string_value(v), json_string_length(v) };
	return true;
}

enum json_in
json_in_str(const json_t *o, const char *name, struct str *ret, struct err *err)
{
	const json_t *v = json_object_get(o, name);

	if (!v || json_is_null(v))
		return JSON_IN_ABSENT;
	if (json_in_text(v, ret))
		return JSON_IN_FOUND;
	err_set(err, "%s: expected a string", name);
	return JSON_IN_WRONG;
}

enum json_in
json_in_int(const json_t *o, const char *name, struct json_in_range range,
	int64_t *ret, struct err *err)
{
	const json_t *v = json_object_get(o, name);
	int64_t number;

	if (!v || json_is_null(v))
		return JSON_IN_ABSENT;
	number = json_integer_value(v);
	if (json_is_integer(v) && number >= range.min && number <= range.max) {
		*ret = number;
		return JSON_IN_FOUND;
	}
	err_set(err, "%s: expected a whole number from %lld to %lld", name,
		(long long)range.min, (long long)range.max);
	return JSON_IN_WRONG;
}

enum json_in
json_in_bool(const json_t *o, const char *name, bool *ret, struct err *err)
{
	const json_t *v = json_object_get(o, name);

	if (!v || json_is_null(v))
		return JSON_IN_ABSENT;
	if (json_is_boolean(v)) {
		*ret = json_is_true(v);
		return JSON_IN_FOUND;
	}
	err_set(err, "%s: expected true or false", name);
	return JSON_IN_WRONG;
}

int
json_in_each(const json_t *o, json_in_on_member *fn, void *ctx)
{
	/* jansson iterates through a pointer to what it doesn't change. */
	json_t *object = (json_t *)(uintptr_t)o; /* NOLINT(performance-*) */
	void *at = json_object_iter(object);
	int rc = 0;

	while (at && rc == 0) {
		struct str name = { json_object_iter_key(at),
			json_object_iter_key_len(at) };

		rc = fn(ctx, name, json_object_iter_value(at));
		at = json_object_iter_next(object, at);
	}
	return rc;
}
