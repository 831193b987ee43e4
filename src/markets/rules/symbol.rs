//! What a symbol may look like.

use crate::shared::{Error, Result};
use std::{fmt, str::FromStr};

/// Most characters of a symbol.
pub const MAX_SYMBOL: usize = 20;

/// The code of an instrument in upper case, such as `AAPL.US`, `BRK-B.US` or `^SPX`: 1 to 20
/// ASCII letters, digits, `.`, `-`, `^` or `=`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Symbol(String);

impl Symbol {
    /// The code, upper case.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Symbol {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let text = text.trim();
        if text.is_empty() || text.len() > MAX_SYMBOL || !text.chars().all(is_symbol_char) {
            return Err(Error::bad_request(
                "bad-symbol",
                format!("A symbol has 1 to {MAX_SYMBOL} letters, digits, or . - ^ ="),
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

/// May this character stand in a symbol?
#[must_use]
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
        fn every_well_formed_text_is_a_symbol(text in "[A-Za-z0-9.^=-]{1,20}") {
            let symbol = text.parse::<Symbol>().unwrap();
            prop_assert_eq!(symbol.as_str(), text.to_ascii_uppercase());
        }
    }
}
