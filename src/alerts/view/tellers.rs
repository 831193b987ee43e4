//! What features above tell, in the reader's language: they bring the words.

use crate::alerts::Tiding;
use leptos::prelude::*;
use serde_json::Value;

/// Something told, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// What.
    pub text: String,
    /// Where there is more of it.
    pub place: &'static str,
}

/// Puts a body into words; none when it cannot be read.
type Teller = fn(&Value) -> Option<Said>;

/// Who puts which kind into words; a copy is the same.
#[derive(Clone, Copy, Debug)]
pub struct Tellers(StoredValue<Vec<(&'static str, Teller)>>);

impl Tellers {
    /// Puts them into the context, by the kinds that they tell.
    pub fn provide(all: Vec<(&'static str, Teller)>) -> Self {
        let tellers = Self(StoredValue::new(all));
        provide_context(tellers);
        tellers
    }

    /// Those of the context.
    #[must_use]
    pub fn of_context() -> Self {
        use_context().unwrap_or_else(|| Self::provide(Vec::new()))
    }

    /// A tiding in words; none: nobody here knows its kind.
    #[must_use]
    pub fn said(self, tiding: &Tiding) -> Option<Said> {
        let teller = self.0.with_value(|all| {
            let found = all.iter().find(|(kind, _)| *kind == tiding.kind);
            found.map(|(_, teller)| *teller)
        });
        teller?(&tiding.body)
    }
}
