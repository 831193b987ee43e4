//! Predictions and their scores, shared by server and browser.

use crate::accounts::Profile;
use crate::markets::{Freshness, Source};
use crate::shared::{CommunityId, NotificationId, PredictionId, Timestamp, text_enum};
use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// Most characters of a reason.
pub const MAX_REASON: usize = 500;

text_enum! {
    /// Expected direction of a price.
    #[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
    pub enum Direction {
        /// The price rises.
        Long = "long",
        /// The price falls.
        Short = "short",
    }
}

text_enum! {
    /// State of a prediction.
    #[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
    pub enum State {
        /// Its horizon has not ended.
        Open = "open",
        /// Its horizon has ended, and it has a score.
        Scored = "scored",
        /// Prices to score it are missing.
        Void = "void",
    }
}

/// A price with its day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Mark {
    pub date: NaiveDate,
    #[cfg_attr(feature = "ssr", schema(value_type = String, example = "430.47"))]
    pub price: Decimal,
}

/// Score of a prediction.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Score {
    /// Return in its direction, as a fraction.
    pub made: f64,
    /// Hit rate of the same symbol and direction over earlier periods of this length; null: the
    /// price history is too short.
    pub base_rate: Option<f64>,
    /// Mean return in that direction over these earlier periods.
    pub base_mean: Option<f64>,
}

impl Score {
    /// true if the prediction was right.
    pub fn hit(&self) -> bool {
        self.made > 0.0
    }
}

/// A prediction for a symbol.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Prediction {
    pub id: PredictionId,
    pub community: CommunityId,
    /// Null: Rialto, by its technical rating.
    pub author: Option<Profile>,
    /// Symbol, upper case.
    #[cfg_attr(feature = "ssr", schema(example = "AAPL"))]
    pub symbol: String,
    pub direction: Direction,
    /// Such as `5d`, `2w`, `3m`, `1y`.
    #[cfg_attr(feature = "ssr", schema(example = "3m"))]
    pub horizon: String,
    /// May be empty.
    pub reason: String,
    /// Data source of the prices.
    pub source: Source,
    #[cfg_attr(feature = "ssr", schema(value_type = String, format = DateTime))]
    pub made_at: Timestamp,
    /// Last close known when it was made.
    pub known: Mark,
    /// Last day of its horizon.
    pub due: NaiveDate,
    pub state: State,
    /// Open of the first trading day after it was made.
    pub entry: Option<Mark>,
    /// The close of the last trading day within its horizon.
    pub exit: Option<Mark>,
    /// Null: not scored yet.
    pub score: Option<Score>,
}

impl Prediction {
    /// Day of the market on which it was made.
    pub fn made_on(&self) -> NaiveDate {
        made_on(self.source, self.known.date, self.made_at)
    }
}

/// Day of the market on which a prediction was made, from its data source, the day of the last
/// known close, and the time. The days of a replay have nothing to do with those of the world; all
/// of its symbols are traded on each of them.
pub(super) fn made_on(source: Source, known: NaiveDate, made_at: Timestamp) -> NaiveDate {
    match source.freshness() {
        Freshness::Replay => known,
        _ => made_at.date_naive(),
    }
}

/// A created prediction.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Created {
    #[serde(flatten)]
    pub prediction: Prediction,
    /// false: no more prices come for this symbol (as after the end of the sample), so the
    /// prediction cannot be scored and becomes void.
    pub moves: bool,
}

/// Notification about a prediction that was scored or became void.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Settled {
    pub symbol: String,
    pub direction: Direction,
    /// Such as `3m`.
    pub horizon: String,
    /// Score; none: void.
    pub score: Option<Score>,
}

impl Settled {
    /// Kind of the notification.
    pub const KIND: &'static str = "predictions.settled";
}

/// A page of predictions, newest first.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct PredictionPage {
    pub predictions: Vec<Prediction>,
    /// Cursor of the next page, for `before`; null: last page.
    pub next: Option<String>,
}

/// Track record of one author.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct RankedAuthor {
    /// Null: Rialto.
    pub author: Option<Profile>,
    /// Null: too few predictions.
    pub rank: Option<u32>,
    #[serde(flatten)]
    pub tally: Tally,
}

/// Track record of scored predictions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Tally {
    /// Number of scored predictions.
    pub scored: u32,
    /// Number after weighting: overlapping predictions on one symbol count for the part of their
    /// time that does not overlap.
    pub counted: f64,
    /// Hit rate.
    pub rate: Option<f64>,
    /// Lower end of the 95% interval of the hit rate (Wilson).
    pub low: Option<f64>,
    /// Upper end of that interval.
    pub high: Option<f64>,
    /// Base rate: hit rate of the same directions and symbols over earlier periods of these
    /// lengths.
    pub base: Option<f64>,
    /// Mean return minus that of these earlier periods.
    pub excess: Option<f64>,
    /// Edge: lower end of the interval minus the base rate. The leaderboard is ranked by it.
    pub edge: Option<f64>,
}

/// Leaderboard of a community, ranked authors first.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Leaderboard {
    /// Track records.
    pub ranking: Vec<RankedAuthor>,
    /// Number of the latest scored predictions that count; null: all.
    pub latest: Option<u32>,
}

/// Input of a prediction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct PredictionInput {
    /// Symbol in any case.
    #[cfg_attr(
        feature = "ssr",
        schema(example = "AAPL", min_length = 1, max_length = 20)
    )]
    pub symbol: String,
    /// `long` or `short`.
    #[cfg_attr(feature = "ssr", schema(example = "long", pattern = "^(long|short)$"))]
    pub direction: String,
    /// Number of days, weeks, months or years, from `1d` to `2y`.
    #[cfg_attr(
        feature = "ssr",
        schema(example = "3m", pattern = "^[0-9]{1,3}[dwmy]$")
    )]
    pub horizon: String,
    /// At most 500 characters.
    #[serde(default)]
    #[cfg_attr(
        feature = "ssr",
        schema(example = "earnings look strong", max_length = 500)
    )]
    pub reason: String,
}

/// Data of the predictions page.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PredictionsPage {
    pub leaderboard: Leaderboard,
    /// The requested predictions.
    pub page: PredictionPage,
    /// The requested predictions that the viewer can still withdraw.
    pub retractable: Vec<PredictionId>,
    /// Latest unseen notification about a prediction of the viewer.
    pub told: Option<NotificationId>,
    /// true if prices come from the sample, which has ended.
    pub ended: bool,
}
