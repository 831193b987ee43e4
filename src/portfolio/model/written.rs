//! Numbers in requests, typed by people or computed by programs.

use crate::portfolio::rules::DIGITS;
use rust_decimal::Decimal;
use serde::Deserialize;

/// A number as it was sent: a string or a JSON number.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(in crate::portfolio) enum Written {
    Text(String),
    Number(serde_json::Number),
}

impl Written {
    /// Returns the number as text. Programs compute in binary, so a JSON number is rounded to
    /// `digits` decimals; a string is unchanged.
    fn text(self, digits: u32) -> String {
        match self {
            Self::Text(text) => text,
            Self::Number(number) => rounded(number.to_string(), digits),
        }
    }

    /// Returns the number as text, rounded to `digits` decimals; also for a string.
    #[cfg(feature = "ssr")]
    pub fn rounded(self, digits: u32) -> String {
        match self {
            Self::Text(text) => rounded(text, digits),
            number @ Self::Number(_) => number.text(digits),
        }
    }
}

/// Rounds to `digits` decimals; returns text that is not a number unchanged.
fn rounded(written: String, digits: u32) -> String {
    let plain = written.trim();
    let read = plain.parse::<Decimal>();
    match read.or_else(|_| Decimal::from_scientific(plain)) {
        Ok(read) if read.normalize().scale() > digits => {
            read.round_dp(digits).normalize().to_string()
        }
        Ok(read) => read.normalize().to_string(),
        Err(_) => written,
    }
}

/// Deserializes a string or a number as text; a missing value is empty.
pub fn as_written<'de, D: serde::Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    as_written_to(from, DIGITS)
}

/// The same for a number that is stored with `digits` decimals.
pub fn as_written_to<'de, D: serde::Deserializer<'de>>(
    from: D,
    digits: u32,
) -> Result<String, D::Error> {
    let written = Option::<Written>::deserialize(from)?;
    Ok(written
        .map(|written| written.text(digits))
        .unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::portfolio::TransactionInput;

    #[test]
    fn numbers_of_programs_are_rounded_to_what_is_kept() {
        let read = |json: &str| serde_json::from_str::<TransactionInput>(json).unwrap();
        for (written, kept) in [
            ("0.30000000000000004", "0.3"),
            ("0.3333333333333333", "0.3333333333"),
            ("1e-7", "0.0000001"),
            ("1e-12", "0"),
            ("2.0", "2"),
            ("1234567890123", "1234567890123"),
            ("5e20", "500000000000000000000"),
            ("-0.1", "-0.1"),
            ("1e300", "1e+300"),
            ("null", ""),
            // Strings, as people type them, are unchanged.
            ("\"0.30000000000000004\"", "0.30000000000000004"),
            ("\"1.234,5\"", "1.234,5"),
        ] {
            let input = read(&format!(r#"{{"quantity":{written},"price":{written}}}"#));
            assert_eq!(
                (input.quantity.as_str(), input.price.as_str()),
                (kept, kept)
            );
        }
        assert!(serde_json::from_str::<TransactionInput>(r#"{"quantity":[1]}"#).is_err());
        let text = |text: &str| Written::Text(text.into()).rounded(DIGITS);
        assert_eq!(text("0.30000000000000004"), "0.3");
        assert_eq!(text("12,5"), "12,5");
    }
}
