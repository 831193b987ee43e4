//! The message catalogue: every text that people read, by key, in their language.
//!
//! A text lives in `<language>.ftl` (Fluent). Adding a language is one file and one line in
//! [`CATALOGUES`]. The language is that of the request on the server and that of the document in
//! the browser, so both sides render the same.

mod value;

pub use value::Value;

use crate::shared::{Error, Kind};
use fluent_bundle::{FluentArgs, FluentResource, concurrent::FluentBundle};
use std::sync::OnceLock;

/// Tag and texts of each language; the first one fills the gaps of the others.
const CATALOGUES: &[(&str, &str)] = &[("en", include_str!("en.ftl"))];

/// A language that has a catalogue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Language(usize);

impl Language {
    /// The language of a tag such as `es` or `es-AR`.
    #[must_use]
    pub fn parse(tag: &str) -> Option<Self> {
        let primary = tag.split(['-', '_']).next().unwrap_or(tag);
        CATALOGUES
            .iter()
            .position(|(known, _)| known.eq_ignore_ascii_case(primary))
            .map(Self)
    }

    /// Its tag, for `lang` attributes.
    #[must_use]
    pub fn tag(self) -> &'static str {
        CATALOGUES.get(self.0).map_or("en", |(tag, _)| tag)
    }

    /// The language of the page that is being made: from the context on the server, from
    /// `<html lang>` in the browser.
    #[must_use]
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

/// The text of a key.
#[must_use]
pub fn t(key: &str) -> String {
    t_with(key, &[])
}

/// The text of a key with figures and names filled in.
#[must_use]
pub fn t_with(key: &str, values: &[(&str, Value<'_>)]) -> String {
    lookup(Language::current(), key, values).unwrap_or_else(|| {
        leptos::logging::warn!("no text for {key}");
        key.to_owned()
    })
}

/// The text of an error: that of its code, else a general one of its kind.
#[must_use]
pub fn error_text(error: &Error) -> String {
    let values: Vec<(&str, Value<'_>)> = error
        .details
        .iter()
        .map(|(name, value)| (name.as_ref(), Value::guess(value)))
        .collect();
    let language = Language::current();
    lookup(language, &format!("error-{}", error.code), &values)
        .or_else(|| lookup(language, general(error.kind), &values))
        .unwrap_or_else(|| t("error-internal"))
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
        Kind::UnsupportedMediaType => "error-unsupported-media-type",
        Kind::RateLimited => "error-rate-limited-soon",
        Kind::Internal => "error-internal",
        Kind::Unavailable => "error-unavailable",
    }
}

/// The text in a language or, where that has a gap, in the first one. None when there is no such
/// text or a value that it mentions is missing.
fn lookup(language: Language, key: &str, values: &[(&str, Value<'_>)]) -> Option<String> {
    let own = bundles().get(language.0);
    let first = bundles().first();
    [own, first]
        .into_iter()
        .flatten()
        .find_map(|bundle| format(bundle, key, values))
}

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
fn bundles() -> &'static [FluentBundle<FluentResource>] {
    static BUNDLES: OnceLock<Vec<FluentBundle<FluentResource>>> = OnceLock::new();
    BUNDLES.get_or_init(|| {
        CATALOGUES
            .iter()
            .map(|(tag, source)| {
                let language = tag.parse().unwrap_or_default();
                let mut bundle = FluentBundle::new_concurrent(vec![language]);
                bundle.set_use_isolating(false);
                // What cannot be read is left out here; a test refuses such a catalogue.
                let (Ok(resource) | Err((resource, _))) =
                    FluentResource::try_new((*source).to_owned());
                bundle.add_resource_overriding(resource);
                bundle
            })
            .collect()
    })
}

#[cfg(test)]
mod tests;
