/* SPDX-License-Identifier: ISC */

/*
 * hook policy: a Postfix policy service.  It sees that a client connects
 * and what it tries, never what came of it: a connection is a fact, nothing
 * here is an event.
 */

#include <stdlib.h>
#include <string.h>

#include "base/def.h"
#include "base/mem.h"
#include "hooks/policy/protocol.h"
#include "hooks/serve.h"

struct policy {
	struct node *node;
	struct serve serve;
	uint64_t requests;
	uint64_t refused;
	uint64_t unnamed; /* without a client address that can be read */
};

/* Of a connection: which message delivery was asked about last.  Postfix
 * asks about one at a time. */
struct delivery {
	size_t n;
	char instance[64];
};

extern const struct hook hook_policy;

/* Is it the first request of a delivery? */
static bool
is_new(struct delivery *d, struct str instance)
{
	if (instance.n == 0 || instance.n > sizeof(d->instance))
		return true;
	if (instance.n == d->n && memcmp(d->instance, instance.p, d->n) == 0)
		return false;
	memcpy(d->instance, instance.p, instance.n);
	d->n = instance.n;
	return true;
}

static void
answer(struct policy *p, struct stream *s, const struct policy_request *r)
{
	struct buf *out = stream_out(s);
	struct verdict verdict;
	struct addr addr;

	p->requests++;
	if (!addr_parse(r->client_address, &addr)) {
		p->unnamed++;
		policy_pass(out);
		return;
	}
	verdict = is_new(stream_state(s), r->instance)
			  ? node_connect(p->node, &addr)
			  : node_check(p->node, &addr);
	if (verdict.word == VERDICT_ALLOW) {
		policy_pass(out);
		return;
	}
	p->refused++;
	policy_refuse(
		out, str_of(engine_settings(node_engine(p->node))->text_smtp));
}

static ptrdiff_t
on_bytes(void *ctx, struct stream *s, struct str in, enum stream_end end)
{
	struct policy_request request;
	size_t used = 0;
	ptrdiff_t n;

	while ((n = policy_parse(str_from(in, used), &request)) > 0) {
		answer(ctx, s, &request);
		used += (size_t)n;
	}
	/* Half a request and nothing more to come is no request. */
	if (n < 0 || (end == STREAM_END && used < in.n))
		return STREAM_BAD;
	return (ptrdiff_t)used;
}

static int
policy_check(const struct hook_config *config, struct err *err)
{
	return serve_check(&hook_policy, config, err);
}

static int
policy_start(const struct hook_config *config, struct node *node,
	uv_loop_t *loop, void **ret, struct err *err)
{
	struct policy *p = mem_alloc(1, sizeof(*p));
	struct stream_config stream = {
		.in_max = POLICY_REQUEST_MAX,
		.state_size = sizeof(struct delivery),
		.on_bytes = on_bytes,
		.ctx = p,
	};

	p->node = node;
	p->serve.hook = &hook_policy;
	if (serve_start(&p->serve, config, &stream, loop, err) < 0) {
		free(p);
		return -1;
	}
	*ret = p;
	return 0;
}

static void
policy_stop(void *running)
{
	struct policy *p = running;

	serve_stop(&p->serve);
	free(p);
}

static void
policy_status(void *running, struct json *j)
{
	struct policy *p = running;

	serve_status(&p->serve, j);
	json_member_int(j, "requests", (int64_t)p->requests);
	json_member_int(j, "refused", (int64_t)p->refused);
	json_member_int(j, "unnamed", (int64_t)p->unnamed);
}

static void
policy_counts(void *running, struct source_counts *ret)
{
	const struct policy *p = running;

	ret->asked = p->requests;
	ret->refused = p->refused;
	ret->errors = serve_bad(&p->serve);
}

/* Postfix closes an idle policy connection after 300 s; when we did, it
 * would count the next request as failed (smtpd_policy_service_max_idle). */
static const struct hook_option_type options[] = {
	SERVE_OPTIONS("20m"),
	{ 0 },
};

const struct hook hook_policy = {
	.name = "policy",
	.summary = "Postfix policy service: refuses blocked clients",
	.is_listening = true,
	.options = options,
	.check = policy_check,
	.start = policy_start,
	.stop = policy_stop,
	.status = policy_status,
	.counts = policy_counts,
};
