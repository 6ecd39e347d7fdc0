/* SPDX-License-Identifier: ISC */

/*
 * How every automaton reads: from @cur, never beyond @end, where it sees a
 * zero byte.  No rule has a zero byte in it, so none runs over the end.
 */

#define YYPEEK() (cur < end ? (unsigned char)*cur : 0)

#define RUN(from, to) ((struct str){ from, (size_t)((to) - (from)) })

/*!re2c
re2c:api = custom;
re2c:api:style = free-form;
re2c:define:YYCTYPE = "unsigned char";
re2c:define:YYPEEK = "YYPEEK()";
re2c:define:YYSKIP = "++cur;";
re2c:define:YYBACKUP = "mark = cur;";
re2c:define:YYRESTORE = "cur = mark;";
re2c:define:YYSTAGP = "@@ = cur;";
re2c:define:YYSTAGN = "@@ = 0;";
re2c:define:YYSHIFTSTAG = "@@{tag} += @@{shift};";
re2c:yyfill:enable = 0;
re2c:tags = 1;
re2c:indent:top = 1;
*/
