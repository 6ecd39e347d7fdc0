/* SPDX-License-Identifier: ISC */
#include "dialect/rules.h"

#include <stdlib.h>
#include <string.h>

#include "base/def.h"
#include "base/mem.h"
#include "dialect/cause.h"
#include "dialect/rule.h"

struct rules {
	unsigned n;
	struct rule *list[RULES_MAX];
};

struct rules *
rules_new(void)
{
	return mem_alloc(1, sizeof(struct rules));
}

void
rules_free(struct rules *rules)
{
	if (!rules)
		return;
	for (unsigned i = 0; i < rules->n; i++)
		rule_free(rules->list[i]);
	free(rules);
}

int
rules_add(struct rules *rules, struct str text, struct err *err)
{
	struct rule *r;

	if (rules->n == RULES_MAX)
		return err_set(err, "expected at most %d rules", RULES_MAX);
	r = rule_new(text, err);
	if (!r)
		return -1;
	rules->list[rules->n++] = r;
	return 0;
}

/* --- matching -------------------------------------------------------------- */

/* Where in a line a field may begin and end, one bit a place. */
struct places {
	uint64_t begin[RULE_LINE_MAX / 64 + 1];
	uint64_t end[RULE_LINE_MAX / 64 + 1];
};

static void
bit_put(uint64_t *bits, size_t at)
{
	bits[at / 64] |= UINT64_C(1) << at % 64;
}

static bool
bit_in(const uint64_t *bits, size_t at)
{
	return bits[at / 64] >> at % 64 & 1;
}

/* All states one byte further; false: none is left. */
static bool
states_step(const struct rule *r, unsigned char c, struct states *now)
{
	uint64_t any = 0, carry = 0;

	for (unsigned w = 0; w < RULE_WORDS; w++) {
		uint64_t step = now->w[w] & r->next[c].w[w];

		now->w[w] = step << 1 | carry | (now->w[w] & r->stay[c].w[w]);
		carry = step >> 63;
		any |= now->w[w];
	}
	return any != 0;
}

/* All states one byte back: state k, the items from k on are still to
 * come. */
static void
states_back(const struct rule *r, unsigned char c, struct states *now)
{
	for (unsigned w = 0; w < RULE_WORDS; w++) {
		uint64_t above = w + 1 < RULE_WORDS ? now->w[w + 1] << 63 : 0;

		now->w[w] = ((now->w[w] >> 1 | above) & r->next[c].w[w]) |
			    (now->w[w] & r->stay[c].w[w]);
	}
}

/* Does the whole line fit?  Where item @item may begin is noted, unless
 * @ret is NULL. */
static bool
line_fits(const struct rule *r, struct str s, unsigned item, uint64_t *ret)
{
	struct states now = { { 1 } };

	for (size_t i = 0; i < s.n; i++) {
		if (ret && state_in(&now, item))
			bit_put(ret, i);
		if (!states_step(r, (unsigned char)s.p[i], &now))
			return false;
	}
	return state_in(&now, r->items);
}

/* Where item @item may end: the next one takes the byte there, or the line
 * ends. */
static void
ends_find(const struct rule *r, struct str s, unsigned item, uint64_t *ret)
{
	struct states now = { { 0 } };

	state_put(&now, r->items);
	if (item + 1 == r->items)
		bit_put(ret, s.n);
	for (size_t i = s.n; i-- > 0;) {
		unsigned char c = (unsigned char)s.p[i];

		if (state_in(&now, item + 2) && state_in(&r->next[c], item + 1))
			bit_put(ret, i);
		states_back(r, c, &now);
	}
}

static void
places_find(const struct rule *r, struct str s, enum rule_field f,
	struct places *ret)
{
	unsigned item = (unsigned)r->fields[f];

	memset(ret, 0, sizeof(*ret));
	line_fits(r, s, item, ret->begin);
	ends_find(r, s, item, ret->end);
}

/* The longest stretch from the first place where the field may begin. */
static struct str
text_find(const struct rule *r, struct str s, enum rule_field f)
{
	struct places at;
	size_t begin = 0, end = 0;

	if (r->fields[f] < 0)
		return (struct str){ 0 };
	places_find(r, s, f, &at);
	while (begin < s.n && !bit_in(at.begin, begin))
		begin++;
	for (size_t i = begin; i < s.n && rule_takes(f, (unsigned char)s.p[i]);
		i++)
		if (bit_in(at.end, i + 1))
			end = i + 1;
	return end ? (struct str){ s.p + begin, end - begin }
		   : (struct str){ 0 };
}

/* Every stretch that may be the address; false when they are several, or
 * one isn't an address. */
static bool
addr_find(const struct rule *r, struct str s, struct addr *ret)
{
	struct places at;
	struct addr found;
	bool is_found = false;

	places_find(r, s, FIELD_ADDRESS, &at);
	for (size_t i = 0; i < s.n; i++) {
		if (!bit_in(at.begin, i))
			continue;
		for (size_t k = i;
			k < s.n && k < i + ADDR_TEXT_MAX + 8 &&
			rule_takes(FIELD_ADDRESS, (unsigned char)s.p[k]);
			k++) {
			if (!bit_in(at.end, k + 1))
				continue;
			if (!addr_parse((struct str){ s.p + i, k + 1 - i },
				    &found) ||
				(is_found && !addr_eq(&found, ret)))
				return false;
			*ret = found;
			is_found = true;
		}
	}
	return is_found;
}

static bool
program_fits(const struct rule *r, struct str program)
{
	if (!program.n)
		return str_eq(r->program, S("-"));
	return str_eq(r->program, program) || str_eq(r->program, S("*"));
}

static enum reading
rule_tell(const struct rule *r, struct str s, struct events *ret)
{
	struct event *ev = ret->list;

	if (r->kind == CAUSE_NOTHING)
		return READING_NOTHING;
	*ev = (struct event){
		.kind = (enum event_kind)r->kind,
		.count = 1,
		.source = S("rule"),
		.service = r->service,
		.detail = s,
	};
	if (!addr_find(r, s, &ev->addr))
		return READING_AMBIGUOUS;
	ev->account = text_find(r, s, FIELD_ACCOUNT);
	ev->session = text_find(r, s, FIELD_SESSION);
	ev->helo = text_find(r, s, FIELD_HELO);
	ret->n = 1;
	return READING_EVENT;
}

enum reading
rules_match(
	const struct rules *rules, const struct line *line, struct events *ret)
{
	ret->n = 0;
	if (line->text.n > RULE_LINE_MAX)
		return READING_FOREIGN;
	for (unsigned i = 0; i < rules->n; i++) {
		const struct rule *r = rules->list[i];

		if (program_fits(r, line->program) &&
			line_fits(r, line->text, 0, NULL))
			return rule_tell(r, line->text, ret);
	}
	return READING_FOREIGN;
}
