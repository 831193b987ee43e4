//! Calls and what became of them, as both sides see them.

use crate::accounts::Profile;
use crate::markets::Source;
use crate::shared::{CallId, CommunityId, Timestamp};
use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// Most characters of a reason.
pub const MAX_REASON: usize = 500;

/// What is expected of a price.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// It rises.
    Long,
    /// It falls.
    Short,
}

impl Direction {
    /// The name on the wire and in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Long => "long",
            Self::Short => "short",
        }
    }

    /// The direction of this name, in any case.
    pub fn named(name: &str) -> Option<Self> {
        let both = [Self::Long, Self::Short];
        let mut both = both.into_iter();
        both.find(|one| one.as_str().eq_ignore_ascii_case(name))
    }
}

/// How far a call is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Its horizon has not ended.
    Open,
    /// It ended, and this is what became of it.
    Scored,
    /// There were no prices to score it by.
    Void,
}

impl State {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Open, Self::Scored, Self::Void];

    /// The name on the wire and in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Scored => "scored",
            Self::Void => "void",
        }
    }

    /// The state of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == name)
    }
}

/// A price with its day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Mark {
    /// The day.
    pub date: NaiveDate,
    /// The price.
    #[cfg_attr(feature = "ssr", schema(value_type = String, example = "430.47"))]
    pub price: Decimal,
}

/// What became of a call.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Score {
    /// The return in its direction, as a part of one.
    pub made: f64,
    /// How often this instrument went that way over such a stretch before; null: its past is too
    /// short to tell.
    pub base_rate: Option<f64>,
    /// The mean return in that direction over such a stretch before.
    pub base_mean: Option<f64>,
}

impl Score {
    /// Did it come true?
    pub fn hit(&self) -> bool {
        self.made > 0.0
    }
}

/// What somebody expects of an instrument.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Call {
    pub id: CallId,
    /// Where it was made.
    pub community: CommunityId,
    /// Who made it; null: Rialto, by its rating.
    pub author: Option<Profile>,
    /// The instrument's code, upper case.
    #[cfg_attr(feature = "ssr", schema(example = "AAPL"))]
    pub symbol: String,
    /// What is expected.
    pub direction: Direction,
    /// For how long: `5d`, `2w`, `3m`, `1y`.
    #[cfg_attr(feature = "ssr", schema(example = "3m"))]
    pub horizon: String,
    /// Why; may be empty.
    pub reason: String,
    /// Where the prices come from.
    pub source: Source,
    /// When it was made.
    #[cfg_attr(feature = "ssr", schema(value_type = String, format = DateTime))]
    pub made_at: Timestamp,
    /// The last close that was known then.
    pub known: Mark,
    /// The last day of its horizon.
    pub due: NaiveDate,
    /// How far it is.
    pub state: State,
    /// The open of the first trading day after it was made.
    pub entry: Option<Mark>,
    /// The close of the last trading day within its horizon.
    pub exit: Option<Mark>,
    /// What became of it, once it is scored.
    pub score: Option<Score>,
}

/// Some calls, the newest first.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct CallPage {
    /// The calls.
    pub calls: Vec<Call>,
    /// Where the rest begins, for `before`; null: these are all.
    pub next: Option<String>,
}

/// The record of one author.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Standing {
    /// Whose; null: Rialto's.
    pub author: Option<Profile>,
    /// The place in the table; null: too few calls to tell.
    pub rank: Option<u32>,
    /// Figures.
    #[serde(flatten)]
    pub tally: Tally,
}

/// What some scored calls come to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Tally {
    /// How many calls are scored.
    pub scored: u32,
    /// How many they count as: calls on one instrument that overlap count as the part of their
    /// time that does not.
    pub counted: f64,
    /// How often they came true.
    pub rate: Option<f64>,
    /// The interval that holds the true rate with 95 % (Wilson): its lower end ...
    pub low: Option<f64>,
    /// ... and its upper end.
    pub high: Option<f64>,
    /// How often the same directions came true on the same instruments over such stretches before.
    pub base: Option<f64>,
    /// The mean return beyond that of such stretches before.
    pub excess: Option<f64>,
    /// The lower end of the interval less the base rate: what they are ranked by.
    pub edge: Option<f64>,
}

/// The records of a community's authors: first those that can be ranked.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Leaderboard {
    /// The records.
    pub standings: Vec<Standing>,
    /// So many of the latest scored calls make them; null: all.
    pub latest: Option<u32>,
}

/// A call as somebody wrote it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "ssr", schema(as = CallDraft))]
pub struct Draft {
    /// The code, in any case.
    #[cfg_attr(
        feature = "ssr",
        schema(example = "AAPL", min_length = 1, max_length = 20)
    )]
    pub symbol: String,
    /// `long` or `short`.
    #[cfg_attr(feature = "ssr", schema(example = "long", pattern = "^(long|short)$"))]
    pub direction: String,
    /// How many days, weeks, months or years: from `1d` to `2y`.
    #[cfg_attr(
        feature = "ssr",
        schema(example = "3m", pattern = "^[0-9]{1,3}[dwmy]$")
    )]
    pub horizon: String,
    /// Why; at most 500 characters.
    #[serde(default)]
    #[cfg_attr(
        feature = "ssr",
        schema(example = "earnings look strong", max_length = 500)
    )]
    pub reason: String,
}

/// The page of calls: who did how well, and what was called.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CallsPage {
    /// The records.
    pub leaderboard: Leaderboard,
    /// The calls that were asked for.
    pub page: CallPage,
    /// Those of them that the viewer can still take back.
    pub retractable: Vec<CallId>,
}
