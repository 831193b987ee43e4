//! Names and sectors of large companies: reference data (see NOTICE), which needs no data source.

use super::{Instrument, Sector, Symbol, canonical};
use serde::Deserialize;
use std::sync::LazyLock;

static FILE: &[u8] = include_bytes!("data/companies.csv");

/// All companies, sorted by symbol.
static COMPANIES: LazyLock<Vec<Instrument>> = LazyLock::new(read);

/// A row of the file.
#[derive(Deserialize)]
struct Row {
    symbol: String,
    name: String,
    sector: String,
}

fn read() -> Vec<Instrument> {
    let mut reader = csv::Reader::from_reader(FILE);
    let rows = reader.deserialize::<Row>().filter_map(Result::ok);
    let mut companies: Vec<_> = rows
        .map(|row| Instrument {
            symbol: row.symbol,
            name: row.name,
            sector: Sector::named(&row.sector),
        })
        .collect();
    companies.sort_by(|one, other| one.symbol.cmp(&other.symbol));
    companies
}

/// Returns the company with this symbol, in any of its spellings.
pub fn find(symbol: &Symbol) -> Option<&'static Instrument> {
    let code = canonical(symbol.as_str());
    let place = COMPANIES.binary_search_by(|company| company.symbol.as_str().cmp(code));
    COMPANIES.get(place.ok()?)
}

/// Returns companies that match a text, best match first: equal symbols, symbols that start with
/// it, names that start with it, names with a word that starts with it.
pub fn search(text: &str, limit: usize) -> Vec<Instrument> {
    let text = text.trim().to_lowercase();
    let text = text.strip_suffix(".us").unwrap_or(&text);
    if text.is_empty() {
        return Vec::new();
    }
    let mut found: Vec<_> = COMPANIES
        .iter()
        .filter_map(|company| Some((rank(company, text)?, company)))
        .collect();
    found.sort_by_key(|(rank, company)| (*rank, company.symbol.as_str()));
    let found = found.into_iter().take(limit);
    found.map(|(_, company)| company.clone()).collect()
}

fn rank(company: &Instrument, text: &str) -> Option<u8> {
    let symbol = company.symbol.to_lowercase();
    let name = company.name.to_lowercase();
    let begins = |word: &str| word.starts_with(text);
    if symbol == text {
        Some(0)
    } else if begins(&symbol) {
        Some(1)
    } else if begins(&name) {
        Some(2)
    } else if name.split(|c: char| !c.is_alphanumeric()).any(begins) {
        Some(3)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_company_has_a_sector() {
        assert_eq!(COMPANIES.len(), 517);
        assert!(COMPANIES.iter().all(|company| company.sector.is_some()));
        let symbols = COMPANIES
            .iter()
            .map(|company| company.symbol.parse::<Symbol>());
        assert_eq!(symbols.filter(Result::is_ok).count(), 517);
    }

    #[test]
    fn found_by_symbol() {
        let name = |code: &str| find(&code.parse().unwrap()).map(|company| company.name.as_str());
        assert_eq!(name("aapl"), Some("Apple Inc."));
        assert_eq!(name("AAPL.US"), Some("Apple Inc."));
        assert_eq!(name("fb.us"), Some("Meta Platforms"));
        assert_eq!(name("AAPL.DE"), None);
        assert_eq!(name("APPL"), None);
    }

    #[test]
    fn searched_by_symbol_and_name() {
        let symbols = |text: &str| {
            let found = search(text, 5).into_iter();
            found.map(|company| company.symbol).collect::<Vec<_>>()
        };
        assert_eq!(symbols("MSFT"), ["MSFT"]);
        assert_eq!(symbols("micro").first().map(String::as_str), Some("MCHP"));
        assert!(symbols("micro").contains(&"MSFT".to_owned()));
        assert!(symbols("platforms").contains(&"META".to_owned()));
        // The equal symbol comes before names and longer symbols.
        assert_eq!(symbols("a").first().map(String::as_str), Some("A"));
        assert_eq!(symbols("a").len(), 5);
        assert!(symbols("  ").is_empty() && symbols("zzzz").is_empty());
    }
}
