//! Bots: programs inside the server that reply in channels from their own accounts.
//!
//! The only one is the stock bot. It follows all channels as a durable listener: the database
//! stores its read position in each channel, and each reply has a nonce made from the message that
//! it answers. So no command is missed and none is answered twice. It sends through `chat` like any
//! member and does not use sockets.

mod model;
mod rules;
pub mod view;

#[cfg(feature = "ssr")]
mod reply;
#[cfg(feature = "ssr")]
mod service;
#[cfg(feature = "ssr")]
mod store;

pub use model::{
    AlertCard, BotCard, ChartCard, CommandInfo, CommandUsage, CompareCard, CompareLine, Given,
    Help, HowTo, Known, MarketUnavailable, NoQuote, PredictionCard, QuoteCard, WhichOne,
};
pub use rules::{Command, Span, asked_for, commands, parse};
#[cfg(feature = "ssr")]
pub use service::StockBot;
