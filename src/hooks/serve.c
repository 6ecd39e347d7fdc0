/* SPDX-License-Identifier: ISC */

#include "hooks/serve.h"

#include <unistd.h>

static int
read_keys(const struct hook *hook, const struct hook_config *config,
	struct stream_config *ret, struct err *err)
{
	if (config->listeners_n > SERVE_LISTENERS_MAX)
		return err_set(err, "%s: expected at most %d addresses",
			config->source, SERVE_LISTENERS_MAX);
	if (hook_option_int(hook, config, "connections", &ret->connections_max,
		    err) < 0)
		return -1;
	return hook_option_span(hook, config, "idle", &ret->idle_s, err);
}

int
serve_check(const struct hook *hook, const struct hook_config *config,
	struct err *err)
{
	struct stream_config keys;

	return read_keys(hook, config, &keys, err);
}

int
serve_start(struct serve *v, const struct hook_config *config,
	const struct stream_config *stream, uv_loop_t *loop, struct err *err)
{
	struct stream_config full = *stream;
	int rc = read_keys(v->hook, config, &full, err);

	for (size_t i = 0; i < config->listeners_n; i++) {
		int fd = config->listeners[i].fd;

		if (rc < 0) {
			close(fd);
			continue;
		}
		rc = stream_start(loop, fd, &full, &v->list[v->n], err);
		if (rc == 0)
			v->n++;
	}
	if (rc < 0)
		serve_stop(v);
	return rc;
}

void
serve_stop(struct serve *v)
{
	for (size_t i = 0; i < v->n; i++)
		stream_stop(v->list[i]);
	v->n = 0;
}

uint64_t
serve_bad(const struct serve *v)
{
	uint64_t bad = 0;

	for (size_t i = 0; i < v->n; i++)
		bad += stream_stats(v->list[i])->bad;
	return bad;
}

void
serve_status(const struct serve *v, struct json *j)
{
	struct stream_stats sum = { 0 };

	for (size_t i = 0; i < v->n; i++) {
		const struct stream_stats *s = stream_stats(v->list[i]);

		sum.accepted += s->accepted;
		sum.closed += s->closed;
		sum.shed += s->shed;
		sum.idle += s->idle;
		sum.bad += s->bad;
	}
	json_member_int(j, "connections", (int64_t)(sum.accepted - sum.closed));
	json_member_int(j, "accepted", (int64_t)sum.accepted);
	json_member_int(j, "shed", (int64_t)sum.shed);
	json_member_int(j, "idle", (int64_t)sum.idle);
	json_member_int(j, "bad", (int64_t)sum.bad);
}
