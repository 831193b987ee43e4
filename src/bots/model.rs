//! What bots hang on their messages, and the commands that they understand.

use crate::alerts::Condition;
use crate::calls::{Direction, Mark, Tally};
use crate::chat::Part;
use crate::markets::{
    Quote, Source,
    ratings::{Edge, Verdict},
};
use crate::shared::Error;
use chrono::NaiveDate;
use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};

/// A command as the composer completes it and `/help` lists it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CommandInfo {
    /// The word after the slash.
    pub name: &'static str,
    /// How it is written: `/stock=CODE`.
    pub usage: &'static str,
    /// The catalogue's sentence on what it does.
    pub description_key: &'static str,
}

/// A typed piece of a bot's message.
pub trait BotPart: Serialize + for<'de> Deserialize<'de> {
    /// `bots.part`, the kind of the [`Part`].
    const KIND: &'static str;

    /// The piece as messages carry it.
    fn part(&self) -> Part {
        Part {
            kind: Self::KIND.to_owned(),
            // Plain structs of texts and figures can always be written as JSON.
            body: serde_json::to_value(self).unwrap_or_default(),
        }
    }
}

/// A quote with its change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuoteCard {
    /// The quote.
    #[serde(flatten)]
    pub quote: Quote,
    /// Change against the day before, where that is known.
    pub change: Option<Decimal>,
    /// The same in per cent, to 4 decimals.
    pub change_percent: Option<Decimal>,
}

impl BotPart for QuoteCard {
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

/// The source knows no such code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoQuote {
    /// What was asked for, upper case, as far as it can be a code; may be empty.
    pub symbol: String,
}

impl BotPart for NoQuote {
    const KIND: &'static str = "bots.no_quote";
}

/// The source of prices is away.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MarketUnavailable {
    /// What was asked for, upper case.
    pub symbol: String,
}

impl BotPart for MarketUnavailable {
    const KIND: &'static str = "bots.market_unavailable";
}

/// The command was given without a code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WhichOne {
    /// How it is written, with an example.
    pub example: String,
}

impl BotPart for WhichOne {
    const KIND: &'static str = "bots.which_one";
}

/// The commands that bots understand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Help {
    /// In the order in which they are listed.
    pub commands: Vec<CommandUsage>,
}

/// A line of [`Help`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommandUsage {
    /// The word after the slash; names the catalogue's sentence.
    pub name: String,
    /// How it is written.
    pub usage: String,
}

impl BotPart for Help {
    const KIND: &'static str = "bots.help";
}

/// The course of an instrument: its image is drawn on the server, up to the last day of then.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChartCard {
    /// The code, upper case.
    pub symbol: String,
    /// The first day.
    pub from: NaiveDate,
    /// The last day.
    pub to: NaiveDate,
    /// Trading days between them, both counted.
    pub days: usize,
    /// The first close.
    pub first: Decimal,
    /// The last close.
    pub last: Decimal,
    /// The lowest close.
    pub low: Decimal,
    /// The highest close.
    pub high: Decimal,
    /// Where the prices are from.
    pub source: Source,
    /// The rating of the last day.
    pub rating: Option<Given>,
}

impl BotPart for ChartCard {
    const KIND: &'static str = "bots.chart";
}

impl ChartCard {
    /// The change from the first to the last close, in per cent to 2 decimals.
    pub fn change_percent(&self) -> Option<Decimal> {
        let change = self.last.checked_sub(self.first)?;
        let part = change
            .checked_mul(Decimal::ONE_HUNDRED)?
            .checked_div(self.first)?;
        Some(part.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero))
    }
}

/// A rating as it was given, with how often such ones were right.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Given {
    /// What the indicators come to.
    pub verdict: Verdict,
    /// How often such ratings came true, as a part of one; none: nobody can tell.
    pub rate: Option<f64>,
    /// How often the price went that way after any day.
    pub base: Option<f64>,
    /// Days after which that was looked at.
    pub horizon: usize,
    /// What the past shows.
    pub edge: Option<Edge>,
}

/// Several instruments side by side.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CompareCard {
    /// In the order in which they were asked for; 2 to 5.
    pub lines: Vec<CompareLine>,
    /// The first day of all.
    pub from: NaiveDate,
    /// The last day of all.
    pub to: NaiveDate,
    /// Where the prices of the first line are from.
    pub source: Source,
}

impl CompareCard {
    /// Where the prices of the lines are from, each source once.
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

impl BotPart for CompareCard {
    const KIND: &'static str = "bots.compare";
}

/// A line of [`CompareCard`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CompareLine {
    /// The code, upper case.
    pub symbol: String,
    /// Closes, the first of which is 100; at most 60, evenly over the days.
    pub points: Vec<f64>,
    /// The whole return, as a part of one.
    pub total: f64,
    /// Volatility of a year; none: too few days.
    pub volatility: Option<f64>,
    /// The deepest fall, 0 or below.
    pub fall: f64,
    /// Where its prices are from; none: from where those of the first line are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
}

/// A call that was made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CallCard {
    /// The code, upper case.
    pub symbol: String,
    /// What is expected.
    pub direction: Direction,
    /// For how long.
    pub horizon: String,
    pub reason: String,
    /// The last close that is known.
    pub known: Mark,
    /// The last day of the horizon.
    pub due: NaiveDate,
    /// Where the prices are from.
    pub source: Source,
    /// What the author's scored calls come to so far.
    pub record: Tally,
}

impl BotPart for CallCard {
    const KIND: &'static str = "bots.call";
}

/// An alert that was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlertCard {
    /// The code, upper case.
    pub symbol: String,
    /// What is waited for.
    #[serde(flatten)]
    pub condition: Condition,
    /// It is posted in this channel; else its owner alone is told.
    pub here: bool,
    /// The price is there already, and has to come back first.
    pub there: bool,
    /// The last price that is known.
    pub now: Option<Known>,
}

impl BotPart for AlertCard {
    const KIND: &'static str = "bots.alert";
}

/// A price with its day and where it is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Known {
    /// The price.
    pub price: Decimal,
    /// Its day.
    pub date: NaiveDate,
    /// Where it is from.
    pub source: Source,
}

/// How a command is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HowTo {
    /// An example.
    pub example: String,
    /// What was wrong, where that is known.
    pub error: Option<Error>,
}

impl BotPart for HowTo {
    const KIND: &'static str = "bots.how_to";
}
