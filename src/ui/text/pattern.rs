//! Fills in texts in the browser: the subset of Fluent that our catalogues use.
//!
//! The server has the library; in the browser its parser, plural rules and all other languages
//! would be larger than the page's own texts. Supported: plain texts, `{ $value }`, and a selector
//! that is a whole text. A test compares every text of every catalogue with the library's output.

use super::value::Value;

/// The texts of one language as in its file, sorted by key.
#[derive(Debug, Default)]
pub struct Catalogue<'a>(Vec<(&'a str, &'a str)>);

impl<'a> Catalogue<'a> {
    pub fn read(source: &'a str) -> Self {
        let mut texts = Vec::new();
        let mut rest = source;
        while !rest.is_empty() {
            let (text, next) = rest.split_at(end_of_text(rest));
            if let Some((key, pattern)) = text.split_once(" =")
                && key.starts_with(|c: char| c.is_ascii_lowercase())
            {
                texts.push((key, pattern.trim()));
            }
            rest = next;
        }
        texts.sort_unstable_by_key(|(key, _)| *key);
        Self(texts)
    }

    /// The text of a key with its values. None: no such key, or a value is missing. `category`
    /// returns the plural form of a number, `figure` formats it.
    pub fn format(
        &self,
        key: &str,
        values: &[(&str, Value<'_>)],
        category: impl FnOnce(i64) -> String,
        figure: impl Fn(i64) -> String,
    ) -> Option<String> {
        let at = self.0.binary_search_by_key(&key, |(key, _)| key).ok()?;
        let (_, pattern) = self.0.get(at)?;
        let Some((selector, variants)) = pattern.split_once("->") else {
            return fill(pattern, values, figure);
        };
        let value = find(selector.trim_start_matches('{'), values)?;
        // A variant is named by the number itself or by its plural form.
        let (named, exact) = match value {
            Value::Number(number) => (category(*number), number.to_string()),
            Value::Text(text) => (text.to_string(), String::new()),
        };
        let mut chosen = None;
        for line in variants.lines().map(str::trim) {
            let Some((key, text)) = line
                .trim_start_matches('*')
                .strip_prefix('[')
                .and_then(|line| line.split_once(']'))
            else {
                continue;
            };
            if key == named || key == exact {
                chosen = Some(text);
                break;
            }
            if line.starts_with('*') {
                chosen = Some(text);
            }
        }
        fill(chosen?.trim(), values, figure)
    }
}

/// Offset at which the next text begins: a line that neither is indented nor closes a selector.
fn end_of_text(rest: &str) -> usize {
    let goes_on = |c: char| c == ' ' || c == '}';
    rest.match_indices('\n')
        .map(|(at, _)| at + 1)
        .find(|&next| {
            !rest
                .get(next..)
                .is_some_and(|line| line.starts_with(goes_on))
        })
        .unwrap_or(rest.len())
}

/// Replaces every `{ $name }` in a text.
fn fill(
    text: &str,
    values: &[(&str, Value<'_>)],
    figure: impl Fn(i64) -> String,
) -> Option<String> {
    let mut out = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let (placeable, next) = after.split_once('}')?;
        out.push_str(before);
        match find(placeable, values)? {
            Value::Text(text) => out.push_str(text),
            Value::Number(number) => out.push_str(&figure(*number)),
        }
        rest = next;
    }
    out.push_str(rest);
    Some(out)
}

/// The value for ` $name `.
fn find<'v>(name: &str, values: &'v [(&str, Value<'v>)]) -> Option<&'v Value<'v>> {
    let name = name.trim().strip_prefix('$')?;
    values
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, value)| value)
}
