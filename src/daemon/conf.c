/* SPDX-License-Identifier: ISC */

#include "daemon/conf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/def.h"
#include "base/num.h"
#include "daemon/conf_keys.h"
#include "daemon/web.h"
#include "sys/privilege.h"

const struct conf_key conf_keys[] = {
	{ "state", "/var/lib/brattice",
		"Folder of what is kept: block list, settings, event log." },
	{ "user", "brattice",
		"Whom a daemon started by root becomes once it has bound its "
		"sockets." },
	{ "ipv6_prefix", "64",
		"IPv6 clients are scored and blocked by this many bits, 48 to "
		"128." },
	{ "max_ipv4", "1000000",
		"IPv4 addresses whose acts are remembered at a time, 1024 or "
		"more." },
	{ "max_ipv6", "1000000",
		"IPv6 prefixes whose acts are remembered at a time, 1024 or "
		"more." },
	{ "sandbox", "on",
		"Each process keeps only the rights that it needs: on, off, or "
		"log, to let through and log what would have been its end." },
	{ NULL },
};

const struct conf_key conf_listen_keys[] = {
	{ "listen", NULL,
		"Where to listen: unix:/path, ADDRESS:PORT or [ADDRESS]:PORT; "
		"several in braces." },
	{ "mode", "0660", "Mode of Unix sockets." },
	{ "group", NULL, "Group that owns Unix sockets." },
	{ NULL },
};

static const struct number {
	const char *name;
	int64_t min, max;
} numbers[] = {
	{ "ipv6_prefix", 48, 128 },
	{ "max_ipv4", 1024, 100000000 },
	{ "max_ipv6", 1024, 100000000 },
};

static int
check_number(const struct number *n, const char *text, struct err *err)
{
	int64_t v;

	if (num_parse(str_of(text), n->min, n->max, &v))
		return 0;
	return err_set(err, "expected a number from %lld to %lld, not \"%s\"",
		(long long)n->min, (long long)n->max, text);
}

static int
check_mode(const char *text, struct err *err)
{
	char *end;

	if (strtoul(text, &end, 8) <= 0777 && !*end && *text)
		return 0;
	return err_set(
		err, "expected octal digits such as 0660, not \"%s\"", text);
}

static int
check_sandbox(const char *text, struct err *err)
{
	if (strcmp(text, "on") == 0 || strcmp(text, "off") == 0 ||
		strcmp(text, "log") == 0)
		return 0;
	return err_set(err, "expected on, off or log, not \"%s\"", text);
}

static const struct {
	const char *name;
	int (*check)(const char *text, struct err *err);
} checks[] = {
	{ "listen", listen_check },
	{ "mode", check_mode },
	{ "sandbox", check_sandbox },
};

int
conf_value_check(const char *name, const char *text, struct err *err)
{
	for (size_t i = 0; i < ARRAY_LEN(numbers); i++)
		if (strcmp(name, numbers[i].name) == 0)
			return check_number(&numbers[i], text, err);
	for (size_t i = 0; i < ARRAY_LEN(checks); i++)
		if (strcmp(name, checks[i].name) == 0)
			return checks[i].check(text, err);
	return 0;
}

const struct hook *
conf_hook(size_t i)
{
	if (i < hooks_n)
		return hooks[i];
	return i == hooks_n ? &hook_web : NULL;
}

void
conf_free(struct conf *c)
{
	arena_free(&c->arena);
	c->sections_n = 0;
}

unsigned
conf_line(const struct conf_lines *l, const char *key, unsigned otherwise)
{
	for (size_t i = 0; i < l->n; i++)
		if (strcmp(l->p[i].key, key) == 0)
			return l->p[i].line;
	return otherwise;
}

int
conf_access(const struct conf_section *s, struct listen_access *ret,
	struct err *err)
{
	unsigned long mode = strtoul(s->mode ? s->mode : "0", NULL, 8);

	*ret = (struct listen_access){ (mode_t)mode, (gid_t)-1 };
	return s->group ? privilege_group(s->group, &ret->group, err) : 0;
}

struct hook_config
conf_hook_config(
	const struct conf_section *s, const struct hook_listener *listeners)
{
	return (struct hook_config){
		.source = s->source,
		.listeners = listeners,
		.listeners_n = s->listen_n,
		.options = s->options,
		.options_n = s->options_n,
	};
}

static void
print_key(const char *section, const char *name, const char *initial)
{
	printf("%s %s %s\n", section, name, initial ? initial : "-");
}

static void
print_section(const char *name, bool is_listening)
{
	const struct conf_key *k = conf_listen_keys;

	for (; is_listening && k->name; k++)
		print_key(name, k->name, k->initial);
}

void
conf_print_keys(void)
{
	for (const struct conf_key *k = conf_keys; k->name; k++)
		print_key("-", k->name, k->initial);
	print_section("control", true);
	for (size_t i = 0; conf_hook(i); i++) {
		const struct hook *h = conf_hook(i);
		const struct hook_option_type *o = h->options;

		print_section(h->name, h->is_listening);
		for (; o->name; o++)
			print_key(h->name, o->name, o->initial);
	}
}

static void
print_section_values(const struct conf_section *s)
{
	const char *name = s->hook ? s->hook->name : "control";

	for (size_t i = 0; i < s->listen_n; i++)
		printf("%s listen %s\n", name, s->listen[i]);
	for (size_t i = 0; i < s->options_n; i++) {
		const struct hook_option *o = &s->options[i];

		printf("%s %s %s\n", name, o->name, o->value);
	}
}

void
conf_print(const struct conf *c)
{
	printf("- state %s\n- user %s\n", c->state, c->user);
	for (size_t i = 0; i < c->sections_n; i++)
		print_section_values(&c->sections[i]);
}
