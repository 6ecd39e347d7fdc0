/* SPDX-License-Identifier: ISC */
/* Preloaded: whoever looks for a blank or bracket in a text that holds the
 * word DEADLY dies.  Stands for a mistake in the reader of logs. */
#include <signal.h>
#include <string.h>
#include <sys/types.h>

void *memchr(const void *, int, size_t);

void *
memchr(const void *text, int c, size_t n)
{
	static const char word[] = "DEADLY";
	const unsigned char *p = text;

	for (size_t i = 0; c != '\n' && i + sizeof(word) - 1 <= n; i++)
		if (memcmp(p + i, word, sizeof(word) - 1) == 0)
			raise(SIGSEGV);
	for (size_t i = 0; i < n; i++)
		if (p[i] == (unsigned char)c)
			return (void *)(p + i);
	return NULL;
}
