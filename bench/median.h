/* SPDX-License-Identifier: ISC */
#pragma once

/**
 * median_of - the middle one of some figures
 * @v  figures; sorted afterwards
 * @n  how many, not 0
 *
 * Returns it; of an even number the greater of the two in the middle.
 */
double median_of(double *v, unsigned n);
