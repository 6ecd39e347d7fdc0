/* SPDX-License-Identifier: ISC */

#include "base/def.h"
#include "cli/offline.h"
#include "cli/online.h"

const struct command commands[] = {
	{ "status", status_run },
	{ "why", why_run },
	{ "block", block_run },
	{ "unblock", unblock_run },
	{ "blocked", blocked_run },
	{ "blocks", blocks_run },
	{ "never list", never_list_run },
	{ "never add", never_add_run },
	{ "never remove", never_remove_run },
	{ "never check", never_check_run },
	{ "accounts list", accounts_list_run },
	{ "accounts show", accounts_show_run },
	{ "accounts unlock", accounts_unlock_run },
	{ "events", events_run },
	{ "settings list", settings_list_run },
	{ "settings get", settings_get_run },
	{ "settings set", settings_set_run },
	{ "settings reset", settings_reset_run },
	{ "settings history", settings_history_run },
	{ "settings export", settings_export_run },
	{ "settings import", settings_import_run },
	{ "audit list", audit_list_run },
	{ "audit verify", audit_verify_run },
	{ "backup", backup_run },
	{ "restore", restore_run },
	{ "doctor", doctor_run },
	{ "parse", parse_run },
	{ "replay", replay_run },
	{ "completion", completion_run },
	{ "version", version_run },
	{ "help", help_run },
};

const unsigned commands_n = ARRAY_LEN(commands);
