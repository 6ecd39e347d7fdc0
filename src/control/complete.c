/* SPDX-License-Identifier: ISC */

#include "control/complete.h"

#include "base/def.h"
#include "control/complete_inside.h"
#include "core/event.h"
#include "core/settings.h"

static const struct {
	const char *name;
	struct complete what;
} kinds[] = {
	{ "FILE", { COMPLETE_FILE } },
	{ "PATH", { COMPLETE_FILE } },
	{ "DIR", { COMPLETE_FILE } },
	{ "KEY", { COMPLETE_SETTING } },
	{ "KIND", { COMPLETE_EVENT } },
	{ "ACCOUNT", { COMPLETE_LIVE, "accounts" } },
	{ "USER", { COMPLETE_LIVE, "users" } },
};

static const struct {
	const char *name;
	void (*add)(struct buf *b);
} shells[] = {
	{ "bash", complete_add_bash },
	{ "zsh", complete_add_zsh },
	{ "fish", complete_add_fish },
};

bool
complete_add(struct buf *b, struct str shell)
{
	for (size_t i = 0; i < ARRAY_LEN(shells); i++) {
		if (str_eq(shell, str_of(shells[i].name))) {
			shells[i].add(b);
			return true;
		}
	}
	return false;
}

struct complete
complete_value(const char *name)
{
	struct str s = str_of(name);

	str_take(&s, S("["));
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		if (str_starts(s, str_of(kinds[i].name)))
			return kinds[i].what;
	}
	return (struct complete){ 0 };
}

struct complete
complete_argument(const struct verb *v)
{
	return v->live ? (struct complete){ COMPLETE_LIVE, v->live }
		       : complete_value(v->args);
}

void
complete_add_events(struct buf *b)
{
	for (unsigned k = 0; k < EVENT_KINDS; k++) {
		if (event_types[k].id)
			buf_printf(b, "%s%s", k ? " " : "", event_types[k].id);
	}
}

bool
complete_has(const struct verb *v, unsigned o)
{
	return o < OPT_GLOBALS || v->options & UINT64_C(1) << o;
}

void
complete_add_settings(struct buf *b)
{
	size_t n;
	const struct field *fields = settings_fields(&n);

	for (size_t i = 0; i < n; i++)
		buf_printf(b, "%s%s", i ? " " : "", fields[i].name);
}

void
complete_add_choices(struct buf *b, const char *const *choices)
{
	for (unsigned i = 0; choices[i]; i++)
		buf_printf(b, "%s%s", i ? " " : "", choices[i]);
}

void
complete_add_text(struct buf *b, const char *text)
{
	static const char from[] = "'[]:\\", to[] = "\"(),/";

	for (; *text; text++) {
		const char *at = strchr(from, *text);

		if (at)
			buf_addc(b, to[at - from]);
		else
			buf_addc(b, *text);
	}
}
