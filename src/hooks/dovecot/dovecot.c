/* SPDX-License-Identifier: ISC */

/*
 * hook dovecot: the auth policy service of Dovecot, over HTTP.  Asked before
 * and after each login, told how it went.  Old Dovecots crash on answers
 * that aren't what they expect: whatever comes in, one strict JSON object
 * goes out.
 */

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/def.h"
#include "base/mem.h"
#include "hooks/dovecot/protocol.h"
#include "hooks/hook.h"
#include "http/http.h"

enum {
	LISTENERS_MAX = 16,
};

struct dovecot {
	struct node *node;
	struct http_server *servers[LISTENERS_MAX];
	size_t servers_n;
	char *head; /* of the API: name, NUL, value; or NULL */
	const char *head_value;
	struct buf out;
	uint64_t allows, refused, reports;
	uint64_t locked;  /* refused because the account is locked */
	uint64_t unknown; /* paths or commands */
	uint64_t denied;  /* without the head field of the API */
	uint64_t bad;	  /* bodies */
	uint64_t unnamed; /* without an address that can be read */
};

extern const struct hook hook_dovecot;

/* Time depends on the lengths alone. */
static bool
is_same_secret(struct str a, struct str b)
{
	unsigned char difference = a.n != b.n;

	for (size_t i = 0; i < a.n && b.n; i++)
		difference |= (unsigned char)(a.p[i] ^ b.p[i % b.n]);
	return difference == 0;
}

static bool
is_known(const struct dovecot *d, const struct http_request *r)
{
	struct str value;

	if (!d->head)
		return true;
	return http_head(r, d->head, &value) &&
	       is_same_secret(value, str_of(d->head_value));
}

/* Whoever logs in isn't told: it fails as with a wrong password. */
static bool
is_locked(struct dovecot *d, const struct dovecot_request *r,
	const struct addr *addr)
{
	struct login login = {
		.addr = *addr,
		.account = r->login,
		.session = r->session,
		.source = S("dovecot-policy"),
	};

	return node_refuses(d->node, &login);
}

static void
on_allow(struct dovecot *d, const struct dovecot_request *r)
{
	struct verdict verdict;
	struct addr addr;

	d->allows++;
	if (!addr_parse(r->remote, &addr)) {
		d->unnamed++;
		dovecot_pass(&d->out);
		return;
	}
	verdict = node_connect(d->node, &addr);
	if (verdict.word == VERDICT_REFUSE) {
		d->refused++;
		dovecot_refuse(
			&d->out, str_of(engine_settings(node_engine(d->node))
						 ->text_login));
	} else if (is_locked(d, r, &addr)) {
		d->locked++;
		dovecot_refuse(&d->out, S(""));
	} else {
		dovecot_pass(&d->out);
	}
}

static void
on_report(struct dovecot *d, const struct dovecot_request *r)
{
	struct event ev;

	d->reports++;
	if (dovecot_event(r, &ev))
		node_report(d->node, &ev);
	dovecot_pass(&d->out);
}

typedef void on_command(struct dovecot *d, const struct dovecot_request *r);

static on_command *
command_of(const struct http_request *r)
{
	struct str name;

	if (!str_eq(http_path(r), S("/")) || !http_query(r, "command", &name))
		return NULL;
	if (str_eq(name, S("allow")))
		return on_allow;
	if (str_eq(name, S("report")))
		return on_report;
	return NULL;
}

/* Appends the answer to d->out; returns the status.  Dovecot lets the login
 * go on when it isn't 200, and logs an error for the administrator. */
static unsigned
answer(struct dovecot *d, const struct http_request *r)
{
	on_command *command = command_of(r);
	struct dovecot_request request;

	if (!is_known(d, r)) {
		d->denied++;
		dovecot_pass(&d->out);
		return 403;
	}
	if (!command) {
		d->unknown++;
		dovecot_pass(&d->out);
		return 404;
	}
	if (!dovecot_parse(http_body(r), &request)) {
		d->bad++;
		dovecot_pass(&d->out);
		return 200;
	}
	command(d, &request);
	dovecot_request_fini(&request);
	return 200;
}

static void
on_request(void *ctx, struct http_request *r)
{
	struct dovecot *d = ctx;
	struct http_response response = { .type = "application/json" };

	d->out.n = 0;
	response.status = answer(d, r);
	response.body = buf_str(&d->out);
	http_reply(r, &response);
}

/* "X-API-Key: secret" into its two halves; empty when there is none. */
static int
parse_head(const struct hook_config *config, char **ret, struct err *err)
{
	struct str text, name, value;
	char *copy;

	text = str_of(hook_option(&hook_dovecot, config, "api_header"));
	if (text.n == 0)
		return 0;
	str_cut(text, ':', &name, &value);
	name = str_trim(name);
	value = str_trim(value);
	if (name.n == 0 || value.n == 0)
		return err_set(err,
			"%s: api_header: expected \"name: value\" as in "
			"Dovecot's auth_policy_server_api_header",
			config->source);
	copy = mem_alloc(name.n + value.n + 2, 1);
	memcpy(copy, name.p, name.n);
	memcpy(copy + name.n + 1, value.p, value.n);
	*ret = copy;
	return 0;
}

/* Anybody on this machine can connect to a TCP port. */
static int
check_secret(
	const struct hook_config *config, const char *head, struct err *err)
{
	if (config->listeners_n > LISTENERS_MAX)
		return err_set(err, "%s: expected at most %d addresses",
			config->source, LISTENERS_MAX);
	for (size_t i = 0; i < config->listeners_n && !head; i++) {
		if (!str_starts(str_of(config->listeners[i].label), S("unix:")))
			return err_set(err,
				"%s: %s: expected api_header, as in Dovecot's "
				"auth_policy_server_api_header",
				config->source, config->listeners[i].label);
	}
	return 0;
}

/* The keys of the section; @ret_head is for free(). */
static int
read_keys(const struct hook_config *config, struct http_config *ret,
	char **ret_head, struct err *err)
{
	const struct hook *h = &hook_dovecot;

	if (hook_option_int(
		    h, config, "connections", &ret->connections_max, err) < 0)
		return -1;
	if (hook_option_span(h, config, "idle", &ret->idle_s, err) < 0)
		return -1;
	if (parse_head(config, ret_head, err) < 0)
		return -1;
	return check_secret(config, *ret_head, err);
}

static int
dovecot_check(const struct hook_config *config, struct err *err)
{
	CLEANUP(mem_freep) char *head = NULL;
	struct http_config http;

	return read_keys(config, &http, &head, err);
}

static void
dovecot_stop(void *running)
{
	struct dovecot *d = running;

	for (size_t i = 0; i < d->servers_n; i++)
		http_stop(d->servers[i]);
	buf_free(&d->out);
	free(d->head);
	free(d);
}

static int
dovecot_start(const struct hook_config *config, struct node *node,
	uv_loop_t *loop, void **ret, struct err *err)
{
	struct dovecot *d = mem_alloc(1, sizeof(*d));
	struct http_config http = {
		.name = config->source,
		.methods = 1U << HTTP_POST,
		.handler = on_request,
		.ctx = d,
	};
	int rc = read_keys(config, &http, &d->head, err);

	d->node = node;
	if (d->head)
		d->head_value = d->head + strlen(d->head) + 1;
	for (size_t i = 0; i < config->listeners_n; i++) {
		int fd = config->listeners[i].fd;

		if (rc < 0) {
			close(fd);
			continue;
		}
		rc = http_start(
			loop, fd, &http, &d->servers[d->servers_n], err);
		if (rc == 0)
			d->servers_n++;
	}
	if (rc < 0) {
		dovecot_stop(d);
		return -1;
	}
	*ret = d;
	return 0;
}

static struct http_stats
sum_stats(const struct dovecot *d)
{
	struct http_stats sum = { 0 };

	for (size_t i = 0; i < d->servers_n; i++) {
		struct http_stats s;

		http_stats(d->servers[i], &s);
		sum.accepted += s.accepted;
		sum.closed += s.closed;
		sum.shed += s.shed;
		sum.refused += s.refused;
	}
	return sum;
}

static void
dovecot_status(void *running, struct json *j)
{
	struct dovecot *d = running;
	struct http_stats sum = sum_stats(d);

	json_member_int(j, "connections", (int64_t)(sum.accepted - sum.closed));
	json_member_int(j, "accepted", (int64_t)sum.accepted);
	json_member_int(j, "shed", (int64_t)sum.shed);
	json_member_int(j, "bad", (int64_t)(sum.refused + d->bad));
	json_member_int(j, "allows", (int64_t)d->allows);
	json_member_int(j, "refused", (int64_t)d->refused);
	json_member_int(j, "locked", (int64_t)d->locked);
	json_member_int(j, "reports", (int64_t)d->reports);
	json_member_int(j, "denied", (int64_t)d->denied);
	json_member_int(j, "unknown", (int64_t)d->unknown);
	json_member_int(j, "unnamed", (int64_t)d->unnamed);
}

static void
dovecot_counts(void *running, struct source_counts *ret)
{
	const struct dovecot *d = running;
	struct http_stats sum = sum_stats(d);

	ret->asked = d->allows;
	ret->refused = d->refused + d->locked;
	ret->events = d->reports;
	ret->errors = sum.refused + d->bad;
}

static const struct hook_option_type options[] = {
	{ "api_header", NULL, false,
		"The head field that requests must have, \"name: value\", as "
		"in Dovecot's auth_policy_server_api_header; needed on TCP." },
	{ "connections", "1024", false,
		"Connections open at a time on each listener; the one that "
		"has been idle longest is closed for the next." },
	{ "idle", "10m", false,
		"A connection that is silent for so long is closed." },
	{ 0 },
};

const struct hook hook_dovecot = {
	.name = "dovecot",
	.summary = "Dovecot auth policy: refuses blocked clients, "
		   "learns of every login",
	.is_listening = true,
	.options = options,
	.check = dovecot_check,
	.start = dovecot_start,
	.stop = dovecot_stop,
	.status = dovecot_status,
	.counts = dovecot_counts,
};
