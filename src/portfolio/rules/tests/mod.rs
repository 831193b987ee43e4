//! Golden cases computed by hand, and properties.

mod dividends;
mod ledger;
mod performance;
mod rates;
mod sharing;

use super::ledger::{Entry, What, position};
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

/// Random transactions of one symbol, without sells of more than is held.
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
