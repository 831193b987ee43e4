//! Cards contain what was chosen, and nothing else.

use super::{day, exact};
use crate::markets::{Quote, Source, Split};
use crate::portfolio::rules::{
    ledger::Method,
    sharing::{portfolio, trade},
};
use crate::portfolio::{
    Holding, Kind, Performance, Portfolio, PortfolioPage, PortfolioShare, Showing, Transaction,
};
use crate::shared::{PortfolioId, TransactionId, time};
use proptest::prelude::*;
use rust_decimal::Decimal;
use serde_json::json;

const ALL: Showing = Showing {
    name: true,
    quantities: true,
    amounts: true,
};

/// A holding with cost and value in cents.
fn holding(symbol: &str, quantity: i64, cost: i64, value: i64) -> Holding {
    let cents = |count| Decimal::new(count, 2);
    Holding {
        symbol: symbol.into(),
        name: "A name of its owner's".into(),
        sector: Some("A sector".into()),
        quantity: quantity.into(),
        cost: cents(cost),
        average_price: None,
        price: cents(value).checked_div(quantity.into()),
        price_date: Some(day("2013-03-01")),
        source: Some(Source::Sample),
        value: cents(value),
        unrealized: cents(value - cost),
        realized: cents(cost),
        dividends: cents(value),
        day_change: Some(cents(value)),
        since: Some(day("2001-01-01")),
    }
}

fn page(mut holdings: Vec<Holding>, cash: Option<i64>) -> PortfolioPage {
    holdings.sort_by_key(|one| std::cmp::Reverse(one.value));
    let cash = cash.map(|cents| Decimal::new(cents, 2));
    let value: Decimal = holdings.iter().map(|one| one.value).sum();
    PortfolioPage {
        portfolio: Portfolio {
            id: PortfolioId::new(),
            name: "Rainy days".into(),
            method: Method::Fifo,
            transactions: 7,
            managed_by: None,
            created_at: time::now(),
        },
        holdings,
        cash,
        value: value + cash.unwrap_or_default(),
    }
}

fn performance() -> Performance {
    Performance {
        from: Some(day("2012-02-29")),
        to: Some(day("2013-03-01")),
        value: 123_456.0,
        put_in: 100_000.0,
        simple: Some(0.234_567),
        time_weighted: Some(-0.1),
        ..Performance::default()
    }
}

fn whole(of: &PortfolioShare) -> Decimal {
    let lines: Decimal = of.lines.iter().map(|line| line.percent).sum();
    lines + of.others.map_or(Decimal::ZERO, |(_, percent)| percent) + of.cash.unwrap_or_default()
}

#[test]
fn a_card_holds_what_it_shows_and_nothing_else() {
    let held = vec![
        holding("AAPL", 100, 4_000_000, 4_304_700),
        holding("IBM", 30, 590_940, 608_730),
    ];
    let page = page(held, Some(86_570));
    let card = portfolio(&page, &performance(), Showing::default()).unwrap();
    let text = "Portfolio: AAPL 86.1%, IBM 12.2%, cash 1.7%. Return +23.46% simple, -10.00% \
                time-weighted from 2012-02-29 to 2013-03-01. Best AAPL +7.62%. Worst IBM +3.01%. \
                Prices of 2013-03-01 (sample).";
    assert_eq!(
        serde_json::to_value(&card).unwrap(),
        json!({
            "text": text,
            "lines": [
                {"symbol": "AAPL", "percent": "86.1"},
                {"symbol": "IBM", "percent": "12.2"},
            ],
            "cash": "1.7", "from": "2012-02-29", "to": "2013-03-01", "simple": "23.46",
            "time_weighted": "-10", "best": ["AAPL", "7.62"], "worst": ["IBM", "3.01"],
            "as_of": "2013-03-01", "source": "sample",
        })
    );
    let more = portfolio(&page, &performance(), ALL).unwrap();
    assert_eq!(more.name.as_deref(), Some("Rainy days"));
    assert_eq!(more.lines[0].quantity, Some(100.into()));
    assert_eq!(more.lines[1].value, Some(exact("6087.30")));
    assert_eq!(
        (more.value, more.gain),
        (Some(exact("50000.00")), Some(exact("3224.90")))
    );
    for said in [
        "Portfolio Rainy days: AAPL 86.1% (100 units, worth 43047.00)",
        "Worth 50000.00, +3224.90 of it gained.",
    ] {
        assert!(more.text.contains(said), "{}", more.text);
    }
}

#[test]
fn small_positions_are_one_line_and_nothing_is_no_card() {
    let held = (1..=11)
        .map(|n| holding(&format!("S{n}"), 1, 100, n * 100))
        .collect();
    let card = portfolio(&page(held, None), &performance(), Showing::default()).unwrap();
    assert_eq!(card.lines.len(), PortfolioShare::LINES);
    assert_eq!(card.lines[0].symbol, "S11");
    assert_eq!(card.others.unwrap().0, 3);
    assert_eq!(whole(&card), exact("100"));
    assert!(card.cash.is_none());
    for empty in [
        page(Vec::new(), None),
        page(Vec::new(), Some(0)),
        // Negative cash is not a holding.
        page(Vec::new(), Some(-500)),
        page(vec![holding("SOLD", 0, 0, 0)], None),
        page(vec![holding("LOST", 5, 100, 0)], None),
    ] {
        assert!(portfolio(&empty, &performance(), ALL).is_none());
    }
    let cash = portfolio(&page(Vec::new(), Some(500)), &performance(), ALL).unwrap();
    assert_eq!(cash.cash, Some(exact("100.0")));
    // A single holding is not the worst one; a holding without a price is counted.
    let mut only = holding("ODD", 5, 100, 200);
    (only.source, only.price_date) = (None, None);
    let only = portfolio(&page(vec![only], None), &performance(), ALL).unwrap();
    assert!(only.worst.is_none() && only.best.is_some());
    assert_eq!((only.unpriced, only.as_of), (Some(1), None));
}

fn bought(quantity: Decimal, fee: Decimal) -> Transaction {
    Transaction {
        id: TransactionId::new(),
        kind: Kind::Buy,
        symbol: Some("AAPL".into()),
        date: day("2004-03-01"),
        quantity: Some(quantity),
        price: Some(exact("24.02")),
        fee: Some(fee),
        amount: None,
        ratio: None,
        note: "for a rainy day".into(),
        created_at: time::now(),
        removed: false,
    }
}

fn quote(date: &str) -> Quote {
    Quote {
        symbol: "AAPL".into(),
        price: exact("430.47"),
        open: None,
        high: None,
        low: None,
        previous_close: None,
        volume: None,
        date: day(date),
        time: None,
        source: Source::Sample,
    }
}

#[test]
fn a_trade_is_told_beside_the_price_of_now() {
    let split = Split {
        date: day("2005-02-28"),
        from: 1,
        to: 2,
    };
    let of = bought(20.into(), 5.into());
    let now = quote("2013-03-01");
    let card = trade(&of, &[split], Some(&now), Showing::default()).unwrap();
    assert_eq!(
        serde_json::to_value(&card).unwrap(),
        json!({
            "text": "Bought AAPL at 24.02 on 2004-03-01. +3484.26% since, now 430.47 on \
                     2013-03-01 (sample).",
            "bought": true, "symbol": "AAPL", "date": "2004-03-01", "price": "24.02",
            "adjusted": "12.01", "change": "3484.26", "now": "430.47", "as_of": "2013-03-01",
            "source": "sample",
        })
    );
    let more = trade(&of, &[], Some(&now), ALL).unwrap();
    assert_eq!(
        (more.quantity, more.amount, more.adjusted),
        (Some(20.into()), Some(exact("480.40")), None)
    );
    assert!(
        more.text
            .starts_with("Bought 20 AAPL at 24.02 on 2004-03-01 for 480.40")
    );
    // Split 2:3 and back: a third has no finite decimal, but the original price is exact.
    let ratio = |from, to| Split { from, to, ..split };
    let card = |splits: &[Split]| trade(&of, splits, Some(&now), ALL).unwrap();
    assert_eq!(card(&[ratio(2, 3)]).adjusted, Some(exact("16.013333")));
    assert_eq!(card(&[ratio(2, 3), ratio(3, 2)]).adjusted, None);
    // A quote older than the trade does not show its change.
    let old = trade(&of, &[], Some(&quote("2004-02-27")), ALL).unwrap();
    assert!(old.change.is_none() && old.now.is_none());
    let fee = Transaction {
        kind: Kind::Fee,
        ..of
    };
    assert!(trade(&fee, &[], None, ALL).is_none());
}

prop_compose! {
    fn some_holdings()(
        figures in prop::collection::vec((1_i64..1_000_000, 1_i64..10_000_000, 0_i64..10_000_000), 1..20),
        cash in prop::option::of(-5_000_000_i64..5_000_000),
    ) -> (Vec<(i64, i64, i64)>, Option<i64>) {
        (figures, cash)
    }
}

fn held(figures: &[(i64, i64, i64)], times: i64) -> Vec<Holding> {
    let one = |(at, (quantity, cost, value)): (usize, &(i64, i64, i64))| {
        holding(
            &format!("S{at}"),
            quantity * times,
            cost * times,
            value * times,
        )
    };
    figures.iter().enumerate().map(one).collect()
}

proptest! {
    #[test]
    fn parts_are_a_whole((figures, cash) in some_holdings()) {
        let page = page(held(&figures, 1), cash);
        if let Some(card) = portfolio(&page, &performance(), Showing::default()) {
            prop_assert_eq!(whole(&card), exact("100"));
            let percents = card.lines.iter().map(|line| line.percent);
            for percent in percents.chain(card.cash) {
                prop_assert!(percent >= Decimal::ZERO && percent.scale() <= 1);
            }
        } else {
            prop_assert!(figures.iter().all(|(_, _, value)| *value == 0));
        }
    }

    /// A member with a thousand times as much shares the same card: it contains no amounts.
    #[test]
    fn per_cents_tell_no_amounts((figures, cash) in some_holdings(), times in 2_i64..1_000) {
        let card = |times| {
            let page = page(held(&figures, times), cash.map(|cash| cash * times));
            let mut performance = performance();
            performance.value *= times as f64;
            portfolio(&page, &performance, Showing::default())
        };
        prop_assert_eq!(card(1), card(times));
    }

    #[test]
    fn a_trade_tells_no_amounts(quantity in 1_u32..1_000_000, fee in 0_u32..1_000) {
        let now = quote("2013-03-01");
        let card = |of: &Transaction| trade(of, &[], Some(&now), Showing::default());
        let plain = card(&bought(Decimal::ONE, Decimal::ZERO));
        prop_assert!(plain.is_some());
        prop_assert_eq!(card(&bought(quantity.into(), fee.into())), plain);
    }
}
