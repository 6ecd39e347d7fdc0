/* SPDX-License-Identifier: ISC */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/def.h"
#include "base/mem.h"
#include "base/num.h"
#include "dialect/dialect.h"
#include "dialect/literal.h"
#include "dialect/preamble.h"
#include "dialect/rules.h"

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
	TAGS = 64,    /* program tags whose owners are remembered */
	TAG_MAX = 31, /* a longer one is asked for each time */
	BACK_S = 300, /* a line this far behind the one before has a time that
			 isn't to be trusted */
};

/* One bit a dialect, by its row. */
typedef uint64_t dialect_set;

static_assert(ARRAY_LEN(dialects) <= 64, "dialect_set has 64 bits");

struct tag {
	dialect_set owners;
	uint8_t n;
	char name[TAG_MAX];
};

struct reader {
	struct preamble preamble;
	const struct rules *rules; /* the site's own, or NULL */
	dialect_set spoken;
	unsigned framed; /* row that knew the last line without a tag */
	void *states[ARRAY_LEN(dialects)];
	struct tag tags[TAGS];
	int64_t last; /* time of the line before */
	struct reader_stats stats;
};

struct reader *
reader_new(const char *dialect, const struct zone *zone,
	const struct hash_key *key)
{
	struct reader *r = mem_alloc(1, sizeof(*r));

	r->preamble.zone = *zone;
	for (unsigned i = 0; i < dialects_n; i++) {
		if (dialect &&
			!str_eq(str_of(dialect), str_of(dialects[i]->name)))
			continue;
		r->spoken |= UINT64_C(1) << i;
		if (dialects[i]->open)
			r->states[i] = dialects[i]->open(key);
	}
	if (!r->spoken) {
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

static dialect_set
owners_ask(dialect_set spoken, struct str program)
{
	dialect_set owners = 0;

	for (unsigned i = 0; i < dialects_n; i++)
		if (spoken >> i & 1 && dialects[i]->owns &&
			dialects[i]->owns(program))
			owners |= UINT64_C(1) << i;
	return owners;
}

/* Whose tag is it?  A log has few, so the answers are kept. */
static dialect_set
owners_of(struct reader *r, struct str program)
{
	unsigned char first, last;
	struct tag *tag;

	if (program.n == 0 || program.n > TAG_MAX)
		return owners_ask(r->spoken, program);
	first = (unsigned char)program.p[0];
	last = (unsigned char)program.p[program.n - 1];
	tag = &r->tags[(first * 5 + last * 3 + program.n) % TAGS];
	if (tag->n == program.n && memcmp(tag->name, program.p, program.n) == 0)
		return tag->owners;
	tag->owners = owners_ask(r->spoken, program);
	tag->n = (uint8_t)program.n;
	memcpy(tag->name, program.p, program.n);
	return tag->owners;
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

/* The line to one dialect. */
static enum reading
one_feed(struct reader *r, unsigned i, const struct line *line, unsigned n,
	struct events *ret)
{
	const struct dialect *d = dialects[i];
	enum reading reading = d->feed(r->states[i], line, ret);

	if (UNLIKELY(n > 1))
		repeats_feed(d, r->states[i], line, n, ret);
	for (unsigned k = 0; k < ret->n; k++) {
		if (!ret->list[k].time) /* else what an earlier line told */
			ret->list[k].time = line->time;
		ret->list[k].source = str_of(d->source);
	}
	return reading;
}

static bool
is_known(enum reading reading)
{
	return reading != READING_UNKNOWN && reading != READING_FOREIGN;
}

/* A line with a tag: the first of its owners that knows it. */
static enum reading
tagged_feed(struct reader *r, struct line *line, dialect_set owners,
	struct events *ret)
{
	unsigned n = repeats_cut(&line->text);
	enum reading reading = READING_FOREIGN;

	for (; owners; owners &= owners - 1) {
		reading = one_feed(
			r, (unsigned)__builtin_ctzll(owners), line, n, ret);
		if (is_known(reading))
			break;
	}
	return reading;
}

/* A line without one, as one dialect's own log has it. */
static enum reading
framed_feed(struct reader *r, unsigned i, struct str s, int64_t arrival,
	struct events *ret)
{
	struct line line = { 0 };

	if (!(r->spoken >> i & 1) || !dialects[i]->frame ||
		!dialects[i]->frame(&r->preamble, s, arrival, &line))
		return READING_FOREIGN;
	line.time = time_mend(r, line.time, arrival);
	return one_feed(r, i, &line, 1, ret);
}

/* The dialect that knew the last one first, then the others. */
static enum reading
untagged_feed(
	struct reader *r, struct str s, int64_t arrival, struct events *ret)
{
	enum reading best = READING_FOREIGN, reading;

	for (unsigned k = 0; k < dialects_n; k++) {
		unsigned i = (r->framed + k) % dialects_n;

		reading = framed_feed(r, i, s, arrival, ret);
		if (is_known(reading)) {
			r->framed = i;
			return reading;
		}
		if (reading == READING_UNKNOWN)
			best = reading;
	}
	return best;
}

/* The line to the site's own rules, which come first. */
static enum reading
rules_feed(struct reader *r, struct line parts, struct str whole,
	int64_t arrival, struct events *ret)
{
	enum reading reading;

	if (!parts.program.n) {
		parts.text = whole;
		preamble_time(&r->preamble, &parts.text, arrival, &parts.time);
	}
	reading = rules_match(r->rules, &parts, ret);
	if (ret->n)
		ret->list[0].time = time_mend(r, parts.time, arrival);
	return reading;
}

static enum reading
dialects_feed(struct reader *r, struct line *parts, struct str whole,
	int64_t arrival, struct events *ret)
{
	dialect_set owners = parts->program.n ? owners_of(r, parts->program)
					      : 0;

	if (!owners)
		return untagged_feed(r, whole, arrival, ret);
	parts->time = time_mend(r, parts->time, arrival);
	return tagged_feed(r, parts, owners, ret);
}

void
reader_rules(struct reader *r, const struct rules *rules)
{
	r->rules = rules;
}

enum reading
reader_feed(
	struct reader *r, struct str line, int64_t arrival, struct events *ret)
{
	enum reading reading = READING_FOREIGN;
	struct line parts UNFILLED;

	ret->n = 0;
	r->stats.lines++;
	if (!preamble_read(&r->preamble, line, arrival, &parts))
		parts.program = (struct str){ 0 };
	if (UNLIKELY(r->rules != NULL))
		reading = rules_feed(r, parts, line, arrival, ret);
	if (reading == READING_FOREIGN)
		reading = dialects_feed(r, &parts, line, arrival, ret);
	r->stats.events += ret->n;
	r->stats.readings[reading]++;
	return reading;
}

void
reader_stats(const struct reader *r, struct reader_stats *ret)
{
	*ret = r->stats;
}
