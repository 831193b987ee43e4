//! The languages that have a catalogue.

#[cfg(feature = "hydrate")]
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
pub(super) const CATALOGUES: &[(&str, &str)] =
    &[("en", texts!("en.ftl")), ("es", texts!("es.ftl"))];

/// Native names of the languages, in the order of [`CATALOGUES`].
const NAMES: &[&str] = &["English", "Español"];

/// A language that has a catalogue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Language(
    /// Index into [`CATALOGUES`].
    pub(super) usize,
);

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
