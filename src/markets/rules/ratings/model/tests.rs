use super::score::Trial;
use super::*;
use chrono::Days;
use proptest::prelude::*;

/// Random numbers with a fixed seed.
struct Chance(u64);

impl Chance {
    /// Uniform between -1 and 1.
    fn next(&mut self) -> f64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as f64 / f64::from(1_u32 << 30) - 1.0
    }
}

/// Bars whose logarithm returns to its start by a fraction of the distance each day: with 0 it is a
/// random walk.
fn drawn_back(length: usize, seed: u64, by: f64) -> Vec<Candle> {
    let mut chance = Chance(seed);
    let (mut away, mut open) = (0.0_f64, 100.0);
    let first = NaiveDate::from_ymd_opt(2000, 1, 3).unwrap();
    let bar = |n| {
        away += 0.02 * chance.next() - by * away;
        let close = 100.0 * away.exp();
        let bar = Candle {
            date: first + Days::new(n as u64),
            open,
            high: f64::max(open, close) * (1.0 + 0.005 * chance.next().abs()),
            low: f64::min(open, close) * (1.0 - 0.005 * chance.next().abs()),
            close,
            volume: 1_000.0 + 500.0 * chance.next(),
        };
        open = close;
        bar
    };
    (0..length).map(bar).collect()
}

#[test]
fn briers_score_by_hand() {
    let trial = |said, rose| Trial {
        said,
        base: 0.5,
        rose,
    };
    let trials = [trial(0.8, true), trial(0.3, false), trial(0.6, false)];
    let brier = score::mean(&trials, Trial::error).unwrap();
    // Errors of 0.2, 0.3 and 0.6: (0.04 + 0.09 + 0.36) / 3.
    assert!((brier - 0.49 / 3.0).abs() < 1e-12);
    let base = score::mean(&trials, Trial::base_error).unwrap();
    assert!((base - 0.25).abs() < 1e-12);
    assert!((score::skill(brier, base).unwrap() - (1.0 - 0.49 / 0.75)).abs() < 1e-12);
    assert_eq!(score::mean(&[], Trial::error), None);
    assert_eq!(score::interval(&trials), None);
    let bins = score::bins(&trials);
    assert_eq!(bins.len(), 3);
    assert_eq!((bins[0].n, bins[0].said, bins[0].happened), (1, 0.3, 0.0));
    assert_eq!((bins[2].n, bins[2].said, bins[2].happened), (1, 0.8, 1.0));
}

/// One feature that decides part of the odds, and a penalty too small to matter.
#[test]
fn odds_are_found() {
    let mut chance = Chance(3);
    let examples: Vec<(Row, bool)> = (0..100_000)
        .map(|_| {
            let mut row = [0.0; features::COUNT];
            row[1] = chance.next();
            let odds = 0.4 + 1.5 * row[1];
            let rose = f64::midpoint(chance.next(), 1.0) < 1.0 / (1.0 + f64::exp(-odds));
            (row, rose)
        })
        .collect();
    let fit = Fit::of(&examples, None).unwrap();
    for (value, odds) in [(-0.8, -0.8_f64), (0.0, 0.4), (0.6, 1.3)] {
        let mut row = [0.0; features::COUNT];
        row[1] = value;
        let wanted = 1.0 / (1.0 + f64::exp(-odds));
        assert!((fit.probability(&row) - wanted).abs() < 0.01, "{value}");
        let parts = fit.parts(&row);
        assert!(
            parts
                .iter()
                .enumerate()
                .all(|(at, part)| at == 1 || part.adds == 0.0)
        );
    }
    // A fit that starts from the solution stays there.
    let again = Fit::of(&examples, Some(&fit)).unwrap();
    assert!(
        (again.probability(&[0.1; features::COUNT]) - fit.probability(&[0.1; features::COUNT]))
            .abs()
            < 1e-9
    );
}

#[test]
fn nothing_is_found_in_walks_by_chance() {
    let mut found = 0;
    for seed in 0..12 {
        let model = model(&drawn_back(2_000, seed, 0.0)).unwrap();
        assert!((0.0..=1.0).contains(&model.probability.unwrap()));
        assert!(model.skill < 0.1, "{seed}: {}", model.skill);
        found += usize::from(model.demonstrated);
    }
    assert!(found <= 1, "{found} of 12 walks seem to have an edge");
}

#[test]
fn what_was_planted_is_found() {
    for seed in 0..3 {
        let bars = drawn_back(3_000, seed, 0.12);
        let model = model(&bars).unwrap();
        assert!(model.demonstrated && model.skill > 0.1, "{seed}: {model:?}");
        let (low, high) = (model.low.unwrap(), model.high.unwrap());
        assert!(low < model.skill && model.skill < high);
        // Higher probabilities came true more often.
        let (first, last) = (model.bins[0], model.bins[4]);
        assert!(first.said < last.said && first.happened + 0.1 < last.happened);
        let days: usize = model.bins.iter().map(|bin| bin.n).sum();
        assert_eq!(days, model.predictions);
        assert_eq!(model.independent, model.predictions / HORIZON);
        // The horizon of the last day with an outcome ends with the last bar.
        assert_eq!(model.to, bars[bars.len() - 1 - HORIZON].date);
        let adds: f64 = model.features.iter().map(|part| part.adds).sum();
        assert_eq!(model.features.len(), 8);
        assert!(adds.is_finite());
    }
}

/// Entry at the next open, exit at the close of the 20th day.
#[test]
fn outcomes_are_of_the_next_open() {
    let mut bars = drawn_back(60, 1, 0.0);
    bars[11].open = 100.0;
    bars[30].close = 100.0;
    assert_eq!(outcome(&bars, 10), Some(false));
    bars[30].close = 100.01;
    assert_eq!(outcome(&bars, 10), Some(true));
    assert_eq!(outcome(&bars, 39), Some(bars[59].close > bars[40].open));
    assert_eq!(outcome(&bars, 40), None);
}

#[test]
fn too_little_is_no_model() {
    let bars = drawn_back(1_200, 5, 0.0);
    assert_eq!(model(&bars[..120]), None);
    assert_eq!(model(&bars[..600]), None);
    assert_eq!(model(&[]), None);
    let still: Vec<Candle> = bars
        .iter()
        .map(|bar| Candle {
            open: 5.0,
            high: 5.0,
            low: 5.0,
            close: 5.0,
            ..*bar
        })
        .collect();
    assert_eq!(model(&still), None);
    let quiet: Vec<Candle> = bars
        .iter()
        .map(|bar| Candle {
            volume: 0.0,
            ..*bar
        })
        .collect();
    assert_eq!(model(&quiet), None);
    // Rises alone give no model.
    let rising: Vec<Candle> = bars
        .iter()
        .enumerate()
        .map(|(n, bar)| {
            let factor = 1.01_f64.powi(n as i32);
            Candle {
                open: bar.open * factor,
                high: bar.high * factor,
                low: bar.low * factor,
                close: bar.close * factor,
                ..*bar
            }
        })
        .collect();
    assert!(model(&rising).is_none_or(|model| model.brier.is_finite()));
    // A day without volume at the end: no probability today, but the earlier ones stay.
    let mut stopped = bars.clone();
    let length = stopped.len();
    for bar in &mut stopped[length - 5..] {
        bar.volume = 0.0;
    }
    let found = model(&stopped).unwrap();
    assert_eq!((found.probability, found.features.len()), (None, 0));
    assert!(found.predictions > 0);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6))]

    /// Every past probability is the same, bit for bit, without anything after its day.
    #[test]
    fn no_chance_looks_ahead(seed in any::<u64>(), by in 0.0_f64..0.05, cuts in proptest::collection::vec(600_usize..1_000, 4)) {
        let bars = drawn_back(1_000, seed, by);
        let whole = probabilities(&bars);
        prop_assert!(whole[999].is_some());
        for cut in cuts {
            prop_assert_eq!(&probabilities(&bars[..cut])[..], &whole[..cut]);
        }
    }

    /// Anything can follow a day.
    #[test]
    fn what_comes_after_changes_nothing(seed in any::<u64>(), other in any::<u64>(), cut in 700_usize..900) {
        let bars = drawn_back(1_000, seed, 0.01);
        let mut changed = bars.clone();
        changed.truncate(cut);
        changed.extend(drawn_back(1_000, other, 0.0).into_iter().skip(cut));
        prop_assert_eq!(&probabilities(&changed)[..cut], &probabilities(&bars)[..cut]);
    }

    #[test]
    fn in_another_currency_it_is_the_same(seed in any::<u64>(), power in -6_i32..7, shares in 1_u32..50) {
        let bars = drawn_back(1_000, seed, 0.01);
        let factor = 2.0_f64.powi(power);
        let other: Vec<Candle> = bars
            .iter()
            .map(|bar| Candle {
                open: bar.open * factor,
                high: bar.high * factor,
                low: bar.low * factor,
                close: bar.close * factor,
                volume: bar.volume * f64::from(shares),
                ..*bar
            })
            .collect();
        for (one, two) in probabilities(&bars).into_iter().zip(probabilities(&other)) {
            prop_assert_eq!(one.is_some(), two.is_some());
            prop_assert!(one.zip(two).is_none_or(|(one, two)| (one - two).abs() < 1e-7));
        }
    }
}

/// Recomputes each past probability from the history truncated at its day: slow, but independent.
#[test]
fn every_chance_again_on_what_was_known() {
    let bars = drawn_back(700, 11, 0.02);
    let whole = probabilities(&bars);
    let first = whole.iter().position(Option::is_some).unwrap();
    for day in first..bars.len() {
        let known = probabilities(&bars[..=day]);
        assert_eq!(known[day], whole[day], "day {day}");
    }
}
