/* SPDX-License-Identifier: ISC */

#include "web/near.h"

#include <string.h>

#include "base/num.h"
#include "control/names.h"
#include "web/render.h"
#include "web/route.h"

enum {
	SLICE = 10000, /* entries looked at in a turn of the loop: 1 ms */
	PERCENT = 50,
};

static uint64_t
percent_of(const struct engine_near_row *r)
{
	return (uint64_t)r->score * 100 / r->threshold;
}

static void
on_found(void *ctx, const struct engine_near_row *row)
{
	struct near_list *l = ctx;
	unsigned at = l->n;

	l->found++;
	while (at && percent_of(&l->rows[at - 1]) < percent_of(row))
		at--;
	if (at == l->limit)
		return;
	if (l->n < l->limit)
		l->n++;
	memmove(l->rows + at + 1, l->rows + at,
		(l->n - 1 - at) * sizeof(l->rows[0]));
	l->rows[at] = *row;
}

/* The list that a handler's state begins with. */
static void
go_on(struct ask *a)
{
	struct near_list *l = a->state;

	if (engine_near(node_engine(a->node), &l->walk, SLICE))
		ask_pause(a, go_on);
	else
		l->done(a);
}

void
near_begin(
	struct ask *a, struct near_list *l, unsigned percent, ask_ender *done)
{
	l->walk = (struct engine_near){ .now = node_now(a->node),
		.percent = percent,
		.found = on_found,
		.ctx = l };
	l->done = done;
	go_on(a);
}

void
near_add(struct json *j, const char *name, const struct near_list *l)
{
	json_key(j, name);
	json_open(j, '[');
	for (unsigned i = 0; i < l->n; i++) {
		const struct engine_near_row *r = &l->rows[i];

		json_open(j, '{');
		render_prefix(j, "address", &r->key);
		json_member_str(
			j, "component", str_of(component_names[r->component]));
		json_member_int(j, "score", r->score);
		json_member_int(j, "threshold", r->threshold);
		json_member_int(j, "percent", (int64_t)percent_of(r));
		json_close(j, '}');
	}
	json_close(j, ']');
}

static void
addresses_done(struct ask *a)
{
	struct near_list *l = a->state;
	struct json *j = &a->out;

	json_open(j, '{');
	near_add(j, "items", l);
	json_key(j, "next");
	json_null(j);
	ask_total(a, l->found, true);
	json_close(j, '}');
	ask_reply(a, 200);
}

/* "0.5", "1", ".75": hundredths, rounded down. */
static bool
get_percent(struct ask *a, unsigned *ret)
{
	struct str text, whole, rest;
	int64_t w = 0, hundredths = 0;

	*ret = PERCENT;
	if (!http_query(a->request, "near", &text))
		return true;
	str_cut(text, '.', &whole, &rest);
	if (rest.n > 2)
		rest.n = 2;
	if ((!whole.n || num_parse(whole, 0, 1, &w)) &&
		(!rest.n || num_parse(rest, 0, 99, &hundredths))) {
		int64_t percent = w * 100 + hundredths * (rest.n == 1 ? 10 : 1);

		*ret = (unsigned)percent;
		if (percent >= 1 && percent <= 100)
			return true;
	}
	ask_fail(a, PROBLEM_BAD_REQUEST, NULL,
		"near must be a share of the threshold from 0.01 to 1, such "
		"as 0.5");
	return false;
}

void
addresses_get(struct ask *a)
{
	static const struct ask_number limit = { "limit", 1, NEAR_MAX, 20 };
	struct near_list *l = arena_alloc(&a->arena, sizeof(*l));
	unsigned percent;
	int64_t n;

	a->state = l;
	if (!get_percent(a, &percent) || !ask_int(a, &limit, &n))
		return;
	l->limit = (unsigned)n;
	near_begin(a, l, percent, addresses_done);
}
