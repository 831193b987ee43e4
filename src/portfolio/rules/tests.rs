//! Golden cases by hand, and what always holds.

use super::ledger::{
    ByMethod, Entry, Impossible, Method, Position, Sums, What, in_order, position, splits,
};
use super::moves::moves;
use super::performance::{
    Course, Line, course, in_its_place, index, money_weighted, returns, yearly,
};
use super::{Flow, risk, xirr};
use crate::markets::Split;
use crate::shared::TransactionId;
use chrono::{Days, NaiveDate};
use proptest::prelude::*;
use rust_decimal::Decimal;
use uuid::Uuid;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn exact(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn id(number: u128) -> TransactionId {
    TransactionId(Uuid::from_u128(number))
}

fn buy(quantity: &str, price: &str) -> What {
    What::Buy {
        quantity: exact(quantity),
        price: exact(price),
        fee: Decimal::ZERO,
    }
}

fn sell(quantity: &str, price: &str) -> What {
    What::Sell {
        quantity: exact(quantity),
        price: exact(price),
        fee: Decimal::ZERO,
    }
}

fn entries(list: &[(&str, What)]) -> Vec<Entry> {
    let entry = |(number, (date, what)): (usize, &(&str, What))| Entry {
        id: id(number as u128 + 1),
        date: day(date),
        what: what.clone(),
    };
    list.iter().enumerate().map(entry).collect()
}

fn split(date: &str, from: u32, to: u32) -> Split {
    Split {
        date: day(date),
        from,
        to,
    }
}

fn near(one: f64, other: f64) -> bool {
    (one - other).abs() < 1e-9
}

/// Two purchases, one sale: the case that tells the methods apart.
#[test]
fn first_in_first_out_against_average() {
    let list = entries(&[
        ("2024-01-02", buy("100", "10")),
        ("2024-02-01", buy("100", "20")),
        ("2024-03-01", sell("100", "25")),
    ]);
    let Position { sums, lots, sales } = position(&list, &[]).unwrap();
    assert_eq!(sums.realised.average, exact("1000"));
    assert_eq!(sums.realised.fifo, exact("1500"));
    assert_eq!(sums.cost.average / sums.quantity, exact("15"));
    assert_eq!(sums.cost.fifo / sums.quantity, exact("20"));
    assert_eq!((lots.len(), lots[0].purchase), (1, id(2)));
    assert_eq!(sales[0].lots[0].purchase, id(1));
    assert_eq!(sales[0].gain(Method::Fifo), exact("1500"));
}

#[test]
fn fees_are_part_of_the_cost_and_taken_from_what_is_brought() {
    let list = entries(&[
        (
            "2024-01-02",
            What::Buy {
                quantity: exact("3"),
                price: exact("10"),
                fee: exact("1"),
            },
        ),
        (
            "2024-01-03",
            What::Sell {
                quantity: exact("1"),
                price: exact("20"),
                fee: exact("2"),
            },
        ),
        ("2024-01-04", What::Dividend(exact("0.5"))),
        ("2024-01-05", What::Fee(exact("0.25"))),
    ]);
    let sums = position(&list, &[]).unwrap().sums;
    assert_eq!(sums.invested, exact("31"));
    assert_eq!(sums.proceeds, exact("18"));
    assert_eq!((sums.dividends, sums.fees), (exact("0.5"), exact("0.25")));
    // What a third of 31 is cannot be written down, but nothing is lost of it.
    assert_eq!(
        sums.proceeds - sums.realised.fifo + sums.cost.fifo,
        sums.invested
    );
}

/// Apple's two splits of the sample: 100 shares become 200, then 400.
#[test]
fn splits_in_the_middle_of_a_holding() {
    let table = [split("2000-06-21", 1, 2), split("2005-02-28", 1, 2)];
    let list = entries(&[
        ("2000-03-01", buy("100", "130.31")),
        ("2003-01-02", sell("50", "14.80")),
        // Bought on the day of the split: already in new shares.
        ("2005-02-28", buy("10", "44.86")),
    ]);
    let Position { sums, lots, .. } = position(&list, &table).unwrap();
    assert_eq!(sums.quantity, exact("310"));
    assert_eq!(lots[0].quantity, exact("300"));
    assert_eq!(lots[0].cost, exact("9773.25"));
    assert_eq!(sums.cost.fifo, exact("10221.85"));
    assert_eq!(sums.realised.fifo, exact("740") - exact("3257.75"));
    assert_eq!(sums.since, Some(day("2000-03-01")));
}

#[test]
fn a_split_that_the_table_knows_counts_once() {
    let table = [split("2005-02-28", 1, 2)];
    let own = |date: &str, from, to| {
        entries(&[
            ("2001-01-02", buy("1", "1")),
            (date, What::Split { from, to }),
        ])
    };
    assert_eq!(splits(&own("2005-03-02", 2, 4), &table).len(), 1);
    assert_eq!(splits(&own("2005-03-02", 1, 3), &table).len(), 2);
    assert_eq!(splits(&own("2006-03-02", 1, 2), &table).len(), 2);
    let held = |list: &[Entry]| position(list, &table).unwrap().sums.quantity;
    assert_eq!(held(&own("2005-03-02", 1, 2)), exact("2"));
    assert_eq!(held(&own("2006-03-02", 1, 2)), exact("4"));
    // Three for two, and back.
    let list = entries(&[
        ("2001-01-02", buy("100", "3")),
        ("2002-01-02", What::Split { from: 2, to: 3 }),
        ("2003-01-02", What::Split { from: 3, to: 2 }),
    ]);
    assert_eq!(position(&list, &[]).unwrap().sums.quantity, exact("100"));
    assert!(splits(&[], &[split("2005-02-28", 0, 2)]).is_empty());
}

#[test]
fn nobody_sells_what_they_do_not_have() {
    let list = entries(&[
        ("2024-01-02", buy("10", "10")),
        ("2024-01-03", sell("4", "11")),
        ("2024-01-04", sell("7", "12")),
    ]);
    let refused = position(&list, &[]).unwrap_err();
    assert_eq!(
        refused,
        Impossible::Oversold {
            id: id(3),
            date: day("2024-01-04"),
            held: exact("6"),
            asked: exact("7"),
        }
    );
    // Not even with a purchase that came a day later; on the day itself it comes first.
    let late = |date| entries(&[("2024-01-03", sell("1", "11")), (date, buy("1", "10"))]);
    assert!(position(&late("2024-01-04"), &[]).is_err());
    assert!(position(&late("2024-01-03"), &[]).is_ok());
    let many = entries(&[
        ("2024-01-02", buy("1000000000000", "0.001")),
        ("2024-01-03", What::Split { from: 1, to: 1_001 }),
    ]);
    let too_many = Impossible::TooMany {
        date: day("2024-01-03"),
    };
    assert_eq!(position(&many, &[]).unwrap_err(), too_many);
}

fn flows(list: &[(&str, f64)]) -> Vec<Flow> {
    let flow = |(date, amount): &(&str, f64)| Flow {
        date: day(date),
        amount: *amount,
    };
    list.iter().map(flow).collect()
}

#[test]
fn xirr_as_in_spreadsheets() {
    let golden = flows(&[
        ("2008-01-01", -10_000.0),
        ("2008-03-01", 2_750.0),
        ("2008-10-30", 4_250.0),
        ("2009-02-15", 3_250.0),
        ("2009-04-01", 2_750.0),
    ]);
    assert!((xirr(&golden).unwrap() - 0.373_362_535).abs() < 1e-8);
    let year = |end| xirr(&flows(&[("2023-01-01", -100.0), ("2024-01-01", end)]));
    for (end, rate) in [(110.0, 0.1), (100.0, 0.0), (50.0, -0.5), (0.1, -0.999)] {
        assert!((year(end).unwrap() - rate).abs() < 1e-9, "{end}");
    }
    // Ten per cent in a day, each day of a year.
    let day = xirr(&flows(&[("2023-01-01", -100.0), ("2023-01-02", 110.0)]));
    assert_eq!(day, None, "more than any account can show");
    let week = xirr(&flows(&[("2023-01-01", -100.0), ("2023-01-08", 110.0)])).unwrap();
    assert!((week - (1.1_f64.powf(365.0 / 7.0) - 1.0)).abs() < 1e-6);
    assert_eq!(year(0.0), None, "all is lost: no rate is low enough");
    assert_eq!(year(-1.0), None, "all money goes one way");
    assert_eq!(
        xirr(&flows(&[("2023-01-01", -1.0), ("2023-01-01", 2.0)])),
        None
    );
    assert_eq!(
        xirr(&flows(&[("2023-01-01", f64::NAN), ("2024-01-01", 2.0)])),
        None
    );
    assert_eq!(xirr(&[]), None);
}

/// Followed by hand: 10 shares at 100; 110 at the end of the second day; 5 more at 110, all at 99
/// at the end of the third.
fn small() -> (Vec<Entry>, Vec<(NaiveDate, f64)>) {
    let list = entries(&[
        ("2024-01-02", buy("10", "100")),
        ("2024-01-04", buy("5", "110")),
    ]);
    let closes = vec![
        (day("2024-01-01"), 90.0),
        (day("2024-01-02"), 100.0),
        (day("2024-01-03"), 110.0),
        (day("2024-01-04"), 99.0),
    ];
    (list, closes)
}

fn of_one(list: &[Entry], closes: &[(NaiveDate, f64)], cash: &[Entry]) -> Course {
    let line = Line {
        moves: &moves(list),
        splits: &[],
        closes,
    };
    course(&[line], &moves(cash))
}

#[test]
fn day_after_day() {
    let (list, closes) = small();
    let course = of_one(&list, &closes, &[]);
    let values: Vec<f64> = course.days.iter().map(|day| day.value).collect();
    assert_eq!(values, [1000.0, 1100.0, 1485.0]);
    assert!(!course.keeps_cash);
    let returns = returns(&course.days);
    let figures: Vec<f64> = returns.iter().map(|(_, one)| *one).collect();
    assert!(near(figures[0], 0.0) && near(figures[1], 0.1) && near(figures[2], -0.1));
    assert!(near(index(&returns)[2].1, 0.99));
    assert!(near(risk::drawdown(&index(&returns)).unwrap().depth, -0.1));
    // -1000 and -550, 1485 two days later: below nothing, and defined.
    assert!(money_weighted(&course).unwrap() < 0.0);
}

#[test]
fn cash_is_part_of_what_a_portfolio_with_deposits_is_worth() {
    let (list, closes) = small();
    let mut cash = entries(&[
        ("2024-01-02", What::Deposit(exact("2000"))),
        ("2024-01-04", What::Withdrawal(exact("100"))),
    ]);
    cash.iter_mut()
        .for_each(|entry| entry.id = id(entry.id.0.as_u128() + 10));
    let course = of_one(&list, &closes, &cash);
    assert!(course.keeps_cash);
    let values: Vec<f64> = course.days.iter().map(|day| day.value).collect();
    assert_eq!(values, [2000.0, 2100.0, 2000.0 - 1550.0 - 100.0 + 1485.0]);
    let returns = returns(&course.days);
    assert!(near(returns[1].1, 0.05));
    assert!(near(returns[2].1, (1835.0 + 100.0) / 2100.0 - 1.0));
    assert_eq!(course.flows.len(), 2);
}

#[test]
fn a_split_does_not_move_the_value() {
    let list = entries(&[("2000-06-19", buy("10", "100"))]);
    // Closes for shares of today.
    let closes = [
        (day("2000-06-19"), 50.0),
        (day("2000-06-20"), 50.5),
        (day("2000-06-21"), 50.5),
    ];
    let moves = moves(&list);
    let line = Line {
        moves: &moves,
        splits: &[split("2000-06-21", 1, 2)],
        closes: &closes,
    };
    let course = course(&[line], &[]);
    let values: Vec<f64> = course.days.iter().map(|day| day.value).collect();
    assert_eq!(values, [1000.0, 1010.0, 1010.0]);
}

#[test]
fn without_prices_the_last_trade_is_the_price() {
    let list = entries(&[
        ("2024-01-02", buy("10", "100")),
        ("2024-03-02", sell("5", "120")),
    ]);
    let course = of_one(&list, &[], &[]);
    let values: Vec<(NaiveDate, f64)> = course.days.iter().map(|d| (d.date, d.value)).collect();
    assert_eq!(
        values,
        [(day("2024-01-02"), 1000.0), (day("2024-03-02"), 600.0)]
    );
    assert_eq!(of_one(&[], &[], &[]), Course::default());
}

#[test]
fn a_saturday_counts_on_monday() {
    let list = entries(&[
        ("2024-01-05", buy("1", "100")),
        ("2024-01-06", buy("1", "100")),
    ]);
    let closes = [(day("2024-01-05"), 100.0), (day("2024-01-08"), 100.0)];
    let course = of_one(&list, &closes, &[]);
    assert_eq!(course.days.len(), 2);
    assert!(near(course.days[1].put_in, 100.0));
    assert!(returns(&course.days).iter().all(|(_, one)| near(*one, 0.0)));
    assert_eq!(course.flows[1].date, day("2024-01-06"));
}

#[test]
fn the_same_money_in_a_benchmark() {
    let (list, closes) = small();
    let course = of_one(&list, &closes, &[]);
    let same = in_its_place(&course.days, &closes);
    // Bought at the closes: 10 shares, then 5.5555 at 99.
    let last = same.last().unwrap().1.unwrap();
    assert!(near(last, 990.0 + 550.0));
    // Its prices begin too late.
    let late = in_its_place(&course.days, &closes[2..]);
    assert!(late.iter().all(|(_, value)| value.is_none()));
    assert_eq!(yearly(0.21, 730).map(|r| near(r, 0.1)), Some(true));
    assert_eq!(yearly(0.21, 364), None);
}

#[test]
fn risk_by_hand() {
    let returns: Vec<f64> = (0..20)
        .map(|n| if n % 2 == 0 { 0.01 } else { -0.005 })
        .collect();
    // Mean 0.0025; each is 0.0075 away from it.
    let deviation = (20.0_f64 * 0.0075_f64.powi(2) / 19.0).sqrt();
    let root = 252.0_f64.sqrt();
    assert!(near(risk::volatility(&returns).unwrap(), deviation * root));
    assert!(near(
        risk::sharpe(&returns, 0.0).unwrap(),
        root * 0.0025 / deviation
    ));
    let below = (10.0_f64 * 0.005_f64.powi(2) / 20.0).sqrt();
    assert!(near(
        risk::sortino(&returns, 0.0).unwrap(),
        root * 0.0025 / below
    ));
    assert!(near(risk::value_at_risk(&returns).unwrap(), -0.005));
    let twice: Vec<f64> = returns.iter().map(|one| one * 2.0).collect();
    assert!(near(risk::beta(&twice, &returns).unwrap(), 2.0));
    assert_eq!(risk::beta(&returns, &[0.0; 20]), None);
    assert_eq!(risk::sharpe(&[0.0; 20], 0.0), None, "nothing moves");
    assert_eq!(risk::volatility(&returns[..19]), None, "too few");
    assert!(near(risk::concentration(&[1.0, 1.0, 2.0]).unwrap(), 0.375));
    assert_eq!(risk::drawdown(&[(day("2024-01-01"), 1.0)]), None);
}

/// What somebody could have done with one instrument; sells of more than is held are left out.
fn some_trades() -> impl Strategy<Value = Vec<Entry>> {
    let one = (
        0_u64..400,
        0_u8..8,
        1_u32..1_000_000,
        1_u32..1_000_000,
        0_u32..500,
    );
    prop::collection::vec(one, 1..40).prop_map(|list| {
        let what = |kind, quantity: u32, price: u32, fee: u32| {
            let (quantity, price) = (
                Decimal::new(quantity.into(), 3),
                Decimal::new(price.into(), 4),
            );
            let fee = Decimal::new(fee.into(), 2);
            match kind {
                0..=3 => What::Buy {
                    quantity,
                    price,
                    fee,
                },
                4 | 5 => What::Sell {
                    quantity,
                    price,
                    fee,
                },
                6 => What::Dividend(price),
                _ => What::Split { from: 2, to: 3 },
            }
        };
        let mut kept = Vec::new();
        for (number, (after, kind, quantity, price, fee)) in list.into_iter().enumerate() {
            kept.push(Entry {
                id: id(number as u128),
                date: day("2020-01-01") + Days::new(after),
                what: what(kind, quantity, price, fee),
            });
            if position(&kept, &[]).is_err() {
                kept.pop();
            }
        }
        kept
    })
}

proptest! {
    #[test]
    fn nothing_is_lost_between_purchases_sales_and_what_is_left(list in some_trades()) {
        let Position { sums, lots, sales } = position(&list, &[]).unwrap();
        for method in [Method::Fifo, Method::Average] {
            let sold: Decimal = sales.iter().map(|sale| sale.cost.by(method)).sum();
            prop_assert!((sold + sums.cost.by(method) - sums.invested).abs() < exact("0.000001"));
            prop_assert!((sums.proceeds - sold - sums.realised.by(method)).abs() < exact("0.000001"));
        }
        let left: Decimal = lots.iter().map(|lot| lot.quantity).sum();
        prop_assert!((left - sums.quantity).abs() < exact("0.000001"));
        let cost: Decimal = lots.iter().map(|lot| lot.cost).sum();
        prop_assert!((cost - sums.cost.fifo).abs() < exact("0.000001"));
        prop_assert!(lots.iter().all(|lot| lot.quantity > Decimal::ZERO));
        let cash: Decimal = list.iter().map(|entry| entry.what.cash()).sum();
        prop_assert_eq!(cash, sums.cash());
        if sums.quantity.is_zero() {
            prop_assert_eq!(sums.cost, ByMethod::default());
        }
    }

    #[test]
    fn the_order_of_writing_down_matters_to_lots_alone(list in some_trades(), seed in any::<u64>()) {
        let whole = position(&list, &[]).unwrap();
        // The same entries in another order are the same position.
        let mut other = list.clone();
        let count = other.len() as u64;
        other.sort_by_key(|entry| (entry.id.0.as_u128() as u64 + 1).wrapping_mul(seed | 1) % (count + 7));
        prop_assert_eq!(&position(&other, &[]).unwrap(), &whole);
        // Written down in another order, the sums stay; which lot a sale takes may not.
        for (number, entry) in other.iter_mut().enumerate() {
            entry.id = id(number as u128);
        }
        let again = position(&other, &[]).unwrap().sums;
        let sums = Sums { cost: whole.sums.cost, realised: whole.sums.realised, ..again.clone() };
        prop_assert_eq!(sums.quantity.round_dp(9), whole.sums.quantity.round_dp(9));
        prop_assert_eq!((sums.invested, sums.proceeds), (whole.sums.invested, whole.sums.proceeds));
        prop_assert!((again.cost.average - whole.sums.cost.average).abs() < exact("0.000001"));
    }

    #[test]
    fn gain_over_money_is_the_return_of_a_single_purchase(
        price in 1_u32..100_000, end in 1_u32..100_000, quantity in 1_u32..10_000, days in 1_u64..2_000,
    ) {
        let (from, until) = (day("2015-01-02"), day("2015-01-02") + Days::new(days));
        let (price, end) = (f64::from(price) / 100.0, f64::from(end) / 100.0);
        let list = [Entry { id: id(1), date: from, what: buy(&quantity.to_string(), &price.to_string()) }];
        let course = of_one(&list, &[(from, price), (until, end)], &[]);
        let gain = end / price - 1.0;
        let grown = index(&returns(&course.days)).last().unwrap().1 - 1.0;
        prop_assert!((grown - gain).abs() < 1e-9 * (1.0 + gain.abs()));
        // A year's rate for as many days as it was held is the same gain.
        if let Some(rate) = money_weighted(&course) {
            let held = (1.0 + rate).powf(days as f64 / 365.0) - 1.0;
            prop_assert!((held - gain).abs() < 1e-6 * (1.0 + gain.abs()));
        } else {
            prop_assert!(days < 365);
        }
    }

    #[test]
    fn a_rate_makes_its_flows_worth_nothing(
        list in prop::collection::vec((0_u64..4_000, -10_000_i32..10_000), 2..20),
    ) {
        let flows: Vec<Flow> = list.iter().map(|(after, amount)| Flow {
            date: day("2000-01-01") + Days::new(*after),
            amount: f64::from(*amount),
        }).collect();
        if let Some(rate) = xirr(&flows) {
            prop_assert!(rate.is_finite() && rate > -1.0);
            let first = flows.iter().map(|flow| flow.date).min().unwrap();
            let terms: Vec<f64> = flows.iter().map(|flow| {
                flow.amount * (1.0 + rate).powf(-((flow.date - first).num_days() as f64) / 365.0)
            }).collect();
            let size: f64 = terms.iter().map(|term| term.abs()).sum();
            prop_assert!(terms.iter().sum::<f64>().abs() <= 1e-6 * size.max(1.0));
        }
    }

    #[test]
    fn entries_have_one_order(mut list in some_trades()) {
        in_order(&mut list);
        prop_assert!(list.windows(2).all(|two| two[0].date <= two[1].date));
    }
}
