/* SPDX-License-Identifier: ISC */

#include "cli/client.h"

#include <string.h>

#include "base/num.h"
#include "base/stamp.h"
#include "base/utf8.h"
#include "cli/dial.h"

enum {
	ANSWER_MAX = 256 << 20, /* no honest answer is larger [bytes] */
};

void
question_open(struct question *q, const char *method, const char *path)
{
	*q = (struct question){ .method = method };
	buf_printf(&q->path, "/api/v1%s", path);
}

void
question_part(struct question *q, const char *text)
{
	buf_add_uri(&q->path, str_of(text));
}

void
question_param(struct question *q, const char *name, const char *value)
{
	if (!value)
		return;
	buf_printf(&q->path, "%c%s=", q->params++ ? '&' : '?', name);
	question_part(q, value);
}

/* A time as the API takes it; spans are ago. */
void
question_time(
	struct cli *c, struct question *q, const char *name, enum option o)
{
	const char *text = c->call.option[o];
	struct buf b CLEANUP(buf_free) = { 0 };
	int64_t t;

	if (!text)
		return;
	if (!stamp_parse(str_of(text), &t)) {
		(void)num_parse_span(str_of(text), 60, &t);
		t = c->clock.now - t;
	}
	stamp_add(&b, t);
	question_param(q, name, buf_text(&b));
}

/* A body may hold a password. */
void
question_free(struct question *q)
{
	if (q->body.p)
		explicit_bzero(q->body.p, q->body.cap);
	buf_free(&q->path);
	buf_free(&q->body);
}

static int
add_request(const struct cli *c, struct buf *b, const struct question *q,
	struct err *err)
{
	buf_printf(b, "%s ", q->method);
	buf_add(b, buf_str(&q->path));
	buf_add(b, S(" HTTP/1.1\r\nConnection: close\r\n"
		     "Accept: application/json\r\n"));
	if (dial_add_head(c, b, err))
		return -1;
	if (q->body.n || q->type)
		buf_printf(b,
			"Content-Type: %s\r\n"
			"Content-Length: %zu\r\n",
			q->type ? q->type : "application/json", q->body.n);
	buf_add(b, S("\r\n"));
	buf_add(b, buf_str(&q->body));
	return 0;
}

/* A field of the head; names are compared without case. */
static bool
find_field(struct str head, struct str name, struct str *ret)
{
	struct str line, key, value;

	while (head.n) {
		str_cut(head, '\n', &line, &head);
		if (!str_cut(line, ':', &key, &value) ||
			!str_eq_case(key, name))
			continue;
		if (str_ends(value, S("\r")))
			value.n--;
		*ret = str_trim(value);
		return true;
	}
	return false;
}

/* The head of an answer, and whether the body is whole. */
static int
split(struct answer *a, struct str *ret_type, struct err *err)
{
	struct str raw = buf_str(&a->raw), length, status;
	ptrdiff_t end = str_find(raw, S("\r\n\r\n"));
	int64_t n, code;

	if (end < 0 || !str_starts(raw, S("HTTP/1.1 ")))
		return err_set(err, "the answer is no HTTP");
	struct str head = { raw.p, (size_t)end + 2 };
	status = (struct str){ raw.p + 9, 3 };
	a->text = str_from(raw, (size_t)end + 4);
	if (!num_parse(status, 200, 599, &code))
		return err_set(err, "the answer has no status");
	a->status = (unsigned)code;
	*ret_type = S("");
	if (a->status == 204)
		return 0; /* has no body */
	if (!find_field(head, S("Content-Length"), &length) ||
		!num_parse(length, 0, ANSWER_MAX, &n) || (size_t)n != a->text.n)
		return err_set(err, "the answer ended early");
	(void)find_field(head, S("Content-Type"), ret_type);
	return 0;
}

static enum exit_code
exit_code_of(unsigned status, const struct verb *v)
{
	bool has_settings = v->exits & 1U << EXIT_CODE_INVALID;

	switch (status) {
	case 400: return EXIT_CODE_USAGE;
	case 401:
	case 403: return EXIT_CODE_NOT_ALLOWED;
	case 404: return EXIT_CODE_NOT_FOUND;
	case 409:
	case 412:
	case 428: return EXIT_CODE_CONFLICT;
	case 422: return has_settings ? EXIT_CODE_INVALID : EXIT_CODE_USAGE;
	default: return EXIT_CODE_FAILED;
	}
}

/* What the API calls "force=true" is "--force" here. */
static void
add_hint(struct buf *b, struct str hint)
{
	struct str word;

	while (hint.n) {
		str_cut(hint, ' ', &word, &hint);
		if (str_ends(word, S("=true"))) {
			buf_add(b, S("--"));
			word.n -= 5;
		}
		utf8_add_safe(b, word);
		if (hint.n)
			buf_addc(b, ' ');
	}
}

/* The daemon said no: tell what it said. */
static enum exit_code
fail_status(struct cli *c, const struct answer *a)
{
	struct buf b CLEANUP(buf_free) = { 0 };
	struct str detail = json_tree_str(a->doc, "detail");
	struct str hint = json_tree_str(a->doc, "hint");

	if (cli_has(c, OPT_JSON)) {
		buf_add(&c->out, a->text);
		buf_addc(&c->out, '\n');
	}
	utf8_add_safe(&b, detail.n ? detail : S("the daemon refused"));
	if (hint.n) {
		buf_add(&b, S("\n          "));
		add_hint(&b, hint);
	}
	return cli_fail(
		c, exit_code_of(a->status, c->call.verb), "%s", buf_text(&b));
}

static enum exit_code
take_answer(struct cli *c, struct answer *a)
{
	struct str type;
	struct err err;

	if (split(a, &type, &err))
		return cli_fail(
			c, EXIT_CODE_FAILED, "%s: %s", dial_path(c), err.text);
	if (!str_ends(type, S("json")))
		return EXIT_CODE_DONE;
	a->doc = json_in_parse(a->text, &err);
	if (!a->doc)
		return cli_fail(
			c, EXIT_CODE_FAILED, "%s: %s", dial_path(c), err.text);
	return a->status < 300 ? EXIT_CODE_DONE : fail_status(c, a);
}

/* Send it and wait; the answer is raw. */
static enum exit_code
call(struct cli *c, struct question *q, struct answer *ret, struct err *err)
{
	struct buf request CLEANUP(buf_free) = { 0 };

	*ret = (struct answer){ 0 };
	enum exit_code code = add_request(c, &request, q, err) ? EXIT_CODE_USAGE
							       : EXIT_CODE_DONE;
	question_free(q);
	if (!code)
		code = dial(c, buf_str(&request), &ret->raw, err);
	explicit_bzero(request.p, request.cap);
	return code;
}

enum exit_code
client_ask(struct cli *c, struct question *q, struct answer *ret)
{
	struct err err;
	enum exit_code code = call(c, q, ret, &err);

	if (code)
		cli_fail(c, code, "%s", err.text);
	else
		code = take_answer(c, ret);
	if (code)
		answer_free(ret);
	return code;
}

enum exit_code
client_try(
	struct cli *c, struct question *q, struct answer *ret, struct err *err)
{
	enum exit_code code = call(c, q, ret, err);
	struct str type;

	if (!code && split(ret, &type, err))
		code = EXIT_CODE_FAILED;
	if (!code)
		ret->doc = json_in_parse(ret->text, err);
	if (!code && (!ret->doc || ret->status >= 300)) {
		err_set(err, "%s: answers with %u", dial_path(c), ret->status);
		code = EXIT_CODE_FAILED;
	}
	if (code)
		answer_free(ret);
	return code;
}

bool
client_json(struct cli *c, const struct answer *a)
{
	const struct json_t *items = json_tree_get(a->doc, "items"), *o;

	if (!cli_has(c, OPT_JSON))
		return false;
	if (!cli_has(c, OPT_JSONL) || !json_tree_is_array(items)) {
		buf_add(&c->out, a->text);
		buf_addc(&c->out, '\n');
		return true;
	}
	for (size_t i = 0; (o = json_tree_at(items, i)); i++) {
		json_tree_write(&c->out, o);
		buf_addc(&c->out, '\n');
	}
	return true;
}

void
answer_free(struct answer *a)
{
	json_in_free(a->doc);
	buf_free(&a->raw);
	*a = (struct answer){ 0 };
}
