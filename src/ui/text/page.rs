//! Texts of the page's language in the browser. The first page names a file with its texts; each
//! part that loads later has a file with its own (`pack` decides which).

use super::{language::Language, pattern::Catalogue, value::Value};
use crate::ui::figures::figure_in;
use js_sys::{Array, Intl::PluralRules, Object};
use std::sync::RwLock;

static CATALOGUES: RwLock<Vec<Catalogue<'static>>> = RwLock::new(Vec::new());

/// Adds texts. Call it before drawing anything that shows one of them.
pub fn provide(source: String) {
    // Leaked: they are needed as long as the page lives.
    let texts = Catalogue::read(source.leak());
    if let Ok(mut all) = CATALOGUES.write() {
        all.push(texts);
    }
}

/// Looks a text up in the page's language only: all languages have the same keys.
pub(super) fn lookup(
    language: Language,
    key: &str,
    values: &[(&str, Value<'_>)],
) -> Option<String> {
    let category = |number| category(language, number);
    let figure = |number: i64| figure_in(language, &number.to_string());
    let all = CATALOGUES.read().ok()?;
    all.iter()
        .find_map(|texts| texts.format(key, values, category, figure))
}

/// The plural category of a number, from the browser.
#[expect(clippy::cast_precision_loss, reason = "numbers that people read")]
fn category(language: Language, number: i64) -> String {
    let tags = Array::of1(&language.tag().into());
    PluralRules::new(&tags, &Object::new())
        .select(number as f64)
        .as_string()
        .unwrap_or_default()
}
