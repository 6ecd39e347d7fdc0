/* SPDX-License-Identifier: ISC */
#pragma once

/*
 * Commands that ask the daemon.  Each returns the exit code.
 */

#include "cli/cli.h"

cli_run status_run, why_run;
cli_run block_run, unblock_run, blocked_run, blocks_run;
cli_run never_list_run, never_add_run, never_remove_run, never_check_run;
cli_run audit_list_run, audit_verify_run;
cli_run accounts_list_run, accounts_show_run, accounts_unlock_run;
cli_run setup_run, top_run;
cli_run user_list_run, user_add_run, user_role_run, user_passwd_run;
cli_run user_totp_run, user_disable_run, user_enable_run, user_remove_run;
cli_run token_list_run, token_create_run, token_revoke_run;
cli_run session_list_run, session_revoke_run;
cli_run events_run;
cli_run reload_run, support_bundle_run;
cli_run backup_run, restore_run;
cli_run settings_list_run, settings_get_run, settings_set_run;
cli_run settings_reset_run, settings_history_run;
cli_run settings_export_run, settings_import_run;
cli_run settings_diff_run, settings_rollback_run;
