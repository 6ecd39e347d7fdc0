/* SPDX-License-Identifier: ISC */

#include "load.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "median.h"

enum {
	ROUNDS_MAX = 15,
	ANSWER_MAX = 4096,
	SERVER_CPU = 0,
	GENERATOR_CPU = 1,
};

struct server {
	pid_t pid;
	clockid_t clock; /* its CPU time */
	socklen_t at_n;
	union {
		struct sockaddr any;
		struct sockaddr_un un;
		struct sockaddr_in in;
	} at;
	size_t answer_n; /* bytes of each answer */
	struct load_result results[ROUNDS_MAX];
};

struct client {
	int fd;
	size_t missing; /* bytes of the answer */
};

_Noreturn static void
fail(const char *what)
{
	perror(what);
	exit(2);
}

static double
seconds_of(clockid_t clock)
{
	struct timespec t;

	if (clock_gettime(clock, &t) < 0)
		fail("clock_gettime");
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void
pin(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	(void)sched_setaffinity(0, sizeof(set), &set);
}

static int
connect_to(const struct server *s)
{
	int fd = socket(s->at.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int one = 1;

	if (fd < 0 || connect(fd, &s->at.any, s->at_n) < 0)
		fail("connect");
	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	return fd;
}

/* An abstract name or a port that the kernel chooses: nothing to clean up. */
static int
server_listen(struct server *s, int family)
{
	static int number;
	int fd = socket(family, SOCK_STREAM | SOCK_NONBLOCK, 0);

	s->at.any.sa_family = (sa_family_t)family;
	s->at_n = sizeof(s->at.in);
	s->at.in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (family == AF_UNIX) {
		s->at_n = sizeof(s->at.un);
		memset(s->at.un.sun_path, 0, sizeof(s->at.un.sun_path));
		snprintf(s->at.un.sun_path + 1, sizeof(s->at.un.sun_path) - 1,
			"bench-%d-%d", (int)getpid(), number++);
	}
	if (fd < 0 || bind(fd, &s->at.any, s->at_n) < 0 ||
		listen(fd, 128) < 0 ||
		getsockname(fd, &s->at.any, &s->at_n) < 0)
		fail("listen");
	return fd;
}

static void
server_start(struct server *s, load_server *serve, int family)
{
	int fd = server_listen(s, family);

	s->pid = fork();
	if (s->pid < 0)
		fail("fork");
	if (s->pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		pin(SERVER_CPU);
		serve(fd);
		_exit(2);
	}
	close(fd);
	if (clock_getcpuclockid(s->pid, &s->clock) != 0)
		fail("clock_getcpuclockid");
}

static void
send_all(int fd, struct str s)
{
	while (s.n) {
		ssize_t n = send(fd, s.p, s.n, MSG_NOSIGNAL);

		if (n <= 0)
			fail("send");
		s = str_from(s, (size_t)n);
	}
}

/* How long is an answer?  What comes within a moment is one. */
static void
server_probe(struct server *s, struct str request)
{
	struct timespec moment = { .tv_nsec = 100000000 };
	char answer[ANSWER_MAX];
	int fd = connect_to(s);
	ssize_t n;

	send_all(fd, request);
	nanosleep(&moment, NULL);
	n = recv(fd, answer, sizeof(answer), 0);
	if (n <= 0)
		fail("no answer");
	s->answer_n = (size_t)n;
	close(fd);
}

static size_t
take_answer(struct client *c)
{
	char answer[ANSWER_MAX];
	ssize_t n = recv(c->fd, answer, c->missing, 0);

	if (n <= 0)
		fail("recv");
	c->missing -= (size_t)n;
	return c->missing == 0;
}

static void
clients_open(struct client *clients, const struct load *l,
	const struct server *s, int epoll)
{
	for (int i = 0; i < LOAD_CONNECTIONS; i++) {
		struct epoll_event ev = { .events = EPOLLIN,
			.data.ptr = &clients[i] };

		clients[i].fd = connect_to(s);
		clients[i].missing = s->answer_n;
		if (epoll_ctl(epoll, EPOLL_CTL_ADD, clients[i].fd, &ev) < 0)
			fail("epoll_ctl");
		send_all(clients[i].fd, l->requests[i]);
	}
}

static void
round_run(const struct load *l, struct server *s, struct load_result *ret)
{
	struct client clients[LOAD_CONNECTIONS];
	struct epoll_event events[LOAD_CONNECTIONS];
	int epoll = epoll_create1(EPOLL_CLOEXEC);
	double begin, end, cpu;
	uint64_t done = 0, next = LOAD_CONNECTIONS;

	clients_open(clients, l, s, epoll);
	cpu = seconds_of(s->clock);
	begin = end = seconds_of(CLOCK_MONOTONIC);
	while (end - begin < l->seconds) {
		int n = epoll_wait(epoll, events, LOAD_CONNECTIONS, -1);

		for (int i = 0; i < n; i++) {
			struct client *c = events[i].data.ptr;

			if (!take_answer(c))
				continue;
			done++;
			c->missing = s->answer_n;
			send_all(c->fd, l->requests[next++ % LOAD_REQUESTS]);
		}
		end = seconds_of(CLOCK_MONOTONIC);
	}
	cpu = seconds_of(s->clock) - cpu;
	for (int i = 0; i < LOAD_CONNECTIONS; i++)
		close(clients[i].fd);
	close(epoll);
	ret->per_s = (double)done / (end - begin);
	ret->cpu_us = cpu * 1e6 / (double)done;
}

static struct load_result
server_median(const struct server *s, int rounds)
{
	double per_s[ROUNDS_MAX], cpu_us[ROUNDS_MAX];

	for (int i = 0; i < rounds; i++) {
		per_s[i] = s->results[i].per_s;
		cpu_us[i] = s->results[i].cpu_us;
	}
	return (struct load_result){ median_of(per_s, rounds),
		median_of(cpu_us, rounds) };
}

int
load_run(struct load *l)
{
	struct server ours = { 0 }, bare = { 0 };
	double speed, cpu;

	pin(GENERATOR_CPU);
	server_start(&ours, l->ours, l->family);
	server_start(&bare, l->bare, l->family);
	server_probe(&ours, l->requests[0]);
	server_probe(&bare, l->requests[0]);
	for (int i = 0; i < l->rounds; i++) {
		round_run(l, &ours, &ours.results[i]);
		round_run(l, &bare, &bare.results[i]);
	}
	kill(ours.pid, SIGKILL);
	kill(bare.pid, SIGKILL);
	while (wait(NULL) > 0)
		;
	l->ours_result = server_median(&ours, l->rounds);
	l->bare_result = server_median(&bare, l->rounds);
	speed = l->ours_result.per_s / l->bare_result.per_s;
	cpu = l->ours_result.cpu_us / l->bare_result.cpu_us;
	printf("%s.requests_per_s %.0f %.0f %.2f >=0.70\n", l->name,
		l->ours_result.per_s, l->bare_result.per_s, speed);
	printf("%s.cpu_us_per_request %.2f %.2f %.2f <=1.50\n", l->name,
		l->ours_result.cpu_us, l->bare_result.cpu_us, cpu);
	return speed >= 0.7 && cpu <= 1.5 ? 0 : 1;
}

static void
serve_constant(int fd, struct str end, struct str answer)
{
	static char in[16384];
	ssize_t n = recv(fd, in, sizeof(in), MSG_DONTWAIT);

	if (n < 0 && errno == EAGAIN)
		return;
	if (n <= 0) {
		close(fd);
		return;
	}
	/* The generator sends one request at a time, and may be gone. */
	if (str_ends((struct str){ in, (size_t)n }, end))
		(void)!send(fd, answer.p, answer.n, MSG_NOSIGNAL);
}

static void
accept_client(int fd, int epoll)
{
	struct epoll_event ev = { .events = EPOLLIN };

	ev.data.fd = accept4(fd, NULL, NULL, SOCK_CLOEXEC);
	if (epoll_ctl(epoll, EPOLL_CTL_ADD, ev.data.fd, &ev) < 0)
		fail("epoll_ctl");
}

_Noreturn void
load_constant(int fd, struct str end, struct str answer)
{
	int epoll = epoll_create1(EPOLL_CLOEXEC);
	struct epoll_event ev = { .events = EPOLLIN, .data.fd = fd };
	struct epoll_event events[LOAD_CONNECTIONS];

	epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &ev);
	for (;;) {
		int n = epoll_wait(epoll, events, LOAD_CONNECTIONS, -1);

		for (int i = 0; i < n; i++) {
			if (events[i].data.fd == fd)
				accept_client(fd, epoll);
			else
				serve_constant(events[i].data.fd, end, answer);
		}
	}
}

void
load_arguments(struct load *l, int argc, char **argv)
{
	l->seconds = argc > 1 ? strtod(argv[1], NULL) : 1;
	l->rounds = argc > 2 ? (int)strtol(argv[2], NULL, 10) : 5;
	if (l->seconds <= 0 || l->rounds < 1 || l->rounds > ROUNDS_MAX) {
		fprintf(stderr, "usage: %s [SECONDS [ROUNDS]], at most %d\n",
			argv[0], ROUNDS_MAX);
		exit(2);
	}
}
