/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * What our HTTP services stand beside: the same library, answering a
 * constant.
 */

/**
 * constant_serve - answer each request with the same JSON
 * @fd      listening; doesn't return
 * @answer  body; stays
 */
void constant_serve(int fd, const char *answer);
