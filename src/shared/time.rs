//! Points in time: always UTC, shown in the reader's zone by the page.

use chrono::{DateTime, Utc};

/// A point in time.
pub type Timestamp = DateTime<Utc>;

/// The present, in whole microseconds: what both databases keep.
#[cfg(feature = "ssr")]
pub fn now() -> Timestamp {
    use chrono::SubsecRound;
    #[cfg(test)]
    let now = Utc::now() + testing::offset();
    #[cfg(not(test))]
    let now = Utc::now();
    now.trunc_subsecs(6)
}

/// Moves the clock of one test. A test and all tasks that it spawns run on one thread, so that
/// other tests keep the real time.
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

    /// The clock goes back to where it was when this is dropped.
    pub struct Jump(TimeDelta);

    /// The clock jumps forward, or back.
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
