//! Lots, sells and splits.

use super::{buy, day, entries, exact, id, sell, some_trades, split};
use crate::portfolio::rules::ledger::{
    ByMethod, Entry, Impossible, MOST_SPLITS, Method, Position, Sums, What, in_order, position,
    splits,
};
use proptest::prelude::*;
use rust_decimal::Decimal;

/// Two buys and one sell: the methods give different costs.
#[test]
fn first_in_first_out_against_average() {
    let list = entries(&[
        ("2024-01-02", buy("100", "10")),
        ("2024-02-01", buy("100", "20")),
        ("2024-03-01", sell("100", "25")),
    ]);
    let Position { sums, lots, sales } = position(&list, &[]).unwrap();
    assert_eq!(sums.realized.average, exact("1000"));
    assert_eq!(sums.realized.fifo, exact("1500"));
    assert_eq!(sums.cost.average / sums.quantity, exact("15"));
    assert_eq!(sums.cost.fifo / sums.quantity, exact("20"));
    assert_eq!((lots.len(), lots[0].purchase), (1, id(2)));
    assert_eq!(sales[0].lots[0].purchase, id(1));
    assert_eq!(sales[0].gain(Method::Fifo), exact("1500"));
}

/// Quantities have ten decimals, a third of a share has more.
#[test]
fn what_a_split_leaves_can_be_sold() {
    let list = |sold: &str| {
        entries(&[
            ("2024-01-02", buy("100", "10")),
            ("2024-02-01", What::Split { from: 3, to: 1 }),
            ("2024-03-01", sell(sold, "31")),
        ])
    };
    for sold in ["33.3333333333", "33.3333333334"] {
        let Position { sums, lots, sales } = position(&list(sold), &[]).unwrap();
        assert_eq!((sums.quantity, lots.len()), (Decimal::ZERO, 0));
        assert_eq!((sums.cost.fifo, sums.cost.average), Default::default());
        assert_eq!(sales[0].cost.fifo, exact("1000"));
        assert_eq!(sums.proceeds, exact(sold) * exact("31"));
    }
    let sums = position(&list("33.3333333332"), &[]).unwrap().sums;
    assert!(sums.quantity > exact("0.0000000001"));
    let more = position(&list("33.3333333335"), &[]);
    assert!(matches!(more, Err(Impossible::Oversold { .. })));
    // Each quantity that can be entered is held, and can be sold.
    let least = entries(&[("2024-01-02", buy("0.0000000001", "10"))]);
    let sums = position(&least, &[]).unwrap().sums;
    assert_eq!(sums.quantity, exact("0.0000000001"));
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
    // A third of 31 has no finite decimal, but nothing is lost.
    assert_eq!(
        sums.proceeds - sums.realized.fifo + sums.cost.fifo,
        sums.invested
    );
}

/// Apple's two splits in the sample: 100 shares become 200, then 400.
#[test]
fn splits_in_the_middle_of_a_holding() {
    let table = [split("2000-06-21", 1, 2), split("2005-02-28", 1, 2)];
    let list = entries(&[
        ("2000-03-01", buy("100", "130.31")),
        ("2003-01-02", sell("50", "14.80")),
        // Bought on the day of the split: these are new shares.
        ("2005-02-28", buy("10", "44.86")),
    ]);
    let Position { sums, lots, .. } = position(&list, &table).unwrap();
    assert_eq!(sums.quantity, exact("310"));
    assert_eq!(lots[0].quantity, exact("300"));
    assert_eq!(lots[0].cost, exact("9773.25"));
    assert_eq!(sums.cost.fifo, exact("10221.85"));
    assert_eq!(sums.realized.fifo, exact("740") - exact("3257.75"));
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
    // Split 2:3, and back.
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
    // A buy a day later does not help; one on the same day precedes the sell.
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

/// The number of splits is limited, because each change of the symbol processes them; buys are not.
#[test]
fn splits_by_hand_are_so_many_and_purchases_any_number() {
    let with = |splits: usize, purchases: usize| {
        let mut list = Vec::with_capacity(splits + 2 * purchases);
        let mut add = |what| {
            let id = id(list.len() as u128 + 1);
            let date = day("2024-01-02");
            list.push(Entry { id, date, what });
        };
        (0..purchases).for_each(|_| add(buy("1", "2")));
        // Splits in alternating directions: an even number leaves the quantity as it was.
        for number in 0..splits {
            let (from, to) = if number % 2 == 0 { (1, 2) } else { (2, 1) };
            add(What::Split { from, to });
        }
        (0..purchases).for_each(|_| add(sell("1", "3")));
        list
    };
    let sums = position(&with(MOST_SPLITS, 3), &[]).unwrap().sums;
    assert_eq!(sums.realized.fifo, exact("3"));
    let refused = position(&with(MOST_SPLITS + 1, 3), &[]).unwrap_err();
    assert_eq!(refused, Impossible::TooManySplits);
    // Rejected before processing: each split would change each lot.
    let refused = position(&with(50_000, 50_000), &[]).unwrap_err();
    assert_eq!(refused, Impossible::TooManySplits);
    // Each sell takes the oldest lot; shifting the other lots would take minutes.
    let Position { sums, lots, sales } = position(&with(0, 100_000), &[]).unwrap();
    assert_eq!((lots.len(), sales.len()), (0, 100_000));
    assert_eq!(
        sums.realized,
        ByMethod {
            fifo: exact("100000"),
            average: exact("100000")
        }
    );
    assert_eq!(sales[99_999].lots[0].purchase, id(100_000));
}

#[test]
fn what_has_too_many_digits_is_refused() {
    let shrink = |count: usize| {
        let mut list = vec![("2024-01-02", buy("1", "10000000000"))];
        list.extend((0..count).map(|_| {
            (
                "2024-01-03",
                What::Split {
                    from: 10_000,
                    to: 1,
                },
            )
        }));
        position(&entries(&list), &[])
    };
    let few = Impossible::TooFew {
        date: day("2024-01-03"),
    };
    assert_eq!(
        shrink(4).unwrap().sums.quantity,
        exact("0.0000000000000001")
    );
    assert_eq!(shrink(5).unwrap_err(), few);
    assert_eq!(shrink(10).unwrap_err(), few);
    // A price of zero is never too high, but the quantity becomes zero.
    let mut list = vec![("2024-01-02", buy("1", "0"))];
    list.extend((0..8).map(|_| {
        (
            "2024-01-03",
            What::Split {
                from: 10_000,
                to: 1,
            },
        )
    }));
    assert_eq!(position(&entries(&list), &[]).unwrap_err(), few);
    // Part of a holding with so high a cost and so small a quantity that its cost per share
    // overflows.
    let mut list = vec![("2024-01-02", buy("100000", "10000000000")); 30_001];
    list[0].1 = buy("50000", "10000000000");
    list.push(("2024-01-02", buy("100000", "0")));
    list.extend((0..4).map(|_| {
        (
            "2024-01-03",
            What::Split {
                from: 10_000,
                to: 1,
            },
        )
    }));
    list.push(("2024-01-03", What::Split { from: 1_000, to: 1 }));
    list.push(("2024-01-04", sell("0.0000000001", "1")));
    let sums = position(&entries(&list), &[]).unwrap().sums;
    assert_eq!(sums.quantity, exact("0.000000000200015"));
    let cost = exact("30000500000000000000") - sums.cost.average;
    assert!(
        (cost / exact("9999666683332500041")).round_dp(9) == Decimal::ONE,
        "{cost}"
    );
    // Splits of the price history, too.
    let table = [
        split("2024-01-03", 1, u32::MAX),
        split("2024-01-04", 1, u32::MAX),
    ];
    let list = entries(&[("2024-01-02", buy("1", "1"))]);
    assert!(matches!(
        position(&list, &table),
        Err(Impossible::TooMany { .. })
    ));
    let table = table.map(|one| split(&one.date.to_string(), u32::MAX, 1));
    let held = position(&list, &table).unwrap().sums.quantity;
    assert_eq!(held.round_dp(24), exact("0.000000000000000000054210"));
}

proptest! {
    #[test]
    fn far_figures_are_counted_or_refused(
        list in prop::collection::vec((0_u8..4, 1_u64..1_000_000_000_000, 0_u32..10, 1_u32..10_001, 1_u32..10_001), 1..60),
    ) {
        let mut kept: Vec<Entry> = Vec::new();
        for (number, (kind, figure, scale, from, to)) in list.into_iter().enumerate() {
            let quantity = Decimal::new(figure.cast_signed(), scale);
            let (price, fee) = (Decimal::new(i64::from(from), scale), Decimal::ZERO);
            let what = match kind {
                0 => What::Buy { quantity, price, fee },
                1 => What::Sell { quantity, price, fee },
                2 => What::Split { from, to: 1 },
                _ => What::Split { from, to },
            };
            let date = day("2020-01-01") + chrono::Days::new(number as u64);
            kept.push(Entry { id: id(number as u128), date, what });
            if position(&kept, &[]).is_err() {
                kept.pop();
            }
        }
        let sums = position(&kept, &[]).unwrap().sums;
        prop_assert!(!sums.quantity.is_sign_negative());
    }

    #[test]
    fn nothing_is_lost_between_purchases_sales_and_what_is_left(list in some_trades()) {
        let Position { sums, lots, sales } = position(&list, &[]).unwrap();
        for method in [Method::Fifo, Method::Average] {
            let sold: Decimal = sales.iter().map(|sale| sale.cost.by(method)).sum();
            prop_assert!((sold + sums.cost.by(method) - sums.invested).abs() < exact("0.000001"));
            prop_assert!((sums.proceeds - sold - sums.realized.by(method)).abs() < exact("0.000001"));
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
        // The same entries in another order give the same position.
        let mut other = list.clone();
        let count = other.len() as u64;
        other.sort_by_key(|entry| (entry.id.0.as_u128() as u64 + 1).wrapping_mul(seed | 1) % (count + 7));
        prop_assert_eq!(&position(&other, &[]).unwrap(), &whole);
        // Entered in another order, the sums stay the same; the lots that sells take can differ.
        for (number, entry) in other.iter_mut().enumerate() {
            entry.id = id(number as u128);
        }
        let again = position(&other, &[]).unwrap().sums;
        let sums = Sums { cost: whole.sums.cost, realized: whole.sums.realized, ..again.clone() };
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
