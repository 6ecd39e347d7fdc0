/* SPDX-License-Identifier: ISC */
#include "store/sql.h"

static const char *const events_steps[] = {
	/* 0 → 1 */
	"create table meta (name text primary key, value) without rowid;"
	"create table era (id integer primary key, oldest integer not null,"
	" newest integer not null);"
	"create table word (id integer primary key, era integer not null,"
	" text blob not null);"
	"create unique index word_text on word (era, text);"
	"create table event (id integer primary key, time integer not null,"
	" net integer not null, host integer not null,"
	" what integer not null, count integer not null,"
	" points integer not null, account_hash integer not null,"
	" session_hash integer not null, credential_hash integer not null,"
	" source integer not null, service integer not null,"
	" account integer not null);"
	"create index event_address on event (id >> 14, net, host);"
	"create table text (id integer primary key, told integer not null,"
	" span integer not null, session blob, helo blob, detail blob);"
	"create table position (name blob primary key,"
	" device integer not null, inode integer not null,"
	" at integer not null, fingerprint integer not null,"
	" fingerprint_n integer not null) without rowid;"
	"create table pardon (last_event integer not null,"
	" net_min integer not null, net_max integer not null,"
	" host_min integer not null, host_max integer not null,"
	" primary key (last_event, net_min, net_max, host_min, host_max))"
	" without rowid;",
	/* 1 → 2 */
	"create table trust (who integer primary key, day integer not null);",
	/* 2 → 3 */
	("create table forgiven (addr blob not null, len integer not null,"
	 " time integer not null, primary key (addr, len)) without rowid;"),
};

/* clang-format off */
/* An IPv6 prefix covers no IPv4 address, whatever its bits. */
#define IS_V4 "(e.net = 0 and e.host between 0 and 4294967295) "

/* ?1 numbers above, ?2 below, ?3 kind or -1, ?4 since, ?5 until,
 * ?6 source, ?7 service, ?8 account: words of the era or 0; ?9 limit */
#define FIND_COLUMNS \
	"select e.id, e.time, e.net, e.host, e.what, e.count, e.points," \
	" e.account_hash, e.session_hash, e.credential_hash, so.text," \
	" se.text, ac.text, t.told, t.span, t.session, t.helo, t.detail," \
	" exists (select 1 from pardon p where p.last_event >= e.id" \
	" and e.net between p.net_min and p.net_max" \
	" and e.host between p.host_min and p.host_max" \
	" and (not " IS_V4 "or p.host_min >= 0" \
	" and p.host_max <= 4294967295)) "

#define FIND_FROM(how) \
	"from event e " how " left join text t on t.id = e.id" \
	" left join word so on so.id = e.source" \
	" left join word se on se.id = e.service" \
	" left join word ac on ac.id = e.account "
#define FIND_WHERE \
	" and (?3 < 0 or e.what & 63 = ?3) and e.time between ?4 and ?5" \
	" and (?6 = 0 or e.source = ?6) and (?7 = 0 or e.service = ?7)" \
	" and (?8 = 0 or e.account = ?8) "
/* By address the rows of an era are few: they are sorted.  ?10 era,
 * ?11 1 upwards or -1, ?12 … ?15 the range, ?16 1 for an IPv4 prefix. */
#define FIND_ERA \
	FIND_FROM("indexed by event_address") "where e.id >> 14 = ?10 and e.id > ?1 and e.id < ?2" \
	" and ?16 = " IS_V4
#define FIND_ALL FIND_FROM("not indexed") "where e.id > ?1 and e.id < ?2" FIND_WHERE
#define FIND_BY_HOST \
	FIND_ERA " and e.net = ?12 and e.host between ?14 and ?15" FIND_WHERE
#define FIND_BY_NET FIND_ERA " and e.net between ?12 and ?13" FIND_WHERE

#define TAIL_UP	    " order by e.id limit ?9"
#define TAIL_DOWN   " order by e.id desc limit ?9"
#define TAIL_SORTED " order by e.id * ?11 limit ?9"

const char find_columns[] = FIND_COLUMNS;
const struct find_text find_texts[] = {
	[FIND_UP] = { FIND_ALL, TAIL_UP },
	[FIND_DOWN] = { FIND_ALL, TAIL_DOWN },
	[FIND_HOST] = { FIND_BY_HOST, TAIL_SORTED },
	[FIND_NET] = { FIND_BY_NET, TAIL_SORTED },
};

static const char *const events_sql[EV_SQL_N] = {
	[EV_KEY_GET] = "select value from meta where name = 'key'",
	[EV_KEY_SET] = "insert or replace into meta values ('key', ?1)",
	[EV_LAST] = "select max(id) from event",
	[EV_FIRST] = "select min(id) from event",
	[EV_PAGES] = "pragma page_count",
	[EV_PAGES_FREE] = "pragma freelist_count",
	[EV_WORD_FIND] = "select id from word where era = ?1 and text = ?2",
	[EV_WORD_ADD] = "insert into word (era, text) values (?1, ?2)",
	[EV_WORD_TEXT] = "select text from word where id = ?1",
	/* A batch that is added once more finds its rows there. */
	[EV_ADD] = "insert or ignore into event values (?1, ?2, ?3, ?4, ?5,"
		" ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
	[EV_TEXT_ADD] = "insert or ignore into text values (?1, ?2, ?3, ?4,"
		" ?5, ?6)",
	[EV_ERA_SET] = "insert into era values (?1, ?2, ?3)"
		" on conflict (id) do update set"
		" oldest = min(oldest, excluded.oldest),"
		" newest = max(newest, excluded.newest)",
	[EV_ERAS] = "select id from era where id between ?1 and ?2"
		" and newest >= ?3 and oldest <= ?4 order by id",
	[EV_ERAS_DOWN] = "select id from era where id between ?1 and ?2"
		" and newest >= ?3 and oldest <= ?4 order by id desc",
	[EV_LOAD] = "select id, time, net, host, what, count, account_hash,"
		" session_hash, credential_hash, source,"
		" iif(what & 1024, (select told from text t"
		" where t.id = e.id), 1),"
		" iif(what & 1024, (select span from text t"
		" where t.id = e.id), 0) from event e"
		" where id >= ?1 and id < ?2 and time >= ?3 order by id",
	[EV_POSITION_SET] = "insert or replace into position values"
		" (?1, ?2, ?3, ?4, ?5, ?6)",
	[EV_POSITIONS] = "select name, device, inode, at, fingerprint,"
		" fingerprint_n from position order by name",
	[EV_PARDON_ADD] = "insert or ignore into pardon values"
		" ((select coalesce(max(id), 0) from event), ?1, ?2, ?3, ?4)",
	[EV_FORGIVE] = "insert or replace into forgiven values (?1, ?2, ?3)",
	[EV_FORGIVEN] = "select addr, len, time from forgiven",
	[EV_TRIM_FORGIVEN] = "delete from forgiven where time < ?1",
	[EV_TRUST_SET] = "insert into trust values (?1, ?2)"
		" on conflict (who) do update set"
		" day = max(day, excluded.day)",
	[EV_TRUSTS] = "select who, day from trust order by day",
	[EV_ACCOUNT_OF] = "select w.text from event e join word w"
		" on w.id = e.account where e.id = ?1",
	/* The newest event stays, so that numbers don't come again. */
	[EV_TRIM_EDGE] = "select max(id) from"
		" (select id from event where id < (select max(id) from event)"
		" order by id limit ?1)",
	[EV_TRIM_TEXT] = "delete from text where id <= ?1 and id in"
		" (select id from event where id <= ?1 and time < ?2)",
	[EV_TRIM_EVENT] = "delete from event where id <= ?1 and time < ?2",
	[EV_TRIM_WORD] = "delete from word where id in (select id from word"
		" where era < (select min(id) >> 14 from event)"
		" order by era limit ?1)",
	[EV_TRIM_ERA] = "delete from era where"
		" id < (select min(id) >> 14 from event)",
	[EV_TRIM_PARDON] = "delete from pardon where"
		" last_event < (select min(id) from event)",
	[EV_TRIM_TRUST] = "delete from trust where day < ?1",
	[EV_VACUUM] = "pragma incremental_vacuum(256)",
	[EV_FIND + FIND_UP] = FIND_COLUMNS FIND_ALL TAIL_UP,
	[EV_FIND + FIND_DOWN] = FIND_COLUMNS FIND_ALL TAIL_DOWN,
	[EV_FIND + FIND_HOST] = FIND_COLUMNS FIND_BY_HOST TAIL_SORTED,
	[EV_FIND + FIND_NET] = FIND_COLUMNS FIND_BY_NET TAIL_SORTED,
	/* By the index alone: no row is read. */
	[EV_NEIGHBOURS] = "select net, host, count(*) from event"
		" where id >> 14 = ?1 and net = ?2 and host between ?3 and ?4"
		" group by net, host",
#define RECENT \
	"where e.id >= (select coalesce(min(id), 0) << 14 from era" \
	" where newest >= ?1) and e.time between ?1 and ?2 "
	[EV_COUNT_KINDS] = "select (e.time - ?1) / ?3, e.what & 63, count(*)"
		" from event e " RECENT "group by 1, 2 order by 1, 2",
	[EV_TOP_ADDRESS] = "select count(*), sum(e.points), null, e.net,"
		" e.host from event e " RECENT
		"group by e.net, e.host order by 1 desc, 2 desc limit ?3",
	[EV_TOP_ACCOUNT] = "select count(*), sum(e.points), w.text from"
		" event e join word w on w.id = e.account " RECENT
		"group by w.text order by 1 desc, 2 desc limit ?3",
	/* What another source had told already is no second login. */
	[EV_ACCOUNTS] = "select w.text, sum((e.what & 63) in (0, 32)) f,"
		" sum((e.what & 63) = 33) g, max(e.time) from event e"
		" join word w on w.id = e.account " RECENT
		"and (e.what >> 6 & 7) != 1 group by w.text"
		" having f > 0 and (?4 = 0 or g = 0)"
		" order by f desc, w.text limit ?3",
#undef RECENT
};

static const char *const control_steps[] = {
	/* 0 → 1 */
	"create table meta (name text primary key, value) without rowid;"
	"create table block (id integer primary key, addr blob not null,"
	" len integer not null, begin integer not null,"
	" until integer not null, removed integer not null,"
	" flags integer not null, cause_addr blob, cause integer not null,"
	" score integer not null, threshold integer not null,"
	" by blob, note blob, removed_by blob);"
	"create index block_prefix on block (len, addr);"
	"create index block_until on block (until);"
	"create table why (block integer primary key, at integer not null,"
	" component integer not null, score integer not null,"
	" threshold integer not null, period integer not null,"
	" acts text not null);"
	"create table why_event (block integer not null,"
	" id integer not null, time integer not null, addr blob not null,"
	" what integer not null, count integer not null,"
	" points integer not null, told integer not null,"
	" span integer not null, source blob, service blob, account blob,"
	" session blob, helo blob, detail blob, primary key (block, id))"
	" without rowid;"
	"create table never (id integer primary key, addr blob not null,"
	" len integer not null, added integer not null, by blob, note blob);"
	"create unique index never_prefix on never (addr, len);"
	"create table setting (name blob primary key, value blob not null)"
	" without rowid;"
	"create table change (id integer primary key, time integer not null,"
	" name blob not null, before blob, after blob, by blob);",
	/* 1 → 2 */
	"create table lock (id integer primary key, account blob not null,"
	" folded blob not null, addr blob, len integer, begin integer not null,"
	" until integer not null, removed integer not null,"
	" flags integer not null, removed_by blob);"
	"create index lock_folded on lock (folded);"
	"create index lock_until on lock (until);",
	/* 2 → 3 */
	"create table user (id integer primary key, version integer not null,"
	" name blob not null unique, role integer not null,"
	" disabled integer not null, created integer not null,"
	" last_login integer not null, password text not null, totp blob,"
	" totp_step integer not null, recovery blob, language blob,"
	" theme blob, density blob, shortcuts blob, time_zone blob);"
	"create table session (id integer primary key, user integer not null,"
	" secret blob not null, created integer not null,"
	" seen integer not null, proven integer not null, addr blob not null,"
	" agent blob);"
	"create table token (id integer primary key, user integer not null,"
	" name blob not null, secret blob not null, scopes integer not null,"
	" created integer not null, expires integer not null,"
	" used integer not null, networks blob);"
	"create table audit (id integer primary key, time integer not null,"
	" actor blob, via blob, address blob, action blob, target blob,"
	" before blob, after blob, note blob, hash blob not null);",
	/* 3 → 4 */
	"alter table block add column hints integer not null default 0;"
	"create index block_hints on block (id) where hints != 0;",
	/* 4 → 5: what the block list is searched by */
	"create index block_begin on block (begin);"
	"create index block_manual on block (id) where flags & 1;"
	"create index block_noted on block (id) where note is not null;"
	"create index block_removed on block (id) where removed != 0;",
};

#define LOCK \
	"select id, account, addr, len, begin, until, removed, flags," \
	" removed_by from lock "

#define BLOCK \
	"select b.id, b.addr, b.len, b.begin, b.until, b.removed, b.flags," \
	" b.cause_addr, b.cause, b.score, b.threshold, b.by, b.note," \
	" b.removed_by, b.hints "

const char block_columns[] = BLOCK;

static const char *const control_sql[CT_SQL_N] = {
	[CT_META_GET] = "select value from meta where name = ?1",
	[CT_META_RAISE] = "insert into meta values (?1, ?2)"
		" on conflict (name) do update set"
		" value = max(value, excluded.value)",
	[CT_BLOCK_SET] = "insert or replace into block values (?1, ?2, ?3,"
		" ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
	[CT_BLOCK_CHANGE] = "update block set until = ?2,"
		" note = iif(?3, ?4, note) where id = ?1",
	[CT_BLOCK_END] = "update block set until = min(until, ?2),"
		" removed = ?2, removed_by = ?3 where id = ?1",
	/* In the order of the table: nearly all of it is wanted. */
	[CT_BLOCKS] = BLOCK "from block b where +b.until > ?1 order by b.id",
	[CT_BLOCKS_HINTED] = BLOCK "from block b where b.hints != 0"
		" and b.hints & ?1 and b.until > ?2 and b.removed = 0"
		" order by b.id desc",
	[CT_BLOCKS_LATEST] = BLOCK "from block b where b.id < ?1"
		" order by b.id desc limit ?2",
	/* Few lengths are in use: for each the entries that cover the
	 * prefix (one address) or lie inside it (a range). */
	[CT_BLOCKS_OF] = "with recursive l (len) as ("
		"select min(len) from block union all "
		"select (select min(len) from block where len > l.len) from l"
		" where l.len is not null) "
		BLOCK "from l cross join block b where b.len = l.len"
		" and b.addr between prefix_first(?3, min(?4, l.len))"
		" and iif(l.len > ?4, prefix_last(?3, ?4),"
		" prefix_first(?3, l.len))"
		" and (b.len >= 96 and b.addr"
		" between x'00000000000000000000ffff00000000'"
		" and x'00000000000000000000ffffffffffff') = ?5"
		" and b.id < ?1 order by b.id desc limit ?2",
	[CT_WHY_SET] = "insert or replace into why values (?1, ?2, ?3, ?4,"
		" ?5, ?6, ?7)",
	[CT_WHY_GET] = "select w.at, w.component, w.score, w.threshold,"
		" w.period, w.acts, b.addr, b.len, b.removed from why w"
		" join block b on b.id = w.block where w.block = ?1",
	[CT_WHY_EVENT_SET] = "insert or replace into why_event values (?1,"
		" ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14,"
		" ?15)",
	[CT_WHY_EVENTS] = "select id, time, addr, what, count, points, told,"
		" span, source, service, account, session, helo, detail"
		" from why_event where block = ?1 order by id",
	[CT_LOCK_SET] = "insert or replace into lock values (?1, ?2, ?3, ?4,"
		" ?5, ?6, ?7, ?8, ?9, null)",
	[CT_LOCK_END] = "update lock set until = ?2, removed = ?3"
		" where id = ?1",
	[CT_UNLOCK] = "update lock set until = ?2, removed = ?2,"
		" removed_by = ?3 where folded = ?1 and until > ?2"
		" and (?4 is null or (addr = ?4 and len = ?5))",
	[CT_LOCKS] = LOCK "where until > ?1 or begin > ?1 order by id",
	[CT_LOCKS_FIND] = LOCK "where (?1 is null or folded = ?1)"
		" and until > ?2 and id < ?3 order by id desc limit ?4",
	[CT_NEVER_SET] = "insert into never (addr, len, added, by, note)"
		" values (?1, ?2, ?3, ?4, ?5) on conflict (addr, len) do"
		" update set added = excluded.added, by = excluded.by,"
		" note = excluded.note returning id",
	[CT_NEVER_REMOVE] = "delete from never where addr = ?1 and len = ?2",
	[CT_NEVERS] = "select id, addr, len, added, by, note from never"
		" order by id",
	[CT_SETTING_SET] = "insert or replace into setting values (?1, ?2)",
	[CT_SETTING_REMOVE] = "delete from setting where name = ?1",
	[CT_SETTINGS] = "select name, value from setting",
	[CT_CHANGE_ADD] = "insert into change (time, name, before, after, by)"
		" values (?1, ?2, ?3, ?4, ?5)",
	[CT_CHANGES] = "select id, time, name, before, after, by from change"
		" where id < ?1 and (?2 is null or name = ?2)"
		" order by id desc limit ?3",
	[CT_USER_SET] = "insert or replace into user values (?1, ?2, ?3, ?4,"
		" ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)",
	[CT_USER_DELETE] = "delete from user where id = ?1",
	[CT_USERS] = "select id, version, name, role, disabled, created,"
		" last_login, password, totp, totp_step, recovery, language,"
		" theme, density, shortcuts, time_zone from user order by id",
	[CT_SESSION_SET] = "insert or replace into session values (?1, ?2, ?3,"
		" ?4, ?5, ?6, ?7, ?8)",
	[CT_SESSION_DELETE] = "delete from session where id = ?1",
	[CT_SESSIONS_DELETE] = "delete from session where user = ?1",
	[CT_SESSIONS_FORGET] = "delete from session",
	[CT_SESSIONS] = "select id, user, secret, created, seen, proven, addr,"
		" agent from session order by id",
	[CT_TOKEN_SET] = "insert or replace into token values (?1, ?2, ?3, ?4,"
		" ?5, ?6, ?7, ?8, ?9)",
	[CT_TOKEN_DELETE] = "delete from token where id = ?1",
	[CT_TOKENS_DELETE] = "delete from token where user = ?1",
	[CT_TOKENS] = "select id, user, name, secret, scopes, created, expires,"
		" used, networks from token order by id",
	[CT_AUDIT_LAST] = "select id, hash from audit order by id desc limit 1",
	[CT_AUDIT_ADD] = "insert into audit values (?1, ?2, ?3, ?4, ?5, ?6, ?7,"
		" ?8, ?9, ?10, ?11)",
#define AUDIT \
	"select id, time, actor, via, address, action, target, before, after," \
	" note, hash from audit where id > ?1 and id < ?2 and time between ?3" \
	" and ?4 and (?5 is null or instr(actor, ?5) or instr(action, ?5)" \
	" or instr(target, ?5) or instr(note, ?5) or instr(address, ?5)) "
	[CT_AUDIT_CLEAR] = "delete from audit",
	[CT_AUDIT_UP] = AUDIT "order by id limit ?6",
	[CT_AUDIT_DOWN] = AUDIT "order by id desc limit ?6",
#undef AUDIT
#define ENDED "(select id from block where until < ?1 order by until limit ?2)"
	[CT_TRIM_WHY] = "delete from why where block in " ENDED,
	[CT_TRIM_WHY_EVENT] = "delete from why_event where block in " ENDED,
	[CT_TRIM_BLOCK] = "delete from block where id in " ENDED,
	[CT_TRIM_LOCK] = "delete from lock where id in (select id from lock"
		" where until < ?1 order by until limit ?2)",
};
/* clang-format on */

#undef IS_V4
#undef FIND_COLUMNS
#undef FIND_FROM
#undef FIND_WHERE
#undef FIND_ERA
#undef FIND_ALL
#undef FIND_BY_HOST
#undef FIND_BY_NET
#undef TAIL_UP
#undef TAIL_DOWN
#undef TAIL_SORTED
#undef BLOCK
#undef LOCK
#undef ENDED

_Static_assert((int)EV_SQL_N <= DB_STMTS_MAX && (int)CT_SQL_N <= DB_STMTS_MAX,
	"each statement has a place in struct db");

const struct db_type events_type = {
	.name = "events.db",
	/* Setting it again would write, which a full disk doesn't let us. */
	.first = "pragma auto_vacuum = incremental",
	.pragmas = "pragma journal_mode = wal; pragma synchronous = normal;"
		   "pragma cache_size = -8000;"
		   "pragma journal_size_limit = 67108864",
	.steps = events_steps,
	.steps_n = ARRAY_LEN(events_steps),
	.sql = events_sql,
	.sql_n = EV_SQL_N,
};

const struct db_type control_type = {
	.name = "control.db",
	.pragmas = "pragma journal_mode = wal; pragma synchronous = full;"
		   "pragma journal_size_limit = 67108864;"
		   "begin immediate; commit",
	.steps = control_steps,
	.steps_n = ARRAY_LEN(control_steps),
	.sql = control_sql,
	.sql_n = CT_SQL_N,
};
