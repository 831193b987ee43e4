//! Points in time: always UTC; pages show them in the reader's time zone.

use chrono::{DateTime, Utc};

/// A point in time.
pub type Timestamp = DateTime<Utc>;

/// Returns the current time in whole microseconds, the precision of both databases.
#[cfg(feature = "ssr")]
pub fn now() -> Timestamp {
    use chrono::SubsecRound;
    #[cfg(test)]
    let now = Utc::now() + testing::offset();
    #[cfg(not(test))]
    let now = Utc::now();
    now.trunc_subsecs(6)
}

/// Moves the clock of one test. A test and all its tasks run on one thread, so other tests keep the
/// real time.
#[cfg(all(test, feature = "ssr"))]
pub mod testing {
    use chrono::TimeDelta;
    use std::cell::Cell;

    thread_local! {
        static OFFSET: Cell<TimeDelta> = const { Cell::new(TimeDelta::zero()) };
    }

    pub(super) fn offset() -> TimeDelta {
        OFFSET.get()
    }

    /// Resets the clock on drop.
    pub struct Jump(TimeDelta);

    /// Moves the clock forward or back.
    pub fn jump(by: TimeDelta) -> Jump {
        let before = OFFSET.get();
        OFFSET.set(before + by);
        Jump(before)
    }

    impl Drop for Jump {
        fn drop(&mut self) {
            OFFSET.set(self.0);
        }
    }
}
