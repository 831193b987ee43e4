//! What features above tell, in the reader's language: they bring the words.

use crate::alerts::Tiding;
use leptos::prelude::*;
use serde_json::Value;

/// Something told, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    pub text: String,
    /// Where there is more of it.
    pub place: &'static str,
}

/// A kind of tiding, and what puts its body into words; none when it cannot be read.
pub type Teller = (&'static str, fn(&Value) -> Option<Said>);

/// Who puts which kind into words. Pages that show them have it in their context.
#[derive(Clone, Copy, Debug)]
pub struct Tellers(pub &'static [Teller]);

impl Tellers {
    /// Those of the context.
    pub fn of_context() -> Self {
        use_context().unwrap_or(Self(&[]))
    }

    /// A tiding in words; none: nobody here knows its kind.
    pub fn said(self, tiding: &Tiding) -> Option<Said> {
        let mut known = self.0.iter();
        let (_, teller) = known.find(|(kind, _)| *kind == tiding.kind)?;
        teller(&tiding.body)
    }
}
