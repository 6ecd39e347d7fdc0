/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * For tests: a server and its clients in one thread.
 */

#include <sys/socket.h>
#include <sys/un.h>

#include "base/buf.h"
#include "http/http.h"

struct test_server {
	uv_loop_t loop;
	struct http_server *server;
	struct sockaddr_un at;
	socklen_t at_n;
};

/**
 * test_server_start - serve a Unix socket
 * @t       filled
 * @config  its name is given here
 */
void test_server_start(struct test_server *t, struct http_config config);

/**
 * test_server_stop - stop, and see that nothing is left in the loop
 * @t  server
 */
void test_server_stop(struct test_server *t);

/**
 * test_server_turn - let the server work
 * @t  server
 */
void test_server_turn(struct test_server *t);

/**
 * test_server_client - connect
 * @t  server
 *
 * Returns a socket for close().
 */
int test_server_client(struct test_server *t);

/**
 * test_server_say - send all of a text
 * @fd    socket
 * @text  bytes
 */
void test_server_say(int fd, const char *text);

/**
 * test_server_hear - let the server work, and read what has come
 * @t        server
 * @fd       socket
 * @b        gets it
 * @ret_end  1 when the server has closed, else 0
 */
void test_server_hear(
	struct test_server *t, int fd, struct buf *b, int *ret_end);
