//! Cards of bot messages, and the commands that bots understand.

use crate::alerts::Condition;
use crate::chat::Card;
use crate::markets::{
    Quote, Source,
    ratings::{Edge, Verdict},
};
use crate::predictions::{Direction, Mark, Tally};
use crate::shared::Error;
use chrono::NaiveDate;
use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};

/// A command as the composer completes it and `/help` lists it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CommandInfo {
    /// Name without the slash.
    pub name: &'static str,
    /// Usage, e.g. `/stock=SYMBOL`.
    pub usage: &'static str,
    /// Key of the description in the message catalogue.
    pub description_key: &'static str,
}

/// Typed content of a card in a bot's message.
pub trait BotCard: Serialize + for<'de> Deserialize<'de> {
    /// Kind of the [`Card`], `bots.card`.
    const KIND: &'static str;

    /// Returns the card as messages carry it.
    fn card(&self) -> Card {
        Card {
            kind: Self::KIND.to_owned(),
            // Plain structs of texts and numbers can always be serialized.
            body: serde_json::to_value(self).unwrap_or_default(),
        }
    }
}

/// A quote with its change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuoteCard {
    #[serde(flatten)]
    pub quote: Quote,
    /// Change since the previous day; None: unknown.
    pub change: Option<Decimal>,
    /// The same in %, to 4 decimals.
    pub change_percent: Option<Decimal>,
}

impl BotCard for QuoteCard {
    const KIND: &'static str = "bots.quote";
}

impl From<Quote> for QuoteCard {
    fn from(quote: Quote) -> Self {
        let strategy = RoundingStrategy::MidpointAwayFromZero;
        let percent = quote.change_percent();
        Self {
            change: quote.change(),
            change_percent: percent.map(|percent| percent.round_dp_with_strategy(4, strategy)),
            quote,
        }
    }
}

/// The data source does not know the symbol.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoQuote {
    /// Requested symbol in upper case, without invalid characters; may be empty.
    pub symbol: String,
}

impl BotCard for NoQuote {
    const KIND: &'static str = "bots.no_quote";
}

/// The data source is unavailable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MarketUnavailable {
    /// Requested symbol in upper case.
    pub symbol: String,
}

impl BotCard for MarketUnavailable {
    const KIND: &'static str = "bots.market_unavailable";
}

/// The command has no symbol.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WhichOne {
    /// Usage with an example.
    pub example: String,
}

impl BotCard for WhichOne {
    const KIND: &'static str = "bots.which_one";
}

/// The commands that bots understand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Help {
    /// Commands in the order in which they are listed.
    pub commands: Vec<CommandUsage>,
}

/// One command of [`Help`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommandUsage {
    /// Name without the slash; identifies the description in the message catalogue.
    pub name: String,
    /// Usage of the command.
    pub usage: String,
}

impl BotCard for Help {
    const KIND: &'static str = "bots.help";
}

/// Price history of a symbol. The server draws its image, up to the last day of the card.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChartCard {
    /// Symbol in upper case.
    pub symbol: String,
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
    /// Number of trading days, first and last included.
    pub days: usize,
    /// First close.
    pub first: Decimal,
    /// Last close.
    pub last: Decimal,
    /// Lowest close.
    pub low: Decimal,
    /// Highest close.
    pub high: Decimal,
    /// Data source of the prices.
    pub source: Source,
    /// Technical rating of the last day; None: not available.
    pub rating: Option<Given>,
}

impl BotCard for ChartCard {
    const KIND: &'static str = "bots.chart";
}

impl ChartCard {
    /// Change from the first to the last close in %, to 2 decimals.
    pub fn change_percent(&self) -> Option<Decimal> {
        let change = self.last.checked_sub(self.first)?;
        let part = change
            .checked_mul(Decimal::ONE_HUNDRED)?
            .checked_div(self.first)?;
        Some(part.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero))
    }
}

/// A technical rating as published, with its hit rate.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Given {
    pub verdict: Verdict,
    /// Hit rate of such ratings as a fraction; None: unknown.
    pub rate: Option<f64>,
    /// Base rate: how often the price moved that way after any day, as a fraction.
    pub base: Option<f64>,
    /// Number of trading days after which a rating is scored.
    pub horizon: usize,
    /// Edge that the history demonstrates.
    pub edge: Option<Edge>,
}

/// Comparison of several symbols.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CompareCard {
    /// Symbols in the order of the request; 2 to 5.
    pub lines: Vec<CompareLine>,
    /// First common day.
    pub from: NaiveDate,
    /// Last common day.
    pub to: NaiveDate,
    /// Data source of the first line.
    pub source: Source,
}

impl CompareCard {
    /// Returns the data sources of all lines, each once.
    pub fn sources(&self) -> Vec<Source> {
        let mut sources = Vec::new();
        for line in &self.lines {
            let source = line.source.unwrap_or(self.source);
            if !sources.contains(&source) {
                sources.push(source);
            }
        }
        sources
    }
}

impl BotCard for CompareCard {
    const KIND: &'static str = "bots.compare";
}

/// One symbol of [`CompareCard`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CompareLine {
    /// Symbol in upper case.
    pub symbol: String,
    /// Closes scaled so that the first is 100; at most 60, evenly spaced over the days.
    pub points: Vec<f64>,
    /// Total return as a fraction.
    pub total: f64,
    /// Annualized volatility; None: too few days.
    pub volatility: Option<f64>,
    /// Max drawdown as a fraction, 0 or negative.
    pub fall: f64,
    /// Data source of its prices; None: the same as of the first line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
}

/// A created prediction.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PredictionCard {
    /// Symbol in upper case.
    pub symbol: String,
    pub direction: Direction,
    /// Horizon, e.g. `3m`.
    pub horizon: String,
    pub reason: String,
    /// Last known close.
    pub known: Mark,
    /// Last day of the horizon.
    pub due: NaiveDate,
    /// Data source of the prices.
    pub source: Source,
    /// Track record of the author's scored predictions so far.
    pub record: Tally,
    /// false: no more prices come, so it cannot be scored.
    #[serde(default = "moves")]
    pub moves: bool,
}

/// Earlier cards do not say it.
const fn moves() -> bool {
    true
}

impl BotCard for PredictionCard {
    const KIND: &'static str = "bots.prediction";
}

/// A created alert.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlertCard {
    /// Symbol in upper case.
    pub symbol: String,
    #[serde(flatten)]
    pub condition: Condition,
    /// true: posted in this channel when triggered; false: only its owner is notified.
    pub here: bool,
    /// true if the price already meets the condition and must first move back.
    pub there: bool,
    /// Last known price.
    pub now: Option<Known>,
}

impl BotCard for AlertCard {
    const KIND: &'static str = "bots.alert";
}

/// A price with its day and data source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Known {
    pub price: Decimal,
    /// Day of the price.
    pub date: NaiveDate,
    pub source: Source,
}

/// Usage of a command.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HowTo {
    /// Example of the command.
    pub example: String,
    /// Error in the input; None: unknown.
    pub error: Option<Error>,
}

impl BotCard for HowTo {
    const KIND: &'static str = "bots.how_to";
}
