//! Where answers are from, and which of them takes the place of another.

use super::super::{Details, Dividend, Headline, History, ProviderFailure, Quote, Source};
use chrono::{NaiveDate, TimeDelta};
use std::sync::Arc;

/// A past of another source may begin so much later than one that is kept: both move on with the days.
const MOVES_ON: TimeDelta = TimeDelta::days(31);
/// What is here anyway, and is as it is now.
pub const LOCAL: [Source; 3] = [Source::Sample, Source::Replay, Source::Folder];

/// Something that says where it is from.
pub trait Sourced {
    /// Where it is from, when it says so.
    fn source(&self) -> Option<Source>;

    /// The first day of a past.
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

/// Whoever stands behind the first source must not take away what is known while that is away. Why an
/// answer does not count beside what is known; none: it counts.
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
        // It would turn a price back by years.
        return Some(ProviderFailure::LeftAlone);
    }
    if is == was || is == Some(first) || was_local {
        return None;
    }
    let later = said.begins()?.signed_duration_since(before.begins()?);
    (later > MOVES_ON).then_some(ProviderFailure::KnowsLess)
}
