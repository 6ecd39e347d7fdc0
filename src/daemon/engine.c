/* SPDX-License-Identifier: ISC */

/*
 * The engine's process: one loop in which hooks ask and report, and the
 * administrator is answered.  Listeners are live before the store is
 * loaded; until then the answer is "allow".
 */

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/def.h"
#include "base/mem.h"
#include "daemon/conf.h"
#include "daemon/role.h"
#include "daemon/walls.h"
#include "daemon/web.h"
#include "http/http.h"
#include "sys/disk.h"
#include "sys/guard.h"
#include "sys/log.h"
#include "sys/machine.h"
#include "sys/privilege.h"
#include "web/api.h"

enum {
	BEAT_MS = 1000,	    /* sign of life to the monitor */
	ADDRESS_BEATS = 30, /* how often our own addresses are looked up */
	SERVERS_MAX = 16,
	ADDRESSES_MAX = 512,
};

struct running_hook {
	const struct hook *hook;
	const char *source;
	void *running; /* NULL: it could not be started */
};

struct engine_process {
	uv_loop_t loop;
	uv_poll_t channel;
	uv_timer_t beat;
	uv_signal_t term, hup;
	struct conf conf;
	struct node *node;
	struct api *api;
	struct guard *guard; /* or NULL */
	struct buf url;	     /* of the pages, or empty */
	struct http_server *servers[SERVERS_MAX];
	size_t servers_n;
	struct running_hook hooks[CONF_SECTIONS_MAX];
	size_t hooks_n;
	unsigned beats;
	bool is_stopping;
	char trouble[480]; /* the store's, last logged */
};

/* --- to the monitor ------------------------------------------------------- */

static void
tell(enum message_type type, const char *text)
{
	struct message m = { .type = type };

	snprintf(m.text, sizeof(m.text), "%s", text);
	/* When the monitor doesn't read, or isn't there, we go on. */
	if (send(ROLE_CHANNEL, &m, sizeof(m), MSG_DONTWAIT | MSG_NOSIGNAL) < 0)
		return;
}

static void
say_trouble(struct engine_process *p, const struct node_stats *s)
{
	if (strcmp(p->trouble, s->store_error) == 0)
		return;
	memcpy(p->trouble, s->store_error, sizeof(p->trouble));
	if (*p->trouble)
		log_line(LOG_LEVEL_ERROR, "store.trouble", "%s%s", p->trouble,
			s->is_loaded ? ""
			: s->has_lists
				? "; until it can be, the lists hold, "
				  "nothing new is counted"
				: "; until it can be, everybody is allowed");
}

static void
own_addresses(struct engine_process *p)
{
	struct addr list[ADDRESSES_MAX];
	unsigned n = machine_addresses(list, ADDRESSES_MAX);

	for (unsigned i = 0; i < n; i++)
		node_own_address(p->node, &list[i]);
}

static void
on_beat(uv_timer_t *t)
{
	struct engine_process *p = t->data;
	struct node_stats s;
	char text[200];

	node_stats(p->node, &s);
	say_trouble(p, &s);
	if (++p->beats % ADDRESS_BEATS == 0)
		own_addresses(p);
	snprintf(text, sizeof(text),
		"%s, %llu blocks, %llu addresses, %llu events",
		s.is_loaded ? "serving" : "loading, answering \"allow\"",
		(unsigned long long)s.engine.blocks_live,
		(unsigned long long)(s.engine.tracked_v4 + s.engine.tracked_v6),
		(unsigned long long)s.events);
	tell(MESSAGE_STATUS, text);
}

/* --- the end --------------------------------------------------------------- */

static void
on_node_closed(void *ctx)
{
	struct engine_process *p = ctx;

	uv_close((uv_handle_t *)&p->channel, NULL);
	uv_close((uv_handle_t *)&p->beat, NULL);
	uv_close((uv_handle_t *)&p->term, NULL);
	uv_close((uv_handle_t *)&p->hup, NULL);
}

static void
stop(struct engine_process *p)
{
	if (p->is_stopping)
		return;
	p->is_stopping = true;
	api_note(p->api, "stop");
	uv_timer_stop(&p->beat);
	uv_poll_stop(&p->channel);
	for (size_t i = 0; i < p->hooks_n; i++)
		if (p->hooks[i].running)
			p->hooks[i].hook->stop(p->hooks[i].running);
	for (size_t i = 0; i < p->servers_n; i++)
		http_stop(p->servers[i]);
	node_close(p->node, on_node_closed, p);
}

static void
on_term(uv_signal_t *s, int number)
{
	(void)number;
	stop(s->data);
}

/* The wiring is unchanged, or the monitor would have started us anew. */
static void
on_hup(uv_signal_t *s, int number)
{
	struct engine_process *p = s->data;

	(void)number;
	for (size_t i = 0; i < p->hooks_n; i++)
		if (p->hooks[i].running && p->hooks[i].hook->reopen)
			p->hooks[i].hook->reopen(p->hooks[i].running);
}

/* The monitor never writes: this is its end. */
static void
on_channel(uv_poll_t *poll, int status, int events)
{
	(void)status;
	(void)events;
	log_line(LOG_LEVEL_WARN, "engine.alone",
		"the monitor is gone; storing everything and ending");
	stop(poll->data);
}

/* --- the beginning ----------------------------------------------------------- */

static void
add_status(void *ctx, struct json *j)
{
	struct engine_process *p = ctx;

	json_member_int(j, "log_dropped", (int64_t)log_dropped());
	json_key(j, "hooks");
	json_open(j, '[');
	for (size_t i = 0; i < p->hooks_n; i++) {
		const struct running_hook *h = &p->hooks[i];

		json_open(j, '{');
		json_member_str(j, "hook", str_of(h->hook->name));
		json_member_str(j, "source", str_of(h->source));
		json_key(j, "is_running");
		json_bool(j, h->running != NULL);
		if (h->running)
			h->hook->status(h->running, j);
		json_close(j, '}');
	}
	json_close(j, ']');
}

static unsigned
list_sources(void *ctx, struct source *ret, unsigned max)
{
	const struct engine_process *p = ctx;
	unsigned n = 0;

	for (; n < p->hooks_n && n < max; n++) {
		const struct running_hook *h = &p->hooks[n];

		ret[n] = (struct source){ h->hook->name, h->source,
			h->running != NULL, { 0 } };
		if (h->running && h->hook->counts)
			h->hook->counts(h->running, &ret[n].counts);
	}
	return n;
}

static void
control_start(struct engine_process *p, const struct conf_section *s, int fd)
{
	struct http_config config = {
		.name = "control",
		.large_path = API_LARGE_PATH,
		.large_max = API_LARGE_MAX,
		.handler = api_handle,
		.ctx = p->api,
	};
	struct err err = { { 0 } };

	for (size_t i = 0; i < s->listen_n; i++) {
		if (p->servers_n == SERVERS_MAX) {
			close(fd + (int)i);
			continue;
		}
		if (http_start(&p->loop, fd + (int)i, &config,
			    &p->servers[p->servers_n], &err) == 0)
			p->servers_n++;
		else
			log_line(LOG_LEVEL_ERROR, "control.failed",
				"listen=%s: %s", s->listen[i], err.text);
	}
}

/* A hook that can't be started must not keep the others from answering. */
static void
hook_begin(struct engine_process *p, const struct conf_section *s, int fd)
{
	struct hook_listener *l = mem_alloc(s->listen_n + 1, sizeof(*l));
	struct hook_config config = conf_hook_config(s, l);
	struct running_hook *h = &p->hooks[p->hooks_n++];
	struct err err = { { 0 } };

	config.guard = p->guard;
	config.api = p->api;
	for (size_t i = 0; i < s->listen_n; i++)
		l[i] = (struct hook_listener){ fd + (int)i, s->listen[i] };
	*h = (struct running_hook){ s->hook, s->source, NULL };
	if (s->hook->start(&config, p->node, &p->loop, &h->running, &err) < 0)
		log_line(LOG_LEVEL_ERROR, "hook.failed",
			"hook=%s source=%s: %s", s->hook->name, s->source,
			err.text);
	free(l);
}

static void
sections_begin(struct engine_process *p)
{
	int fd = ROLE_LISTENERS;

	for (size_t i = 0; i < p->conf.sections_n; i++) {
		const struct conf_section *s = &p->conf.sections[i];

		if (s->hook)
			hook_begin(p, s, fd);
		else
			control_start(p, s, fd);
		fd += (int)s->listen_n;
	}
}

static void
handles_init(struct engine_process *p)
{
	uv_poll_init(&p->loop, &p->channel, ROLE_CHANNEL);
	uv_poll_start(&p->channel, UV_READABLE | UV_DISCONNECT, on_channel);
	uv_timer_init(&p->loop, &p->beat);
	uv_timer_start(&p->beat, on_beat, BEAT_MS, BEAT_MS);
	uv_signal_init(&p->loop, &p->term);
	uv_signal_start(&p->term, on_term, SIGTERM);
	uv_signal_init(&p->loop, &p->hup);
	uv_signal_start(&p->hup, on_hup, SIGHUP);
	p->channel.data = p->beat.data = p->term.data = p->hup.data = p;
}

static int
memory_read(struct buf *ret, struct err *err)
{
	struct disk_state st;
	int64_t n;

	if (disk_look(ROLE_WIRING, &st) < 0 || st.size > CONF_SIZE_MAX)
		return err_set(err, "there is no wiring: this role is started "
				    "by bratticed itself");
	n = disk_read_at(ROLE_WIRING, buf_room(ret, (size_t)st.size),
		(size_t)st.size, 0);
	if (n < 0)
		return err_set(err, "the wiring can't be read");
	ret->n = (size_t)n;
	return 0;
}

/* The text was checked by the monitor; errors are ours then. */
static int
wiring_read(struct engine_process *p, const struct options *o)
{
	struct buf text = { 0 }, errors = { 0 };
	struct err err = { { 0 } };
	int rc = memory_read(&text, &err);

	if (rc == 0 &&
		conf_parse(&p->conf, o->config, buf_str(&text), &errors)) {
		err_set(&err, "%s", buf_text(&errors));
		rc = -1;
	}
	if (rc < 0)
		log_line(LOG_LEVEL_ERROR, "engine.wiring", "%s", err.text);
	close(ROLE_WIRING);
	buf_free(&text);
	buf_free(&errors);
	return rc;
}

static void
on_loaded(void *ctx)
{
	struct engine_process *p = ctx;

	api_note(p->api, "start");
}

static int
node_begin(struct engine_process *p)
{
	const struct node_config config = {
		.folder = p->conf.state,
		.v6_len = p->conf.ipv6_prefix,
		.max_v4 = p->conf.max_ipv4,
		.max_v6 = p->conf.max_ipv6,
	};
	struct err err;

	p->node = node_open(&config, &p->loop, &err);
	if (!p->node) {
		log_line(LOG_LEVEL_ERROR, "engine.node", "%s", err.text);
		return -1;
	}
	p->api = api_new(&(struct api_config){
		.node = p->node,
		.version = BRATTICE_VERSION,
		.url = web_url(&p->conf, &p->url) ? buf_text(&p->url) : NULL,
		.add_status = add_status,
		.sources = list_sources,
		.ctx = p,
	});
	node_on_loaded(p->node, on_loaded, p);
	return 0;
}

int
engine_run(const struct options *o)
{
	struct engine_process *p = mem_alloc(1, sizeof(*p));
	int rc;

	prctl(PR_SET_NAME, "bratticed"); /* not "exe" */
	log_open("engine");
	privilege_seal();
	signal(SIGPIPE, SIG_IGN);
	signal(SIGINT, SIG_IGN); /* of a terminal: the monitor decides */
	if (wiring_read(p, o) < 0 || uv_loop_init(&p->loop) < 0)
		return EXIT_FAILURE;
	walls_raise(&p->conf, SANDBOX_ENGINE, NULL);
	if (node_begin(p) < 0)
		return EXIT_FAILURE;
	p->guard = guard_open(ROLE_GUARD);
	handles_init(p);
	own_addresses(p);
	sections_begin(p);
	tell(MESSAGE_READY, "");
	uv_run(&p->loop, UV_RUN_DEFAULT);
	api_free(p->api);
	rc = uv_loop_close(&p->loop) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
	conf_free(&p->conf);
	buf_free(&p->url);
	guard_free(p->guard);
	free(p);
	return rc;
}
