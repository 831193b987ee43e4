//! Tests the real server under hard conditions: sudden stops under load, invalid input on its
//! sockets, a full disk, damaged files, maximum-size requests, floods. Runs the binary in
//! `RIALTO_BIN`, else the one that was built with these tests.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test says what it expects by failing"
)]

mod bad_input;
mod chaos;
mod cost;
mod crowd;
mod flood;
mod frames;
mod fuzz;
mod instance;
mod log;
mod sender;
mod socket;
