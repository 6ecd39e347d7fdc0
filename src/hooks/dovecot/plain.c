/* SPDX-License-Identifier: ISC */

#include "hooks/dovecot/plain.h"

#include "base/json.h"

static void
skip_space(struct str *s)
{
	while (s->n && (s->p[0] == ' ' || s->p[0] == '\n' || s->p[0] == '\r' ||
			       s->p[0] == '\t'))
		*s = str_from(*s, 1);
}

static bool
take_char(struct str *s, char c)
{
	if (s->n == 0 || s->p[0] != c)
		return false;
	s->p++;
	s->n--;
	return true;
}

/* A string in quotes, nothing escaped. */
static bool
take_string(struct str *s, struct str *ret)
{
	size_t n = 0;

	if (!take_char(s, '"'))
		return false;
	while (n < s->n && json_is_plain((unsigned char)s->p[n]))
		n++;
	*ret = (struct str){ s->p, n };
	*s = str_from(*s, n);
	return take_char(s, '"');
}

/* Digits that are a number in any reader's range. */
static bool
take_number(struct str *s)
{
	size_t n = 0;

	while (n < s->n && s->p[n] >= '0' && s->p[n] <= '9')
		n++;
	if (n == 0 || n > 15 || (s->p[0] == '0' && n > 1))
		return false;
	*s = str_from(*s, n);
	return true;
}

static bool
take_value(struct str *s, struct plain_member *m)
{
	switch (s->n ? s->p[0] : '\0') {
	case '"': m->type = PLAIN_STRING; return take_string(s, &m->text);
	case 't': m->type = PLAIN_TRUE; return str_take(s, S("true"));
	case 'f': m->type = PLAIN_FALSE; return str_take(s, S("false"));
	case 'n': m->type = PLAIN_NULL; return str_take(s, S("null"));
	default: m->type = PLAIN_NUMBER; return take_number(s);
	}
}

static bool
take_member(struct str *s, struct plain_member *m)
{
	skip_space(s);
	if (!take_string(s, &m->name))
		return false;
	skip_space(s);
	if (!take_char(s, ':'))
		return false;
	skip_space(s);
	if (!take_value(s, m))
		return false;
	skip_space(s);
	return true;
}

static bool
is_new_name(const struct plain_member *members, int n)
{
	for (int i = 0; i < n; i++) {
		if (str_eq(members[i].name, members[n].name))
			return false;
	}
	return true;
}

int
plain_read(struct str text, struct plain_member ret[PLAIN_MEMBERS_MAX])
{
	int n = 0;

	skip_space(&text);
	if (!take_char(&text, '{'))
		return -1;
	do {
		if (n == PLAIN_MEMBERS_MAX || !take_member(&text, &ret[n]) ||
			!is_new_name(ret, n))
			return -1;
		n++;
	} while (take_char(&text, ','));
	if (!take_char(&text, '}'))
		return -1;
	skip_space(&text);
	return text.n ? -1 : n;
}
