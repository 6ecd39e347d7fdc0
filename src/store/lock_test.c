/* SPDX-License-Identifier: ISC */
#include "store/fixture.h"

int
main(void)
{
	return 0;
}
