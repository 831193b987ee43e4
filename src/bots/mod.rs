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

#[cfg(feature = "ssr")]
use crate::feature::Setup;
use crate::feature::{Cards, Feature, SlashCommand};
#[cfg(feature = "ssr")]
use crate::{accounts, chat, trending};
#[cfg(feature = "ssr")]
use std::sync::Arc;

fn slash_command(command: CommandInfo) -> SlashCommand {
    SlashCommand {
        name: command.name,
        usage: command.usage,
        description_key: command.description_key,
    }
}

/// What this feature brings.
pub const FEATURE: Feature = Feature {
    name: "bots",
    cards: Some(Cards {
        load: || Box::pin(view::load_bot_cards()),
        draw: |kind, body| Box::pin(view::draw_card(kind, body)),
    }),
    commands: || commands().into_iter().map(slash_command).collect(),
    #[cfg(feature = "ssr")]
    start: |setup| Box::pin(start(setup)),
    ..Feature::NOTHING
};

#[cfg(feature = "ssr")]
async fn start(setup: &mut Setup) -> crate::shared::Result<()> {
    let (accounts, chat) = (setup.get()?, setup.get::<chat::Service>()?);
    // Before anyone can connect and take the bot's name.
    let owner: accounts::Service = accounts;
    let for_account = owner.clone();
    setup.before_serving(async move { StockBot::account(&for_account).await.map(drop) });
    setup.worker(StockBot::new(
        setup.db.clone(),
        Arc::clone(&setup.bus),
        chat.clone(),
        owner,
        setup.get()?,
        setup.get()?,
        setup.get()?,
    ));
    // Here, because the commands name symbols too.
    setup.worker(trending::Reader::new(
        setup.get()?,
        chat,
        Arc::clone(&setup.bus),
        asked_for,
    ));
    Ok(())
}
