/* SPDX-License-Identifier: ISC */

#include "cli/word.h"

#include "base/addr.h"
#include "base/num.h"
#include "base/utf8.h"

enum word_type
word_type(const char *word)
{
	struct addr addr;
	struct prefix prefix;
	int64_t id;

	if (num_parse(str_of(word), 1, INT64_MAX, &id))
		return WORD_ID;
	if (addr_parse(str_of(word), &addr))
		return WORD_ADDR;
	return prefix_parse(str_of(word), &prefix, NULL) ? WORD_PREFIX
							 : WORD_BAD;
}

enum exit_code
word_fail(struct cli *c, const char *word, const char *expected)
{
	struct buf b CLEANUP(buf_free) = { 0 };
	struct prefix prefix;
	struct err err;

	/* A CIDR with bits behind its length says it best itself. */
	if (!prefix_parse(str_of(word), &prefix, &err) &&
		str_find(str_of(word), S("/")) > 0)
		return cli_fail(c, EXIT_CODE_USAGE, "%s", err.text);
	utf8_add_safe(&b, str_of(word));
	return cli_fail(
		c, EXIT_CODE_USAGE, "\"%s\" is not %s", buf_text(&b), expected);
}
