/* SPDX-License-Identifier: ISC */

#include "constant.h"

#include <microhttpd.h>
#include <poll.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* NOLINTBEGIN(readability-function-size): MHD wants these eight */
static enum MHD_Result
constant(void *ctx, struct MHD_Connection *connection, const char *path,
	const char *method, const char *version, const char *data, size_t *n,
	void **request)
{
	static char seen;

	(void)path;
	(void)method;
	(void)version;
	(void)data;
	if (!*request) {
		*request = &seen;
		return MHD_YES;
	}
	if (*n) {
		*n = 0;
		return MHD_YES;
	}
	return MHD_queue_response(connection, MHD_HTTP_OK, ctx);
}
/* NOLINTEND(readability-function-size) */

void
constant_serve(int fd, const char *answer)
{
	/* MHD only reads it, but doesn't say so. */
	struct MHD_Response *response = MHD_create_response_from_buffer(
		strlen(answer), (void *)(uintptr_t)answer,
		MHD_RESPMEM_PERSISTENT);
	struct MHD_Daemon *daemon;

	MHD_add_response_header(
		response, MHD_HTTP_HEADER_CONTENT_TYPE, "application/json");
	daemon = MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD, 0, NULL, NULL,
		constant, response, MHD_OPTION_LISTEN_SOCKET, fd,
		MHD_OPTION_END);
	if (daemon)
		poll(NULL, 0, -1);
}
