//! Lots, sales and splits.

use super::{buy, day, entries, exact, id, sell, some_trades, split};
use crate::portfolio::rules::ledger::{
    ByMethod, Entry, Impossible, Method, Position, Sums, What, in_order, position, splits,
};
use proptest::prelude::*;
use rust_decimal::Decimal;

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
    fn entries_have_one_order(mut list in some_trades()) {
        in_order(&mut list);
        prop_assert!(list.windows(2).all(|two| two[0].date <= two[1].date));
    }
}
