//! Points in time: always UTC, shown in the reader's zone by the page.

use chrono::{DateTime, Utc};

/// A point in time.
pub type Timestamp = DateTime<Utc>;

/// The present, in whole microseconds: what both databases keep.
#[cfg(feature = "ssr")]
#[must_use]
pub fn now() -> Timestamp {
    use chrono::SubsecRound;
    Utc::now().trunc_subsecs(6)
}
