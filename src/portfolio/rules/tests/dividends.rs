//! Dividends due, the match with dividends entered, and the yield on cost.

use super::{buy, day, entries, exact, sell, some_trades, split};
use crate::markets::Dividend;
use crate::portfolio::rules::dividends::{Due, missing, paid};
use crate::portfolio::rules::ledger::{What, position};
use chrono::Days;
use proptest::prelude::*;
use rust_decimal::Decimal;

const TODAY: &str = "2013-03-01";

fn dividend(ex_date: &str, pays: Option<&str>, amount: &str) -> Dividend {
    Dividend {
        date: day(ex_date),
        pays: pays.map(day),
        amount: exact(amount),
    }
}

fn told(of: &Due) -> (String, Decimal, Decimal) {
    (of.date.to_string(), of.quantity.normalize(), of.amount)
}

/// Apple around its splits of 2000 and 2005, with dividends not adjusted for splits.
#[test]
fn shares_are_those_of_the_day() {
    let list = entries(&[
        ("2000-03-01", buy("100", "130.31")),
        ("2005-02-27", sell("50", "88.99")),
    ]);
    let splits = [split("2000-06-21", 1, 2), split("2005-02-28", 1, 2)];
    let dividends = [
        dividend("2000-03-01", None, "1"),
        dividend("2000-03-02", None, "0.80"),
        // Shares from a split on the ex-date do not receive the dividend.
        dividend("2000-06-21", None, "0.80"),
        dividend("2000-06-22", None, "0.40"),
        dividend("2005-02-28", None, "0.40"),
        dividend("2005-03-01", None, "0.20"),
    ];
    let found = missing(&list, &splits, &dividends, day(TODAY));
    let all: Vec<_> = found.missing.iter().map(told).collect();
    let expected = [
        ("2000-03-02", "100", "80.00"),
        ("2000-06-21", "100", "80.00"),
        ("2000-06-22", "200", "80.00"),
        ("2005-02-28", "150", "60.00"),
        ("2005-03-01", "300", "60.00"),
    ];
    let expected = expected.map(|(date, units, money)| (date.into(), exact(units), exact(money)));
    assert_eq!(all, expected);
    assert_eq!(found.known, 0);
    // A split entered by the owner counts like one of the price history.
    let mut by_hand = list;
    by_hand.extend(entries(&[
        ("2000-06-21", What::Split { from: 1, to: 2 }),
        ("2005-02-28", What::Split { from: 1, to: 2 }),
    ]));
    assert_eq!(missing(&by_hand, &[], &dividends, day(TODAY)), found);
    assert_eq!(missing(&by_hand, &splits, &dividends, day(TODAY)), found);
}

#[test]
fn what_was_sold_before_or_bought_on_the_day_gets_nothing() {
    let list = entries(&[
        ("2012-01-03", buy("10", "100")),
        ("2012-05-08", buy("5", "100")),
        ("2012-08-07", sell("15", "100")),
    ]);
    let dividends = ["2012-02-08", "2012-05-08", "2012-08-07", "2012-08-08"]
        .map(|date| dividend(date, None, "0.333"));
    let found = missing(&list, &[], &dividends, day(TODAY));
    let money: Vec<_> = found.missing.iter().map(|one| one.amount).collect();
    // Rounded to cents: 3.33, 3.33 (the five are not included), 4.995.
    assert_eq!(money, [exact("3.33"), exact("3.33"), exact("5.00")]);
    // A dividend reported twice counts once; one that is paid tomorrow is not due today.
    let same = [dividends[0], dividends[0]];
    assert_eq!(missing(&list, &[], &same, day(TODAY)).missing.len(), 1);
    let later = [dividend("2012-02-08", Some("2013-03-02"), "1")];
    assert_eq!(missing(&list, &[], &later, day(TODAY)).missing, []);
    assert_eq!(
        missing(&list, &[], &later, day("2013-03-02")).missing.len(),
        1
    );
    // An amount below one cent, and invalid values of a data source.
    let odd = [
        dividend("2012-02-08", None, "0.0001"),
        dividend("2012-02-09", None, "79228162514264337593543950335"),
    ];
    assert_eq!(missing(&list, &[], &odd, day(TODAY)).missing, []);
}

#[test]
fn one_in_the_history_stands_for_one_that_was_due() {
    let paid = |date: &'static str| (date, What::Dividend(exact("5")));
    let with = |more: &[(&str, What)]| {
        let mut all = vec![("2012-01-03", buy("10", "100"))];
        all.extend_from_slice(more);
        entries(&all)
    };
    let left = |more: &[(&str, What)], dividends: &[Dividend]| {
        let found = missing(&with(more), &[], dividends, day(TODAY));
        let dates: Vec<_> = found.missing.iter().map(|one| one.ex_date).collect();
        (dates, found.known)
    };
    // Quarterly, paid a month after the ex-date.
    let quarters = [
        dividend("2012-02-08", Some("2012-03-10"), "0.75"),
        dividend("2012-05-08", Some("2012-06-09"), "0.85"),
    ];
    let [first, second] = quarters.map(|one| one.date);
    for (date, expected) in [
        ("2012-02-07", (vec![first, second], 0)),
        ("2012-02-08", (vec![second], 1)),
        ("2012-03-24", (vec![second], 1)),
        ("2012-03-25", (vec![first, second], 0)),
        ("2012-05-08", (vec![first], 1)),
        ("2012-06-23", (vec![first], 1)),
        ("2012-06-24", (vec![first, second], 0)),
    ] {
        assert_eq!(left(&[paid(date)], &quarters), expected, "{date}");
    }
    // Monthly without payment dates: matches the latest ex-date before the transaction.
    let months = ["2012-02-01", "2012-03-01", "2012-04-02"].map(|date| dividend(date, None, "0.5"));
    assert_eq!(
        left(&[paid("2012-03-15")], &months),
        (vec![months[0].date, months[2].date], 1)
    );
    let two = [paid("2012-03-15"), paid("2012-04-15")];
    assert_eq!(left(&two, &months), (vec![months[0].date], 2));
    assert_eq!(
        left(&[paid("2012-06-02")], &months),
        (months.map(|one| one.date).to_vec(), 0)
    );
    // An ordinary and a special dividend on the same day: one of them was entered.
    let both = [
        dividend("2012-02-08", None, "0.5"),
        dividend("2012-02-08", None, "3"),
    ];
    assert_eq!(left(&[paid("2012-02-08")], &both).1, 1);
    assert_eq!(left(&[paid("2012-02-08")], &both).0.len(), 1);
}

/// docs/methods/dividends.md: 34.00 for 40 shares, of which 30 are left.
#[test]
fn yield_is_of_what_is_held() {
    let list = entries(&[
        ("2012-02-29", buy("40", "196.98")),
        ("2012-06-11", What::Dividend(exact("34"))),
        ("2012-10-01", sell("10", "210.47")),
    ]);
    let found = paid(&list, &[], day(TODAY));
    assert_eq!((found.total, found.last_year), (exact("34"), exact("34")));
    assert_eq!(found.held, exact("25.5"));
    let later = paid(&list, &[], day("2013-06-11"));
    assert_eq!(
        (later.total, later.last_year, later.held),
        (exact("34"), exact("0"), exact("0"))
    );
    // A later split 1:2 halves the dividend per share of today.
    let halves = paid(&list, &[split("2012-07-02", 1, 2)], day(TODAY));
    assert_eq!(halves.held, exact("29.75"), "70 of today, each 0.425");
    // Sold between ex-date and payment: the dividend was received, and nothing is held.
    let gone = entries(&[
        ("2012-02-29", buy("40", "1")),
        ("2012-06-01", sell("40", "1")),
        ("2012-06-11", What::Dividend(exact("34"))),
    ]);
    let gone = paid(&gone, &[], day(TODAY));
    assert_eq!((gone.last_year, gone.held), (exact("34"), exact("0")));
}

proptest! {
    /// For any trades: dividends that were added are not offered again, and the quantities equal
    /// those of the ledger.
    #[test]
    fn what_was_taken_over_is_there(
        trades in some_trades(),
        days in prop::collection::vec((0_u64..400, 1_u32..1000, prop::option::of(0_u64..40)), 1..12),
    ) {
        let trades: Vec<_> = trades
            .into_iter()
            .filter(|entry| !matches!(entry.what, What::Dividend(_)))
            .collect();
        let dividends: Vec<Dividend> = days
            .into_iter()
            .map(|(after, amount, lag)| {
                let date = day("2020-01-01") + Days::new(after);
                Dividend { date, pays: lag.map(|lag| date + Days::new(lag)), amount: Decimal::new(amount.into(), 3) }
            })
            .collect();
        let today = day("2022-01-01");
        let found = missing(&trades, &[], &dividends, today);
        for due in &found.missing {
            let before: Vec<_> = trades.iter().filter(|entry| entry.date < due.ex_date).cloned().collect();
            let held = position(&before, &[]).unwrap().sums.quantity;
            prop_assert!((held - due.quantity).abs() < Decimal::new(1, 9));
        }
        let mut with = trades;
        with.extend(found.missing.iter().enumerate().map(|(at, due)| {
            let mut entry = entries(&[("2020-01-01", What::Dividend(due.amount))]).remove(0);
            entry.id = super::id(1_000 + at as u128);
            entry.date = due.date;
            entry
        }));
        let again = missing(&with, &[], &dividends, today);
        prop_assert_eq!(again.missing, vec![]);
        prop_assert_eq!(again.known, found.missing.len());
        let sums = paid(&with, &[], today);
        let total: Decimal = found.missing.iter().map(|due| due.amount).sum();
        prop_assert_eq!(sums.total, total);
        prop_assert!(sums.last_year <= sums.total);
    }
}
