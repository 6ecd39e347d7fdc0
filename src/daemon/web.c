/* SPDX-License-Identifier: ISC */

#include "daemon/web.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/def.h"
#include "base/mem.h"
#include "daemon/certificate.h"
#include "daemon/web_keys.h"
#include "http/http.h"
#include "http/tls.h"
#include "sys/listen.h"
#include "sys/log.h"
#include "web/site.h"

struct door {
	struct http_server *server;
	struct site *site;
};

struct web {
	struct door doors[WEB_LISTENERS_MAX];
	size_t doors_n;
	char **names; /* that browsers may know us by */
	size_t names_n;
	struct prefix *proxies;
	size_t proxies_n;
	struct certificate *certificate; /* or NULL: plain */
};

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
		.reach = web_keys_reach(config, l->label),
	};
	struct http_config http = {
		.name = config->source,
		.tls = w->certificate ? certificate_tls(w->certificate) : NULL,
		.proxies = w->proxies,
		.proxies_n = w->proxies_n,
		.fields = site_fields,
		.fields_n = w->certificate ? site_fields_n : site_fields_n - 1,
		.handler = site_handle,
	};

	if (web_keys_limits(config, &http, err) < 0)
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
	const char *chain = web_keys_certificate(config);
	int rc = 0;

	(void)node;
	take_lists(w, config);
	if (chain)
		rc = certificate_open(loop, chain, web_keys_key(config),
			&w->certificate, err);
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
		sum.late += s.late;
		sum.crowded += s.crowded;
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
	json_member_int(j, "late", (int64_t)sum.late);
	json_member_int(j, "crowded", (int64_t)sum.crowded);
	json_member_int(j, "requests", (int64_t)sum.requests);
	json_member_int(j, "bad", (int64_t)sum.refused);
}

int
web_check_files(const struct conf_section *s, struct err *err)
{
	struct hook_config config = conf_hook_config(s, NULL);
	const char *chain = s->hook == &hook_web ? web_keys_certificate(&config)
						 : NULL;

	return chain ? certificate_check(chain, web_keys_key(&config), err) : 0;
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
				web_keys_certificate(&config) ? "s" : "",
				s->listen[n]);
			return true;
		}
	}
	return false;
}

const struct hook hook_web = {
	.name = "web",
	.summary = "the pages and the API over TCP",
	.is_listening = true,
	.options = web_keys,
	.check = web_keys_check,
	.start = web_start,
	.stop = web_stop,
	.reopen = web_reopen,
	.status = web_status,
};
