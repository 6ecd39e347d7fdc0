/* SPDX-License-Identifier: ISC */

#include "core/acts.h"

#include <stdlib.h>
#include <string.h>

#include "base/def.h"
#include "base/mem.h"

enum {
	STEPS_MAX = 4 * ACTS_WALK_MAX,	  /* strangers in a chain included */
	SEVERAL = UINT8_MAX,		  /* sources told acts of a class */
	NAMES_MAX = ACTS_SOURCES_MAX - 1, /* with a number of their own */
};

/* A walk down a chain over the acts of one address and class. */
struct walk {
	uint32_t number;
	unsigned steps, same;
};

void
acts_init(struct acts *a, uint32_t size)
{
	uint32_t heads = size < ACTS_PER_HEAD ? 1 : size / ACTS_PER_HEAD;

	*a = (struct acts){
		.ring = mem_alloc(size, sizeof(*a->ring)),
		.heads = mem_alloc(heads, sizeof(*a->heads)),
		.heads_mask = heads - 1,
		.mask = size - 1,
		.next = 1,
	};
}

void
acts_free(struct acts *a)
{
	free(a->ring);
	free(a->heads);
	*a = (struct acts){ 0 };
}

static bool
source_is(const struct act_source *s, struct str name)
{
	return s->n == name.n && memcmp(s->name, name.p, name.n) == 0;
}

uint8_t
acts_source(struct acts *a, struct str name)
{
	if (name.n > ACTS_NAME_MAX)
		name.n = ACTS_NAME_MAX;
	if (name.n == 0)
		name = S("-");
	if (LIKELY(a->source_last < a->sources_n) &&
		source_is(&a->sources[a->source_last], name))
		return (uint8_t)(a->source_last + 1);
	unsigned i = 0;

	while (i < a->sources_n && !source_is(&a->sources[i], name))
		i++;
	if (i == a->sources_n && i < NAMES_MAX) {
		a->sources[i].n = (uint8_t)name.n;
		memcpy(a->sources[i].name, name.p, name.n);
		a->sources_n++;
	}
	a->source_last = i;
	return (uint8_t)(i + 1);
}

/* 0 and 32 are one class. */
static unsigned
class_of(enum event_kind kind)
{
	return event_is_login(kind) ? EVENT_AUTH_FAILURE : kind;
}

uint64_t
acts_who(uint64_t addr_hash, enum event_kind kind)
{
	/* The address' hash is keyed; a class only has to be told apart. */
	uint64_t x = addr_hash + class_of(kind) * 0x9e3779b97f4a7c15;

	x = (x ^ x >> 32) * 0xd6e8feb86659fd93;
	return x ^ x >> 32;
}

static uint32_t *
head_of(const struct acts *a, uint64_t who)
{
	return &a->heads[who >> 32 & a->heads_mask];
}

/* Is a number's act still in the ring? */
static bool
is_there(const struct acts *a, uint32_t number)
{
	return number && a->next - 1 - number <= a->mask;
}

static struct act *
walk_next(struct walk *w, const struct acts *a, const struct telling *t)
{
	while (is_there(a, w->number) && w->steps++ < STEPS_MAX) {
		struct act *act = &a->ring[w->number & a->mask];

		w->number = act->older;
		if (act->who != t->who || act->time <= t->horizon)
			continue;
		return w->same++ < ACTS_WALK_MAX ? act : NULL;
	}
	return NULL;
}

static bool
has_told(const struct act *act, uint8_t source)
{
	for (int i = 0; i < ACTS_TELLERS_MAX; i++) {
		if (act->tellers[i] == source)
			return true;
	}
	return false;
}

static bool
is_compatible(uint32_t a, uint32_t b)
{
	return a == 0 || b == 0 || a == b;
}

static bool
fits(const struct act *act, const struct telling *t)
{
	uint32_t apart = act->time > t->time ? act->time - t->time
					     : t->time - act->time;

	if (act->session && t->session) {
		if (act->session != t->session)
			return false;
		if (!(act->flags & ACT_IS_CLOSED))
			return true;
	}
	return apart <= ACTS_NEAR_S && is_compatible(act->account, t->account);
}

struct act *
acts_find(struct acts *a, const struct telling *t)
{
	struct act *oldest = NULL, *act;

	uint8_t teller = a->tellers[class_of(t->kind)];

	/* All that was ever told of this class was told by this source. */
	if (teller == 0 || teller == t->source)
		return NULL;
	struct walk w = { *head_of(a, t->who), 0, 0 };

	while ((act = walk_next(&w, a, t))) {
		if (!has_told(act, t->source) && fits(act, t))
			oldest = act;
	}
	return oldest;
}

/* What is an act to a summary? */
enum relation {
	RELATION_NONE,
	RELATION_OWN,  /* told in its session */
	RELATION_OTHER /* may be, as nobody said otherwise */
};

static enum relation
relation_of(const struct act *act, const struct telling *t, int64_t begin)
{
	bool is_own = act->session && act->session == t->session;

	if (act->time < begin || act->time > t->time)
		return RELATION_NONE;
	if (act->flags & ACT_IS_CLOSED && has_told(act, t->source))
		return RELATION_NONE;
	if (is_own)
		return RELATION_OWN;
	if (act->session && t->session)
		return RELATION_NONE;
	return is_compatible(act->account, t->account) ? RELATION_OTHER
						       : RELATION_NONE;
}

unsigned
acts_cover(struct acts *a, const struct telling *t, uint32_t span_s,
	uint32_t count, struct act *ret[static ACTS_WALK_MAX])
{
	struct walk w = { *head_of(a, t->who), 0, 0 };
	int64_t begin = (int64_t)t->time - (span_s ? span_s : ACTS_SPAN_S);
	struct act *others[ACTS_WALK_MAX], *act;
	unsigned n = 0, others_n = 0;

	while ((act = walk_next(&w, a, t))) {
		enum relation r = relation_of(act, t, begin);

		if (r == RELATION_OWN)
			ret[n++] = act;
		else if (r == RELATION_OTHER)
			others[others_n++] = act;
	}
	while (others_n && n < count)
		ret[n++] = others[--others_n];
	return n;
}

void
acts_join(struct act *act, const struct telling *t)
{
	unsigned i = 0;

	while (i < ACTS_TELLERS_MAX - 1 && act->tellers[i] &&
		act->tellers[i] != t->source)
		i++;
	/* One too many takes the last place: should the source that had it
	 * tell one more, that joins this act instead of counting. */
	act->tellers[i] = t->source;
	if (act->session == 0)
		act->session = t->session;
	if (act->account == 0)
		act->account = t->account;
}

void
acts_begin(struct acts *a, const struct telling *t, unsigned flags)
{
	uint32_t *head = head_of(a, t->who);
	uint8_t *teller = &a->tellers[class_of(t->kind)];
	uint32_t number = a->next ? a->next : 1; /* 0 is nobody's */

	a->ring[number & a->mask] = (struct act){
		.who = t->who,
		.session = t->session,
		.account = t->account,
		.time = t->time,
		.older = *head,
		.kind = (uint8_t)t->kind,
		.flags = (uint8_t)flags,
		.tellers = { t->source },
	};
	*head = number;
	a->next = number + 1;
	/* Two lines on: the next acts' places, which were last used long
	 * ago. */
	__builtin_prefetch(&a->ring[(number + 4) & a->mask], 1);
	if (*teller != t->source)
		*teller = *teller ? SEVERAL : t->source;
}
