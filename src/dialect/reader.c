/* SPDX-License-Identifier: ISC */
#include <stdlib.h>

#include "base/def.h"
#include "base/mem.h"
#include "dialect/dialect.h"
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

static enum reading
line_feed(struct reader *r, const struct line *line, struct events *ret)
{
	for (unsigned i = 0; i < dialects_n; i++) {
		const struct dialect *d = dialects[i];
		enum reading reading;

		if (!r->states[i] || !d->owns(line->program))
			continue;
		reading = d->feed(r->states[i], line, ret);
		for (unsigned k = 0; k < ret->n; k++) {
			ret->list[k].time = line->time;
			ret->list[k].source = str_of(d->source);
		}
		return reading;
	}
	return READING_FOREIGN;
}

enum reading
reader_feed(
	struct reader *r, struct str line, int64_t arrival, struct events *ret)
{
	enum reading reading = READING_FOREIGN;
	struct line parts;

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
