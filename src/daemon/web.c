/* SPDX-License-Identifier: ISC */

#include "daemon/web.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/def.h"
#include "base/mem.h"
#include "daemon/certificate.h"
#include "http/http.h"
#include "http/tls.h"
#include "sys/listen.h"
#include "sys/log.h"
#include "web/site.h"

enum {
	LISTENERS_MAX = 16,
};

struct door {
	struct http_server *server;
	struct site *site;
};

struct web {
	struct door doors[LISTENERS_MAX];
	size_t doors_n;
	char **names; /* that browsers may know us by */
	size_t names_n;
	struct prefix *proxies;
	size_t proxies_n;
	struct certificate *certificate; /* or NULL: plain */
};

/* --- keys ------------------------------------------------------------------- */

static bool
is_yes(const struct hook_config *config, const char *name)
{
	return strcmp(hook_option(&hook_web, config, name), "yes") == 0;
}

static const char *
web_certificate(const struct hook_config *config)
{
	return hook_option(&hook_web, config, "certificate");
}

static const char *
web_key(const struct hook_config *config)
{
	const char *key = hook_option(&hook_web, config, "key");

	return key ? key : web_certificate(config);
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

static enum site_reach
reach_of(const struct hook_config *config, const char *label)
{
	if (listen_is_loopback(label))
		return SITE_NEAR;
	if (web_certificate(config) || is_yes(config, "insecure"))
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
	if (reach_of(config, label) != SITE_PROXIES ||
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

static int
web_check(const struct hook_config *config, struct err *err)
{
	struct http_config http;

	if (config->listeners_n > LISTENERS_MAX)
		return err_set(err, "%s: expected at most %d addresses",
			config->source, LISTENERS_MAX);
	if (check_word(config, "insecure", err) < 0)
		return -1;
	if (hook_option(&hook_web, config, "key") && !web_certificate(config))
		return err_set(err, "%s: key: expected a certificate, too",
			config->source);
	for (size_t i = 0; i < config->listeners_n; i++)
		if (check_listener(config, config->listeners[i].label, err) < 0)
			return -1;
	for (size_t i = 0; i < config->options_n; i++)
		if (check_value(config, &config->options[i], err) < 0)
			return -1;
	return hook_option_int(
		&hook_web, config, "connections", &http.connections_max, err);
}

/* --- start and end ------------------------------------------------------------ */

static void
web_stop(void *running)
{
	struct web *w = running;

	for (size_t i = 0; i < w->doors_n; i++) {
		http_stop(w->doors[i].server);
		site_free(w->doors[i].site);
	}
	certificate_close(w->certificate);
	for (size_t i = 0; i < w->names_n; i++)
		free(w->names[i]);
	free(w->names);
	free(w->proxies);
	free(w);
}

static void
add_name(struct web *w, struct str name)
{
	w->names[w->names_n] = mem_alloc(name.n + 1, 1);
	memcpy(w->names[w->names_n++], name.p, name.n);
}

static void
take_lists(struct web *w, const struct hook_config *config)
{
	size_t n = config->options_n + 1;

	w->names = mem_alloc(n, sizeof(*w->names));
	w->proxies = mem_alloc(n, sizeof(*w->proxies));
	for (size_t i = 0; i < config->options_n; i++) {
		const struct hook_option *o = &config->options[i];
		struct prefix *proxy = &w->proxies[w->proxies_n];

		if (strcmp(o->name, "name") == 0)
			add_name(w, str_of(o->value));
		else if (strcmp(o->name, "proxies") == 0 &&
			 prefix_parse(str_of(o->value), proxy, NULL))
			w->proxies_n++;
	}
}

static int
door_open(struct web *w, const struct hook_config *config,
	const struct hook_listener *l, uv_loop_t *loop, struct err *err)
{
	struct door *d = &w->doors[w->doors_n];
	struct site_config site = {
		.api = config->api,
		.names = (const char *const *)w->names,
		.names_n = w->names_n,
		.reach = reach_of(config, l->label),
	};
	struct http_config http = {
		.name = config->source,
		.large_path = API_LARGE_PATH,
		.large_max = API_LARGE_MAX,
		.tls = w->certificate ? certificate_tls(w->certificate) : NULL,
		.proxies = w->proxies,
		.proxies_n = w->proxies_n,
		.fields = site_fields,
		.fields_n = w->certificate ? site_fields_n : site_fields_n - 1,
		.handler = site_handle,
	};

	if (hook_option_int(&hook_web, config, "connections",
		    &http.connections_max, err) < 0)
		return close(l->fd), -1;
	http.ctx = d->site = site_new(&site);
	if (http_start(loop, l->fd, &http, &d->server, err) < 0)
		return site_free(d->site), -1;
	w->doors_n++;
	return 0;
}

static int
web_start(const struct hook_config *config, struct node *node, uv_loop_t *loop,
	void **ret, struct err *err)
{
	struct web *w = mem_alloc(1, sizeof(*w));
	const char *chain = web_certificate(config);
	int rc = 0;

	(void)node;
	take_lists(w, config);
	if (chain)
		rc = certificate_open(
			loop, chain, web_key(config), &w->certificate, err);
	for (size_t i = 0; i < config->listeners_n; i++) {
		const struct hook_listener *l = &config->listeners[i];

		if (rc < 0)
			close(l->fd);
		else
			rc = door_open(w, config, l, loop, err);
	}
	if (rc < 0) {
		web_stop(w);
		return -1;
	}
	if (!site_has_pages())
		log_line(LOG_LEVEL_WARN, "web.bare",
			"source=%s: this bratticed was built without its "
			"pages, for want of Node.js; only the API is served",
			config->source);
	*ret = w;
	return 0;
}

static void
web_reopen(void *running)
{
	struct web *w = running;

	if (w->certificate)
		certificate_look(w->certificate);
}

static void
web_status(void *running, struct json *j)
{
	const struct web *w = running;
	struct http_stats sum = { 0 };

	for (size_t i = 0; i < w->doors_n; i++) {
		struct http_stats s;

		http_stats(w->doors[i].server, &s);
		sum.accepted += s.accepted;
		sum.closed += s.closed;
		sum.shed += s.shed;
		sum.requests += s.requests;
		sum.refused += s.refused;
	}
	json_member_bool(j, "has_pages", site_has_pages());
	if (w->certificate)
		json_member_time(j, "certificate_until",
			http_tls_until(certificate_tls(w->certificate)));
	json_member_int(j, "connections", (int64_t)(sum.accepted - sum.closed));
	json_member_int(j, "accepted", (int64_t)sum.accepted);
	json_member_int(j, "shed", (int64_t)sum.shed);
	json_member_int(j, "requests", (int64_t)sum.requests);
	json_member_int(j, "bad", (int64_t)sum.refused);
}

int
web_check_files(const struct conf_section *s, struct err *err)
{
	struct hook_config config = conf_hook_config(s, NULL);
	const char *chain = s->hook == &hook_web ? web_certificate(&config)
						 : NULL;

	return chain ? certificate_check(chain, web_key(&config), err) : 0;
}

bool
web_url(const struct conf *c, struct buf *ret)
{
	for (size_t i = 0; i < c->sections_n; i++) {
		const struct conf_section *s = &c->sections[i];
		struct hook_config config = conf_hook_config(s, NULL);

		for (size_t n = 0; s->hook == &hook_web && n < s->listen_n;
			n++) {
			if (!listen_is_loopback(s->listen[n]))
				continue;
			buf_printf(ret, "http%s://%s",
				web_certificate(&config) ? "s" : "",
				s->listen[n]);
			return true;
		}
	}
	return false;
}

static const struct hook_option_type options[] = {
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
	{ 0 },
};

const struct hook hook_web = {
	.name = "web",
	.summary = "the pages and the API over TCP",
	.is_listening = true,
	.options = options,
	.check = web_check,
	.start = web_start,
	.stop = web_stop,
	.reopen = web_reopen,
	.status = web_status,
};
