//! Valid symbols.

#[cfg(feature = "ssr")]
use crate::shared::Kind;
use crate::shared::{Error, Result};
use std::{fmt, str::FromStr};

/// Maximum length of a symbol in characters.
pub const MAX_SYMBOL: usize = 20;

/// Symbol of an instrument in upper case, such as `AAPL.US`, `BRK-B.US` or `^SPX`: 1 to 20 ASCII
/// letters, digits, `.`, `-`, `^` or `=`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Symbol(String);

impl Symbol {
    /// Returns the symbol, upper case.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the [`canonical`] symbol of the same instrument.
    pub fn canonical(&self) -> Self {
        Self(canonical(&self.0).to_owned())
    }
}

impl FromStr for Symbol {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let text = text.trim();
        if text.is_empty() || text.len() > MAX_SYMBOL || !text.chars().all(is_symbol_char) {
            return Err(Error::bad_request(
                "bad-symbol",
                format!("Invalid symbol: 1 to {MAX_SYMBOL} letters, digits, or . - ^ ="),
            )
            .with("max", MAX_SYMBOL));
        }
        Ok(Self(text.to_ascii_uppercase()))
    }
}

impl fmt::Display for Symbol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// 404: no data source has prices of this symbol.
#[cfg(feature = "ssr")]
pub fn unknown_symbol(symbol: impl fmt::Display) -> Error {
    Error::new(Kind::NotFound, "unknown-symbol", "Symbol not found").with("symbol", symbol)
}

/// Suffix of the US market.
const US: &str = ".US";

/// Returns the one symbol of an instrument that has several: without the suffix of the US market,
/// which is the default, and for a company that changed its symbol the new one. Expects upper case.
pub fn canonical(code: &str) -> &str {
    // After another point the suffix stays: `BRK.B` alone would be of a market B.
    let plain = code.strip_suffix(US).filter(|code| !code.is_empty());
    match plain.filter(|code| !code.contains('.')).unwrap_or(code) {
        // Its symbol until 2022.
        "FB" => "META",
        code => code,
    }
}

/// Patterns of SQL's `LIKE`: each symbol that is not [`canonical`] matches one of them. Some that are
/// canonical match too, such as `BRK.B.US`.
pub const OTHER_SPELLINGS: [&str; 2] = ["%.US", "FB"];

/// Returns all symbols of the same instrument, the [`canonical`] one first.
pub fn spellings(code: &str) -> Vec<String> {
    let code = canonical(code);
    let former = (code == "META").then_some("FB");
    let plain = !code.contains('.');
    let codes = [code].into_iter().chain(former);
    let both = |code: &str| {
        let marked = plain.then(|| format!("{code}{US}"));
        [Some(code.to_owned()), marked].into_iter().flatten()
    };
    codes.flat_map(both).collect()
}

/// true if a symbol can contain this character.
pub fn is_symbol_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '^' | '=')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn symbols_are_upper_case() {
        for (text, symbol) in [
            ("aapl.us", "AAPL.US"),
            (" brk-b.us ", "BRK-B.US"),
            ("^spx", "^SPX"),
            ("eurusd=x", "EURUSD=X"),
            ("7203.jp", "7203.JP"),
        ] {
            assert_eq!(text.parse::<Symbol>().unwrap().as_str(), symbol);
        }
    }

    #[test]
    fn one_code_for_one_instrument() {
        for (symbol, code) in [
            ("AAPL.US", "AAPL"),
            ("AAPL", "AAPL"),
            ("SAP.DE", "SAP.DE"),
            (".US", ".US"),
            ("FB", "META"),
            ("FB.US", "META"),
            ("META.US", "META"),
            ("FB.DE", "FB.DE"),
            ("BRK.B.US", "BRK.B.US"),
            ("BRK-B.US", "BRK-B"),
        ] {
            assert_eq!(canonical(symbol), code);
        }
        assert_eq!(spellings("AAPL.US"), ["AAPL", "AAPL.US"]);
        assert_eq!(spellings("FB"), ["META", "META.US", "FB", "FB.US"]);
        assert_eq!(spellings("SAP.DE"), ["SAP.DE"]);
    }

    #[test]
    fn anything_else_is_refused() {
        let long = "A".repeat(MAX_SYMBOL + 1);
        for text in [
            "",
            " ",
            &long,
            "a b",
            "a/b",
            "a&b",
            "ä",
            "a\u{202e}",
            "%41",
            "$A",
        ] {
            assert_eq!(text.parse::<Symbol>().unwrap_err().code, "bad-symbol");
        }
    }

    proptest! {
        #[test]
        fn parsing_a_symbol_again_changes_nothing(text in ".{0,30}") {
            if let Ok(symbol) = text.parse::<Symbol>() {
                prop_assert_eq!(symbol.as_str().parse::<Symbol>().unwrap(), symbol);
            }
        }

        #[test]
        fn all_spellings_are_of_one(text in "[A-Z0-9.^=-]{1,20}") {
            let all = spellings(&text);
            prop_assert!(all.contains(&text) && all.contains(&canonical(&text).to_owned()));
            for spelling in all {
                prop_assert_eq!(canonical(&spelling), canonical(&text));
            }
        }

        #[test]
        fn other_spellings_match_a_pattern(text in "[A-Z0-9.^=-]{1,16}(\\.US)?|FB|FB\\.US") {
            let matches = OTHER_SPELLINGS.iter().any(|pattern| match pattern.strip_prefix('%') {
                Some(end) => text.ends_with(end),
                None => text == *pattern,
            });
            prop_assert!(matches || canonical(&text) == text);
            prop_assert_eq!(canonical(canonical(&text)), canonical(&text));
        }

        #[test]
        fn every_well_formed_text_is_a_symbol(text in "[A-Za-z0-9.^=-]{1,20}") {
            let symbol = text.parse::<Symbol>().unwrap();
            prop_assert_eq!(symbol.as_str(), text.to_ascii_uppercase());
        }
    }
}
