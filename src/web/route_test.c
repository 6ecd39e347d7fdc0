/* SPDX-License-Identifier: ISC */

#include "web/route.h"

#include <string.h>

#include "base/test.h"
#include "control/verb.h"

static const struct {
	const char *path, *asked, *part; /* part NULL: it doesn't fit */
} pairs[] = {
	{ "/blocks", "/blocks", "" },
	{ "/blocks", "/blocks/", NULL },
	{ "/blocks", "/block", NULL },
	{ "/blocks/{id}", "/blocks/17", "17" },
	{ "/blocks/{id}", "/blocks/", NULL },
	{ "/blocks/{id}", "/blocks/1/2", NULL },
	{ "/blocks/{id}/explain", "/blocks/1/explain", "1" },
	{ "/blocks/{id}/explain", "/blocks//explain", NULL },
	{ "/blocks/{id}/explain", "/blocks/explain", NULL },
	{ "/blocks/{id}/explain", "/blocks/1", NULL },
	{ "/addresses/{a}/explain", "/addresses/2001:db8::1/explain",
		"2001:db8::1" },
};

static void
test_templates_stand_for_one_part(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(pairs); i++) {
		struct str part = S("untouched");
		bool fits = route_match(
			pairs[i].path, str_of(pairs[i].asked), &part);

		assert_int_equal(fits, pairs[i].part != NULL);
		if (fits)
			assert_true(str_eq(part, str_of(pairs[i].part)));
	}
}

/* "GET /api/v1/blocks" against the rows. */
static bool
is_served(const char *request)
{
	static const char *const methods[HTTP_METHODS] = {
		[HTTP_GET] = "GET",
		[HTTP_HEAD] = "HEAD",
		[HTTP_POST] = "POST",
		[HTTP_PUT] = "PUT",
		[HTTP_PATCH] = "PATCH",
		[HTTP_DELETE] = "DELETE",
	};
	struct str method, path;

	str_cut(str_of(request), ' ', &method, &path);
	if (!str_take(&path, S("/api/v1")))
		return false;
	for (unsigned i = 0; i < routes_n; i++) {
		if (str_eq(method, str_of(methods[routes[i].method])) &&
			str_eq(path, str_of(routes[i].path)))
			return true;
	}
	return false;
}

static void
test_every_verb_has_its_route(void **state)
{
	(void)state;
	for (unsigned i = 0; i < verbs_n; i++) {
		if (verbs[i].request && !is_served(verbs[i].request))
			fail_msg("%s: no route %s", verbs[i].path,
				verbs[i].request);
	}
}

/* What is asked with a body, and changes nothing. */
static bool
is_question(const struct route *r)
{
	static route_handler *const questions[] = { block_preview,
		never_preview, parse_post };

	for (size_t i = 0; i < ARRAY_LEN(questions); i++) {
		if (r->handle == questions[i])
			return r->method == HTTP_POST;
	}
	return false;
}

/* Served to anybody; everything else asks who they are. */
static const char *const open_paths[] = { "/health", "/version",
	"/openapi.json", "/setup", "/session" };

static bool
is_open_path(const char *path)
{
	for (size_t i = 0; i < ARRAY_LEN(open_paths); i++) {
		if (strcmp(open_paths[i], path) == 0)
			return true;
	}
	return false;
}

/* Nothing is changed by a GET; nobody is served without a scope but by
 * what is listed above. */
static void
test_rows_are_whole(void **state)
{
	(void)state;
	for (unsigned i = 0; i < routes_n; i++) {
		const struct route *r = &routes[i];

		assert_non_null(r->handle);
		assert_non_null(r->query);
		assert_true(r->scope != SCOPE_READ || r->method == HTTP_GET ||
			    is_question(r));
		assert_int_equal(r->body != NULL,
			r->method == HTTP_POST || r->method == HTTP_PATCH ||
				r->method == HTTP_PUT);
		assert_true(r->scope != SCOPE_NONE || is_open_path(r->path));
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_templates_stand_for_one_part),
		cmocka_unit_test(test_every_verb_has_its_route),
		cmocka_unit_test(test_rows_are_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
