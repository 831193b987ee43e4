//! Reads the JSON of providers: numbers as numbers or as text, with or without a percent sign.

use super::{Headline, ProviderFailure};
use crate::platform::http::{Answer, is_web_link};
use chrono::NaiveDate;
use rust_decimal::{Decimal, prelude::ToPrimitive};
use serde_json::Value;

/// Maximum length of a title in characters.
const MAX_TITLE: usize = 300;
/// Maximum length of a summary in characters.
const MAX_SUMMARY: usize = 1000;
/// Maximum number of headlines per instrument.
pub const MAX_NEWS: usize = 50;

/// Parses a response as JSON, whatever its content type.
pub fn read(answer: &Answer) -> Result<Value, ProviderFailure> {
    let start = answer.body.iter().find(|byte| !byte.is_ascii_whitespace());
    if start == Some(&b'<') {
        return Err(ProviderFailure::Blocked);
    }
    let json: Value = serde_json::from_slice(&answer.body)
        .map_err(|_| ProviderFailure::Unusable("no JSON, or only a part"))?;
    if json.is_object() {
        Ok(json)
    } else {
        Err(ProviderFailure::Unusable("no JSON object"))
    }
}

/// Reads an exact number.
pub fn figure(value: &Value) -> Option<Decimal> {
    let digits = match value {
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.trim().trim_end_matches('%').to_owned(),
        _ => return None,
    };
    let exact = digits.parse().ok();
    exact.or_else(|| Decimal::from_scientific(&digits).ok())
}

/// Reads a count, without its fraction.
pub fn count(value: &Value) -> Option<u64> {
    figure(value)?.to_u64()
}

/// Reads a text that is not empty; the usual placeholders for "none" count as empty.
pub fn text<'a>(object: &'a Value, key: &str) -> Option<&'a str> {
    let text = object.get(key)?.as_str()?.trim();
    (!matches!(text, "" | "None" | "-" | "N/A")).then_some(text)
}

/// Reads a date.
pub fn day(object: &Value, key: &str) -> Option<NaiveDate> {
    NaiveDate::parse_from_str(text(object, key)?, "%Y-%m-%d").ok()
}

/// Returns at most `most` characters of a text, without control characters.
pub fn plain(text: &str, most: usize) -> String {
    let mut kept: String = text
        .chars()
        .map(|c| if c.is_whitespace() { ' ' } else { c })
        .filter(|c| !c.is_control())
        .take(most + 1)
        .collect();
    if kept.chars().count() > most {
        kept.pop();
        kept.pop();
        kept.push('\u{2026}');
    }
    kept.trim().to_owned()
}

/// Reads an address that can be offered as a link.
pub fn link(object: &Value, key: &str) -> Option<String> {
    let url = text(object, key)?;
    is_web_link(url).then(|| url.to_owned())
}

/// Shortens the texts of a headline; `None`: no title, or no web address.
pub fn headline(headline: Headline) -> Option<Headline> {
    let title = plain(&headline.title, MAX_TITLE);
    let summary = headline.summary.as_deref();
    let summary = summary.map(|text| plain(text, MAX_SUMMARY));
    (!title.is_empty() && is_web_link(&headline.url)).then(|| Headline {
        title,
        publisher: plain(&headline.publisher, 100),
        summary: summary.filter(|text| !text.is_empty()),
        ..headline
    })
}

/// Sorts news newest first, without repeated addresses, up to [`MAX_NEWS`].
pub fn newest(mut news: Vec<Headline>) -> Vec<Headline> {
    news.sort_by_key(|one| std::cmp::Reverse(one.published_at));
    let mut seen = std::collections::HashSet::new();
    news.retain(|one| seen.insert(one.url.clone()));
    news.truncate(MAX_NEWS);
    news
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn figures_in_all_their_forms() {
        for (value, expected) in [
            (json!(1.5032), Some("1.5032")),
            (json!(642_646_396.0), Some("642646396.0")),
            (json!(1e-5), Some("0.00001")),
            (json!("112.6300"), Some("112.6300")),
            (json!("-0.5852%"), Some("-0.5852")),
            (json!("NaN"), None),
            (json!("inf"), None),
            (json!("1e999"), None),
            (json!(null), None),
            (json!([1]), None),
        ] {
            let read = figure(&value).map(|figure| figure.to_string());
            assert_eq!(read.as_deref(), expected, "{value}");
        }
        assert_eq!(count(&json!(58.9)), Some(58));
        assert_eq!(count(&json!(-3)), None);
    }

    #[test]
    fn long_texts_are_cut() {
        assert_eq!(plain(" a\nb\u{0}c ", 10), "a bc");
        assert_eq!(plain("abcdef", 6), "abcdef");
        assert_eq!(plain("abcdefg", 6), "abcde\u{2026}");
    }

    proptest! {
        #[test]
        fn any_text_is_survived(text in "(?s).{0,60}", most in 1_usize..40) {
            figure(&json!(text));
            prop_assert!(plain(&text, most).chars().count() <= most);
            drop(read(&Answer { status: 200, body: text.into_bytes() }));
        }
    }
}
