/* SPDX-License-Identifier: ISC */

#include "daemon/web_keys.h"

#include <string.h>

#include "base/def.h"
#include "daemon/web.h"
#include "sys/listen.h"

const struct hook_option_type web_keys[] = {
	{ "name", NULL, true,
		"Names of this host that a browser may have asked for, beside "
		"its addresses and localhost." },
	{ "certificate", NULL, false,
		"File of the certificate, in PEM, with those that signed it "
		"behind; all listeners of the section do TLS." },
	{ "key", NULL, false,
		"File of its private key, if it isn't in the same file." },
	{ "proxies", NULL, true,
		"Addresses and networks of the proxies in front, whose word "
		"on the client's address is taken." },
	{ "insecure", "no", false,
		"yes: serve without TLS where a network can listen." },
	{ "connections", "512", false,
		"Connections open at a time on each listener; the one that "
		"has been idle longest is closed for the next." },
	{ "connections_per_address", "64", false,
		"Of these, by one address, or one IPv6 /64; loopback and "
		"proxies may have all." },
	{ 0 },
};

static bool
is_yes(const struct hook_config *config, const char *name)
{
	return strcmp(hook_option(&hook_web, config, name), "yes") == 0;
}

const char *
web_keys_certificate(const struct hook_config *config)
{
	return hook_option(&hook_web, config, "certificate");
}

const char *
web_keys_key(const struct hook_config *config)
{
	const char *key = hook_option(&hook_web, config, "key");

	return key ? key : web_keys_certificate(config);
}

static int
check_word(const struct hook_config *config, const char *name, struct err *err)
{
	const char *value = hook_option(&hook_web, config, name);

	if (strcmp(value, "yes") == 0 || strcmp(value, "no") == 0)
		return 0;
	return err_set(err, "%s: %s: expected yes or no, not \"%s\"",
		config->source, name, value);
}

static int
check_name(const struct hook_config *config, const char *name, struct err *err)
{
	if (*name && !strpbrk(name, "/: \t"))
		return 0;
	return err_set(err,
		"%s: name: expected the name of a host alone, as in "
		"\"mail.example.org\", not \"%s\"",
		config->source, name);
}

static int
check_proxy(const struct hook_config *config, const char *text, struct err *err)
{
	struct prefix unused;
	struct err why;

	if (prefix_parse(str_of(text), &unused, &why))
		return 0;
	return err_set(err, "%s: proxies: %s", config->source, why.text);
}

static int
check_path(const struct hook_config *config, const char *path, struct err *err)
{
	if (*path == '/')
		return 0;
	return err_set(err,
		"%s: certificate: expected a whole path, as in "
		"\"/etc/brattice/tls.pem\", not \"%s\"",
		config->source, path);
}

enum site_reach
web_keys_reach(const struct hook_config *config, const char *label)
{
	if (listen_is_loopback(label))
		return SITE_NEAR;
	if (web_keys_certificate(config) || is_yes(config, "insecure"))
		return SITE_FAR;
	return SITE_PROXIES;
}

/* Passwords and cookies pass here: not readable to a network unless it is
 * said. */
static int
check_listener(
	const struct hook_config *config, const char *label, struct err *err)
{
	if (str_starts(str_of(label), S("unix:")))
		return err_set(err,
			"%s: listen: expected ADDRESS:PORT, not \"%s\"; the "
			"section control is the one for a Unix socket",
			config->source, label);
	if (web_keys_reach(config, label) != SITE_PROXIES ||
		hook_option(&hook_web, config, "proxies"))
		return 0;
	return err_set(err,
		"%s: listen: %s is not a loopback address, and everybody on "
		"the way could read passwords; expected a certificate, the "
		"proxies that do TLS in front of it, or insecure = yes if "
		"that network is trusted",
		config->source, label);
}

static const struct {
	const char *name;
	int (*check)(const struct hook_config *config, const char *value,
		struct err *err);
} value_checks[] = {
	{ "name", check_name },
	{ "proxies", check_proxy },
	{ "certificate", check_path },
	{ "key", check_path },
};

static int
check_value(const struct hook_config *config, const struct hook_option *o,
	struct err *err)
{
	for (size_t i = 0; i < ARRAY_LEN(value_checks); i++)
		if (strcmp(o->name, value_checks[i].name) == 0)
			return value_checks[i].check(config, o->value, err);
	return 0;
}

int
web_keys_limits(const struct hook_config *config, struct http_config *ret,
	struct err *err)
{
	if (hook_option_int(&hook_web, config, "connections",
		    &ret->connections_max, err) < 0)
		return -1;
	return hook_option_int(&hook_web, config, "connections_per_address",
		&ret->address_max, err);
}

int
web_keys_check(const struct hook_config *config, struct err *err)
{
	struct http_config http;

	if (config->listeners_n > WEB_LISTENERS_MAX)
		return err_set(err, "%s: expected at most %d addresses",
			config->source, WEB_LISTENERS_MAX);
	if (check_word(config, "insecure", err) < 0)
		return -1;
	if (hook_option(&hook_web, config, "key") &&
		!web_keys_certificate(config))
		return err_set(err, "%s: key: expected a certificate, too",
			config->source);
	for (size_t i = 0; i < config->listeners_n; i++)
		if (check_listener(config, config->listeners[i].label, err) < 0)
			return -1;
	for (size_t i = 0; i < config->options_n; i++)
		if (check_value(config, &config->options[i], err) < 0)
			return -1;
	return web_keys_limits(config, &http, err);
}
