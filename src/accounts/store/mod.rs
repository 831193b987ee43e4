//! Tables of accounts, sessions and credentials; no other module accesses them.

mod accounts;
mod admin;
mod avatars;
mod changes;
mod departures;
mod exports;
mod factors;
mod resets;
mod sessions;

pub use accounts::{
    NewAccount, any_admin, any_person, by_email, by_id, by_ids, by_username, first_bot,
    free_expired_name, has_password_version, insert, is_admin, lock_first_person, password_hash,
    set_avatar, set_display_name, set_password, set_preferences, taken_usernames, username_taken,
};
pub use admin::{count, is_suspended, page, set_admin, set_suspended, uses};
pub use avatars::{Picture, delete_unused, insert_picture, picture};
pub use changes::{bump_rev, changes_after, count_changes, revs_of};
pub use departures::{
    active, cancel_departure, departure, departures_due, erase, has_other_admin, insert_departure,
    retire_name, retired_names, username_key,
};
pub use exports::{
    end_export, export, export_progress, exports_over, insert_export, next_export, remove_export,
};
pub use factors::{
    Challenge, begin_second_factor, challenged, confirm_second_factor, delete_over,
    insert_challenge, recovery_codes_left, remove_challenge, remove_challenges,
    remove_second_factor, second_factor, set_recovery_codes, use_recovery_code, use_step,
    with_second_factor,
};
pub use resets::{
    delete_due as delete_due_resets, owner as reset_owner, remove as remove_reset,
    set as set_reset, take as take_reset,
};
pub use sessions::{
    LivingSession, Session, addresses, delete_dead, end, end_due, end_others,
    insert as insert_session, list, living, reissue, rotate, touch,
};
