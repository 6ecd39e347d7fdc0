/* SPDX-License-Identifier: ISC */

#include "control/names.h"

const char *const component_names[COMPONENTS] = {
	[COMPONENT_SMTP] = "smtp",
	[COMPONENT_LOGIN] = "login",
};

const char *const component_labels[COMPONENTS] = {
	[COMPONENT_SMTP] = "SMTP score",
	[COMPONENT_LOGIN] = "failed logins",
};

const char *const outcome_names[10] = {
	[OUTCOME_SCORED] = "scored",
	[OUTCOME_JOINED] = "joined",
	[OUTCOME_REPEAT] = "repeat",
	[OUTCOME_BLOCKED] = "while_blocked",
	[OUTCOME_NEVER] = "never",
	[OUTCOME_NOTED] = "noted",
	[OUTCOME_LATE] = "late",
	[OUTCOME_UNTRACKED] = "untracked",
	[QUERY_FORGIVEN] = "forgiven",
};

const char *const mode_names[2] = {
	[MODE_OBSERVE] = "observe",
	[MODE_ENFORCE] = "enforce",
};
