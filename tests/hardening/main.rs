//! The real server under what a hard life brings: sudden ends under load, rubbish on its sockets,
//! a full disk, damaged files, requests for the largest of everything, floods. Runs the binary of `RIALTO_BIN`, else the one that was built with
//! these tests.

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
