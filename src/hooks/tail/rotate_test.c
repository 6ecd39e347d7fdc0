/* SPDX-License-Identifier: ISC */

/*
 * Every line counts once, whatever rotates when and whoever is killed.
 * The seed is printed when it isn't so; BRATTICE_SEED runs one again.
 */

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/test.h"
#include "hooks/tail/fake_node.h"
#include "sys/clock.h"

enum {
	SEEDS = 24,
	STEPS = 120,
	ROTATIONS = 600,
	LINES_EACH = 100,
};

struct writer {
	struct fake f;
	unsigned rand;
	int fd;
	uint32_t next;	/* number of the next line */
	bool is_cutter; /* rotates by copy and cut */
	unsigned keep;	/* log.1 … are kept */
};

static unsigned
draw(struct writer *w, unsigned below)
{
	w->rand = w->rand * 1664525u + 1013904223u;
	return (w->rand >> 8) % below;
}

static void
log_reopen(struct writer *w)
{
	char path[128];

	if (w->fd >= 0)
		close(w->fd);
	w->fd = open(fake_path(&w->f, "log", path),
		O_WRONLY | O_CREAT | O_APPEND, 0600);
	assert_true(w->fd >= 0);
}

static void
write_line(struct writer *w)
{
	char line[96];
	int n = snprintf(line, sizeof(line),
		"n %u some words to make it as long as lines are\n", w->next++);
	int cut = draw(w, 8) ? 0 : (int)draw(w, (unsigned)n);

	if (cut) {
		assert_int_equal(write(w->fd, line, (size_t)cut), cut);
		if (w->f.running && draw(w, 2))
			fake_run(&w->f, 1);
	}
	assert_int_equal(write(w->fd, line + cut, (size_t)(n - cut)), n - cut);
}

static void
name_of(char room[32], unsigned number)
{
	snprintf(room, 32, number ? "log.%u" : "log", number);
}

/* log.1 becomes log.2 and so on. */
static void
shift(struct writer *w)
{
	char a[128], b[128], from[32], to[32];

	name_of(to, w->keep + 1);
	unlink(fake_path(&w->f, to, a));
	for (unsigned i = w->keep; i > 0; i--) {
		name_of(from, i);
		name_of(to, i + 1);
		rename(fake_path(&w->f, from, a), fake_path(&w->f, to, b));
	}
}

static void
rotate_by_name(struct writer *w)
{
	char a[128], b[128];

	shift(w);
	assert_int_equal(rename(fake_path(&w->f, "log", a),
				 fake_path(&w->f, "log.1", b)),
		0);
	for (unsigned n = draw(w, 3); n; n--) /* not told yet */
		write_line(w);
	if (w->f.running && draw(w, 2))
		fake_run(&w->f, 1);
	log_reopen(w);
}

/* A copy can only be told from what was read when there is enough of it. */
static bool
may_cut(const struct writer *w)
{
	const struct node *n = &w->f.node;
	const struct log_position *now = n->open_n ? &n->open[0].at
						   : &n->kept[0].at;
	struct stat st;

	if (n->kept[0].at.fingerprint_n < 64 || now->fingerprint_n < 64)
		return false;
	return !w->f.running ||
	       (fstat(w->fd, &st) == 0 && now->inode == st.st_ino);
}

static void
rotate_by_cut(struct writer *w)
{
	char a[128], b[128], bytes[65536];
	ssize_t n;

	if (w->f.running)
		fake_run(&w->f, 2);
	if (!may_cut(w))
		return;
	shift(w);
	int from = open(fake_path(&w->f, "log", a), O_RDONLY);
	int to = open(fake_path(&w->f, "log.1", b), O_WRONLY | O_CREAT, 0600);

	while ((n = read(from, bytes, sizeof(bytes))) > 0)
		assert_int_equal(write(to, bytes, (size_t)n), n);
	close(from);
	close(to);
	assert_int_equal(ftruncate(w->fd, 0), 0);
}

static void
step(struct writer *w)
{
	switch (draw(w, 12)) {
	case 0:
		if (w->is_cutter)
			rotate_by_cut(w);
		else
			rotate_by_name(w);
		break;
	case 1: fake_kill(&w->f); break;
	case 2:
	case 3: fake_commit(&w->f); break;
	case 4:
	case 5:
	case 6:
		if (w->f.running)
			fake_run(&w->f, 1);
		else
			fake_start(&w->f);
		break;
	default:
		for (unsigned n = draw(w, 20); n; n--)
			write_line(w);
	}
}

static void
run_seed(unsigned seed)
{
	struct writer *w = calloc(1, sizeof(*w));

	w->rand = seed;
	w->fd = -1;
	w->keep = 60; /* enough for all since the last commit */
	w->is_cutter = seed & 1;
	fake_open(&w->f);
	log_reopen(w);
	fake_start(&w->f);
	fake_commit(&w->f);
	for (unsigned i = 0; i < STEPS; i++)
		step(w);
	if (!w->f.running)
		fake_start(&w->f);
	if (!fake_wait(&w->f, w->next, 5000))
		fail_msg("seed %u: a line was lost or counted twice", seed);
	close(w->fd);
	fake_close(&w->f);
	free(w);
}

static void
test_killed_at_any_point_every_line_counts_once(void **state)
{
	const char *one = getenv("BRATTICE_SEED");
	const char *many = getenv("BRATTICE_SEEDS");
	unsigned n = many ? (unsigned)atoi(many) : SEEDS;

	(void)state;
	if (one) {
		run_seed((unsigned)atoi(one));
		return;
	}
	for (unsigned seed = 1; seed <= n; seed++)
		run_seed(seed);
}

/* In a process of its own: writes and rotates without regard. */
static void
write_under_load(struct writer *w)
{
	for (unsigned r = 0; r < ROTATIONS; r++) {
		for (unsigned i = 0; i < LINES_EACH; i++) {
			char line[96];
			int n = snprintf(line, sizeof(line),
				"n %u some words as a log has them\n",
				w->next++);

			if (write(w->fd, line, (size_t)n) != n)
				_exit(1);
		}
		rotate_by_name(w);
		usleep(5000);
	}
	_exit(0);
}

static void
test_hundreds_of_rotations_under_load_lose_nothing(void **state)
{
	struct writer *w = calloc(1, sizeof(*w));
	int64_t began_ns = clock_mono_ns();
	int status;

	(void)state;
	w->fd = -1;
	w->rand = 7;
	w->keep = 9;
	fake_open(&w->f);
	log_reopen(w);
	fake_start(&w->f);
	pid_t pid = fork();

	if (pid == 0) {
		w->f.running = NULL; /* the parent's */
		write_under_load(w);
	}
	/* Lines that wait for the writer to reopen come in between. */
	while (waitpid(pid, &status, WNOHANG) == 0)
		fake_run(&w->f, 1);
	assert_int_equal(status, 0);
	assert_true(fake_wait(&w->f, ROTATIONS * LINES_EACH, 9000));
	assert_true(fake_status(&w->f, "rotations") >= ROTATIONS - 1);
	assert_int_equal(fake_status(&w->f, "lost_files"), 0);
	print_message("%u rotations, %llu lines in %lld ms\n", ROTATIONS,
		(unsigned long long)w->f.node.lines,
		(long long)((clock_mono_ns() - began_ns) / 1000000));
	close(w->fd);
	fake_close(&w->f);
	free(w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			test_killed_at_any_point_every_line_counts_once),
		cmocka_unit_test(
			test_hundreds_of_rotations_under_load_lose_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
