/* SPDX-License-Identifier: ISC */

#include "control/names.h"
#include "web/openapi.h"
#include "web/route.h"

void
health_get(struct ask *a)
{
	json_open(&a->out, '{');
	json_member_str(&a->out, "status", S("ok"));
	json_close(&a->out, '}');
	ask_reply(a, 200);
}

void
version_get(struct ask *a)
{
	json_open(&a->out, '{');
	json_member_str(&a->out, "version", str_of(a->api->config.version));
	json_close(&a->out, '}');
	ask_reply(a, 200);
}

void
openapi_get(struct ask *a)
{
	buf_add(&a->text,
		(struct str){ (const char *)openapi_json, openapi_n });
	ask_reply(a, 200);
}

static void
add_engine(struct json *j, const struct engine_stats *s)
{
	json_member_int(j, "blocks", (int64_t)s->blocks_live);
	json_member_int(j, "never", (int64_t)s->never);
	json_key(j, "tracked");
	json_open(j, '{');
	json_member_int(j, "ipv4", (int64_t)s->tracked_v4);
	json_member_int(j, "ipv6", (int64_t)s->tracked_v6);
	json_member_int(j, "not_taken", (int64_t)s->untracked);
	json_member_int(j, "evicted", (int64_t)s->evicted);
	json_member_int(j, "bytes", (int64_t)s->bytes);
	json_close(j, '}');
	json_key(j, "outcomes");
	json_open(j, '{');
	for (size_t i = 0; i < ARRAY_LEN(s->outcomes); i++)
		json_member_int(j, outcome_names[i], (int64_t)s->outcomes[i]);
	json_close(j, '}');
}

static void
add_store(struct json *j, const struct node_stats *s)
{
	json_key(j, "store");
	json_open(j, '{');
	json_member_int(j, "queued_bytes", (int64_t)s->queued_bytes);
	json_member_int(j, "stored", (int64_t)s->stored);
	json_member_int(j, "shed", (int64_t)s->shed);
	json_member_int(j, "errors", (int64_t)s->store_errors);
	if (*s->store_error)
		json_member_str(j, "last_error", str_of(s->store_error));
	if (*s->notice)
		json_member_str(j, "notice", str_of(s->notice));
	json_close(j, '}');
}

void
status_get(struct ask *a)
{
	const struct settings *set = engine_settings(node_engine(a->node));
	const struct api_config *config = &a->api->config;
	struct json *j = &a->out;
	struct node_stats s;

	node_stats(a->node, &s);
	json_open(j, '{');
	json_member_str(j, "state", s.is_loaded ? S("running") : S("loading"));
	json_member_bool(j, "has_lists", s.has_lists);
	json_member_str(j, "version", str_of(config->version));
	json_member_str(j, "mode", str_of(mode_names[set->mode]));
	json_member_time(j, "started", s.started);
	json_member_time(j, "now", node_now(a->node));
	json_member_int(j, "events", (int64_t)s.events);
	add_engine(j, &s.engine);
	add_store(j, &s);
	if (config->add_status)
		config->add_status(config->ctx, j);
	json_close(j, '}');
	ask_reply(a, 200);
}
