//! Message catalogues: all texts of the interface, by key, in the reader's language.
//!
//! The texts are in `<language>.ftl` (Fluent). A new language needs one file and one line in
//! [`language`]. The language is the request's on the server and the document's in the browser,
//! so both sides render the same. The server has all catalogues; the page loads the one of its
//! language as a separate file.

mod errors;
mod language;
#[cfg(feature = "hydrate")]
mod page;
#[cfg(any(feature = "hydrate", test))]
mod pattern;
mod value;

pub use errors::error_text;
pub use language::Language;
#[cfg(feature = "hydrate")]
pub use page::provide as provide_texts;
pub use value::Value;

#[cfg(feature = "ssr")]
use super::figures;
#[cfg(feature = "ssr")]
use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle};
#[cfg(feature = "ssr")]
use language::CATALOGUES;
#[cfg(feature = "hydrate")]
use page::lookup;
#[cfg(feature = "ssr")]
use std::sync::OnceLock;

/// The text of a key in the current language.
pub fn t(key: &str) -> String {
    t_with(key, &[])
}

/// The text of a key with numbers and names filled in.
pub fn t_with(key: &str, values: &[(&str, Value<'_>)]) -> String {
    lookup(Language::current(), key, values).unwrap_or_else(|| {
        leptos::logging::warn!("no text for {key}");
        key.to_owned()
    })
}

/// The text of a key in a given language: for emails.
pub fn t_in(language: Language, key: &str, values: &[(&str, Value<'_>)]) -> String {
    lookup(language, key, values).unwrap_or_else(|| key.to_owned())
}

/// The text in a language, else in the fallback language. None: no such text, or a value that it
/// mentions is missing.
#[cfg(all(feature = "ssr", not(feature = "hydrate")))]
fn lookup(language: Language, key: &str, values: &[(&str, Value<'_>)]) -> Option<String> {
    let own = bundles().get(language.0);
    let first = bundles().first();
    [own, first]
        .into_iter()
        .flatten()
        .find_map(|bundle| format(bundle, key, values))
}

#[cfg(not(any(feature = "ssr", feature = "hydrate")))]
const fn lookup(_: Language, _: &str, _: &[(&str, Value<'_>)]) -> Option<String> {
    None
}

#[cfg(feature = "ssr")]
fn format(
    bundle: &FluentBundle<FluentResource>,
    key: &str,
    values: &[(&str, Value<'_>)],
) -> Option<String> {
    let pattern = bundle.get_message(key)?.value()?;
    let mut args = FluentArgs::with_capacity(values.len());
    for (name, value) in values {
        args.set(*name, value.to_fluent());
    }
    let mut errors = Vec::new();
    let text = bundle.format_pattern(pattern, Some(&args), &mut errors);
    errors.is_empty().then(|| text.into_owned())
}

/// The parsed catalogues, in the order of [`CATALOGUES`].
#[cfg(feature = "ssr")]
fn bundles() -> &'static [FluentBundle<FluentResource>] {
    static BUNDLES: OnceLock<Vec<FluentBundle<FluentResource>>> = OnceLock::new();
    BUNDLES.get_or_init(|| {
        CATALOGUES
            .iter()
            .map(|(tag, source)| {
                let language = tag.parse().unwrap_or_default();
                let mut bundle = FluentBundle::new_concurrent(vec![language]);
                bundle.set_use_isolating(false);
                bundle.set_formatter(Some(match *tag {
                    "es" => numbers::<1, _>,
                    _ => numbers::<0, _>,
                }));
                // Skips what does not parse; a test rejects such a catalogue.
                let (Ok(resource) | Err((resource, _))) =
                    FluentResource::try_new((*source).to_owned());
                bundle.add_resource_overriding(resource);
                bundle
            })
            .collect()
    })
}

/// Formats numbers in texts; `LANGUAGE` is an index into [`CATALOGUES`].
#[cfg(feature = "ssr")]
fn numbers<const LANGUAGE: usize, M>(value: &FluentValue<'_>, _: &M) -> Option<String> {
    match value {
        FluentValue::Number(number) => {
            Some(figures::figure_in(Language(LANGUAGE), &number.as_string()))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests;
