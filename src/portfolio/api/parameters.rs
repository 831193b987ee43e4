//! Limits of several handlers.

/// Default number of transactions per response.
pub(super) const PAGE: u64 = 1_000;
