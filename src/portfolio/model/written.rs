//! Numbers as they were written, by people or by programs.

use crate::portfolio::rules::DIGITS;
use rust_decimal::Decimal;
use serde::Deserialize;

/// A number as it was written: as a text, or as a number of JSON.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(in crate::portfolio) enum Written {
    /// As a text.
    Text(String),
    /// As a number.
    Number(serde_json::Number),
}

impl Written {
    /// What was written. Programs compute in binary: a number of JSON is rounded to so many digits
    /// behind the point, and a text stays what it is.
    fn text(self, digits: u32) -> String {
        match self {
            Self::Text(text) => text,
            Self::Number(number) => rounded(number.to_string(), digits),
        }
    }

    /// What was written, rounded to so many digits behind the point, be it a text or a number.
    #[cfg(feature = "ssr")]
    pub fn rounded(self, digits: u32) -> String {
        match self {
            Self::Text(text) => rounded(text, digits),
            number @ Self::Number(_) => number.text(digits),
        }
    }
}

/// A number with so many digits behind the point; what cannot be read stays what it is.
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

/// Reads a number as it was written: a text or a number; what is not there is empty.
pub fn as_written<'de, D: serde::Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    as_written_to(from, DIGITS)
}

/// The same of a number that is kept with so many digits behind the point.
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
    use crate::portfolio::Draft;

    #[test]
    fn numbers_of_programs_are_rounded_to_what_is_kept() {
        let read = |json: &str| serde_json::from_str::<Draft>(json).unwrap();
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
            // What somebody wrote is not changed.
            ("\"0.30000000000000004\"", "0.30000000000000004"),
            ("\"1.234,5\"", "1.234,5"),
        ] {
            let draft = read(&format!(r#"{{"quantity":{written},"price":{written}}}"#));
            assert_eq!(
                (draft.quantity.as_str(), draft.price.as_str()),
                (kept, kept)
            );
        }
        assert!(serde_json::from_str::<Draft>(r#"{"quantity":[1]}"#).is_err());
        let text = |text: &str| Written::Text(text.into()).rounded(DIGITS);
        assert_eq!(text("0.30000000000000004"), "0.3");
        assert_eq!(text("12,5"), "12,5");
    }
}
