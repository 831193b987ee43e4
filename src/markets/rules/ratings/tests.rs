use super::*;
use crate::markets::rules::indicators::Candle;
use chrono::{Days, NaiveDate};
use proptest::prelude::*;

fn day(n: u64) -> NaiveDate {
    NaiveDate::from_ymd_opt(2000, 1, 3).unwrap() + Days::new(n)
}

fn bars(closes: &[f64]) -> Vec<Candle> {
    let mut before = closes.first().copied().unwrap_or(1.0);
    let bar = |(n, close): (usize, &f64)| {
        let open = std::mem::replace(&mut before, *close);
        Candle {
            date: day(n as u64),
            open,
            high: open.max(*close) * 1.01,
            low: open.min(*close) * 0.99,
            close: *close,
            volume: 1_000.0,
        }
    };
    closes.iter().enumerate().map(bar).collect()
}

/// A random walk with a fixed seed.
fn walk(length: usize, seed: u64) -> Vec<f64> {
    let mut state = seed;
    let mut price = 100.0;
    let step = |_| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        price *= 1.0 + ((state >> 33) as f64 / f64::from(1_u32 << 31) - 0.5) * 0.04;
        price
    };
    (0..length).map(step).collect()
}

#[test]
fn a_steady_rise_is_a_buy_of_averages() {
    let closes: Vec<f64> = (0..300).map(|n| 100.0 * 1.002_f64.powi(n)).collect();
    let (rating, scores) = rate(&bars(&closes));
    let rating = rating.unwrap();
    assert_eq!(rating.averages, Some(1.0));
    assert_eq!(rating.readings.len(), 26);
    // Half of the averages can vote from the 30th day on.
    assert_eq!(scores.iter().position(Option::is_some), Some(29));
    let fall: Vec<f64> = closes.iter().map(|close| 10_000.0 / close).collect();
    // Hull's average overshoots a curve that flattens.
    assert!(rate(&bars(&fall)).0.unwrap().averages.unwrap() < -0.8);
}

#[test]
fn what_does_not_move_is_no_signal() {
    let flat: Vec<Candle> = (0..300)
        .map(|n| Candle {
            date: day(n),
            open: 5.0,
            high: 5.0,
            low: 5.0,
            close: 5.0,
            volume: 1.0,
        })
        .collect();
    let (rating, _) = rate(&flat);
    let rating = rating.unwrap();
    assert!(
        rating
            .readings
            .iter()
            .all(|one| one.vote.is_none_or(|vote| vote == 0)),
        "{rating:?}"
    );
    assert!(
        rating
            .verdict()
            .is_none_or(|verdict| verdict == Verdict::Neutral)
    );
}

#[test]
fn verdicts_have_their_bounds() {
    for (score, verdict) in [
        (1.0, Verdict::StrongBuy),
        (0.5, Verdict::Buy),
        (0.1, Verdict::Neutral),
        (-0.1, Verdict::Neutral),
        (-0.100_001, Verdict::Sell),
        (-0.500_001, Verdict::StrongSell),
    ] {
        assert_eq!(Verdict::of(score), verdict, "{score}");
    }
}

/// Computed by hand: opens 100, 110, 121 ... with a score that says buy on the first day only.
#[test]
fn following_trades_at_the_next_open() {
    let bars: Vec<Candle> = (0..30)
        .map(|n| {
            let open = 100.0 * 1.1_f64.powi(n);
            Candle {
                date: day(n as u64),
                open,
                high: open,
                low: open,
                close: open,
                volume: 1.0,
            }
        })
        .collect();
    // By rounding a little more than 0.1, which is neutral.
    let mut scores = vec![Some(0.100_000_000_000_000_03); 30];
    scores[0] = Some(1.0);
    let found = record(&bars, &scores).unwrap();
    // In at the second open, out at the third: 10% once, minus two switches.
    assert_eq!(found.following.switches, 2);
    let money = 1.1 * (1.0 - SWITCH_COST).powi(2);
    let yearly = money.powf(252.0 / 28.0) - 1.0;
    assert!((found.following.yearly.unwrap() - yearly).abs() < 1e-9);
    assert!((found.following.invested - 1.0 / 28.0).abs() < 1e-9);
    assert_eq!(
        (found.after_buy.n, found.after_buy.hits, found.after_sell.n),
        (1, 1, 0)
    );
    assert!((found.after_buy.mean.unwrap() - (1.1_f64.powi(20) - 1.0)).abs() < 1e-9);
    // 9 days have a horizon that ended; one hit in a twentieth of a trial shows nothing.
    assert_eq!((found.rises.n, found.edge), (9, Edge::NotDemonstrated));
    assert_eq!(record(&bars[..21], &scores), None);
}

#[test]
fn nothing_is_shown_of_a_walk_by_chance() {
    let mut shown = 0;
    for seed in 0..20 {
        let bars = bars(&walk(1_500, seed));
        let (_, scores) = rate(&bars);
        shown += usize::from(record(&bars, &scores).unwrap().edge != Edge::NotDemonstrated);
    }
    assert!(shown <= 3, "of 20 walks {shown} seem to have an edge");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    /// Later days do not change the past: scores of a truncated history are the same.
    #[test]
    fn no_score_looks_ahead(seed in any::<u64>(), cut in 60_usize..290) {
        let all = bars(&walk(300, seed));
        let (_, whole) = rate(&all);
        let (last, cut_off) = rate(&all[..cut]);
        prop_assert_eq!(&whole[..cut], &cut_off[..]);
        prop_assert_eq!(last.unwrap().score, whole[cut - 1]);
    }

    #[test]
    fn in_another_currency_the_rating_is_the_same(seed in any::<u64>(), power in -6_i32..7) {
        // Powers of two, which round nothing: a tie stays a tie.
        let factor = 2_f64.powi(power);
        let closes = walk(300, seed);
        let other: Vec<f64> = closes.iter().map(|close| close * factor).collect();
        let (one, two) = (rate(&bars(&closes)).0.unwrap(), rate(&bars(&other)).0.unwrap());
        for (one, two) in one.readings.iter().zip(&two.readings) {
            prop_assert_eq!(one.vote, two.vote, "{:?}", one.component);
        }
    }
}
