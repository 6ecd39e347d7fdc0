/* SPDX-License-Identifier: ISC */

/*
 * A node of an engine alone: no store, no time.  What the hooks' own work
 * costs is measured with it.
 */

#include "node_fake.h"

#include "base/def.h"
#include "core/engine.h"
#include "node/node.h"

enum {
	NOW = 1764000000,
};

struct node {
	struct engine *engine;
};

struct node *
node_fake(void)
{
	static struct node node;
	static const struct engine_config config = {
		.key = { 1, 2 },
		.max_v4 = 1 << 20,
		.max_v6 = 1 << 18,
		.acts = 1 << 16,
		.v6_len = 64,
	};
	struct settings settings = settings_default();

	settings.mode = MODE_ENFORCE;
	node.engine = engine_new(&config, &settings);
	return &node;
}

const struct engine *
node_engine(const struct node *n)
{
	return n->engine;
}

int64_t
node_now(const struct node *n)
{
	(void)n;
	return NOW;
}

struct verdict
node_check(const struct node *n, const struct addr *addr)
{
	return engine_check(n->engine, addr, NOW);
}

struct verdict
node_connect(struct node *n, const struct addr *addr)
{
	struct fact fact = { .type = FACT_CONNECT, .addr = *addr };
	struct effects effects;

	engine_apply(n->engine, &fact, NOW, &effects);
	return engine_check(n->engine, addr, NOW);
}

bool
node_refuses(struct node *n, const struct login *login)
{
	return engine_check_account(
		       n->engine, &login->addr, login->account, NOW)
		       .word == VERDICT_REFUSE;
}

void
node_report(struct node *n, const struct event *ev)
{
	struct fact fact = { .type = FACT_EVENT, .event = ev };
	struct effects effects;

	engine_apply(n->engine, &fact, NOW, &effects);
}
