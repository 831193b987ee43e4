//! The texts of errors.

use super::{Language, Value, lookup, t};
use crate::shared::{Error, Kind};
use crate::ui::time::date_short;

/// The text of an error: the one for its code, else the general one for its kind.
pub fn error_text(error: &Error) -> String {
    let values: Vec<(&str, Value<'_>)> = error
        .details
        .iter()
        .map(|(name, value)| match name.as_ref() {
            // Symbols can be all digits but are not numbers.
            "symbol" => ("symbol", Value::from(value)),
            name => (name, readable(value)),
        })
        .collect();
    let language = Language::current();
    lookup(language, &format!("error-{}", error.code), &values)
        .or_else(|| lookup(language, general(error.kind), &values))
        .unwrap_or_else(|| t("error-internal"))
}

/// A detail of an error as the reader writes it: a date of the API (`2013-03-01`) in words.
fn readable(value: &str) -> Value<'_> {
    match value.parse::<chrono::NaiveDate>() {
        Ok(date) => Value::from(date_short(date)),
        Err(_) => Value::guess(value),
    }
}

/// The text for errors of a kind whose code has none.
const fn general(kind: Kind) -> &'static str {
    match kind {
        Kind::BadRequest => "error-malformed",
        Kind::Unauthenticated => "error-unauthenticated",
        Kind::Forbidden => "error-forbidden",
        Kind::NotFound => "error-not-found",
        Kind::MethodNotAllowed => "error-method-not-allowed",
        Kind::Conflict => "error-conflict",
        Kind::TooLarge => "error-too-large",
        Kind::UriTooLong => "error-uri-too-long",
        Kind::UnsupportedMediaType => "error-unsupported-media-type",
        Kind::RateLimited => "error-rate-limited-soon",
        Kind::Internal => "error-internal",
        Kind::Unavailable => "error-unavailable",
        Kind::StorageFull => "error-storage-full",
    }
}
