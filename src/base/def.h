/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * The few words of C that every file uses.  Nothing here has state.
 */

#define MUST_USE	  __attribute__((warn_unused_result))
#define PRINTF_LIKE(f, a) __attribute__((format(printf, f, a)))
#define CLEANUP(f)	  __attribute__((cleanup(f)))
#define UNFILLED \
	__attribute__((uninitialized)) /* a local too large to
	be zeroed each time; what is read of it is written before */
#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))
#define CONTAINER_OF(p, type, member) \
	((type *)(void *)((char *)(p)-offsetof(type, member)))
#define LIKELY(x)   __builtin_expect(!!(x), 1)
#define UNLIKELY(x) __builtin_expect(!!(x), 0)
