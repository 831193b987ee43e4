use super::*;
use crate::alerts::model::AlertInput;
use proptest::prelude::*;

fn condition(kind: AlertKind, value: &str) -> Condition {
    Condition {
        kind,
        value: Some(value.parse().unwrap()),
        period: None,
    }
}

fn day(n: u64) -> NaiveDate {
    NaiveDate::from_ymd_opt(2024, 1, 1).unwrap() + chrono::Days::new(n)
}

fn reading(minute: usize, price: Decimal) -> Reading<'static> {
    let minutes = chrono::TimeDelta::minutes(i64::try_from(minute).unwrap());
    Reading {
        at: day(0).and_time(NaiveTime::MIN) + minutes,
        price,
        change: None,
        closes: &[],
    }
}

/// Checks a condition along a path of prices; returns the indexes at which it triggered.
fn walk(condition: &Condition, path: &[Decimal]) -> Vec<usize> {
    let (mut seen, mut fired) = (None, Vec::new());
    for (minute, price) in path.iter().enumerate() {
        match step(condition, seen.as_ref(), &reading(minute, *price)) {
            Outcome::Older => panic!("nothing is older"),
            Outcome::Stays(now) => seen = Some(now),
            Outcome::Fires(now) => {
                seen = Some(now);
                if fired.is_empty() {
                    fired.push(minute);
                }
            }
        }
    }
    fired
}

/// An independent definition: the first price above the level after one below it.
fn first_crossing(path: &[Decimal], level: Decimal) -> Option<usize> {
    let below = path.iter().position(|price| *price < level)?;
    let above = path[below..].iter().position(|price| *price > level)?;
    Some(below + above)
}

proptest! {
    #[test]
    fn it_fires_exactly_once_over_a_path_that_crosses_and_never_else(
        path in prop::collection::vec(195_i64..=205, 0..40)
    ) {
        let level = Decimal::from(200);
        let prices: Vec<_> = path.iter().map(|price| Decimal::from(*price)).collect();
        let above = condition(AlertKind::PriceAbove, "200");
        let expected: Vec<_> = first_crossing(&prices, level).into_iter().collect();
        prop_assert_eq!(walk(&above, &prices), expected);

        // A condition below is the mirror image.
        let mirrored: Vec<_> = prices.iter().map(|price| level + level - price).collect();
        let below = condition(AlertKind::PriceBelow, "200");
        prop_assert_eq!(walk(&below, &mirrored), walk(&above, &prices));
    }

    #[test]
    fn what_is_older_changes_nothing(first in 190_i64..=210, second in 190_i64..=210) {
        let above = condition(AlertKind::PriceAbove, "200");
        let Outcome::Stays(seen) = step(&above, None, &reading(5, first.into())) else {
            panic!("the first price never fires");
        };
        prop_assert_eq!(step(&above, Some(&seen), &reading(4, second.into())), Outcome::Older);
    }

    #[test]
    fn any_text_is_survived(text in "(?s)\\$?[A-Z]{0,5} ?(>|<|rsi|cross|cross sma|\\+|-)? ?.{0,12}%?") {
        if let Ok((symbol, condition)) = parse(&text) {
            prop_assert!(!symbol.as_str().is_empty());
            prop_assert_eq!(condition.value.is_some(), condition.kind.takes_value());
        }
    }

    #[test]
    fn what_is_written_is_waited_for(units in 1_i64..100_000_000, scale in 0_u32..6) {
        let value = Decimal::new(units, scale).normalize();
        let (symbol, condition) = parse(&format!("aapl > {value}")).unwrap();
        prop_assert_eq!(symbol.as_str(), "AAPL");
        prop_assert_eq!(condition.value, Some(value));
        prop_assert_eq!(condition.kind, AlertKind::PriceAbove);
    }
}

#[test]
fn on_the_value_is_on_neither_side() {
    let above = condition(AlertKind::PriceAbove, "200");
    let path = |prices: &[i64]| {
        prices
            .iter()
            .map(|price| (*price).into())
            .collect::<Vec<_>>()
    };
    assert_eq!(walk(&above, &path(&[199, 200, 200, 201])), [3]);
    assert!(walk(&above, &path(&[201, 200, 201])).is_empty());
    assert!(walk(&above, &path(&[200, 201])).is_empty());
    assert!(walk(&above, &path(&[201, 300])).is_empty());
}

#[test]
fn a_change_begins_anew_with_each_day() {
    let moves = condition(AlertKind::Moves, "5");
    let at = |n: u64, hour: u32, change: &str| Reading {
        at: day(n).and_hms_opt(hour, 0, 0).unwrap(),
        price: Decimal::ONE,
        change: Some(change.parse().unwrap()),
        closes: &[],
    };
    let Outcome::Stays(seen) = step(&moves, None, &at(0, 10, "-6")) else {
        panic!("what it sees first tells where it stands");
    };
    assert!(matches!(
        step(&moves, Some(&seen), &at(0, 11, "-7")),
        Outcome::Stays(_)
    ));
    // The next day the change counts again.
    assert!(matches!(
        step(&moves, Some(&seen), &at(1, 10, "5")),
        Outcome::Fires(_)
    ));
    assert!(matches!(
        step(&moves, Some(&seen), &at(1, 10, "4.99")),
        Outcome::Stays(_)
    ));
    let falls = condition(AlertKind::Falls, "5");
    assert!(matches!(
        step(&falls, Some(&seen), &at(1, 10, "5")),
        Outcome::Stays(_)
    ));
    assert!(matches!(
        step(&falls, Some(&seen), &at(1, 10, "-5")),
        Outcome::Fires(_)
    ));
    let rises = condition(AlertKind::Rises, "5");
    assert!(matches!(
        step(&rises, Some(&seen), &at(1, 10, "5.1")),
        Outcome::Fires(_)
    ));
}

#[test]
fn indicators_look_at_closes_and_the_price() {
    // 20 days at 100, then the price of the next day, with and without its bar.
    let mut closes: Vec<_> = (0..20).map(|n| (day(n), 100.0)).collect();
    let sma = Condition {
        kind: AlertKind::CrossesSma,
        value: None,
        period: Some(5),
    };
    let now = |n: u64, price: i64, closes: &[(NaiveDate, f64)]| {
        let at = day(n).and_time(NaiveTime::MIN);
        let (price, change) = (Decimal::from(price), None);
        step(
            &sma,
            None,
            &Reading {
                at,
                price,
                change,
                closes,
            },
        )
    };
    let stand = |outcome: Outcome| match outcome {
        Outcome::Stays(seen) => seen.stand,
        _ => panic!("the first price never fires"),
    };
    assert_eq!(stand(now(20, 110, &closes)), Some(Stand::Over));
    assert_eq!(stand(now(20, 90, &closes)), Some(Stand::Under));
    assert_eq!(stand(now(20, 100, &closes)), None);
    assert_eq!(stand(now(3, 110, &closes)), None, "too few days");
    closes.push((day(20), 1.0));
    assert_eq!(stand(now(20, 110, &closes)), Some(Stand::Over));

    let Outcome::Stays(under) = now(20, 90, &closes) else {
        panic!("the first price never fires");
    };
    let over = Reading {
        at: day(20).and_hms_opt(1, 0, 0).unwrap(),
        price: 110.into(),
        change: None,
        closes: &closes,
    };
    assert!(matches!(step(&sma, Some(&under), &over), Outcome::Fires(_)));
    let ema = Condition {
        kind: AlertKind::CrossesEma,
        ..sma
    };
    assert!(matches!(step(&ema, Some(&under), &over), Outcome::Fires(_)));

    // After falling for days RSI is 0; one rise brings it up.
    let falling: Vec<_> = (0..40_u32)
        .map(|n| (day(n.into()), f64::from(100 - n)))
        .collect();
    let rsi = Condition {
        kind: AlertKind::RsiAbove,
        value: Some(30.into()),
        period: Some(14),
    };
    let at = |hour: u32, price: i64| Reading {
        at: day(40).and_hms_opt(hour, 0, 0).unwrap(),
        price: price.into(),
        change: None,
        closes: &falling,
    };
    let Outcome::Stays(weak) = step(&rsi, None, &at(1, 59)) else {
        panic!("the first price never fires");
    };
    assert_eq!(weak.stand, Some(Stand::Under));
    assert!(matches!(
        step(&rsi, Some(&weak), &at(2, 90)),
        Outcome::Fires(_)
    ));
    let macd = Condition {
        kind: AlertKind::CrossesMacd,
        value: None,
        period: None,
    };
    let Outcome::Stays(before) = step(&macd, None, &at(1, 40)) else {
        panic!("the first price never fires");
    };
    assert_eq!(before.stand, Some(Stand::Under));
    assert!(matches!(
        step(&macd, Some(&before), &at(2, 120)),
        Outcome::Fires(_)
    ));
}

#[test]
fn one_line_says_what_is_waited_for() {
    let known = [
        (
            "AAPL > 200",
            "AAPL",
            AlertKind::PriceAbove,
            Some("200"),
            None,
        ),
        (
            "aapl>200.5",
            "AAPL",
            AlertKind::PriceAbove,
            Some("200.5"),
            None,
        ),
        (
            "AAPL < 150,25",
            "AAPL",
            AlertKind::PriceBelow,
            Some("150.25"),
            None,
        ),
        ("$AAPL +5%", "AAPL", AlertKind::Rises, Some("5"), None),
        ("AAPL -3 %", "AAPL", AlertKind::Falls, Some("3"), None),
        (
            "AAPL \u{2212}3,5%",
            "AAPL",
            AlertKind::Falls,
            Some("3.5"),
            None,
        ),
        ("brk-b.us 4%", "BRK-B.US", AlertKind::Moves, Some("4"), None),
        (
            "AAPL rsi < 30",
            "AAPL",
            AlertKind::RsiBelow,
            Some("30"),
            Some(14),
        ),
        (
            "AAPL RSI(21) > 70",
            "AAPL",
            AlertKind::RsiAbove,
            Some("70"),
            Some(21),
        ),
        (
            "AAPL cross sma 200",
            "AAPL",
            AlertKind::CrossesSma,
            None,
            Some(200),
        ),
        (
            "AAPL crosses EMA 50",
            "AAPL",
            AlertKind::CrossesEma,
            None,
            Some(50),
        ),
        (
            "AAPL cross macd",
            "AAPL",
            AlertKind::CrossesMacd,
            None,
            None,
        ),
    ];
    for (text, symbol, kind, value, period) in known {
        let (found, condition) = parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        let value = value.map(|value| value.parse().unwrap());
        assert_eq!(found.as_str(), symbol, "{text}");
        assert_eq!(
            condition,
            Condition {
                kind,
                value,
                period
            },
            "{text}"
        );
    }
    for (text, code) in [
        ("", "bad-alert-text"),
        ("AAPL", "bad-alert-text"),
        ("> 200", "bad-alert-text"),
        ("AAPL = 200", "bad-alert-text"),
        ("AAPL > much", "bad-alert-text"),
        ("AAPL > 1,234", "bad-alert-text"),
        ("AAPL 200", "bad-alert-text"),
        ("AAPL rsi 30", "bad-alert-text"),
        ("AAPL cross wma 20", "bad-alert-text"),
        ("AAPL > -5", "bad-alert-value"),
        ("AAPL +0%", "bad-alert-value"),
        ("AAPL rsi > 100", "bad-alert-value"),
        ("AAPL cross sma 501", "bad-alert-period"),
        ("AAPL cross ema 1", "bad-alert-period"),
        ("AAAAAAAAAAAAAAAAAAAAA > 1", "bad-symbol"),
    ] {
        assert_eq!(parse(text).unwrap_err().code, code, "{text}");
    }
}

#[test]
fn a_draft_is_read_and_what_cannot_be_is_named() {
    let now = "2026-11-22T12:00:00Z".parse().unwrap();
    let good = AlertInput {
        symbol: "AAPL".into(),
        kind: "price_above".into(),
        value: "1.234,5".into(),
        expires: "2026-11-22".into(),
        note: " mine ".into(),
        ..AlertInput::default()
    };
    let checked = check(&good, now).unwrap();
    assert_eq!(checked.condition.value, Some("1234.5".parse().unwrap()));
    assert_eq!(checked.note, "mine");
    assert_eq!(
        checked.expires_at,
        Some("2026-11-23T00:00:00Z".parse().unwrap())
    );
    let of = |change: fn(&mut AlertInput)| {
        let mut input = good.clone();
        change(&mut input);
        let error = check(&input, now).unwrap_err();
        (error.code.to_string(), error.details["field"].clone())
    };
    for (change, code, field) in [
        (
            (|d| d.kind = "price".into()) as fn(&mut AlertInput),
            "bad-alert-kind",
            "kind",
        ),
        (|d| d.value = "much".into(), "bad-alert-value", "value"),
        (|d| d.value = String::new(), "bad-alert-value", "value"),
        (|d| d.value = "0".into(), "bad-alert-value", "value"),
        (
            |d| d.value = "0.000000001".into(),
            "bad-alert-value",
            "value",
        ),
        (|d| d.period = "x".into(), "bad-alert-period", "period"),
        (|d| d.channel = "general".into(), "not-found", "channel"),
        (|d| d.note = "x".repeat(201), "note-too-long", "note"),
        (|d| d.expires = "tomorrow".into(), "bad-date", "expires"),
        (
            |d| d.expires = "2026-11-21".into(),
            "expiry-past",
            "expires",
        ),
    ] {
        assert_eq!(of(change), (code.to_owned(), field.to_owned()));
    }
    let rsi = AlertInput {
        kind: "rsi_below".into(),
        value: "30".into(),
        ..AlertInput::default()
    };
    assert_eq!(check(&rsi, now).unwrap().condition.period, Some(14));
}

#[test]
fn here_at_the_end_is_the_channel() {
    for (text, here) in [
        ("AAPL > 200", false),
        ("AAPL > 200 here", true),
        (" $aapl cross macd HERE ", true),
        ("aapl -3%\tAquí", true),
        ("here > 5", false),
        ("here > 5 here", true),
    ] {
        let (_, condition, posted) = parse_in_channel(text).unwrap();
        assert_eq!(posted, here, "{text}");
        assert!(
            is_there(&condition, "200.5".parse().unwrap()) || condition.value != Some(200.into())
        );
    }
    for text in ["", "here", "AAPL here", "AAPL > 200 there"] {
        assert!(parse_in_channel(text).is_err(), "{text}");
    }
}

#[test]
fn a_price_that_is_there_has_to_come_back() {
    let there = |text: &str, price: &str| is_there(&parse(text).unwrap().1, price.parse().unwrap());
    assert!(there("A > 200", "200.01") && !there("A > 200", "200"));
    assert!(there("A < 200", "199.99") && !there("A < 200", "200"));
    assert!(!there("A rsi > 70", "200") && !there("A 3%", "200"));
}
