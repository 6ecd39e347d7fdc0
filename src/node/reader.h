/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * The threads that search the event log, each with a connection of its
 * own: what takes long keeps neither the loop nor the storage waiting.
 */

#include "node/node.h"

struct reader;

/* Called in a thread when a query's read() is over. */
typedef void reader_on_read(void *ctx, struct node_query *q);

/**
 * reader_start - start the threads
 * @folder  of the store; copied
 * @fn      called for each query
 * @ctx     for @fn
 *
 * Returns it for reader_stop().  Never NULL.
 */
struct reader *reader_start(const char *folder, reader_on_read *fn, void *ctx);

/**
 * reader_ask - queue a query; from any thread
 * @r  reader
 * @q  its read() gets no store.  When too many wait, it gets at once a
 *     reader of events that says so
 */
void reader_ask(struct reader *r, struct node_query *q);

/**
 * reader_reopen - the event log is another file: see store_reset_events()
 * @r  reader
 */
void reader_reopen(struct reader *r);

/**
 * reader_stop - end the threads and free
 * @r  reader; what still waits is not read any more, but told
 */
void reader_stop(struct reader *r);
