//! Message catalogues: all texts of the interface, by key, in the reader's language.
//!
//! The texts are in `<language>.ftl` (Fluent). A new language needs one file and one line in
//! [`CATALOGUES`]. The language is the request's on the server and the document's in the browser,
//! so both sides render the same. The server has all catalogues; the page loads the one of its
//! language as a separate file.

#[cfg(feature = "hydrate")]
mod page;
#[cfg(any(feature = "hydrate", test))]
mod pattern;
mod value;

#[cfg(feature = "hydrate")]
pub use page::provide as provide_texts;
pub use value::Value;

#[cfg(feature = "ssr")]
use super::figures;
use crate::shared::{Error, Kind};
#[cfg(feature = "ssr")]
use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle};
#[cfg(feature = "hydrate")]
use page::lookup;
#[cfg(any(feature = "ssr", feature = "hydrate"))]
use std::sync::OnceLock;

/// The texts of a file, on the server only.
macro_rules! texts {
    ($file:literal) => {
        if cfg!(feature = "ssr") {
            include_str!($file)
        } else {
            ""
        }
    };
}

/// Tag and texts of each language; the first is the fallback of the others.
const CATALOGUES: &[(&str, &str)] = &[("en", texts!("en.ftl")), ("es", texts!("es.ftl"))];

/// Native names of the languages, in the order of [`CATALOGUES`].
const NAMES: &[&str] = &["English", "Español"];

/// A language that has a catalogue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Language(usize);

impl Language {
    /// All languages.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..CATALOGUES.len()).map(Self)
    }

    /// Native name.
    pub fn name(self) -> &'static str {
        NAMES.get(self.0).copied().unwrap_or_default()
    }

    /// Best match for an `Accept-Language` header such as `es-ES,es;q=0.9,en;q=0.5`: the known
    /// language with the highest quality, the first of equal ones.
    pub fn accepted(header: &str) -> Option<Self> {
        let mut best: Option<(u16, Self)> = None;
        for item in header.split(',') {
            let mut fields = item.split(';').map(str::trim);
            let tag = fields.next().unwrap_or_default();
            let language = if tag == "*" {
                Some(Self::default())
            } else {
                Self::parse(tag)
            };
            let quality = fields
                .find_map(|field| field.strip_prefix("q="))
                .map_or(Some(1_000), quality);
            if let (Some(language), Some(quality)) = (language, quality)
                && quality > best.map_or(0, |(quality, _)| quality)
            {
                best = Some((quality, language));
            }
        }
        best.map(|(_, language)| language)
    }

    /// The language of a tag such as `es` or `es-AR`.
    pub fn parse(tag: &str) -> Option<Self> {
        let primary = tag.split(['-', '_']).next().unwrap_or(tag);
        CATALOGUES
            .iter()
            .position(|(known, _)| known.eq_ignore_ascii_case(primary))
            .map(Self)
    }

    pub fn tags() -> Vec<&'static str> {
        CATALOGUES.iter().map(|(tag, _)| *tag).collect()
    }

    /// The tag for `lang` attributes.
    pub fn tag(self) -> &'static str {
        CATALOGUES.get(self.0).map_or("en", |(tag, _)| tag)
    }

    /// Language of the page being rendered: from the context on the server, from `<html lang>` in
    /// the browser.
    pub fn current() -> Self {
        #[cfg(feature = "hydrate")]
        {
            static OF_DOCUMENT: OnceLock<Language> = OnceLock::new();
            *OF_DOCUMENT.get_or_init(|| {
                leptos::prelude::document()
                    .document_element()
                    .and_then(|root| root.get_attribute("lang"))
                    .and_then(|tag| Self::parse(&tag))
                    .unwrap_or_default()
            })
        }
        #[cfg(not(feature = "hydrate"))]
        leptos::prelude::use_context().unwrap_or_default()
    }
}

/// Parses a quality from 0 to 1; returns thousandths.
fn quality(text: &str) -> Option<u16> {
    let value: f32 = text.trim().parse().ok()?;
    (0.0..=1.0)
        .contains(&value)
        .then_some((value * 1_000.0) as u16)
}

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
        Ok(date) => Value::from(super::time::date_short(date)),
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
