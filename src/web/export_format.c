/* SPDX-License-Identifier: ISC */

#include "web/export_format.h"

#include "base/csv.h"
#include "base/def.h"
#include "base/num.h"
#include "base/stamp.h"
#include "control/names.h"
#include "web/audit.h"

/* --- CSV --------------------------------------------------------------------- */

/* Behind a comma. */
static void
add_text(struct buf *b, struct str s)
{
	buf_addc(b, ',');
	csv_add(b, s);
}

static void
add_number(struct buf *b, int64_t v)
{
	buf_addc(b, ',');
	num_add(b, v);
}

static void
add_time(struct buf *b, int64_t t)
{
	buf_addc(b, ',');
	stamp_add(b, t);
}

static void
add_prefix(struct buf *b, const struct prefix *p)
{
	buf_addc(b, ',');
	prefix_add(b, p);
}

static void
csv_event(struct buf *b, const struct store_event *row)
{
	const struct event *e = &row->event;
	struct prefix p = addr_prefix(&e->addr, ADDR_BITS);

	num_add(b, (int64_t)row->id);
	add_time(b, e->time);
	add_prefix(b, &p);
	add_text(b, str_of(event_types[row->kind].id));
	add_text(b, e->account);
	add_text(b, e->service);
	add_text(b, e->source);
	add_text(b, str_of(outcome_names[row->outcome]));
	add_number(b, row->count);
	add_number(b, row->points);
	add_text(b, e->session);
	add_text(b, e->helo);
	add_text(b, e->detail);
	buf_add(b, S("\r\n"));
}

static bool
is_endless(const struct block *b)
{
	return b->until - b->from >= ENGINE_NO_END_S;
}

static void
csv_block(struct buf *b, const struct store_block *row,
	const struct render_view *view)
{
	const struct block *x = &row->block;
	bool is_manual = x->origin == ORIGIN_MANUAL;

	num_add(b, (int64_t)x->id);
	add_prefix(b, &x->prefix);
	add_text(b, str_of(render_block_state(row, view->now)));
	add_text(b, is_manual ? S("manual") : S("automatic"));
	add_time(b, x->from);
	if (is_endless(x))
		buf_addc(b, ',');
	else
		add_time(b, x->until);
	if (is_manual) {
		buf_add(b, S(",,,"));
	} else {
		add_text(b, str_of(component_names[x->component]));
		add_number(b, x->score);
		add_number(b, x->threshold);
	}
	add_text(b, row->by);
	add_text(b, row->note);
	add_text(b, row->removed_by);
	buf_add(b, S("\r\n"));
}

static void
csv_never(struct buf *b, const struct store_never *n)
{
	num_add(b, (int64_t)n->id);
	add_prefix(b, &n->prefix);
	add_time(b, n->added);
	add_text(b, n->by);
	add_text(b, n->note);
	buf_add(b, S("\r\n"));
}

static void
csv_audit(struct buf *b, const struct store_audit *row)
{
	num_add(b, (int64_t)row->id);
	add_time(b, row->time);
	add_text(b, row->actor);
	add_text(b, row->via);
	add_text(b, row->address);
	add_text(b, row->action);
	add_text(b, row->target);
	add_text(b, row->before);
	add_text(b, row->after);
	add_text(b, row->note);
	buf_add(b, S("\r\n"));
}

/* --- JSON, an object a line ------------------------------------------------------ */

static void
json_event(struct buf *b, const struct store_event *e)
{
	struct json j = { .b = b };

	render_event(&j, e);
	buf_addc(b, '\n');
}

static void
json_block(struct buf *b, const struct store_block *row,
	const struct render_view *view)
{
	struct json j = { .b = b };

	render_block(&j, row, view);
	buf_addc(b, '\n');
}

static void
json_never(struct buf *b, const struct store_never *n)
{
	struct json j = { .b = b };

	render_never(&j, n);
	buf_addc(b, '\n');
}

static void
json_audit(struct buf *b, const struct store_audit *row)
{
	struct json j = { .b = b };

	audit_add_row(&j, row);
	buf_addc(b, '\n');
}

/* --- plain lines ----------------------------------------------------------------- */

/* Behind a blank; control characters are made visible. */
static void
add_words(struct buf *b, struct str s)
{
	if (s.n)
		buf_addc(b, ' ');
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (c < ' ' || c == 0x7f)
			buf_printf(b, "\\x%02x", c);
		else
			buf_addc(b, (char)c);
	}
}

static void
line_event(struct buf *b, const struct store_event *row)
{
	const struct event *e = &row->event;

	stamp_add(b, e->time);
	buf_addc(b, ' ');
	addr_add(b, &e->addr);
	buf_printf(b, " %s", event_types[row->kind].id);
	add_words(b, e->account.n ? e->account : S("-"));
	add_words(b, e->detail);
	buf_addc(b, '\n');
}

/* What an import takes. */
static void
line_block(struct buf *b, const struct store_block *row,
	const struct render_view *view)
{
	const struct block *x = &row->block;
	int64_t left = x->until - view->now;

	prefix_add(b, &x->prefix);
	buf_addc(b, ' ');
	if (is_endless(x))
		buf_add(b, S("none"));
	else
		num_add_span(b, left > 0 ? left : 0);
	add_words(b, row->note);
	buf_addc(b, '\n');
}

static void
line_never(struct buf *b, const struct store_never *n)
{
	prefix_add(b, &n->prefix);
	add_words(b, n->note);
	buf_addc(b, '\n');
}

/* --- for nft -f --------------------------------------------------------------------- */

static void
add_element(struct buf *b, const char *set, const struct prefix *p)
{
	bool is_v4 = p->len >= ADDR_V4_BITS && addr_is_v4(&p->addr);

	buf_printf(b, "add element inet brattice %s%d { ", set, is_v4 ? 4 : 6);
	prefix_add(b, p);
}

static void
nft_block(struct buf *b, const struct store_block *row,
	const struct render_view *view)
{
	const struct block *x = &row->block;

	if (row->removed || x->until <= view->now)
		return;
	add_element(b, "block", &x->prefix);
	if (!is_endless(x))
		buf_printf(
			b, " timeout %jds", (intmax_t)(x->until - view->now));
	buf_add(b, S(" }\n"));
}

static void
nft_never(struct buf *b, const struct store_never *n)
{
	add_element(b, "never", &n->prefix);
	buf_add(b, S(" }\n"));
}

const struct export_format export_formats[] = {
	{ .name = "csv",
		.event_head = "id,time,address,kind,account,service,source,"
			      "outcome,count,points,session,helo,detail\r\n",
		.event = csv_event,
		.block_head = "id,address,state,origin,from,until,component,"
			      "score,threshold,by,note,removed_by\r\n",
		.block = csv_block,
		.never_head = "id,address,added,by,note\r\n",
		.never = csv_never,
		.audit_head = "id,time,actor,via,address,action,target,before,"
			      "after,note\r\n",
		.audit = csv_audit },
	{ "jsonl", "", json_event, "", json_block, "", json_never, "",
		json_audit },
	{ .name = "txt",
		.event_head = "",
		.event = line_event,
		.block_head = "",
		.block = line_block,
		.never_head = "",
		.never = line_never },
	{ .name = "nft",
		.block_head = "",
		.block = nft_block,
		.never_head = "",
		.never = nft_never },
};

const unsigned export_formats_n = ARRAY_LEN(export_formats);
