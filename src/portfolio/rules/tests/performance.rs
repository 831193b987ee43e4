//! Daily values and returns.

use super::{buy, day, entries, exact, id, near, sell, some_trades, split};
use crate::portfolio::rules::ledger::{Entry, What, position};
use crate::portfolio::rules::moves::moves;
use crate::portfolio::rules::performance::{
    Line, ValueHistory, beside, daily, in_its_place, index, money_weighted, records, returns,
    value_history, yearly,
};
use crate::portfolio::rules::risk;
use chrono::{Days, NaiveDate};
use proptest::prelude::*;
use rust_decimal::{Decimal, prelude::ToPrimitive};

/// Computed by hand: 10 shares at 100; they close at 110 on the second day; 5 more at 110, and all
/// close at 99 on the third day.
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

fn of_one(list: &[Entry], closes: &[(NaiveDate, f64)], cash: &[Entry]) -> ValueHistory {
    let line = Line {
        moves: &moves(list),
        splits: &[],
        closes,
    };
    value_history(&[line], &moves(cash))
}

#[test]
fn day_after_day() {
    let (list, closes) = small();
    let history = of_one(&list, &closes, &[]);
    let values: Vec<f64> = history.days.iter().map(|day| day.value).collect();
    assert_eq!(values, [1000.0, 1100.0, 1485.0]);
    assert!(!history.keeps_cash);
    let returns = returns(&history.days);
    let figures: Vec<f64> = returns.iter().map(|(_, one)| *one).collect();
    assert!(near(figures[0], 0.0) && near(figures[1], 0.1) && near(figures[2], -0.1));
    assert!(near(index(&returns)[2].1, 0.99));
    assert!(near(risk::drawdown(&index(&returns)).unwrap().depth, -0.1));
    // -1000 and -550, then 1485 two days later: the rate is negative and defined.
    assert!(money_weighted(&history).unwrap() < 0.0);
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
    let history = of_one(&list, &closes, &cash);
    assert!(history.keeps_cash);
    let values: Vec<f64> = history.days.iter().map(|day| day.value).collect();
    assert_eq!(values, [2000.0, 2100.0, 2000.0 - 1550.0 - 100.0 + 1485.0]);
    let returns = returns(&history.days);
    assert!(near(returns[1].1, 0.05));
    assert!(near(returns[2].1, (1835.0 + 100.0) / 2100.0 - 1.0));
    assert_eq!(history.flows.len(), 2);
}

#[test]
fn a_split_does_not_move_the_value() {
    let list = entries(&[("2000-06-19", buy("10", "100"))]);
    // Closing prices, adjusted for splits.
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
    let history = value_history(&[line], &[]);
    let values: Vec<f64> = history.days.iter().map(|day| day.value).collect();
    assert_eq!(values, [1000.0, 1010.0, 1010.0]);
}

#[test]
fn without_prices_the_last_trade_is_the_price() {
    let list = entries(&[
        ("2024-01-02", buy("10", "100")),
        ("2024-03-02", sell("5", "120")),
    ]);
    let history = of_one(&list, &[], &[]);
    let values: Vec<(NaiveDate, f64)> = history.days.iter().map(|d| (d.date, d.value)).collect();
    assert_eq!(
        values,
        [(day("2024-01-02"), 1000.0), (day("2024-03-02"), 600.0)]
    );
    assert_eq!(of_one(&[], &[], &[]), ValueHistory::default());
}

#[test]
fn a_saturday_counts_on_monday() {
    let list = entries(&[
        ("2024-01-05", buy("1", "100")),
        ("2024-01-06", buy("1", "100")),
    ]);
    let closes = [(day("2024-01-05"), 100.0), (day("2024-01-08"), 100.0)];
    let history = of_one(&list, &closes, &[]);
    assert_eq!(history.days.len(), 2);
    assert!(near(history.days[1].put_in, 100.0));
    assert!(
        returns(&history.days)
            .iter()
            .all(|(_, one)| near(*one, 0.0))
    );
    assert_eq!(history.flows[1].date, day("2024-01-06"));
}

#[test]
fn the_same_money_in_a_benchmark() {
    let (list, closes) = small();
    let history = of_one(&list, &closes, &[]);
    let same = in_its_place(&history.days, &closes);
    // Bought at the closing prices: 10 shares, then 5.5555 at 99.
    let last = same.last().unwrap().1.unwrap();
    assert!(near(last, 990.0 + 550.0));
    // The price history begins too late.
    let late = in_its_place(&history.days, &closes[2..]);
    assert!(late.iter().all(|(_, value)| value.is_none()));
    assert_eq!(yearly(0.21, 730).map(|r| near(r, 0.1)), Some(true));
    assert_eq!(yearly(0.21, 364), None);
}

/// Value history of one symbol with cash.
fn with_cash(
    trades: &[(&str, What)],
    cash: &[(&str, What)],
    closes: &[(&str, f64)],
) -> ValueHistory {
    let mut cash = entries(cash);
    cash.iter_mut()
        .for_each(|entry| entry.id = id(entry.id.0.as_u128() + 1_000));
    let closes: Vec<_> = closes
        .iter()
        .map(|(date, close)| (day(date), *close))
        .collect();
    of_one(&entries(trades), &closes, &cash)
}

/// What became of 1 in each record.
fn records_of(history: &ValueHistory) -> Vec<f64> {
    let record = |record: std::ops::Range<usize>| {
        let all = index(&returns(&history.days[record]));
        all.last().unwrap().1
    };
    records(&history.days).into_iter().map(record).collect()
}

/// What became of 1 in the latest record.
fn grown(history: &ValueHistory) -> f64 {
    records_of(history).pop().unwrap_or(1.0)
}

/// The examples of docs/methods/time-weighted-return.md.
#[test]
fn a_buy_at_the_close_does_not_dilute_its_day() {
    let prices = [("2024-01-02", 100.0), ("2024-01-03", 105.0)];
    for cash in [&[][..], &[("2024-01-02", What::Deposit(exact("1000")))]] {
        let trades = [
            ("2024-01-02", buy("10", "100")),
            ("2024-01-03", buy("10", "105")),
        ];
        let history = with_cash(&trades, cash, &prices);
        assert!(near(grown(&history), 1.05), "{history:?}");
    }
    // A sell and another buy between: from 100 to 110, to 99, to 105.
    let trades = [
        ("2024-01-02", buy("10", "100")),
        ("2024-01-03", buy("30", "110")),
        ("2024-01-03", sell("25", "99")),
    ];
    assert!(near(grown(&with_cash(&trades, &[], &prices)), 1.05));
    // A gift values nothing but itself, and is a gain.
    let gift = [
        ("2024-01-02", buy("10", "100")),
        ("2024-01-03", buy("10", "0")),
    ];
    assert!(near(grown(&with_cash(&gift, &[], &prices)), 2.1));
    // What is sold for nothing is lost.
    let lost = [
        ("2024-01-02", buy("10", "100")),
        ("2024-01-03", sell("10", "0")),
    ];
    assert!(near(grown(&with_cash(&lost, &[], &prices)), 0.0));
}

#[test]
fn a_loss_of_everything_ends_the_record() {
    let trades = [
        ("2024-01-02", buy("10", "100")),
        ("2024-01-03", sell("10", "0")),
        ("2024-01-04", buy("10", "100")),
    ];
    let prices = [
        ("2024-01-02", 100.0),
        ("2024-01-03", 90.0),
        ("2024-01-04", 100.0),
        ("2024-01-05", 150.0),
    ];
    assert_eq!(records_of(&with_cash(&trades, &[], &prices)), [0.0, 1.5]);
    // Without prices nothing tells of the years between, but their number.
    let years = [
        ("2020-01-02", buy("10", "100")),
        ("2020-01-03", sell("10", "110")),
        ("2023-01-02", buy("10", "100")),
        ("2023-01-03", sell("10", "120")),
    ];
    let found = records_of(&with_cash(&years, &[], &[]));
    assert!(found.len() == 2 && near(found[0], 1.1) && near(found[1], 1.2));
}

/// Bought without cash; a deposit two days later is too small. There is no debt, so the return is
/// that of the shares.
#[test]
fn a_deposit_that_is_missing_counts_as_put_in() {
    let prices = [
        ("2024-01-02", 100.0),
        ("2024-01-03", 40.0),
        ("2024-01-04", 60.0),
        ("2024-01-05", 150.0),
    ];
    let deposits = [("2024-01-04", What::Deposit(exact("400")))];
    let history = with_cash(&[("2024-01-02", buy("10", "100"))], &deposits, &prices);
    assert!(history.keeps_cash && near(history.lacking, 1000.0));
    let money: Vec<_> = history
        .days
        .iter()
        .map(|day| (day.put_in, day.taken_out))
        .collect();
    // The deposit repays 400 of the shortfall, so it is not counted as money put in again.
    assert_eq!(money, [(1000.0, 0.0), (0.0, 0.0), (0.0, 0.0), (0.0, 0.0)]);
    assert_eq!(history.days[3].value, 1500.0);
    assert!(near(grown(&history), 1.5));
    let flows: f64 = history.flows.iter().map(|flow| flow.amount).sum();
    assert!(near(flows, -1000.0));
    // What exceeds the shortfall is money put in; a withdrawal beyond the cash is a shortfall
    // again.
    let more = [
        ("2024-01-04", What::Deposit(exact("1300"))),
        ("2024-01-05", What::Withdrawal(exact("500"))),
    ];
    let history = with_cash(&[("2024-01-02", buy("10", "100"))], &more, &prices);
    let money: Vec<_> = history
        .days
        .iter()
        .map(|day| (day.put_in, day.taken_out))
        .collect();
    assert_eq!(
        money,
        [(1000.0, 0.0), (0.0, 0.0), (300.0, 0.0), (0.0, 300.0)]
    );
    assert_eq!(history.days[2].value, 900.0);
    assert_eq!(history.days[3].value, 1500.0);
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
    let history = with_cash(&trades, &[], &prices);
    let found = records_of(&history);
    assert!(found.len() == 2 && near(found[0], 1.1) && near(found[1], 1.2));
    // The fee still counts as money put in, so it reduces the gain.
    let put_in: f64 = history.days.iter().map(|day| day.put_in).sum();
    assert!(near(put_in, 2005.0));
    // A buy and sell on one day give a return for that day.
    let day_trade = [
        ("2024-01-02", buy("10", "100")),
        ("2024-01-02", sell("10", "101")),
    ];
    assert!(near(grown(&with_cash(&day_trade, &[], &prices[..1])), 1.01));
}

/// Two holding periods with a year between them without holdings, while prices continue.
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
    let history = of_one(&list, &closes, &[]);
    let all = returns(&history.days);
    assert_eq!(all.len(), 6 + 400);
    assert!(
        all.iter()
            .all(|(day, _)| *day <= date(5) || *day >= date(400))
    );
    assert!(near(grown(&history), 999.0 / 600.0));
    assert!(money_weighted(&history).is_some());
}

/// Without prices the days are those of transactions; a return over months is not a daily return.
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
    let history = with_cash(&trades, &[], &[]);
    let all = returns(&history.days);
    assert_eq!(all.len(), 24);
    assert_eq!(daily(&history.days, &all).len(), 1);
    // Weekends and holidays are part of a day's return.
    let (list, _) = small();
    let closes = ["2024-01-02", "2024-01-05", "2024-01-12", "2024-01-20"];
    let closes: Vec<_> = closes.iter().map(|date| (day(date), 100.0)).collect();
    let history = of_one(&list, &closes, &[]);
    let all = returns(&history.days);
    assert_eq!((all.len(), daily(&history.days, &all).len()), (4, 3));
}

/// Data sources often have only the last years: before the price history begins, a holding is
/// valued at its buy price. The period counts from the buy, and the jump is not a daily return.
#[test]
fn prices_that_begin_later() {
    let list = entries(&[("2010-01-04", buy("10", "50"))]);
    let closes: Vec<_> = (0..40)
        .map(|after| (day("2020-01-02") + Days::new(after), 500.0))
        .collect();
    let history = of_one(&list, &closes, &[]);
    let all = returns(&history.days);
    assert_eq!(history.days[0].date, day("2010-01-04"));
    assert_eq!(
        (history.days[0].value, history.days[1].value),
        (500.0, 5000.0)
    );
    assert!(near(grown(&history), 10.0));
    assert_eq!((all.len(), daily(&history.days, &all).len()), (41, 40));
    assert!(daily(&history.days, &all).iter().all(|one| near(*one, 0.0)));
    // The same beside a symbol that always has prices.
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
    let history = value_history(&lines, &[]);
    let all = returns(&history.days);
    assert_eq!(all.len(), 3_700);
    assert!(daily(&history.days, &all).iter().all(|one| near(*one, 0.0)));
    assert_eq!(daily(&history.days, &all).len(), 3_699);
    let both = beside(&history.days, &all, &days);
    assert_eq!(both.len(), 3_698);
}

/// A benchmark of another market: days on which one of the markets is closed are omitted from both.
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
    let history = with_cash(&trades, &[], &prices);
    let closes = [
        ("2024-01-02", 10.0),
        ("2024-01-03", 11.0),
        // The portfolio's market is closed on the 4th, this one on the 8th.
        ("2024-01-04", 13.2),
        ("2024-01-05", 12.1),
        ("2024-01-09", 14.0),
    ];
    let closes = closes.map(|(date, close)| (day(date), close));
    let both = beside(&history.days, &returns(&history.days), &closes);
    assert_eq!(both.len(), 2);
    assert!(
        both.iter()
            .all(|(mine, its)| near(*mine, 0.1) && near(*its, 0.1))
    );
}

/// The first day can be the drawdown, measured from the money put in.
#[test]
fn a_fall_on_the_first_day_is_one() {
    let history = with_cash(
        &[("2024-01-02", buy("10", "100"))],
        &[],
        &[("2024-01-02", 80.0), ("2024-01-03", 88.0)],
    );
    let index = index(&returns(&history.days));
    let fall = risk::drawdown(&index).unwrap();
    assert!(near(fall.depth, -0.2));
    assert_eq!((fall.from, fall.to), (day("2024-01-02"), day("2024-01-02")));
    // A total loss stays the max drawdown.
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
        let history = of_one(&list, &[(from, price), (until, end)], &[]);
        let gain = end / price - 1.0;
        let grown = index(&returns(&history.days)).last().unwrap().1 - 1.0;
        prop_assert!((grown - gain).abs() < 1e-9 * (1.0 + gain.abs()));
        // The yearly rate over the holding period gives the same gain.
        if let Some(rate) = money_weighted(&history) {
            let held = (1.0 + rate).powf(days as f64 / 365.0) - 1.0;
            prop_assert!((held - gain).abs() < 1e-6 * (1.0 + gain.abs()));
        } else {
            prop_assert!(days < 365);
        }
    }

    /// For any trades at the prices of their days, with or without cash: the return of each record is
    /// that of the one instrument that was held. Without cash only, as cash does not move.
    #[test]
    fn trades_at_the_close_change_no_return(
        trades in prop::collection::vec((0_usize..60, 1_i64..1_000, any::<bool>()), 1..20),
        prices in prop::collection::vec(1_000_u32..10_000, 60),
    ) {
        let date = |after: usize| day("2020-01-01") + Days::new(after as u64);
        let price = |after: usize| f64::from(prices[after]) / 100.0;
        let closes: Vec<_> = (0..60).map(|after| (date(after), price(after))).collect();
        let mut list: Vec<Entry> = Vec::new();
        for (at, (after, quantity, sells)) in trades.into_iter().enumerate() {
            let (quantity, price) = (Decimal::from(quantity), Decimal::new(prices[after].into(), 2));
            let fee = Decimal::ZERO;
            let what = if sells { What::Sell { quantity, price, fee } } else { What::Buy { quantity, price, fee } };
            list.push(Entry { id: id(at as u128), date: date(after), what });
            if position(&list, &[]).is_err() {
                list.pop();
            }
        }
        let history = of_one(&list, &closes, &[]);
        for record in records(&history.days) {
            let days = &history.days[record];
            let (first, last) = (days[0].date, days[days.len() - 1].date);
            let on = |day: NaiveDate| price((day - date(0)).num_days() as usize);
            let grown = index(&returns(days)).last().unwrap().1;
            prop_assert!((grown * on(first) / on(last) - 1.0).abs() < 1e-9);
        }
    }

    /// For any deposits, trades and withdrawals: no day loses more than 100%, and the gain equals
    /// that of holdings and cash.
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
        let history = value_history(&[line], &moves(&cash));
        let all = returns(&history.days);
        prop_assert!(all.iter().all(|(_, one)| *one >= -1.0 - 1e-9 && one.is_finite()));
        prop_assert!(index(&all).iter().all(|(_, value)| *value >= -1e-9));
        prop_assert!(history.days.iter().all(|day| day.put_in >= 0.0 && day.taken_out >= 0.0));
        if let Some(last) = history.days.last() {
            let units = position(&trades, &[]).unwrap().sums.quantity.to_f64().unwrap();
            let inside: f64 = line_moves.iter().map(|one| one.what.cash()).sum();
            let expected = units * closes.last().unwrap().1 + inside;
            let (put_in, taken_out) = history.days.iter()
                .fold((0.0, 0.0), |(a, b), day| (a + day.put_in, b + day.taken_out));
            let gain = last.value + taken_out - put_in;
            let size = put_in + taken_out + last.value.abs() + 1.0;
            prop_assert!((gain - expected).abs() < 1e-6 * size, "{} {}", gain, expected);
            let flows: f64 = history.flows.iter().map(|flow| flow.amount).sum();
            prop_assert!((flows - (taken_out - put_in)).abs() < 1e-6 * size);
        }
    }
}
