//! Values and returns from day to day.

use super::{buy, day, entries, exact, id, near, sell, some_trades, split};
use crate::portfolio::rules::ledger::{Entry, What, position};
use crate::portfolio::rules::moves::moves;
use crate::portfolio::rules::performance::{
    Course, Line, beside, course, daily, in_its_place, index, money_weighted, returns, yearly,
};
use crate::portfolio::rules::risk;
use chrono::{Days, NaiveDate};
use proptest::prelude::*;
use rust_decimal::{Decimal, prelude::ToPrimitive};

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

/// A course of one instrument with cash beside it.
fn with_cash(trades: &[(&str, What)], cash: &[(&str, What)], closes: &[(&str, f64)]) -> Course {
    let mut cash = entries(cash);
    cash.iter_mut()
        .for_each(|entry| entry.id = id(entry.id.0.as_u128() + 1_000));
    let closes: Vec<_> = closes
        .iter()
        .map(|(date, close)| (day(date), *close))
        .collect();
    of_one(&entries(trades), &closes, &cash)
}

fn grown(course: &Course) -> f64 {
    let all = index(&returns(&course.days));
    all.last().map_or(1.0, |(_, value)| *value)
}

/// Bought without a deposit, which is written down two days later and is too small: there is no
/// debt, so that the return is that of the shares.
#[test]
fn a_deposit_that_is_missing_counts_as_put_in() {
    let prices = [
        ("2024-01-02", 100.0),
        ("2024-01-03", 40.0),
        ("2024-01-04", 60.0),
        ("2024-01-05", 150.0),
    ];
    let deposits = [("2024-01-04", What::Deposit(exact("400")))];
    let course = with_cash(&[("2024-01-02", buy("10", "100"))], &deposits, &prices);
    assert!(course.keeps_cash && near(course.lacking, 1000.0));
    let money: Vec<_> = course
        .days
        .iter()
        .map(|day| (day.put_in, day.taken_out))
        .collect();
    // The deposit gives back 400 of what was lacking: nothing comes that was not counted.
    assert_eq!(money, [(1000.0, 0.0), (0.0, 0.0), (0.0, 0.0), (0.0, 0.0)]);
    assert_eq!(course.days[3].value, 1500.0);
    assert!(near(grown(&course), 1.5));
    let flows: f64 = course.flows.iter().map(|flow| flow.amount).sum();
    assert!(near(flows, -1000.0));
    // What is more than that comes, what goes beyond the cash is lacking again.
    let more = [
        ("2024-01-04", What::Deposit(exact("1300"))),
        ("2024-01-05", What::Withdrawal(exact("500"))),
    ];
    let course = with_cash(&[("2024-01-02", buy("10", "100"))], &more, &prices);
    let money: Vec<_> = course
        .days
        .iter()
        .map(|day| (day.put_in, day.taken_out))
        .collect();
    assert_eq!(
        money,
        [(1000.0, 0.0), (0.0, 0.0), (300.0, 0.0), (0.0, 300.0)]
    );
    assert_eq!(course.days[2].value, 900.0);
    assert_eq!(course.days[3].value, 1500.0);
}

#[test]
fn a_fee_on_nothing_is_no_loss_of_everything() {
    let trades = [
        ("2024-01-02", buy("10", "100")),
        ("2024-01-03", sell("10", "110")),
        ("2024-01-04", What::Fee(exact("5"))),
        ("2024-01-05", buy("10", "100")),
    ];
    let prices = [
        ("2024-01-02", 100.0),
        ("2024-01-03", 110.0),
        ("2024-01-04", 105.0),
        ("2024-01-05", 100.0),
        ("2024-01-08", 120.0),
    ];
    let course = with_cash(&trades, &[], &prices);
    assert!(near(grown(&course), 1.1 * 1.2));
    // It is money put in all the same, and less gain.
    let put_in: f64 = course.days.iter().map(|day| day.put_in).sum();
    assert!(near(put_in, 2005.0));
    // Bought and sold on one day is a return of that day.
    let day_trade = [
        ("2024-01-02", buy("10", "100")),
        ("2024-01-02", sell("10", "101")),
    ];
    assert!(near(grown(&with_cash(&day_trade, &[], &prices[..1])), 1.01));
}

/// Two holdings with a year between them in which nothing was held, and prices went on.
#[test]
fn a_year_of_nothing_has_no_returns() {
    let first = day("2020-01-01");
    let date = |after: u64| first + Days::new(after);
    let closes: Vec<_> = (0..800)
        .map(|after| {
            (
                date(after),
                if after < 10 {
                    100.0
                } else {
                    200.0 + after as f64
                },
            )
        })
        .collect();
    let at = |after: u64, what: What| {
        let mut entry = entries(&[("2020-01-01", what)]).remove(0);
        entry.date = date(after);
        entry.id = id(u128::from(after) + 1);
        entry
    };
    let list = [
        at(0, buy("10", "100")),
        at(5, sell("10", "100")),
        at(400, buy("1", "600")),
    ];
    let course = of_one(&list, &closes, &[]);
    let all = returns(&course.days);
    assert_eq!(all.len(), 6 + 400);
    assert!(
        all.iter()
            .all(|(day, _)| *day <= date(5) || *day >= date(400))
    );
    assert!(near(grown(&course), 999.0 / 600.0));
    assert!(money_weighted(&course).is_some());
}

/// Without prices the days are those of transactions: months between them are no days.
#[test]
fn risk_is_of_days() {
    let dates: Vec<String> = (0..24)
        .map(|month| format!("20{}-{:02}-01", 20 + month / 12, month % 12 + 1))
        .collect();
    let trades: Vec<_> = dates
        .iter()
        .enumerate()
        .map(|(at, date)| {
            (
                date.as_str(),
                buy("1", if at % 2 == 0 { "100" } else { "120" }),
            )
        })
        .collect();
    let course = with_cash(&trades, &[], &[]);
    let all = returns(&course.days);
    assert_eq!(all.len(), 24);
    assert_eq!(daily(&course.days, &all).len(), 1);
    // Weekends and holidays are part of a day's return.
    let (list, _) = small();
    let closes = ["2024-01-02", "2024-01-05", "2024-01-12", "2024-01-20"];
    let closes: Vec<_> = closes.iter().map(|date| (day(date), 100.0)).collect();
    let course = of_one(&list, &closes, &[]);
    let all = returns(&course.days);
    assert_eq!((all.len(), daily(&course.days, &all).len()), (4, 3));
}

/// Sources often know the last years only: what was bought before is worth what was paid until its
/// prices begin. That counts from the purchase, and the leap is no return of a day.
#[test]
fn prices_that_begin_later() {
    let list = entries(&[("2010-01-04", buy("10", "50"))]);
    let closes: Vec<_> = (0..40)
        .map(|after| (day("2020-01-02") + Days::new(after), 500.0))
        .collect();
    let course = of_one(&list, &closes, &[]);
    let all = returns(&course.days);
    assert_eq!(course.days[0].date, day("2010-01-04"));
    assert_eq!(
        (course.days[0].value, course.days[1].value),
        (500.0, 5000.0)
    );
    assert!(near(grown(&course), 10.0));
    assert_eq!((all.len(), daily(&course.days, &all).len()), (41, 40));
    assert!(daily(&course.days, &all).iter().all(|one| near(*one, 0.0)));
    // The same beside an instrument that has prices all the time.
    let other = entries(&[("2010-01-04", buy("1", "100"))]);
    let days: Vec<_> = (0..3_700)
        .map(|after| (day("2010-01-04") + Days::new(after), 100.0))
        .collect();
    let (first, second) = (moves(&list), moves(&other));
    let lines = [(&first, &closes), (&second, &days)].map(|(moves, closes)| Line {
        moves,
        splits: &[],
        closes,
    });
    let course = super::super::performance::course(&lines, &[]);
    let all = returns(&course.days);
    assert_eq!(all.len(), 3_700);
    assert!(daily(&course.days, &all).iter().all(|one| near(*one, 0.0)));
    assert_eq!(daily(&course.days, &all).len(), 3_699);
    let both = beside(&course.days, &all, &days);
    assert_eq!(both.len(), 3_698);
}

/// A benchmark of another market: where one of the two rests, the day is left out of both.
#[test]
fn beta_is_of_the_same_days() {
    let trades = [("2024-01-02", buy("10", "100"))];
    let prices = [
        ("2024-01-02", 100.0),
        ("2024-01-03", 110.0),
        ("2024-01-05", 121.0),
        ("2024-01-08", 133.1),
        ("2024-01-09", 146.41),
    ];
    let course = with_cash(&trades, &[], &prices);
    let closes = [
        ("2024-01-02", 10.0),
        ("2024-01-03", 11.0),
        // The portfolio's market rests on the 4th, this one on the 8th.
        ("2024-01-04", 13.2),
        ("2024-01-05", 12.1),
        ("2024-01-09", 14.0),
    ];
    let closes = closes.map(|(date, close)| (day(date), close));
    let both = beside(&course.days, &returns(&course.days), &closes);
    assert_eq!(both.len(), 2);
    assert!(
        both.iter()
            .all(|(mine, its)| near(*mine, 0.1) && near(*its, 0.1))
    );
}

/// From what was put in: the first day can be the one of the fall.
#[test]
fn a_fall_on_the_first_day_is_one() {
    let course = with_cash(
        &[("2024-01-02", buy("10", "100"))],
        &[],
        &[("2024-01-02", 80.0), ("2024-01-03", 88.0)],
    );
    let index = index(&returns(&course.days));
    let fall = risk::drawdown(&index).unwrap();
    assert!(near(fall.depth, -0.2));
    assert_eq!((fall.from, fall.to), (day("2024-01-02"), day("2024-01-02")));
    // All is lost, and what comes later does not make it good.
    let lost = [(day("2024-01-02"), 0.0), (day("2024-01-03"), 0.0)];
    assert!(near(risk::drawdown(&lost).unwrap().depth, -1.0));
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

    /// Whatever was put in, spent and taken out: no day loses more than everything, and the gain is
    /// what the holdings and the cash say.
    #[test]
    fn no_return_is_below_everything(
        trades in some_trades(),
        cash in prop::collection::vec((0_u64..400, any::<bool>(), 1_u32..1_000_000), 0..12),
        prices in prop::collection::vec(1_u32..10_000, 450),
    ) {
        let closes: Vec<_> = (0..450).zip(&prices)
            .map(|(after, price)| (day("2020-01-01") + Days::new(after), f64::from(*price) / 100.0))
            .collect();
        let cash: Vec<Entry> = cash.into_iter().enumerate().map(|(at, (after, into, money))| Entry {
            id: id(10_000 + at as u128),
            date: day("2020-01-01") + Days::new(after),
            what: if into { What::Deposit(Decimal::new(money.into(), 2)) } else { What::Withdrawal(Decimal::new(money.into(), 2)) },
        }).collect();
        let line_moves = moves(&trades);
        let splits = crate::portfolio::rules::moves::splits(&line_moves, &[]);
        let line = Line { moves: &line_moves, splits: &splits, closes: &closes };
        let course = course(&[line], &moves(&cash));
        let all = returns(&course.days);
        prop_assert!(all.iter().all(|(_, one)| *one >= -1.0 - 1e-9 && one.is_finite()));
        prop_assert!(index(&all).iter().all(|(_, value)| *value >= -1e-9));
        prop_assert!(course.days.iter().all(|day| day.put_in >= 0.0 && day.taken_out >= 0.0));
        if let Some(last) = course.days.last() {
            let units = position(&trades, &[]).unwrap().sums.quantity.to_f64().unwrap();
            let inside: f64 = line_moves.iter().map(|one| one.what.cash()).sum();
            let expected = units * closes.last().unwrap().1 + inside;
            let (put_in, taken_out) = course.days.iter()
                .fold((0.0, 0.0), |(a, b), day| (a + day.put_in, b + day.taken_out));
            let gain = last.value + taken_out - put_in;
            let size = put_in + taken_out + last.value.abs() + 1.0;
            prop_assert!((gain - expected).abs() < 1e-6 * size, "{} {}", gain, expected);
            let flows: f64 = course.flows.iter().map(|flow| flow.amount).sum();
            prop_assert!((flows - (taken_out - put_in)).abs() < 1e-6 * size);
        }
    }
}
