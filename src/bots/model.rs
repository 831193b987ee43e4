//! What bots hang on their messages, and the commands that they understand.

use crate::chat::Part;
use crate::markets::Quote;
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
