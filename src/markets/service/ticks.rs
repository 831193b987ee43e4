//! What the cashtags of a page show: the last known prices of many instruments in one answer.

use super::{Service, watchlists::watched};
use crate::markets::{Asker, Symbol, Watched};
use crate::shared::{Error, Result};

/// Most instruments of one question.
const MAX_TICKS: usize = 50;

impl Service {
    /// The last known prices of some instruments, each once, in their order. With `closes` the last
    /// days of each are there too.
    ///
    /// Only those that [may be asked](Self::may_be_asked), in the name of all readers together.
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
        let readers = self.asked_by(Asker::Readers);
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
