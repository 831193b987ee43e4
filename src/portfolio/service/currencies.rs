//! A portfolio has one currency. Lines of a file in another one are rejected, because sums cannot
//! mix currencies.

use super::Service;
use crate::markets::Closes;
use crate::portfolio::rules::statement::{Line, currency_code};
use crate::portfolio::store::{StoredHolding, symbol_of};
use crate::shared::Error;
use std::{cmp::Reverse, collections::HashMap, hash::Hash, sync::Arc};

/// Currency of the prices, by symbol.
pub(super) type Known = HashMap<String, &'static str>;

/// Returns the currencies of the symbols whose prices are loaded.
pub(super) fn known<'a>(
    priced: impl Iterator<Item = (&'a String, Option<&'a Arc<Closes>>)>,
) -> Known {
    let known = priced.filter_map(|(symbol, closes)| {
        let code = crate::markets::currency(symbol, closes?.source)?;
        Some((symbol.clone(), code))
    });
    known.collect()
}

impl Service {
    /// Returns the most common currency of the portfolio's quotes. None: no quote has one.
    pub(super) async fn currency_of(&self, kept: &[StoredHolding]) -> Option<&'static str> {
        let held = kept
            .iter()
            .filter(|kept| !kept.symbol.is_empty() && !kept.sums.quantity.is_zero());
        let symbols: Vec<String> = held.map(|kept| kept.symbol.clone()).collect();
        let quotes = self.inner.markets.quotes(&symbols).await;
        most(
            quotes
                .into_iter()
                .filter_map(|quote| quote.ok()??.currency()),
        )
    }
}

/// Returns the most frequent element; of equally frequent ones the first.
fn most<T: Eq + Hash + Clone>(all: impl Iterator<Item = T>) -> Option<T> {
    let mut counts: HashMap<T, (usize, Reverse<usize>)> = HashMap::new();
    for (place, one) in all.enumerate() {
        counts.entry(one).or_insert((0, Reverse(place))).0 += 1;
    }
    let most = counts.into_iter().max_by_key(|(_, count)| *count);
    most.map(|(one, _)| one)
}

/// Rejects lines whose currency is not that of their symbol's prices, or not that of the portfolio
/// (if unknown: the most common one of the file).
pub(super) fn refuse_others(lines: &mut [Line], known: &Known, portfolio: Option<&str>) {
    let told = lines.iter().filter_map(|line| line.currency.as_ref());
    let Some(in_file) = most(told.map(|(_, written)| currency_code(written))) else {
        return;
    };
    let rest = portfolio.unwrap_or(&in_file);
    for line in lines {
        let (Ok(checked), Some((_, written))) = (&line.read, &line.currency) else {
            continue;
        };
        let code = currency_code(written);
        let symbol = symbol_of(checked);
        let error = match known.get(symbol) {
            Some(prices) if *prices != code => of_instrument(symbol, &code, prices),
            _ if code != rest => of_rest(&code, rest),
            _ => continue,
        };
        line.place.clone_from(&line.currency);
        line.read = Err(error);
    }
}

fn of_instrument(symbol: &str, code: &str, prices: &str) -> Error {
    Error::conflict(
        "instrument-currency",
        format!("This line is in {code}, but {symbol} trades in {prices}"),
    )
    .with("asked", code)
    .with("held", prices)
    .with("symbol", symbol)
    .with("field", "currency")
}

fn of_rest(code: &str, rest: &str) -> Error {
    Error::conflict(
        "currency-differs",
        format!("This line is in {code}, the portfolio in {rest}"),
    )
    .with("asked", code)
    .with("held", rest)
    .with("field", "currency")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::portfolio::rules::statement::read;
    use chrono::NaiveDate;

    fn refused(
        table: &str,
        known: &[(&str, &'static str)],
        portfolio: Option<&str>,
    ) -> Vec<String> {
        let today = NaiveDate::from_ymd_opt(2024, 6, 30).unwrap();
        let head = "date,type,symbol,quantity,price,currency\n";
        let mut lines = read(format!("{head}{table}").as_bytes(), today).unwrap();
        let known = known
            .iter()
            .map(|(symbol, code)| ((*symbol).to_owned(), *code));
        refuse_others(&mut lines, &known.collect(), portfolio);
        let told = |line: &Line| {
            let error = line.read.as_ref().err()?;
            let (column, written) = line.place.clone().unwrap();
            let of = |name: &str| error.details.get(name).cloned().unwrap_or_default();
            let (asked, held) = (of("asked"), of("held"));
            Some(format!(
                "{} {} {column}={written}: {asked}, {held}",
                line.number, error.code
            ))
        };
        lines.iter().filter_map(told).collect()
    }

    #[test]
    fn a_line_in_another_currency_is_refused() {
        let buy = |symbol: &str, code: &str| format!("2024-01-02,BUY,{symbol},1,1,{code}\n");
        let file = [
            buy("A", "USD"),
            buy("B", "usd"),
            buy("C", "EUR"),
            buy("D", ""),
        ]
        .concat();
        let other = "4 currency-differs currency=EUR: EUR, USD";
        assert_eq!(refused(&file, &[], None), [other]);
        assert_eq!(refused(&file, &[], Some("USD")), [other]);
        let others = [
            "2 currency-differs currency=USD: USD, EUR",
            "3 currency-differs currency=usd: USD, EUR",
        ];
        assert_eq!(refused(&file, &[], Some("EUR")), others);
        // The currency of the prices is known.
        assert_eq!(
            refused(&file, &[("B", "EUR"), ("C", "EUR"), ("D", "EUR")], None),
            ["3 instrument-currency currency=usd: USD, EUR", other]
        );
        // Hundredths are another currency.
        let pence = [buy("A", "GBP"), buy("B", "GBp"), buy("C", "GBX")].concat();
        assert_eq!(
            refused(&pence, &[], None),
            ["2 currency-differs currency=GBP: GBP, GBX"]
        );
        assert_eq!(
            refused(&pence, &[("B", "GBX")], Some("GBP")),
            [
                "3 currency-differs currency=GBp: GBX, GBP",
                "4 currency-differs currency=GBX: GBX, GBP"
            ]
        );
        // With equal counts the first currency wins; lines without a currency are accepted.
        let half = [buy("A", "EUR"), buy("B", "USD")].concat();
        assert_eq!(
            refused(&half, &[], None),
            ["3 currency-differs currency=USD: USD, EUR"]
        );
        assert_eq!(
            refused(&buy("A", ""), &[("A", "USD")], Some("EUR")),
            [""; 0]
        );
    }
}
