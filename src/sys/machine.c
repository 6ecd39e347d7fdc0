/* SPDX-License-Identifier: ISC */

#include "sys/machine.h"

#include <ifaddrs.h>
#include <netinet/in.h>
#include <string.h>

/* False: neither IPv4 nor IPv6. */
static bool
addr_of(const struct sockaddr *sa, struct addr *ret)
{
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;

	if (sa->sa_family == AF_INET) {
		memcpy(&v4, sa, sizeof(v4));
		memset(ret->b, 0, 10);
		memset(ret->b + 10, 0xff, 2);
		memcpy(ret->b + 12, &v4.sin_addr, 4);
		return true;
	}
	if (sa->sa_family != AF_INET6)
		return false;
	memcpy(&v6, sa, sizeof(v6));
	memcpy(ret->b, &v6.sin6_addr, 16);
	addr_canonical(ret);
	return true;
}

unsigned
machine_addresses(struct addr *ret, unsigned max)
{
	struct ifaddrs *all;
	unsigned n = 0;

	if (getifaddrs(&all) < 0)
		return 0;
	for (const struct ifaddrs *i = all; i && n < max; i = i->ifa_next)
		if (i->ifa_addr && addr_of(i->ifa_addr, &ret[n]))
			n++;
	freeifaddrs(all);
	return n;
}
