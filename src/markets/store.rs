//! What members watch in the database.

pub mod watchlists;
