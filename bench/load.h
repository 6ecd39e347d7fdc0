/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * Two servers of the same requests, each a process on one core, asked in
 * turn by a generator on the other; what counts is the ratio of the two.
 */

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/str.h"

enum {
	LOAD_CONNECTIONS = 64,
	LOAD_REQUESTS = 1024, /* different ones, by turns */
};

/* A server: serves a listening socket and doesn't return. */
typedef void load_server(int fd);

struct load_result {
	double per_s;  /* requests a second */
	double cpu_us; /* of the server's time, each [us] */
};

struct load {
	const char *name; /* of the measurement */
	load_server *ours, *bare;
	int family; /* AF_UNIX or AF_INET: as the mail server asks */
	struct str requests[LOAD_REQUESTS];
	double seconds; /* of one round */
	int rounds;
	struct load_result ours_result, bare_result; /* medians */
};

/**
 * load_arguments - seconds and rounds from the command line
 * @l     filled
 * @argc  as main() has it
 * @argv  SECONDS [ROUNDS]
 */
void load_arguments(struct load *l, int argc, char **argv);

/**
 * load_run - measure and print
 * @l  servers and requests; the results are filled
 *
 * Prints "name value floor ratio goal", a line for requests a second and
 * one for CPU.  Returns 0 when both goals are reached, else 1.
 */
int load_run(struct load *l);

/**
 * load_constant - answer each read with the same bytes: a bare server
 * @fd      listening
 * @end     what a request ends with
 * @answer  for each
 */
_Noreturn void load_constant(int fd, struct str end, struct str answer);
