/* SPDX-License-Identifier: ISC */

#include "sys/append.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/test.h"
#include "sys/disk.h"

struct bench {
	char folder[64], path[80], old[80];
	struct append file;
	struct err err;
	uint64_t lost;
};

static int
set_up(void **state)
{
	struct bench *b = calloc(1, sizeof(*b));

	snprintf(b->folder, sizeof(b->folder), "/tmp/brattice-append-XXXXXX");
	if (!mkdtemp(b->folder))
		return -1;
	snprintf(b->path, sizeof(b->path), "%s/log", b->folder);
	snprintf(b->old, sizeof(b->old), "%s/log.1", b->folder);
	b->file = (struct append){ .path = b->path, .fd = -1 };
	*state = b;
	return 0;
}

static int
tear_down(void **state)
{
	struct bench *b = *state;

	append_close(&b->file);
	unlink(b->path);
	unlink(b->old);
	rmdir(b->folder);
	free(b);
	return 0;
}

static void
put(struct bench *b, const char *lines)
{
	assert_int_equal(
		append_write(&b->file, str_of(lines), &b->lost, &b->err), 0);
}

static void
expect(const char *path, const char *want)
{
	struct buf text CLEANUP(buf_free) = { 0 };
	struct err err;

	assert_int_equal(disk_read(path, 1 << 20, &text, &err), 0);
	assert_string_equal(buf_text(&text), want);
}

static void
test_follows_its_name(void **state)
{
	struct bench *b = *state;

	put(b, "one\n");
	put(b, "two\n");
	assert_int_equal(b->file.opened, 1);
	assert_int_equal(rename(b->path, b->old), 0);
	put(b, "three\n");
	expect(b->old, "one\ntwo\n");
	expect(b->path, "three\n");
	unlink(b->path);
	put(b, "four\n");
	expect(b->path, "four\n");
	assert_int_equal(truncate(b->path, 0), 0);
	put(b, "five\n");
	expect(b->path, "five\n");
	append_close(&b->file);
	put(b, "six\n");
	expect(b->path, "five\nsix\n");
}

static void
test_takes_regular_files_only(void **state)
{
	struct bench *b = *state;

	assert_int_equal(symlink("/tmp/nowhere", b->path), 0);
	assert_int_equal(
		append_write(&b->file, S("a\nb\n"), &b->lost, &b->err), -1);
	assert_int_equal(b->lost, 2);
	unlink(b->path);
	assert_int_equal(mkfifo(b->path, 0600), 0);
	assert_int_equal(
		append_write(&b->file, S("a\nb\n"), &b->lost, &b->err), -1);
	assert_non_null(strstr(b->err.text, b->path));
	unlink(b->path);
	put(b, "c\n");
	expect(b->path, "c\n");
}

/* A batch on a disk that has less room; what went in is whole lines. */
static void
fill(struct bench *b)
{
	struct buf lines CLEANUP(buf_free) = { 0 };
	struct buf text CLEANUP(buf_free) = { 0 };
	uint64_t kept = 0;

	for (unsigned i = 0; i < 10000; i++)
		buf_printf(&lines, "line %u of many\n", i);
	assert_int_equal(
		append_write(&b->file, buf_str(&lines), &b->lost, &b->err), -1);
	assert_non_null(strstr(b->err.text, "No space"));
	assert_int_equal(disk_read(b->path, 1 << 20, &text, &b->err), 0);
	for (size_t i = 0; i < text.n; i++)
		kept += text.p[i] == '\n';
	assert_true(text.n > 0 && text.p[text.n - 1] == '\n');
	assert_int_equal(kept + b->lost, 10000);
}

static void
test_a_full_disk_takes_whole_lines_only(void **state)
{
	struct bench *b = *state;

	if (mount("none", b->folder, "tmpfs", 0, "size=64k") < 0)
		skip(); /* not root */
	fill(b);
	unlink(b->path);
	put(b, "again\n");
	expect(b->path, "again\n");
	append_close(&b->file);
	umount(b->folder);
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	static const struct CMUnitTest tests[] = {
		TEST(test_follows_its_name),
		TEST(test_takes_regular_files_only),
		TEST(test_a_full_disk_takes_whole_lines_only),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
