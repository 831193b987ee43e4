//! Prices for the cashtags of a page: those of many symbols in one response.

use super::{Service, watchlists::watched};
use crate::markets::{Requester, Symbol, Watched};
use crate::shared::{Error, Result};

/// Maximum number of symbols per request.
const MAX_TICKS: usize = 50;

impl Service {
    /// Returns the last known prices of symbols, each once, in order. With `closes` their last days
    /// are included.
    ///
    /// Only for symbols that [may be asked](Self::may_be_asked), on behalf of all readers together.
    ///
    /// # Errors
    /// `bad-symbol`, `too-many-symbols`.
    pub async fn ticks(&self, codes: &[String], closes: bool) -> Result<Vec<Watched>> {
        if codes.len() > MAX_TICKS {
            return Err(Error::bad_request(
                "too-many-symbols",
                format!("Too many symbols: at most {MAX_TICKS}"),
            )
            .with("max", MAX_TICKS));
        }
        let mut symbols: Vec<String> = Vec::new();
        for code in codes {
            let symbol: Symbol = code.parse()?;
            if self.may_be_asked(&symbol) && !symbols.iter().any(|one| one == symbol.as_str()) {
                symbols.push(symbol.to_string());
            }
        }
        let past: &[String] = if closes { &symbols } else { &[] };
        let readers = self.requested_by(Requester::Readers);
        let (quotes, histories) = futures::join!(readers.quotes(&symbols), readers.histories(past));
        let mut histories = histories.into_iter();
        let rows = symbols.iter().zip(quotes).map(|(symbol, quote)| {
            let history = histories.next().and_then(Result::ok).flatten();
            let name = self.instrument(symbol).ok().flatten();
            let name = name.map(|known| known.name.clone());
            watched(symbol, name, quote, history.as_deref())
        });
        Ok(rows.collect())
    }
}
