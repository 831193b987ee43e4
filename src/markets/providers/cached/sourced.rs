//! Where responses come from, and which of them may replace another.

use super::super::{Details, Dividend, Headline, History, ProviderFailure, Quote, Source};
use chrono::{NaiveDate, TimeDelta};
use std::sync::Arc;

/// The history of another source may start this much later than the cached one: the start of both
/// moves on with the days.
const MOVES_ON: TimeDelta = TimeDelta::days(31);
/// Sources on this machine, which are always current.
pub const LOCAL: [Source; 3] = [Source::Sample, Source::Replay, Source::Folder];

/// A response that can name its data source.
pub trait Sourced {
    /// Returns the data source, if the response names it.
    fn source(&self) -> Option<Source>;

    /// Returns the first day of a history.
    fn begins(&self) -> Option<NaiveDate> {
        None
    }
}

impl Sourced for Quote {
    fn source(&self) -> Option<Source> {
        Some(self.source)
    }
}

impl Sourced for Arc<History> {
    fn source(&self) -> Option<Source> {
        Some(self.source)
    }

    fn begins(&self) -> Option<NaiveDate> {
        self.bars.first().map(|bar| bar.date)
    }
}

impl Sourced for Arc<Details> {
    fn source(&self) -> Option<Source> {
        self.source
    }
}

impl Sourced for Arc<Vec<Headline>> {
    fn source(&self) -> Option<Source> {
        self.first().map(|headline| headline.source)
    }
}

impl Sourced for Arc<Vec<Dividend>> {
    fn source(&self) -> Option<Source> {
        None
    }
}

/// Returns why a response must not replace the cached one; `None`: it may. While the first source
/// is unavailable, the sources after it must not remove what is known.
pub fn takes_away<T: Sourced>(
    before: Option<&T>,
    said: Option<&T>,
    first: Source,
) -> Option<ProviderFailure> {
    let before = before?;
    let was = before.source();
    let was_local = was.is_some_and(|source| LOCAL.contains(&source));
    let Some(said) = said else {
        return (!was_local).then_some(ProviderFailure::KnowsLess);
    };
    let is = said.source();
    if is == Some(Source::Sample) && was.is_some_and(|source| source != Source::Sample) {
        // It would move a price back by years.
        return Some(ProviderFailure::LeftAlone);
    }
    if is == was || is == Some(first) || was_local {
        return None;
    }
    let later = said.begins()?.signed_duration_since(before.begins()?);
    (later > MOVES_ON).then_some(ProviderFailure::KnowsLess)
}
