//! Bots: programs that live in the house and answer in channels from accounts of their own.
//!
//! So far one, the stock bot. It follows all channels as a durable listener: how far it has read
//! each channel is kept in the database, and what it says carries a nonce made from the message
//! that it answers, so that nothing is missed and nothing is said twice. It speaks through
//! `chat` like everybody else and knows no sockets.

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
    AlertCard, BotPart, CallCard, ChartCard, CommandInfo, CommandUsage, CompareCard, CompareLine,
    Given, Help, HowTo, Known, MarketUnavailable, NoQuote, QuoteCard, WhichOne,
};
pub use rules::{Command, Span, asked_for, commands, parse};
#[cfg(feature = "ssr")]
pub use service::StockBot;
