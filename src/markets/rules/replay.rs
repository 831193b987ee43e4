//! Days replayed as a moving market: the position of the replay, and prices within a day.
//! Everything follows from the elapsed time and from the day itself.

use crate::markets::model::Bar;
use chrono::{NaiveTime, TimeDelta};
use rust_decimal::{Decimal, RoundingStrategy};

/// Prices of a day: one at its start, and one after every five minutes of a session.
pub const STEPS: u32 = 78;
/// Decimals of the prices between known ones.
const DIGITS: u32 = 4;
/// Largest deviation of a price from the straight line, in thousandths of the day's range.
const STRAY: i64 = 120;

/// Position of a replay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Number of completed days.
    pub day: usize,
    /// Steps of the running day, up to [`STEPS`].
    pub step: u32,
}

/// Returns the position of a replay of `days` after `elapsed`, with one day in this many seconds.
/// It stops at the close of the last day: going back to the first one would undo what members have
/// seen. Time before the start counts as the start.
pub fn position(elapsed: TimeDelta, seconds: u32, days: usize) -> Position {
    let whole = u64::from(seconds.max(1)) * 1000;
    let elapsed = u64::try_from(elapsed.num_milliseconds()).unwrap_or(0);
    let day = usize::try_from(elapsed / whole).unwrap_or(usize::MAX);
    if day >= days {
        return Position {
            day: days.saturating_sub(1),
            step: STEPS,
        };
    }
    let step = (elapsed % whole) * u64::from(STEPS + 1) / whole;
    Position {
        day,
        step: u32::try_from(step).unwrap_or(STEPS).min(STEPS),
    }
}

/// Returns the time of day of a step: a session from 9:30 to 16:00.
pub fn time(step: u32) -> NaiveTime {
    let open = NaiveTime::from_hms_opt(9, 30, 0).unwrap_or_default();
    open + TimeDelta::minutes(i64::from(step.min(STEPS)) * 5)
}

/// Returns the day so far: its open, the high and the low until now, the current price as its
/// close, and the part of its volume traded so far.
pub fn so_far(day: &Bar, step: u32) -> Bar {
    let step = step.min(STEPS);
    if step == STEPS {
        return day.clone();
    }
    let prices = (0..=step).map(|at| price(day, at));
    let (mut high, mut low, mut close) = (day.open, day.open, day.open);
    for price in prices {
        high = high.max(price);
        low = low.min(price);
        close = price;
    }
    let volume = u128::from(day.volume) * u128::from(step) / u128::from(STEPS);
    Bar {
        date: day.date,
        open: day.open,
        high,
        low,
        close,
        volume: u64::try_from(volume).unwrap_or(day.volume),
    }
}

/// Returns the price at a step: from the open to the close by way of the low and the high, on a
/// falling day the high first; between them it deviates a little, within the range and always in
/// the same way.
pub fn price(day: &Bar, step: u32) -> Decimal {
    let step = step.min(STEPS);
    let seed = seed(day);
    // Most rising days go down first.
    let (first, second) = if day.close >= day.open {
        (day.low, day.high)
    } else {
        (day.high, day.low)
    };
    let at_first = 12 + share(seed, 20);
    let at_second = 44 + share(seed.rotate_left(16), 24);
    let ((from, start), (to, end)) = if step <= at_first {
        ((day.open, 0), (first, at_first))
    } else if step <= at_second {
        ((first, at_first), (second, at_second))
    } else {
        ((second, at_second), (day.close, STEPS))
    };
    if step == start {
        return from;
    }
    if step == end {
        return to;
    }
    between(from, to, (step - start, end - start))
        .and_then(|straight| straight.checked_add(stray(day, seed, step)?))
        .map_or(from, |price| {
            price
                .round_dp_with_strategy(DIGITS, RoundingStrategy::MidpointAwayFromZero)
                .clamp(day.low, day.high)
                .normalize()
        })
}

fn between(from: Decimal, to: Decimal, (part, whole): (u32, u32)) -> Option<Decimal> {
    let way = to.checked_sub(from)?.checked_mul(part.into())?;
    from.checked_add(way.checked_div(whole.into())?)
}

fn stray(day: &Bar, seed: u64, step: u32) -> Option<Decimal> {
    let span = u64::try_from(2 * STRAY + 1).ok()?;
    let mixed = i64::try_from(mix(seed ^ u64::from(step)) % span).ok()?;
    let range = day.high.checked_sub(day.low)?;
    range.checked_mul(Decimal::new(mixed - STRAY, 3))
}

/// Returns a seed that is the same for the same day of the same instrument, and for no other.
fn seed(day: &Bar) -> u64 {
    let date = day.date.to_epoch_days().unsigned_abs();
    mix(mix(u64::from(date)) ^ day.volume)
}

/// Mixes the bits of a number: the final step of splitmix64.
fn mix(number: u64) -> u64 {
    let mut mixed = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

fn share(seed: u64, most: u32) -> u32 {
    u32::try_from(seed % u64::from(most)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::NaiveDate;
    use proptest::prelude::*;

    fn day() -> impl Strategy<Value = Bar> {
        let prices = (1_i64..1_000_000, 0_i64..100_000, 0_u32..101, 0_u32..101);
        (prices, 0_u32..5000, any::<u32>(), 0_u32..7).prop_map(
            |((low, range, open, close), date, volume, digits)| {
                let within = |percent: u32| low + range * i64::from(percent) / 100;
                let price = |figure: i64| Decimal::new(figure.min(low + range), digits);
                Bar {
                    date: NaiveDate::from_ymd_opt(2000, 1, 1).unwrap()
                        + TimeDelta::days(date.into()),
                    open: price(within(open)),
                    high: price(low + range),
                    low: price(low),
                    close: price(within(close)),
                    volume: volume.into(),
                }
            },
        )
    }

    #[test]
    fn a_play_goes_on_and_stops() {
        let at = |milliseconds| position(TimeDelta::milliseconds(milliseconds), 10, 3);
        let place = |day, step| Position { day, step };
        assert_eq!(at(-5000), place(0, 0));
        assert_eq!(at(0), place(0, 0));
        assert_eq!(at(5000), place(0, 39));
        assert_eq!(at(9999), place(0, STEPS));
        assert_eq!(at(10_000), place(1, 0));
        assert_eq!(at(29_999), place(2, STEPS));
        assert_eq!(at(30_000), place(2, STEPS), "it stops at the last close");
        assert_eq!(at(i64::MAX / 2), place(2, STEPS));
        assert_eq!(position(TimeDelta::seconds(1), 0, 0), place(0, STEPS));
        assert_eq!(time(0).to_string(), "09:30:00");
        assert_eq!(time(STEPS).to_string(), "16:00:00");
    }

    proptest! {
        #[test]
        fn the_path_goes_through_the_day(day in day()) {
            let path: Vec<Decimal> = (0..=STEPS).map(|step| price(&day, step)).collect();
            prop_assert!(path.iter().all(|price| day.low <= *price && *price <= day.high));
            prop_assert_eq!(path.first(), Some(&day.open));
            prop_assert_eq!(path.last(), Some(&day.close));
            prop_assert!(path.contains(&day.high) && path.contains(&day.low));
        }

        #[test]
        fn a_running_day_can_be_one_and_only_grows(day in day()) {
            let mut before = so_far(&day, 0);
            prop_assert_eq!((before.open, before.close, before.volume), (day.open, day.open, 0));
            for step in 1..=STEPS {
                let now = so_far(&day, step);
                prop_assert!(now.low <= now.open && now.open <= now.high);
                prop_assert!(now.low <= now.close && now.close <= now.high);
                prop_assert!(now.low <= before.low && before.high <= now.high);
                prop_assert!(before.volume <= now.volume);
                prop_assert_eq!(now.close, price(&day, step));
                before = now;
            }
            prop_assert_eq!(before, day);
        }

        #[test]
        fn time_only_goes_on(
            one in 0_i64..10_000_000, more in 0_i64..10_000_000, seconds in 1_u32..5000, days in 1_usize..300,
        ) {
            let at = |milliseconds| position(TimeDelta::milliseconds(milliseconds), seconds, days);
            prop_assert!(at(one) <= at(one + more));
            prop_assert!(at(one).day < days && at(one).step <= STEPS);
        }
    }
}
