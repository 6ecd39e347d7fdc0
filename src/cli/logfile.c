/* SPDX-License-Identifier: ISC */

#include "cli/logfile.h"

#include <string.h>

#include "base/buf.h"
#include "sys/clock.h"
#include "sys/secret.h"
#include "sys/zone.h"

static bool
is_dialect(const char *name)
{
	for (unsigned i = 0; i < dialects_n; i++) {
		if (strcmp(name, dialects[i]->name) == 0)
			return true;
	}
	return false;
}

static int
fail_dialect(const char *name, struct err *err)
{
	struct buf names CLEANUP(buf_free) = { 0 };

	for (unsigned i = 0; i < dialects_n; i++)
		buf_printf(&names, ", %s", dialects[i]->name);
	return err_set(err, "--source \"%s\" is not known; expected auto%s",
		name, buf_text(&names));
}

int
logfile_config(struct logfile_config *ret, const char *dialect, struct err *err)
{
	struct logfile_config c = { 0 };

	if (dialect && strcmp(dialect, "auto") != 0) {
		if (!is_dialect(dialect))
			return fail_dialect(dialect, err);
		c.dialect = dialect;
	}
	secret_fill(&c.key, sizeof(c.key));
	zone_local(&c.zone, clock_wall_s());
	*ret = c;
	return 0;
}

int
logfile_rule(struct logfile_config *config, const char *text, struct err *err)
{
	struct err why;

	if (!text)
		return 0;
	config->rules = rules_new();
	if (rules_add(config->rules, str_of(text), &why) < 0)
		return err_set(err, "--rule \"%s\": %s", text, why.text);
	return 0;
}

void
logfile_done(struct logfile_config *config)
{
	rules_free(config->rules);
	config->rules = NULL;
}

int
logfile_open(struct logfile *s, const struct logfile_config *config,
	const char *path, struct err *err)
{
	*s = (struct logfile){ 0 };
	if (lines_open(&s->lines, path, &s->at, err))
		return -1;
	s->reader = reader_new(config->dialect, &config->zone, &config->key);
	reader_rules(s->reader, config->rules);
	return 0;
}

int
logfile_next(struct logfile *s, struct err *err)
{
	struct str line;
	int rc = lines_next(&s->lines, &line, err);

	if (rc > 0)
		s->reading = reader_feed(s->reader, line, s->at, &s->events);
	return rc;
}

void
logfile_close(struct logfile *s)
{
	reader_free(s->reader);
	lines_close(&s->lines);
	*s = (struct logfile){ 0 };
}
