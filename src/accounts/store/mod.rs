//! The tables `accounts` and `sessions`; nobody else names them.

mod accounts;
mod sessions;

pub use accounts::{
    NewAccount, any_person, bump_rev, by_email, by_id, by_ids, by_username, free_expired_name,
    insert, is_operator, lock_first_person, make_operator, rev_of, taken_usernames,
};
pub use sessions::{
    LivingSession, NewSession, delete_dead, end, end_due, end_others, insert as insert_session,
    list, living, rotate, touch,
};
