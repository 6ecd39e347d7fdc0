/* SPDX-License-Identifier: ISC */

#include "hooks/hook.h"

#include "base/num.h"

static const struct hook_option_type *
find_type(const struct hook *hook, const char *name)
{
	const struct hook_option_type *t = hook->options;

	while (t->name && !str_eq(str_of(t->name), str_of(name)))
		t++;
	return t->name ? t : NULL;
}

const char *
hook_option(const struct hook *hook, const struct hook_config *config,
	const char *name)
{
	const struct hook_option_type *t = find_type(hook, name);
	const char *value = t ? t->initial : NULL;

	for (size_t i = 0; i < config->options_n; i++) {
		if (str_eq(str_of(config->options[i].name), str_of(name)))
			value = config->options[i].value;
	}
	return value;
}

int
hook_option_int(const struct hook *hook, const struct hook_config *config,
	const char *name, uint32_t *ret, struct err *err)
{
	const char *value = hook_option(hook, config, name);
	int64_t v;

	if (!num_parse(str_of(value), 1, 1000000, &v))
		return err_set(err,
			"%s: %s: expected a number from 1 to 1000000, not "
			"\"%s\"",
			config->source, name, value ? value : "");
	*ret = (uint32_t)v;
	return 0;
}

int
hook_option_span(const struct hook *hook, const struct hook_config *config,
	const char *name, uint32_t *ret_s, struct err *err)
{
	const char *value = hook_option(hook, config, name);
	int64_t v;

	if (!num_parse_span(str_of(value), 1, &v) || v < 1 || v > 86400)
		return err_set(err,
			"%s: %s: expected a time from 1s to 24h, not \"%s\"",
			config->source, name, value ? value : "");
	*ret_s = (uint32_t)v;
	return 0;
}

static int
check_twice(const struct hook_config *config, size_t at, struct err *err)
{
	const char *name = config->options[at].name;

	for (size_t i = 0; i < at; i++) {
		if (str_eq(str_of(config->options[i].name), str_of(name)))
			return err_set(err, "%s: %s: expected only once",
				config->source, name);
	}
	return 0;
}

int
hook_check(const struct hook *hook, const struct hook_config *config,
	struct err *err)
{
	for (size_t i = 0; i < config->options_n; i++) {
		const char *name = config->options[i].name;
		const struct hook_option_type *t = find_type(hook, name);

		if (!t)
			return err_set(err, "%s: %s has no option \"%s\"",
				config->source, hook->name, name);
		if (!t->is_list && check_twice(config, i, err) < 0)
			return -1;
	}
	if (hook->is_listening && config->listeners_n == 0)
		return err_set(err, "%s: %s: expected an address to listen on",
			config->source, hook->name);
	if (!hook->is_listening && config->listeners_n > 0)
		return err_set(err, "%s: %s doesn't listen anywhere",
			config->source, hook->name);
	return hook->check(config, err);
}
