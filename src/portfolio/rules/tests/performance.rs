//! Values and returns from day to day.

use super::{buy, day, entries, exact, id, near, sell, split};
use crate::portfolio::rules::ledger::{Entry, What};
use crate::portfolio::rules::moves::moves;
use crate::portfolio::rules::performance::{
    Course, Line, course, in_its_place, index, money_weighted, returns, yearly,
};
use crate::portfolio::rules::risk;
use chrono::{Days, NaiveDate};
use proptest::prelude::*;

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

proptest! {
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
}
