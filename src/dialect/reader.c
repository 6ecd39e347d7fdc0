/* SPDX-License-Identifier: ISC */
#include <stdlib.h>

#include "base/def.h"
#include "base/mem.h"
#include "base/num.h"
#include "dialect/dialect.h"
#include "dialect/literal.h"
#include "dialect/preamble.h"

#define DIALECT(name) extern const struct dialect dialect_##name;
#include "dialects.def"
#undef DIALECT

#define DIALECT(name) &dialect_##name,
const struct dialect *const dialects[] = {
#include "dialects.def"
};
#undef DIALECT

const unsigned dialects_n = ARRAY_LEN(dialects);

const char *const reading_names[READINGS] = {
	[READING_EVENT] = "event",
	[READING_NOTHING] = "nothing",
	[READING_UNKNOWN] = "unknown",
	[READING_AMBIGUOUS] = "ambiguous",
	[READING_FOREIGN] = "foreign",
};

enum {
	BACK_S = 300, /* a line this far behind the one before has a time that
			 isn't to be trusted */
};

struct reader {
	struct preamble preamble;
	void *states[ARRAY_LEN(dialects)]; /* NULL: not spoken here */
	int64_t last;			   /* time of the line before */
	struct reader_stats stats;
};

struct reader *
reader_new(const char *dialect, const struct zone *zone,
	const struct hash_key *key)
{
	struct reader *r = mem_alloc(1, sizeof(*r));
	bool is_any = false;

	r->preamble.zone = *zone;
	for (unsigned i = 0; i < dialects_n; i++) {
		if (dialect &&
			!str_eq(str_of(dialect), str_of(dialects[i]->name)))
			continue;
		r->states[i] = dialects[i]->open(key);
		is_any = true;
	}
	if (!is_any) {
		free(r);
		return NULL;
	}
	return r;
}

void
reader_free(struct reader *r)
{
	if (!r)
		return;
	for (unsigned i = 0; i < dialects_n; i++)
		if (r->states[i])
			dialects[i]->close(r->states[i]);
	free(r);
}

/* spec.md section 3: a time that can't be is the time of arrival. */
static int64_t
time_mend(struct reader *r, int64_t time, int64_t arrival)
{
	int64_t last = r->last;

	if (!time)
		return arrival;
	if (time <= arrival) {
		r->last = time;
		if (time >= last - BACK_S)
			return time;
	}
	r->stats.times_mended++;
	return arrival;
}

static const struct dialect *
dialect_of(const struct reader *r, struct str program, void **ret_state)
{
	for (unsigned i = 0; i < dialects_n; i++)
		if (r->states[i] && dialects[i]->owns(program)) {
			*ret_state = r->states[i];
			return dialects[i];
		}
	return NULL;
}

/* "message repeated 3 times: [ text]", as rsyslog writes it where it is
 * told to: how many, and the text cut out.  No server begins so itself. */
static unsigned
repeats_cut(struct str *s)
{
	struct str text = *s, count;
	int64_t n;

	if (!str_take(&text, S("message repeated ")) ||
		!str_cut(text, ' ', &count, &text) ||
		!num_parse(count, 1, INT32_MAX, &n) ||
		!str_take(&text, S("times: [ ")) || !str_ends(text, S("]")))
		return 1;
	*s = (struct str){ text.p, text.n - 1 };
	return (unsigned)n;
}

/* Once more, as often as the events of one line may be; their texts are
 * the line's and the state's, and those stay. */
static void
repeats_feed(const struct dialect *d, void *state, const struct line *line,
	unsigned n, struct events *ret)
{
	struct events more UNFILLED;

	while (--n && ret->n < DIALECT_EVENTS_MAX) {
		d->feed(state, line, &more);
		for (unsigned i = 0; i < more.n; i++)
			if (ret->n < DIALECT_EVENTS_MAX)
				ret->list[ret->n++] = more.list[i];
		if (!more.n)
			return;
	}
}

static enum reading
line_feed(struct reader *r, struct line *line, struct events *ret)
{
	unsigned n = repeats_cut(&line->text);
	void *state = NULL;
	const struct dialect *d = dialect_of(r, line->program, &state);
	enum reading reading;

	if (!d)
		return READING_FOREIGN;
	reading = d->feed(state, line, ret);
	if (UNLIKELY(n > 1))
		repeats_feed(d, state, line, n, ret);
	for (unsigned k = 0; k < ret->n; k++) {
		if (!ret->list[k].time) /* else what an earlier line told */
			ret->list[k].time = line->time;
		ret->list[k].source = str_of(d->source);
	}
	return reading;
}

enum reading
reader_feed(
	struct reader *r, struct str line, int64_t arrival, struct events *ret)
{
	enum reading reading = READING_FOREIGN;
	struct line parts UNFILLED;

	ret->n = 0;
	r->stats.lines++;
	if (preamble_read(&r->preamble, line, arrival, &parts)) {
		parts.time = time_mend(r, parts.time, arrival);
		reading = line_feed(r, &parts, ret);
	}
	r->stats.events += ret->n;
	r->stats.readings[reading]++;
	return reading;
}

void
reader_stats(const struct reader *r, struct reader_stats *ret)
{
	*ret = r->stats;
}
