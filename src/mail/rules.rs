//! Pauses between retries of an email, and its errors in the log.

use chrono::TimeDelta;

/// Most attempts to send an email, within four to six hours.
pub const MOST_ATTEMPTS: i32 = 10;
const FIRST: TimeDelta = TimeDelta::seconds(30);
const LONGEST: TimeDelta = TimeDelta::hours(2);

/// Returns the pause after this many failed attempts. `chance` is from 0 to 1 and spreads the
/// retries of emails that failed together.
pub fn pause(attempts: i32, chance: f64) -> TimeDelta {
    let doublings = attempts.clamp(1, 20) - 1;
    let pause = (FIRST * 2_i32.pow(doublings.unsigned_abs())).min(LONGEST);
    let more = pause.num_milliseconds() as f64 * 0.5 * chance.clamp(0.0, 1.0);
    pause + TimeDelta::milliseconds(more as i64)
}

/// Removes email addresses and links from an error, for the log.
pub fn without_addresses(failure: &str) -> String {
    let words = failure.split(' ').map(|word| {
        if word.contains('@') || word.contains("://") {
            "…"
        } else {
            word
        }
    });
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_failure_is_logged_without_addresses() {
        for (said, logged) in [
            (
                "550 5.1.1 <ada@example.com>: Recipient address rejected",
                "550 5.1.1 … Recipient address rejected",
            ),
            ("see https://example.com/reset/x please", "see … please"),
            ("timed out", "timed out"),
        ] {
            assert_eq!(without_addresses(said), logged);
        }
    }

    proptest! {
        #[test]
        fn pauses_grow_and_have_a_bound(attempts in 0..100_i32, chance in 0.0..1.0_f64) {
            let now = pause(attempts, chance);
            prop_assert!(now >= FIRST && now <= LONGEST * 3 / 2);
            prop_assert!(pause(attempts + 1, 1.0) >= now || now >= LONGEST);
        }
    }

    #[test]
    fn a_server_may_be_away_for_hours() {
        let all: TimeDelta = (1..MOST_ATTEMPTS).map(|n| pause(n, 0.0)).sum();
        assert!(
            all > TimeDelta::hours(3) && all < TimeDelta::hours(24),
            "{all}"
        );
    }
}
