/* SPDX-License-Identifier: ISC */

/* Figures for Prometheus, in its text format; docs/metrics.md. */

#include <stddef.h>
#include <string.h>

#include "base/num.h"
#include "control/names.h"
#include "web/assets.h"
#include "web/route.h"
#include "web/stream.h"

struct figures {
	struct node_stats node;
	struct store_sizes sizes;
	struct source sources[API_SOURCES_MAX];
	unsigned sources_n;
};

/* --- lines ----------------------------------------------------------------- */

struct label {
	const char *name;
	struct str value;
};

static void
add_label(struct buf *b, const struct label *l)
{
	buf_printf(b, "%s=\"", l->name);
	for (size_t i = 0; i < l->value.n; i++) {
		char c = l->value.p[i];

		if (c == '"' || c == '\\')
			buf_addc(b, '\\');
		if (c == '\n')
			buf_add(b, S("\\n"));
		else
			buf_addc(b, c);
	}
	buf_addc(b, '"');
}

/* One sample; its labels, at most two, end with one without a name. */
static void
add_sample(struct buf *b, const char *name, const struct label *labels,
	uint64_t value)
{
	buf_add(b, str_of(name));
	for (size_t i = 0; i < 2 && labels[i].name; i++) {
		buf_addc(b, i ? ',' : '{');
		add_label(b, &labels[i]);
	}
	if (labels[0].name)
		buf_addc(b, '}');
	buf_addc(b, ' ');
	num_add(b, (int64_t)value);
	buf_addc(b, '\n');
}

static void
add_head(struct buf *b, const char *name, const char *type, const char *help)
{
	buf_printf(b, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

/* --- figures without labels ------------------------------------------------ */

#define OF(member) offsetof(struct node_stats, member)

static const struct {
	const char *name, *type, *help;
	size_t at; /* of an uint64_t in struct node_stats */
} plain[] = {
	{ "brattice_blocks", "gauge", "Entries of the block list in force.",
		OF(engine.blocks_live) },
	{ "brattice_never_entries", "gauge",
		"Entries of the never-block list, the machine's own included.",
		OF(engine.never) },
	{ "brattice_account_locks_total", "counter", "Accounts locked.",
		OF(locks) },
	{ "brattice_addresses_untracked_total", "counter",
		"Addresses not taken because the table was full.",
		OF(engine.untracked) },
	{ "brattice_addresses_evicted_total", "counter",
		"Addresses that made room for others.", OF(engine.evicted) },
	{ "brattice_engine_memory_bytes", "gauge",
		"Memory of the engine's tables.", OF(engine.bytes) },
	{ "brattice_store_queue_bytes", "gauge",
		"Bytes that wait for the disk.", OF(queued_bytes) },
	{ "brattice_store_events_total", "counter", "Events written to disk.",
		OF(stored) },
	{ "brattice_store_events_shed_total", "counter",
		"Events scored but not stored: the queue was full.", OF(shed) },
	{ "brattice_store_errors_total", "counter",
		"Failures of writing or reading the store.", OF(store_errors) },
};

static void
add_plain(struct buf *b, const struct figures *f)
{
	static const struct label none[1];

	for (size_t i = 0; i < ARRAY_LEN(plain); i++) {
		uint64_t value;

		memcpy(&value, (const char *)&f->node + plain[i].at,
			sizeof(value));
		add_head(b, plain[i].name, plain[i].type, plain[i].help);
		add_sample(b, plain[i].name, none, value);
	}
}

static void
add_single(struct buf *b, const char *name, const char *help, uint64_t value)
{
	static const struct label none[1];

	add_head(b, name, "gauge", help);
	add_sample(b, name, none, value);
}

static void
add_state(struct ask *a, const struct figures *f)
{
	const struct settings *set = engine_settings(node_engine(a->node));
	struct buf *b = &a->text;
	const struct label build[] = {
		{ "version", str_of(a->api->config.version) },
		{ "pages", str_of(assets_build) },
	};

	add_head(b, "brattice_build_info", "gauge",
		"Which Brattice this is; always 1.");
	add_sample(b, "brattice_build_info", build, 1);
	add_single(b, "brattice_start_time_seconds",
		"When it was started, since 1970.", (uint64_t)f->node.started);
	add_single(b, "brattice_loaded",
		"1 when lists and events are in memory.", f->node.is_loaded);
	add_single(b, "brattice_enforcing",
		"1 when who is blocked is refused, 0 in mode observe.",
		set->mode != MODE_OBSERVE);
	add_single(b, "brattice_streams", "Live streams that are open.",
		streams_count(a->api->streams));
	add_head(b, "brattice_loop_lag_seconds", "gauge",
		"How late the event loop came, at worst in the last one or two "
		"minutes.");
	buf_printf(b, "brattice_loop_lag_seconds %u.%03u\n",
		f->node.lag_ms / 1000, f->node.lag_ms % 1000);
}

/* --- figures with labels --------------------------------------------------- */

static void
add_events(struct buf *b, const struct figures *f)
{
	static const char kinds[] = "brattice_events_total";
	static const char outcomes[] = "brattice_event_outcomes_total";

	add_head(b, kinds, "counter", "Events reported, by kind.");
	for (size_t i = 0; i < EVENT_KINDS; i++) {
		if (event_types[i].id)
			add_sample(b, kinds,
				(const struct label[2]){
					{ "kind", str_of(event_types[i].id) } },
				f->node.kinds[i]);
	}
	add_head(b, outcomes, "counter", "What became of events.");
	for (size_t i = 0; i < ARRAY_LEN(f->node.engine.outcomes); i++)
		add_sample(b, outcomes,
			(const struct label[2]){
				{ "outcome", str_of(outcome_names[i]) } },
			f->node.engine.outcomes[i]);
}

static void
add_blocks(struct buf *b, const struct figures *f)
{
	static const char begun[] = "brattice_blocks_total";
	static const char ended[] = "brattice_blocks_ended_total";

	add_head(b, begun, "counter",
		"Blocks begun, by who made them and for which component.");
	for (size_t i = 0; i < COMPONENTS; i++)
		add_sample(b, begun,
			(const struct label[2]){ { "origin", S("automatic") },
				{ "component", str_of(component_names[i]) } },
			f->node.automatic[i]);
	add_sample(b, begun,
		(const struct label[2]){
			{ "origin", S("manual") }, { "component", S("none") } },
		f->node.manual);
	add_head(b, ended, "counter", "Blocks ended, by why.");
	add_sample(b, ended, (const struct label[2]){ { "why", S("expired") } },
		f->node.expired);
	add_sample(b, ended, (const struct label[2]){ { "why", S("removed") } },
		f->node.lifted);
}

static void
add_table_sizes(struct buf *b, const struct figures *f)
{
	static const char tracked[] = "brattice_tracked_addresses";
	static const char size[] = "brattice_store_size_bytes";

	add_head(b, tracked, "gauge", "Addresses whose events are counted.");
	add_sample(b, tracked,
		(const struct label[2]){ { "family", S("ipv4") } },
		f->node.engine.tracked_v4);
	add_sample(b, tracked,
		(const struct label[2]){ { "family", S("ipv6") } },
		f->node.engine.tracked_v6);
	add_head(b, size, "gauge", "What the files of the store take up.");
	add_sample(b, size,
		(const struct label[2]){ { "file", S("control.db") } },
		(uint64_t)f->sizes.control);
	add_sample(b, size,
		(const struct label[2]){ { "file", S("events.db") } },
		(uint64_t)f->sizes.events);
}

/* --- hooks ----------------------------------------------------------------- */

#define COUNT(member) offsetof(struct source_counts, member)

static const struct {
	const char *name, *type, *help;
	size_t at; /* of an uint64_t in struct source_counts */
} counts[] = {
	{ "brattice_checks_total", "counter",
		"Questions whether a client may connect or log in.",
		COUNT(asked) },
	{ "brattice_refusals_total", "counter",
		"Questions that were answered with no.", COUNT(refused) },
	{ "brattice_source_events_total", "counter", "Events reported.",
		COUNT(events) },
	{ "brattice_source_errors_total", "counter",
		"Requests that could not be read.", COUNT(errors) },
	{ "brattice_source_lines_total", "counter", "Log lines read.",
		COUNT(lines) },
	{ "brattice_source_unknown_lines_total", "counter",
		"Log lines of a known server that were not understood.",
		COUNT(unknown) },
	{ "brattice_source_ambiguous_lines_total", "counter",
		"Log lines that can be read in two ways and were left out.",
		COUNT(ambiguous) },
	{ "brattice_source_lag_bytes", "gauge",
		"Bytes of a log that are still to be read.", COUNT(lag_bytes) },
};

static void
add_source_sample(
	struct buf *b, const char *name, const struct source *s, uint64_t value)
{
	add_sample(b, name,
		(const struct label[2]){ { "hook", str_of(s->hook) },
			{ "source", str_of(s->name) } },
		value);
}

static void
add_sources(struct buf *b, const struct figures *f)
{
	static const char up[] = "brattice_source_up";

	add_head(b, up, "gauge", "1 when a hook of the wiring runs.");
	for (unsigned s = 0; s < f->sources_n; s++)
		add_source_sample(
			b, up, &f->sources[s], f->sources[s].is_running);
	for (size_t i = 0; i < ARRAY_LEN(counts); i++) {
		add_head(b, counts[i].name, counts[i].type, counts[i].help);
		for (unsigned s = 0; s < f->sources_n; s++) {
			const struct source *from = &f->sources[s];
			uint64_t value;

			memcpy(&value,
				(const char *)&from->counts + counts[i].at,
				sizeof(value));
			add_source_sample(b, counts[i].name, from, value);
		}
	}
}

/* --- the answer ------------------------------------------------------------ */

static void
read_sizes(struct ask *a, struct store *store, struct store_reader *events)
{
	struct figures *f = a->state;

	(void)events;
	store_sizes(store, &f->sizes);
}

static void
sizes_done(struct ask *a)
{
	struct figures *f = a->state;

	node_stats(a->node, &f->node);
	f->sources_n = api_sources(a->api, f->sources);
	add_state(a, f);
	add_plain(&a->text, f);
	add_events(&a->text, f);
	add_blocks(&a->text, f);
	add_table_sizes(&a->text, f);
	add_sources(&a->text, f);
	ask_reply_as(a, 200, "text/plain; version=0.0.4; charset=utf-8");
}

void
metrics_get(struct ask *a)
{
	a->state = arena_alloc(&a->arena, sizeof(struct figures));
	/* The store may be what is in trouble. */
	if (node_is_loaded(a->node))
		ask_read(a, read_sizes, sizes_done);
	else
		sizes_done(a);
}
