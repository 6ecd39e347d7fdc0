/* SPDX-License-Identifier: ISC */

#include "core/settings.h"

#include <string.h>

#include "base/def.h"
#include "base/near.h"
#include "base/num.h"

#define AT(member)	 offsetof(struct settings, member)
#define LIMIT(c, member) offsetof(struct settings, limits[c].member)
#define BLOCK_MAX_S	 (INT64_C(999999999) * MINUTE_S)

enum {
	MINUTE_S = 60,
	WEIGHT_MAX = 1000000,
	TRUST_DAYS_MAX = 3650,
	TRUST_PERCENT_MIN = 50, /* twice the threshold always blocks */
	QUOTE_MAX = 60,		/* bytes of a refused value that are shown */
};

static const char *const modes[] = { "observe", "enforce", NULL };
static const char *const evaluates[] = { "event", "connect", NULL };
static const char *const second_factors[] = { "nobody", "admins", "operators",
	"everybody", NULL };
static const char *const scopes[] = { "address", "anywhere", NULL };

/* Rows of the kinds whose weight can be set. */
#define ROW_true(number, id, meaning)                                         \
	{ "weight." id, FIELD_INT, AT(weight[EVENT_##number]), 0, WEIGHT_MAX, \
		NULL, "points: " meaning },
#define ROW_false(number, id, meaning)

static const struct field fields[] = {
	{ "mode", FIELD_CHOICE, AT(mode), 0, 1, modes,
		"observe: blocks are only recorded; enforce: they are refused" },
	{ "smtp.evaluate", FIELD_CHOICE, AT(evaluate), 0, 1, evaluates,
		"event: who reaches the threshold is blocked at once; "
		"connect: with the next connection" },
	{ "smtp.period", FIELD_SPAN, LIMIT(COMPONENT_SMTP, period_s), 1,
		SETTINGS_PERIOD_MAX_S, NULL,
		"Client Error Monitor Period: how long an event counts" },
	{ "smtp.threshold", FIELD_INT, LIMIT(COMPONENT_SMTP, threshold), 1,
		1000000000, NULL,
		"Client Error Block Threshold: points that block" },
	{ "smtp.block_time", FIELD_SPAN, LIMIT(COMPONENT_SMTP, block_time_s), 1,
		BLOCK_MAX_S, NULL,
		"Client Error Block Time: how long a block lasts" },
	{ "login.period", FIELD_SPAN, LIMIT(COMPONENT_LOGIN, period_s), 1,
		SETTINGS_PERIOD_MAX_S, NULL, "how long a failed login counts" },
	{ "login.threshold", FIELD_INT, LIMIT(COMPONENT_LOGIN, threshold), 1,
		1000000000, NULL, "failed logins that block" },
	{ "login.block_time", FIELD_SPAN, LIMIT(COMPONENT_LOGIN, block_time_s),
		1, BLOCK_MAX_S, NULL,
		"how long a block for failed logins lasts" },
	{ "login.repeat_once", FIELD_BOOL, AT(is_repeat_once), 0, 1, NULL,
		"the same wrong password for the same account counts once" },
	{ "account.failures", FIELD_INT, AT(account_failures), 0,
		SETTINGS_FAILURES_MAX, NULL,
		"failed logins in a row that lock an account; 0: off" },
	{ "account.lock_time", FIELD_SPAN, AT(account_lock_s), 1,
		SETTINGS_PERIOD_MAX_S, NULL,
		"how long an account stays locked, and a failed login counts "
		"for that" },
	{ "account.scope", FIELD_CHOICE, AT(account_scope), 0, 1, scopes,
		"address: an account is locked for the address that failed; "
		"anywhere: for all" },
	{ "account.loopback_exempt", FIELD_BOOL, AT(is_loopback_exempt), 0, 1,
		NULL, "logins from loopback, such as a webmail's, never lock" },
	{ "trust.days", FIELD_INT, AT(trust_days), 0, TRUST_DAYS_MAX, NULL,
		"days for which a successful login makes an address trusted "
		"with that account; 0: off" },
	{ "trust.weight_percent", FIELD_INT, AT(trust_percent),
		TRUST_PERCENT_MIN, 100, NULL,
		"percent of its weight at which a failed login of a trusted "
		"account counts; 100: off" },
#define EVENT_TYPE(number, id, label, weight, is_settable, meaning) \
	ROW_##is_settable(number, id, meaning)
#include "core/event_types.inc"
	{ "text.smtp", FIELD_TEXT, AT(text_smtp), 1, SETTINGS_TEXT_MAX - 1,
		NULL, "what a blocked client reads at SMTP" },
	{ "text.login", FIELD_TEXT, AT(text_login), 1, SETTINGS_TEXT_MAX - 1,
		NULL, "what a blocked client reads at login" },
	{ "web.second_factor", FIELD_CHOICE, AT(second_factor), 0, 3,
		second_factors,
		"who must have a second factor to use the web interface; "
		"operators: administrators, too" },
	{ "retention.days", FIELD_INT, AT(retention_days), 1, 3650, NULL,
		"days for which the event log is kept" },
	{ "retention.size", FIELD_INT, AT(retention_mib), 16, 1048576, NULL,
		"largest size of the event log [MiB]; the oldest day goes" },
};

struct settings
settings_default(void)
{
	struct settings s = {
		.mode = MODE_OBSERVE,
		.evaluate = EVALUATE_EVENT,
		.limits = {
			[COMPONENT_SMTP] = { 3600, 1000, 1800 },
			[COMPONENT_LOGIN] = { 1800, 10, 1800 },
		},
		.is_repeat_once = 1,
		.account_failures = 3,
		.account_lock_s = 1800,
		.account_scope = LOCKS_ADDRESS,
		.is_loopback_exempt = 1,
		.trust_days = 30,
		.trust_percent = 50,
		.retention_days = 30,
		.retention_mib = 2048,
		.text_smtp = "Your connection has been blocked temporarily - "
			     "Try again later",
		.text_login = "Server access temporarily blocked! Please try "
			      "again later",
	};

	for (int k = 0; k < EVENT_KINDS; k++)
		s.weight[k] = event_types[k].weight;
	return s;
}

const struct field *
settings_fields(size_t *ret_n)
{
	*ret_n = ARRAY_LEN(fields);
	return fields;
}

const struct field *
settings_find(struct str name)
{
	for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
		if (str_eq(name, str_of(fields[i].name)))
			return &fields[i];
	}
	return NULL;
}

static int64_t *
number_at(struct settings *s, const struct field *f)
{
	return (int64_t *)(void *)((char *)s + f->at);
}

static int
shown(struct str s)
{
	return (int)(s.n < QUOTE_MAX ? s.n : QUOTE_MAX);
}

/* Parsers, one for each type: false when the value is none. */

static bool
set_int(struct settings *s, const struct field *f, struct str value)
{
	return num_parse(value, f->min, f->max, number_at(s, f));
}

static bool
set_span(struct settings *s, const struct field *f, struct str value)
{
	int64_t v;

	if (!num_parse_span(value, MINUTE_S, &v) || v < f->min || v > f->max)
		return false;
	*number_at(s, f) = v;
	return true;
}

static bool
set_choice(struct settings *s, const struct field *f, struct str value)
{
	for (int64_t i = 0; f->choices[i]; i++) {
		if (str_eq(value, str_of(f->choices[i]))) {
			*number_at(s, f) = i;
			return true;
		}
	}
	return false;
}

static bool
set_bool(struct settings *s, const struct field *f, struct str value)
{
	static const char *const words[] = { "off", "on", "no", "yes", "false",
		"true", "0", "1" };

	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (str_eq(value, str_of(words[i]))) {
			*number_at(s, f) = (int64_t)(i % 2);
			return true;
		}
	}
	return false;
}

static bool
set_text(struct settings *s, const struct field *f, struct str value)
{
	char *text = (char *)s + f->at;

	if (value.n < (size_t)f->min || value.n > (size_t)f->max)
		return false;
	for (size_t i = 0; i < value.n; i++) {
		if (value.p[i] < ' ' || value.p[i] > '~')
			return false;
	}
	memset(text, 0, SETTINGS_TEXT_MAX);
	memcpy(text, value.p, value.n);
	return true;
}

static bool (*const setters[])(
	struct settings *s, const struct field *f, struct str value) = {
	[FIELD_INT] = set_int,
	[FIELD_SPAN] = set_span,
	[FIELD_CHOICE] = set_choice,
	[FIELD_BOOL] = set_bool,
	[FIELD_TEXT] = set_text,
};

/* What is expected of a field's value, for a person. */
static void
add_expected(struct buf *b, const struct field *f)
{
	switch (f->type) {
	case FIELD_INT:
		buf_printf(b, "a number from %lld to %lld", (long long)f->min,
			(long long)f->max);
		break;
	case FIELD_SPAN:
		buf_add(b, S("a time from "));
		num_add_span(b, f->min);
		buf_add(b, S(" to "));
		num_add_span(b, f->max);
		buf_add(b, S(", such as 90s, 30m or 2h (a bare number is "
			     "minutes),"));
		break;
	case FIELD_CHOICE:
		for (int i = 0; f->choices[i]; i++) {
			if (i)
				buf_add(b, S(" or "));
			buf_add(b, str_of(f->choices[i]));
		}
		break;
	case FIELD_BOOL: buf_add(b, S("on or off")); break;
	case FIELD_TEXT:
		buf_printf(b, "%lld to %lld printable ASCII characters",
			(long long)f->min, (long long)f->max);
		break;
	}
}

static int
refuse_name(struct str name, struct err *err)
{
	const char *best = NULL;
	unsigned least = NEAR_MAX;

	for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
		struct str known = str_of(fields[i].name);
		unsigned d = near_distance(name, known);

		if (d < least && near_enough(name, known)) {
			least = d;
			best = fields[i].name;
		}
	}
	if (best)
		return err_set(err,
			"there is no setting \"%.*s\", did you mean \"%s\"?",
			shown(name), name.p, best);
	return err_set(
		err, "there is no setting \"%.*s\"", shown(name), name.p);
}

int
settings_set(
	struct settings *s, struct str name, struct str value, struct err *err)
{
	const struct field *f = settings_find(name);
	struct buf expected CLEANUP(buf_free) = { 0 };

	if (!f)
		return refuse_name(name, err);
	if (setters[f->type](s, f, value))
		return 0;
	add_expected(&expected, f);
	return err_set(err, "%s: %s expected, got \"%.*s\"", f->name,
		buf_text(&expected), shown(value), value.p ? value.p : "");
}

void
settings_add(struct buf *b, const struct settings *s, const struct field *f)
{
	const char *at = (const char *)s + f->at;
	int64_t v;

	if (f->type == FIELD_TEXT) {
		buf_add(b, str_of(at));
		return;
	}
	memcpy(&v, at, sizeof(v));
	if (f->type == FIELD_SPAN)
		num_add_span(b, v);
	else if (f->type == FIELD_CHOICE)
		buf_add(b, str_of(f->choices[v]));
	else if (f->type == FIELD_BOOL)
		buf_add(b, v ? S("on") : S("off"));
	else
		num_add(b, v);
}

static int
parse_line(struct settings *s, struct str line, struct err *err)
{
	struct str name, value;

	line = str_trim(line);
	if (line.n && line.p[line.n - 1] == '\r')
		line = str_trim((struct str){ line.p, line.n - 1 });
	if (line.n == 0 || line.p[0] == '#')
		return 0;
	if (!str_cut(line, '=', &name, &value))
		return err_set(err, "\"name = value\" expected, got \"%.*s\"",
			shown(line), line.p);
	value = str_trim(value);
	if (value.n >= 2 && value.p[0] == '"' && value.p[value.n - 1] == '"')
		value = (struct str){ value.p + 1, value.n - 2 };
	return settings_set(s, str_trim(name), value, err);
}

int
settings_parse(struct settings *s, struct str text, struct err *err)
{
	struct settings all = *s;
	struct err why;
	struct str line;

	for (int n = 1; text.n; n++) {
		str_cut(text, '\n', &line, &text);
		if (parse_line(&all, line, &why))
			return err_set(err, "line %d: %.400s", n, why.text);
	}
	*s = all;
	return 0;
}
