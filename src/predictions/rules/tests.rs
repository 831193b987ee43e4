use super::super::model::{Direction, Mark, PredictionInput, Score, Tally};
use super::*;
use crate::markets::{Split, indicators::Candle};
use chrono::{Days, NaiveDate};
use proptest::prelude::*;
use rust_decimal::{Decimal, prelude::FromPrimitive};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Bars with these price changes in thousandths, each followed by days without trading.
fn bars(steps: &[(i32, u64)]) -> Vec<Candle> {
    let (mut date, mut price) = (day("2010-01-04"), 100.0);
    let bar = |(part, rest): &(i32, u64)| {
        let open = price;
        price *= 1.0 + f64::from(*part) / 1_000.0;
        let bar = Candle {
            date,
            open,
            high: open.max(price),
            low: open.min(price),
            close: price,
            volume: 1.0,
        };
        date = date + Days::new(1 + *rest);
        bar
    };
    steps.iter().map(bar).collect()
}

fn steps() -> impl Strategy<Value = Vec<(i32, u64)>> {
    let rest = prop_oneof![8 => Just(0_u64), 3 => Just(2), 1 => 0_u64..20];
    prop::collection::vec((-50..50_i32, rest), 1..160)
}

fn horizon() -> impl Strategy<Value = Horizon> {
    prop_oneof![Just("1d"), Just("5d"), Just("2w"), Just("1m"), Just("3m")]
        .prop_map(|text| text.parse().unwrap())
}

fn terms(direction: Direction, horizon: Horizon, made: NaiveDate) -> Terms {
    Terms {
        direction,
        horizon,
        made,
        known: made,
    }
}

const FAR: &str = "2030-01-01";

#[test]
fn a_prediction_followed_by_hand() {
    // Monday to Friday, two days without trading each week; the price rises 1% each day.
    let week = [(10, 0), (10, 0), (10, 0), (10, 0), (10, 2)];
    let bars = bars(&week.repeat(40));
    // Made on a Saturday in the 30th week: it starts on Monday and lasts that week.
    let made = day("2010-07-31");
    let one = terms(Direction::Long, "1w".parse().unwrap(), made);
    let Judgement::Scored { entry, exit, score } = judge(&one, &bars, day(FAR)) else {
        panic!("it is over")
    };
    assert_eq!(bars[entry].date, day("2010-08-02"));
    assert_eq!(bars[exit].date, day("2010-08-06"));
    assert!((score.made - (1.01_f64.powi(5) - 1.0)).abs() < 1e-12);
    assert_eq!(score.base_rate, Some(1.0));
    // From any day: the next open to the close a week later, five trading days.
    assert!((score.base_mean.unwrap() - score.made).abs() < 1e-9);
    // A prediction for one day over a weekend lasts Monday.
    let one = terms(Direction::Short, "1d".parse().unwrap(), day("2010-07-30"));
    let Judgement::Scored { entry, exit, score } = judge(&one, &bars, day(FAR)) else {
        panic!("it is over")
    };
    assert_eq!((bars[entry].date, entry), (day("2010-08-02"), exit));
    assert!((score.made + 0.01).abs() < 1e-12);
    assert_eq!(score.base_rate, Some(0.0));
}

#[test]
fn what_has_no_prices_is_void_when_patience_ends() {
    let bars = bars(&[(1, 0); 5]);
    let last = bars.last().unwrap().date;
    // Prices end on the day it was made: the source may only be late.
    let one = terms(Direction::Long, "2w".parse().unwrap(), last);
    let patient = one.horizon.end(last) + GIVEN_UP;
    for bars in [&bars[..], &[]] {
        assert_eq!(judge(&one, bars, patient), Judgement::Open { entry: None });
        assert_eq!(judge(&one, bars, patient + Days::new(1)), Judgement::Void);
    }
    // It starts, and no more prices follow.
    let one = terms(Direction::Long, "3m".parse().unwrap(), bars[0].date);
    let patient = one.horizon.end(one.made) + GIVEN_UP;
    let open = Judgement::Open { entry: Some(1) };
    assert_eq!(judge(&one, &bars, patient), open);
    assert_eq!(judge(&one, &bars, patient + Days::new(1)), Judgement::Void);
}

#[test]
fn later_prices_show_that_there_were_none() {
    // 20 days without trading, then more prices.
    let all = bars(&[(1, 0), (1, 20), (1, 0), (1, 0)]);
    let one = terms(Direction::Long, "5d".parse().unwrap(), all[1].date);
    assert_eq!(judge(&one, &all, day(FAR)), Judgement::Void);
    // It started, without prices near its end.
    let one = terms(Direction::Long, "18d".parse().unwrap(), all[0].date);
    assert_eq!(judge(&one, &all, day(FAR)), Judgement::Void);
    // The last price before the end is the exit if it is near, however late the next one comes.
    let one = terms(Direction::Long, "8d".parse().unwrap(), all[0].date);
    let on = judge(&one, &all[..2], one.horizon.end(one.made) + GIVEN_UP);
    assert_eq!(on, Judgement::Open { entry: Some(1) });
    let Judgement::Scored {
        entry: 1, exit: 1, ..
    } = judge(&one, &all, day(FAR))
    else {
        panic!("it is over")
    };
}

#[test]
fn a_past_that_is_cut_off_says_nothing() {
    let all = bars(&[(3, 0); 200]);
    let one = terms(Direction::Long, "2m".parse().unwrap(), all[100].date);
    let end = one.horizon.end(one.made);
    assert!(scored(judge(&one, &all, end + Days::new(9))).is_some());
    // The source has only the last days: the first of them is not the first after the prediction.
    for cut in [101, 105, 150] {
        let judged = judge(&one, &all[cut..], end + Days::new(9));
        assert_eq!(judged, Judgement::Open { entry: None }, "{cut}");
        assert_eq!(judge(&one, &all[cut..], day(FAR)), Judgement::Void);
    }
    // But a stored first price and the last price are enough.
    let noted = Mark {
        date: all[101].date,
        price: Decimal::from_f64(all[101].open).unwrap(),
    };
    let whole = judge(&one, &all, end + Days::new(9));
    let (_, exit, score) = scored(whole).unwrap();
    let (found, by_noted) = judge_from(&one, &noted, &all[150..], end + Days::new(9)).unwrap();
    assert_eq!(found + 150, exit);
    assert!((by_noted.made - score.made).abs() < 1e-9);
    assert_eq!((by_noted.base_rate, by_noted.base_mean), (None, None));
    // Not before its end, and not by later prices alone.
    let upto = all.partition_point(|bar| bar.date < end);
    assert_eq!(judge_from(&one, &noted, &all[150..upto], end), None);
    assert_eq!(judge_from(&one, &noted, &all[upto + 1..], day(FAR)), None);
}

#[test]
fn the_price_that_was_noted_is_known_again() {
    let mark = |date: &str, price: &str| Mark {
        date: day(date),
        price: price.parse().unwrap(),
    };
    let split = |date: &str, from, to| Split {
        date: day(date),
        from,
        to,
    };
    let noted = mark("2020-08-03", "432.8");
    let table = [
        split("2014-06-09", 1, 7),
        split("2020-08-31", 1, 4),
        split("2022-01-03", 2, 1),
    ];
    for (found, splits, same) in [
        ("432.8", Some(&table[..1]), true),
        // Corrected by the source.
        ("430", Some(&table[..1]), true),
        ("390", Some(&table[..1]), true),
        ("300", Some(&table[..1]), false),
        ("108.2", Some(&table[..2]), true),
        ("216.4", Some(&table[..]), true),
        // It was stored after the split of August.
        ("865.6", Some(&table[..]), true),
        ("108.2", Some(&table[..1]), false),
        ("61.83", Some(&table[..1]), false),
        // A source without split data.
        ("108.2", None, true),
        ("865.6", None, true),
        ("340", None, false),
        ("3", None, false),
    ] {
        let found = mark("2020-08-03", found);
        assert_eq!(
            is_same(&noted, &found, splits),
            same,
            "{found:?} {splits:?}"
        );
    }
    let other_day = mark("2020-08-04", "432.8");
    assert!(!is_same(&noted, &other_day, Some(&[])));
}

#[test]
fn horizons_from_a_day_to_two_years() {
    let from = day("2024-01-31");
    for (text, end) in [
        ("1d", "2024-02-01"),
        ("2w", "2024-02-14"),
        ("1m", "2024-02-29"),
        (" 1Y ", "2025-01-31"),
        ("24m", "2026-01-31"),
        ("730d", "2026-01-30"),
    ] {
        let horizon: Horizon = text.parse().unwrap();
        assert_eq!(horizon.end(from), day(end), "{text}");
        assert_eq!(horizon.to_string(), text.trim().to_lowercase());
    }
    for text in [
        "", "d", "0d", "3", "3x", "3y", "25m", "731d", "-1d", "+1d", "1.5m", "1 m", "１d",
    ] {
        let error = text.parse::<Horizon>().unwrap_err();
        assert_eq!(error.code, "bad-horizon", "{text}");
    }
}

#[test]
fn predictions_as_they_are_written() {
    let input = read("$aapl LONG 3m because earnings look strong").unwrap();
    assert_eq!(input.reason, "earnings look strong");
    let checked = check(&input).unwrap();
    assert_eq!(checked.symbol.as_str(), "AAPL");
    for (written, code) in [("aapl.us", "AAPL"), ("$fb", "META"), ("sap.de", "SAP.DE")] {
        let input = read(&format!("{written} long 3m")).unwrap();
        assert_eq!(check(&input).unwrap().symbol.as_str(), code);
    }
    assert_eq!(checked.direction, Direction::Long);
    assert_eq!(read("ibm short 1y").unwrap().reason, "");
    assert_eq!(read(" ibm  short\t1y  why not ").unwrap().reason, "why not");
    for text in ["", "aapl", "aapl long", "  "] {
        assert_eq!(read(text), None, "{text}");
    }
    for (input, code) in [
        (["$$$", "long", "3m", ""], "bad-symbol"),
        (["ibm", "up", "3m", ""], "bad-direction"),
        (["ibm", "long", "soon", ""], "bad-horizon"),
        (["ibm", "long", "3m", &"x".repeat(501)], "bad-reason"),
        (["ibm", "long", "3m", "a\u{202e}b"], "bad-reason"),
    ] {
        let [symbol, direction, horizon, reason] = input.map(str::to_owned);
        let input = PredictionInput {
            symbol,
            direction,
            horizon,
            reason,
        };
        let error = check(&input).unwrap_err();
        assert_eq!(error.code, code);
        assert!(error.details.contains_key("field"), "{error}");
    }
}

fn outcome(symbol: &str, from: u64, days: u64, made: f64) -> Outcome {
    let entry = day("2020-01-01") + Days::new(from);
    Outcome {
        symbol: symbol.into(),
        entry,
        exit: entry + Days::new(days - 1),
        made,
        base_rate: Some(0.5),
        base_mean: Some(0.01),
    }
}

#[test]
fn a_hundred_times_the_same_is_once() {
    let once = tally(&[outcome("A", 0, 30, 0.1)]);
    assert!((once.counted - 1.0).abs() < 1e-12);
    let same = vec![outcome("A", 0, 30, 0.1); 100];
    let many = tally(&same);
    assert_eq!(many.scored, 100);
    assert!((many.counted - 1.0).abs() < 1e-9);
    assert!((many.low.unwrap() - once.low.unwrap()).abs() < 1e-9);
    // They share half of their time: one and a half.
    let half = tally(&[outcome("A", 0, 30, 0.1), outcome("A", 15, 30, -0.1)]);
    assert!((half.counted - 1.5).abs() < 1e-12);
    assert_eq!(half.rate, Some(0.5));
    // On two symbols, or one after the other, they are two.
    for other in [outcome("B", 0, 30, 0.1), outcome("A", 30, 30, 0.1)] {
        let two = tally(&[outcome("A", 0, 30, 0.1), other]);
        assert!((two.counted - 2.0).abs() < 1e-12);
    }
    // With another code of the same symbol, from before codes were canonical, they are one.
    for (one, other) in [("AAPL", "AAPL.US"), ("META", "FB"), ("FB.US", "META.US")] {
        let two = tally(&[outcome(one, 0, 30, 0.1), outcome(other, 0, 30, 0.1)]);
        assert!((two.counted - 1.0).abs() < 1e-12, "{one} {other}");
    }
    assert!((once.excess.unwrap() - 0.09).abs() < 1e-12);
    assert_eq!(tally(&[]), Tally::default());
}

#[test]
fn few_predictions_have_no_place() {
    let right = |n: u64| -> Vec<_> { (0..n).map(|at| outcome("A", at * 40, 30, 0.1)).collect() };
    let mixed: Vec<_> = (0..40)
        .map(|at| outcome("A", at * 40, 30, if at % 4 == 0 { -0.1 } else { 0.1 }))
        .collect();
    let table = ranked(vec![
        ("nine", tally(&right(9))),
        ("ten", tally(&right(10))),
        ("two", tally(&right(2))),
        ("forty", tally(&mixed)),
    ]);
    let places: Vec<_> = table
        .iter()
        .map(|(name, _, place)| (*name, *place))
        .collect();
    // The lower end is 72% for 10 of 10 and 60% for 30 of 40.
    assert_eq!(
        places,
        [
            ("ten", Some(1)),
            ("forty", Some(2)),
            ("nine", None),
            ("two", None)
        ]
    );
    // Equal records share a rank, and the next one counts both.
    let equal = ranked(vec![
        ("ten", tally(&right(10))),
        ("forty", tally(&mixed)),
        ("other ten", tally(&right(10))),
    ]);
    let ranks: Vec<_> = equal.iter().map(|(.., rank)| *rank).collect();
    assert_eq!(ranks, [Some(1), Some(1), Some(3)]);
    let ten = table[0].1;
    assert!((ten.low.unwrap() - 0.7225).abs() < 1e-3 && ten.high.unwrap() > 0.999_999);
    assert!((ten.edge.unwrap() - (ten.low.unwrap() - 0.5)).abs() < 1e-12);
}

fn scored(judgement: Judgement) -> Option<(usize, usize, Score)> {
    match judgement {
        Judgement::Scored { entry, exit, score } => Some((entry, exit, score)),
        _ => None,
    }
}

proptest! {
    #[test]
    fn a_prediction_never_begins_before_it_is_made(
        steps in steps(), horizon in horizon(), after in 0_u64..200, later in 0_u64..400,
    ) {
        let bars = bars(&steps);
        let made = bars[0].date + Days::new(after);
        let today = made + Days::new(later);
        match judge(&terms(Direction::Long, horizon, made), &bars, today) {
            Judgement::Open { entry: Some(entry) } => prop_assert!(bars[entry].date > made),
            Judgement::Scored { entry, exit, .. } => {
                prop_assert!(bars[entry].date > made);
                prop_assert!(bars[entry].date <= made + PATIENCE);
                prop_assert!(exit >= entry);
                prop_assert!(bars[exit].date <= horizon.end(made).max(bars[entry].date));
                prop_assert!(today >= horizon.end(made));
            }
            _ => {}
        }
    }

    #[test]
    fn what_comes_later_changes_no_score(
        steps in steps(), horizon in horizon(), after in 0_u64..120, keep in 1_usize..160,
    ) {
        let all = bars(&steps);
        let made = all[0].date + Days::new(after);
        let terms = terms(Direction::Short, horizon, made);
        let whole = judge(&terms, &all, day(FAR));
        let some = &all[..keep.min(all.len())];
        let last = some.last().unwrap().date;
        // A day is known at its end: judged the day after, the score is the same or not known yet.
        let early = judge(&terms, some, last + Days::new(1));
        if let Some(early) = scored(early) {
            prop_assert_eq!(Some(early), scored(whole));
        }
        // A prediction that is over by then keeps its score, however many later bars are missing.
        if let Some((entry, exit, score)) = scored(whole)
            && last >= horizon.end(made).max(all[entry].date)
        {
            prop_assert_eq!(judge(&terms, some, day(FAR)), Judgement::Scored { entry, exit, score });
        }
    }

    #[test]
    fn long_and_short_are_mirror_images(
        steps in steps(), horizon in horizon(), after in 0_u64..200,
    ) {
        let bars = bars(&steps);
        let made = bars[0].date + Days::new(after);
        let of = |direction| judge(&terms(direction, horizon, made), &bars, day(FAR));
        match (of(Direction::Long), of(Direction::Short)) {
            (
                Judgement::Scored { entry, exit, score: long },
                Judgement::Scored { entry: entry2, exit: exit2, score: short },
            ) => {
                prop_assert_eq!((entry, exit), (entry2, exit2));
                prop_assert_eq!(long.made, -short.made);
                prop_assert!(!(long.hit() && short.hit()));
                prop_assert_eq!(long.base_mean, short.base_mean.map(|mean| -mean));
                prop_assert!(long.base_rate.unwrap_or(0.0) + short.base_rate.unwrap_or(0.0) <= 1.0 + 1e-12);
            }
            (long, short) => prop_assert_eq!(long, short),
        }
    }

    #[test]
    fn records_stay_within_their_bounds(
        predictions in prop::collection::vec((0..4_u8, 0..500_u64, 1..90_u64, -0.5..0.5_f64, 0.0..1.0_f64), 1..80)
    ) {
        let outcomes: Vec<_> = predictions.iter().map(|(symbol, from, days, made, base)| Outcome {
            base_rate: Some(*base),
            ..outcome(&symbol.to_string(), *from, *days, *made)
        }).collect();
        let tally = tally(&outcomes);
        let (rate, low, high) = (tally.rate.unwrap(), tally.low.unwrap(), tally.high.unwrap());
        prop_assert!(0.0 <= low && low <= rate + 1e-9 && rate <= high + 1e-9 && high <= 1.0);
        prop_assert!(tally.counted > 0.0 && tally.counted <= f64::from(tally.scored) + 1e-9);
        prop_assert!(tally.edge.unwrap() <= high);
        let mut other = outcomes.clone();
        other.reverse();
        let other = super::tally(&other);
        prop_assert!((other.counted - tally.counted).abs() < 1e-9, "in any order");
    }

    #[test]
    fn any_text_is_survived(text in "(?s).{0,80}") {
        if let Some(input) = read(&text) {
            let _any = check(&input);
        }
    }
}

/// The examples in docs/methods/leaderboard.md.
#[test]
fn records_followed_by_hand() {
    let near = |found: Option<f64>, expected: f64| (found.unwrap() - expected).abs() < 5e-4;
    // Predictions one after the other, of which `right` are right.
    let record = |predictions: u64, right: u64, base: f64| {
        let outcomes: Vec<_> = (0..predictions)
            .map(|n| {
                let entry = day("2010-01-04") + Days::new(n * 10);
                Outcome {
                    symbol: "AAPL".into(),
                    entry,
                    exit: entry + Days::new(5),
                    made: if n < right { 0.1 } else { -0.1 },
                    base_rate: Some(base),
                    base_mean: None,
                }
            })
            .collect();
        tally(&outcomes)
    };
    let (few, many) = (record(12, 9, 0.55), record(60, 39, 0.5));
    assert!(near(few.rate, 0.75) && near(few.low, 0.468) && near(few.high, 0.911));
    assert!(near(few.edge, -0.082));
    assert!(near(many.low, 0.524) && near(many.high, 0.758) && near(many.edge, 0.024));
    let fewer = record(9, 9, 0.5);
    let order: Vec<_> = ranked(vec![("nine", fewer), ("few", few), ("many", many)])
        .into_iter()
        .map(|(name, _, rank)| (name, rank))
        .collect();
    assert_eq!(order, [("many", Some(1)), ("few", Some(2)), ("nine", None)]);
    let overlapping = ["2012-06-01", "2012-06-16"].map(|entry| Outcome {
        symbol: "IBM".into(),
        entry: day(entry),
        exit: day(entry) + Days::new(29),
        made: 0.1,
        base_rate: None,
        base_mean: None,
    });
    assert_eq!(overlapping[1].exit, day("2012-07-15"));
    assert!((tally(&overlapping).counted - 1.5).abs() < 1e-12);
}
