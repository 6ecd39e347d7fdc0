/* SPDX-License-Identifier: ISC */

/*
 * The hooks of this build; whoever needs only one links without this.
 */

#include "base/def.h"
#include "hooks/hook.h"

#define HOOK(name) extern const struct hook hook_##name;
#include "hooks.def"
#undef HOOK

#define HOOK(name) &hook_##name,
const struct hook *const hooks[] = {
#include "hooks.def"
};
#undef HOOK

const size_t hooks_n = ARRAY_LEN(hooks);

const struct hook *
hook_find(struct str name)
{
	for (size_t i = 0; i < hooks_n; i++) {
		if (str_eq(str_of(hooks[i]->name), name))
			return hooks[i];
	}
	return NULL;
}
