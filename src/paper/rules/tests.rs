use super::*;
use crate::markets::{Quote, Source};
use crate::paper::{OrderInput, Reason, Side};
use crate::portfolio::rules::ledger::{Entry as Booked, What, position};
use crate::shared::{Timestamp, TransactionId};
use chrono::{NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};
use proptest::prelude::*;
use rust_decimal::Decimal;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn exact(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn quote(source: Source, date: &str, time: Option<&str>, price: Decimal) -> Quote {
    Quote {
        symbol: "AAPL".into(),
        price,
        open: None,
        high: None,
        low: None,
        previous_close: None,
        volume: None,
        date: day(date),
        time: time.map(|time| time.parse().unwrap()),
        source,
    }
}

#[test]
fn seasons_are_the_quarters_of_the_calendar() {
    for (of, name, begins, ends) in [
        ("2026-01-01", "2026 Q1", "2026-01-01", "2026-04-01"),
        ("2026-03-31", "2026 Q1", "2026-01-01", "2026-04-01"),
        ("2026-11-22", "2026 Q4", "2026-10-01", "2027-01-01"),
        ("2024-02-29", "2024 Q1", "2024-01-01", "2024-04-01"),
    ] {
        let quarter = quarter(day(of));
        assert_eq!(quarter.name, name);
        assert_eq!((quarter.begins, quarter.ends), (day(begins), day(ends)));
    }
    assert_eq!(CASH.to_string(), "100000");
}

#[test]
fn only_a_price_that_is_certain_to_be_newer_fills() {
    let placed: Timestamp = "2026-11-23T15:00:00Z".parse().unwrap();
    let seen: NaiveDateTime = "2026-11-20T22:00:00".parse().unwrap();
    let next = |source, date, time| is_next(placed, seen, &quote(source, date, time, 1.into()));
    // Delayed prices are in Warsaw time, one or two hours ahead of UTC.
    let stooq = |date, time| next(Source::Stooq, date, Some(time));
    assert!(!stooq("2026-11-20", "22:00:00"), "what was seen");
    assert!(!stooq("2026-11-23", "16:00:00"), "before the order");
    assert!(!stooq("2026-11-23", "16:59:59"), "perhaps before it");
    assert!(stooq("2026-11-23", "17:00:01"));
    // Days without times: the price of the order's own day may have been known.
    for source in [Source::AlphaVantage, Source::Massive, Source::Folder] {
        assert!(!next(source, "2026-11-20", None));
        assert!(!next(source, "2026-11-23", None));
        assert!(next(source, "2026-11-24", None));
    }
    assert!(!next(Source::Stooq, "2026-11-23", None));
    // A replay has its own time, and any later quote counts.
    let seen: NaiveDateTime = "2012-06-04T09:35:00".parse().unwrap();
    let replay = |time| {
        is_next(
            placed,
            seen,
            &quote(Source::Replay, "2012-06-04", time, 1.into()),
        )
    };
    assert!(!replay(Some("09:35:00")) && !replay(Some("09:30:00")));
    assert!(replay(Some("09:40:00")));
    let sample = quote(Source::Sample, "2013-03-01", None, 1.into());
    assert!(!is_next(placed, seen, &sample), "it does not move");
}

#[test]
fn limits_are_the_worst_price() {
    let (low, limit, high) = (exact("9.99"), exact("10"), exact("10.01"));
    assert!(takes(Side::Buy, Some(limit), low) && takes(Side::Buy, Some(limit), limit));
    assert!(!takes(Side::Buy, Some(limit), high));
    assert!(takes(Side::Sell, Some(limit), high) && takes(Side::Sell, Some(limit), limit));
    assert!(!takes(Side::Sell, Some(limit), low));
    assert!(takes(Side::Sell, None, low) && takes(Side::Buy, None, high));
}

#[test]
fn what_does_not_fit_is_refused() {
    let buy = |quantity: &str, price: &str, cash: &str| {
        fits(
            Side::Buy,
            exact(quantity),
            exact(price),
            exact(cash),
            Decimal::ZERO,
        )
    };
    assert_eq!(buy("10", "10", "100"), Ok(()));
    assert_eq!(buy("10", "10.0000000001", "100"), Err(Reason::Cash));
    let most = Decimal::MAX;
    assert_eq!(fits(Side::Buy, most, most, most, most), Err(Reason::Cash));
    let sell = |quantity: &str, held: &str| {
        fits(
            Side::Sell,
            exact(quantity),
            1.into(),
            Decimal::ZERO,
            exact(held),
        )
    };
    assert_eq!(sell("0.5", "0.5"), Ok(()));
    assert_eq!(sell("0.5000000001", "0.5"), Err(Reason::Units));
}

#[test]
fn a_trade_has_the_day_of_its_price() {
    for (source, date, first, on) in [
        (Source::Folder, "2026-11-24", "2026-11-22", "2026-11-24"),
        // Never before the last one.
        (Source::Folder, "2026-11-24", "2026-11-25", "2026-11-25"),
        (Source::Replay, "2012-06-04", "2012-06-01", "2012-06-04"),
    ] {
        let quote = quote(source, date, None, 1.into());
        assert_eq!(trade_day(&quote, day(first)), day(on));
    }
}

#[test]
fn places_are_shared_and_nobody_wins_by_doing_nothing() {
    let entry = |member: &'static str, value: &str, trades| Entry {
        member,
        value: exact(value),
        trades,
    };
    let ranked = ranked(
        CASH,
        vec![
            entry("idle", "100000", 0),
            entry("down", "90000", 3),
            // Equal in the 0.01% that are shown.
            entry("first", "110000.01", 1),
            entry("second", "110000", 7),
            entry("even", "100000", 1),
        ],
    );
    let places: Vec<_> = ranked
        .iter()
        .map(|(rank, one)| (one.member, *rank))
        .collect();
    assert_eq!(
        places,
        [
            ("first", Some(1)),
            ("second", Some(1)),
            ("even", Some(3)),
            ("down", Some(4)),
            ("idle", None),
        ]
    );
    assert_eq!(made(CASH, exact("110000")), exact("0.1"));
    assert_eq!(made(Decimal::ZERO, 1.into()), Decimal::ZERO);
    let prices = [(exact("10"), exact("11")), (exact("20"), exact("18"))];
    assert!(held(&prices).unwrap().abs() < 1e-12);
    assert_eq!(held(&[]), None);
}

fn input() -> OrderInput {
    OrderInput {
        symbol: "aapl".into(),
        side: "Buy".into(),
        kind: "limit".into(),
        quantity: "1.5".into(),
        limit: "430,5".into(),
    }
}

#[test]
fn drafts_are_read_or_name_their_field() {
    let checked = check(&input()).unwrap();
    assert_eq!(
        (checked.side, checked.quantity, checked.limit),
        (Side::Buy, exact("1.5"), Some(exact("430.5")))
    );
    let market = OrderInput {
        kind: "market".into(),
        limit: "nonsense".into(),
        ..input()
    };
    assert_eq!(check(&market).unwrap().limit, None);
    type Change = fn(&mut OrderInput);
    let bad: [(Change, &str, &str); 9] = [
        (|d| d.symbol.clear(), "symbol-missing", "symbol"),
        (|d| d.side = "short".into(), "bad-side", "side"),
        (|d| d.kind = "stop".into(), "bad-order-kind", "kind"),
        (|d| d.quantity.clear(), "bad-number", "quantity"),
        (|d| d.quantity = "-1".into(), "bad-number", "quantity"),
        (|d| d.quantity = "0".into(), "bad-number", "quantity"),
        (
            |d| d.quantity = "0.00000000001".into(),
            "bad-number",
            "quantity",
        ),
        (|d| d.limit.clear(), "bad-number", "limit"),
        (|d| d.limit = "0".into(), "bad-number", "limit"),
    ];
    for (change, code, field) in bad {
        let mut input = input();
        change(&mut input);
        let error = check(&input).unwrap_err();
        assert_eq!(
            (error.code.as_ref(), error.details["field"].as_str()),
            (code, field)
        );
    }
}

/// A step of a test account.
#[derive(Clone, Debug)]
enum Act {
    Place(Side, Decimal, Option<Decimal>),
    /// A price, and minutes since the previous one; 0: at the same time.
    Price(Decimal, i64),
    Cancel(usize),
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let units = (1_i64..4_000_000).prop_map(|units| Decimal::new(units, 3));
    let cents = || (1_i64..90_000).prop_map(|cents| Decimal::new(cents, 2));
    let side = prop_oneof![Just(Side::Buy), Just(Side::Sell)];
    let place = (side, units, prop::option::of(cents()));
    let act = prop_oneof![
        2 => place.prop_map(|(side, units, limit)| Act::Place(side, units, limit)),
        3 => (cents(), 0_i64..3).prop_map(|(price, later)| Act::Price(price, later)),
        1 => (0_usize..20).prop_map(Act::Cancel),
    ];
    prop::collection::vec(act, 1..60)
}

struct Resting {
    side: Side,
    units: Decimal,
    limit: Option<Decimal>,
    seen: NaiveDateTime,
    open: bool,
    fills: u32,
}

proptest! {
    /// For any orders and prices: a fill turns money into shares and back without loss, neither is
    /// ever negative, and no order fills twice or at a price that existed when it was placed.
    #[test]
    fn nothing_is_made_or_lost_but_by_prices(acts in acts()) {
        let start = day("2012-06-04").and_time(NaiveTime::MIN);
        let placed: Timestamp = "2026-11-23T15:00:00Z".parse().unwrap();
        let (mut at, mut last) = (start, exact("100"));
        let mut orders: Vec<Resting> = Vec::new();
        let mut book = vec![Booked {
            id: TransactionId::new(), date: day("2026-11-23"), what: What::Deposit(CASH),
        }];
        for act in acts {
            match act {
                Act::Place(side, units, limit) => orders.push(Resting {
                    side, units, limit, seen: at, open: true, fills: 0,
                }),
                Act::Cancel(which) => if let Some(order) = orders.get_mut(which) {
                    order.open = false;
                },
                Act::Price(price, later) => {
                    at += TimeDelta::minutes(later);
                    last = price;
                    let mut quote = quote(Source::Replay, "2012-06-04", None, price);
                    (quote.date, quote.time) = (at.date(), Some(at.time()));
                    for order in orders.iter_mut().filter(|order| order.open) {
                        if !is_next(placed, order.seen, &quote) || !takes(order.side, order.limit, price) {
                            continue;
                        }
                        prop_assert!(at > order.seen);
                        order.open = false;
                        let cash: Decimal = book.iter().map(|entry| entry.what.cash()).sum();
                        let units = position(&book, &[]).unwrap().sums.quantity;
                        if fits(order.side, order.units, price, cash, units).is_err() {
                            continue;
                        }
                        order.fills += 1;
                        let (quantity, fee) = (order.units, Decimal::ZERO);
                        let what = match order.side {
                            Side::Buy => What::Buy { quantity, price, fee },
                            Side::Sell => What::Sell { quantity, price, fee },
                        };
                        book.push(Booked { id: TransactionId::new(), date: day("2026-11-23"), what });
                        let worth = cash + units * price;
                        let cash: Decimal = book.iter().map(|entry| entry.what.cash()).sum();
                        let units = position(&book, &[]).unwrap().sums.quantity;
                        prop_assert_eq!(cash + units * price, worth);
                        prop_assert!(cash >= Decimal::ZERO && units >= Decimal::ZERO);
                    }
                }
            }
        }
        prop_assert!(orders.iter().all(|order| order.fills <= 1));
        prop_assert!(last > Decimal::ZERO);
    }

    #[test]
    fn whatever_is_written_is_read_or_refused(
        symbol in ".{0,8}", side in "buy|sell|.{0,5}", kind in "market|limit|.{0,5}",
        quantity in ".{0,8}|[0-9]{1,14}", limit in ".{0,8}|[0-9]{1,4}",
    ) {
        let input = OrderInput { symbol, side, kind, quantity, limit };
        match check(&input) {
            Ok(checked) => prop_assert!(checked.quantity > Decimal::ZERO),
            Err(error) => prop_assert!(error.details.contains_key("field")),
        }
    }
}
