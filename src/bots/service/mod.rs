//! The stock bot: reads all channels from its cursors on and replies to commands.

mod answers;
mod wake;

use super::{reply::Reply, rules::Command, store};
use crate::accounts::{self, Viewer};
use crate::alerts;
use crate::chat::{self, Message};
use crate::markets;
use crate::platform::{database::Database, tasks::Worker};
use crate::predictions;
use crate::realtime::bus::SharedBus;
use crate::shared::{ChannelId, Error, Kind, MessageId, Result};
use async_trait::async_trait;
use futures::{
    StreamExt,
    stream::{self, FuturesUnordered},
};
use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
    time::Duration,
};
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;
use wake::Wake;

/// Name of the listener, in the log and in the table of cursors. Never changes.
const NAME: &str = "bots.stock";
/// Channels read at the same time, so that a slow one does not delay the others.
const CHANNELS_AT_ONCE: usize = 8;
/// Quotes of one channel requested at the same time; replies are posted in order.
const LOOKUPS_AT_ONCE: usize = 4;
/// Messages read at once before other channels get their turn.
const PAGE: u64 = 100;
/// Pause of a channel after a turn, so that messages are read in batches. The first message after a
/// quiet time does not wait.
const REST: Duration = Duration::from_millis(250);
/// Interval at which cursors are stored if there was nothing to reply to. After a crash, messages
/// since then are read again.
const SAVE: Duration = Duration::from_secs(5);
/// Interval at which all channels are compared with the cursors, in case a wake-up was lost.
const RECHECK: Duration = Duration::from_mins(1);
/// First pause after a failure; doubles with each further failure.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_mins(1);
/// Consecutive failures after which the bot skips a reply that ends in an internal error, so that
/// one message does not silence the bot in its channel for ever.
const PATIENCE: u32 = 8;

/// The stock bot; it runs in [`Worker::run`].
pub struct StockBot {
    db: Database,
    bus: SharedBus,
    chat: chat::Service,
    accounts: accounts::Service,
    markets: markets::Service,
    predictions: predictions::Service,
    alerts: alerts::Service,
    /// Listener on the bus, from the first run on.
    wake: Option<Arc<Wake>>,
}

/// Result of one turn in a channel.
struct Turn {
    channel: ChannelId,
    /// All messages up to this number are handled.
    reached: i64,
    /// true if messages were handled.
    advanced: bool,
    /// Ok(true): there may be more to read.
    outcome: Result<bool>,
}

impl StockBot {
    /// Creates a bot that uses these services.
    pub fn new(
        db: Database,
        bus: SharedBus,
        chat: chat::Service,
        accounts: accounts::Service,
        markets: markets::Service,
        predictions: predictions::Service,
        alerts: alerts::Service,
    ) -> Self {
        Self {
            db,
            bus,
            chat,
            accounts,
            markets,
            predictions,
            alerts,
            wake: None,
        }
    }

    /// Returns the bot's account, and creates it if necessary.
    pub async fn account(accounts: &accounts::Service) -> Result<Viewer> {
        accounts.ensure_bot("stocks", "Stock bot").await
    }

    /// Listens to all messages published from now on. The bus has one listener, no matter how often
    /// the bot is restarted.
    fn hear(&mut self) -> Arc<Wake> {
        let wake = self.wake.get_or_insert_with(|| {
            let wake = Arc::new(Wake::default());
            self.bus.attach(wake.sink());
            wake
        });
        Arc::clone(wake)
    }

    /// Reads and replies for ever. `wake` already listens, so no message is lost before the first
    /// comparison of the channels.
    async fn listen(&self, wake: &Wake) {
        let (bot, mut cursors) = self.begin().await;
        let mut failures: HashMap<ChannelId, u32> = HashMap::new();
        // Channels that are being read or paused.
        let mut busy = HashSet::new();
        let mut turns = FuturesUnordered::new();
        let mut pauses = FuturesUnordered::new();
        let mut recheck = tokio::time::interval(RECHECK);
        let mut save = tokio::time::interval(SAVE);
        save.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut stored = cursors.clone();
        loop {
            while turns.len() < CHANNELS_AT_ONCE
                && let Some(channel) = wake.take(&busy)
            {
                busy.insert(channel);
                let from = cursors.get(&channel).copied().unwrap_or(0);
                let from = wake.quiet_to(channel, from);
                let patient = failures.get(&channel).is_none_or(|count| *count < PATIENCE);
                turns.push(self.turn(&bot, channel, from, patient));
            }
            tokio::select! {
                Some(turn) = turns.next() => {
                    let Turn { channel, reached, advanced, outcome } = turn;
                    cursors.insert(channel, reached);
                    if advanced {
                        failures.remove(&channel);
                    }
                    match outcome {
                        Ok(more) => {
                            failures.remove(&channel);
                            if more {
                                busy.remove(&channel);
                                wake.mark(channel);
                            } else {
                                pauses.push(rest(channel, REST, false));
                            }
                        }
                        Err(error) if error.kind == Kind::NotFound => {
                            tracing::debug!(channel.id = %channel, "the channel is gone");
                            failures.remove(&channel);
                            cursors.remove(&channel);
                            busy.remove(&channel);
                        }
                        Err(error) => {
                            let count = failures.entry(channel).or_default();
                            *count += 1;
                            let pause = pause(&error, *count);
                            tracing::warn!(
                                channel.id = %channel,
                                error.code = %error.code,
                                pause.seconds = pause.as_secs(),
                                "the stock bot failed; retrying later"
                            );
                            pauses.push(rest(channel, pause, true));
                        }
                    }
                }
                Some((channel, again)) = pauses.next() => {
                    busy.remove(&channel);
                    if again {
                        wake.mark(channel);
                    }
                }
                () = wake.marked() => {}
                _ = save.tick() => self.save(&mut cursors, &mut stored, wake).await,
                _ = recheck.tick() => {
                    self.save(&mut cursors, &mut stored, wake).await;
                    self.find_behind(&cursors, wake).await;
                }
            }
        }
    }

    /// Returns the bot's account and its cursors, once the database is available.
    async fn begin(&self) -> (Viewer, HashMap<ChannelId, i64>) {
        let mut failures = 0;
        loop {
            let begun = async {
                let bot = Self::account(&self.accounts).await?;
                Ok((bot, store::cursors(&self.db, NAME).await?))
            };
            let error: Error = match begun.await {
                Ok(begun) => return begun,
                Err(error) => error,
            };
            tracing::warn!(error.code = %error.code, "the stock bot did not start; retrying");
            failures += 1;
            tokio::time::sleep(pause(&error, failures)).await;
        }
    }

    /// Moves the cursors past messages that need no reading, and stores the changed ones.
    async fn save(
        &self,
        cursors: &mut HashMap<ChannelId, i64>,
        stored: &mut HashMap<ChannelId, i64>,
        wake: &Wake,
    ) {
        for (channel, reached) in cursors.iter_mut() {
            *reached = wake.quiet_to(*channel, *reached);
        }
        let moved: Vec<_> = cursors
            .iter()
            .filter(|(channel, reached)| stored.get(*channel) != Some(*reached))
            .map(|(channel, reached)| (*channel, *reached))
            .collect();
        if moved.is_empty() {
            return;
        }
        let rows = moved.clone();
        let job = async move |tx| store::advance(&tx, NAME, &rows).await;
        match self.db.write(Uuid::nil(), job).await {
            Ok(()) => stored.extend(moved),
            // A channel was deleted: its turn finds out, and turns of the others store their
            // cursors.
            Err(error) if error.kind == Kind::NotFound => {
                moved.iter().for_each(|(channel, _)| wake.mark(*channel));
            }
            Err(error) => {
                tracing::warn!(error.code = %error.code, "storing the read position failed")
            }
        }
    }

    /// Marks all channels with messages after the cursor.
    async fn find_behind(&self, cursors: &HashMap<ChannelId, i64>, wake: &Wake) {
        match self.chat.heads().await {
            Ok(heads) => heads
                .into_iter()
                .filter(|(channel, head)| head.seq > cursors.get(channel).copied().unwrap_or(0))
                .for_each(|(channel, _)| wake.mark(channel)),
            // The next check follows soon.
            Err(error) => tracing::warn!(error.code = %error.code, "reading the channels failed"),
        }
    }

    /// Reads one page of a channel, replies and moves the cursor.
    async fn turn(&self, bot: &Viewer, channel: ChannelId, from: i64, patient: bool) -> Turn {
        let mut reached = from;
        let mut outcome = self.answer_page(bot, channel, &mut reached, patient).await;
        let advanced = reached > from;
        if advanced {
            let job = async move |tx| store::advance(&tx, NAME, &[(channel, reached)]).await;
            if let Err(error) = self.db.write(channel.0, job).await {
                // The position stays in memory, and a later turn stores it. After a crash the same
                // replies have the same nonces and change nothing.
                outcome = Err(error);
            }
        }
        Turn {
            channel,
            reached,
            advanced,
            outcome,
        }
    }

    /// Replies to a page of messages in order; `reached` follows the last handled message.
    async fn answer_page(
        &self,
        bot: &Viewer,
        channel: ChannelId,
        reached: &mut i64,
        patient: bool,
    ) -> Result<bool> {
        let page = self.chat.messages_after(channel, *reached, PAGE).await?;
        let more = page.len() as u64 >= PAGE;
        let lookups = page.into_iter().map(|message| self.answer(bot, message));
        let mut answers = stream::iter(lookups).buffered(LOOKUPS_AT_ONCE);
        while let Some((id, seq, reply)) = answers.next().await {
            let reply = match reply {
                // Temporary errors of the server are retried, up to a limit.
                Err(error) if is_worth_another_try(&error, patient) => return Err(error),
                Err(error) => {
                    tracing::warn!(message.id = %id, error.code = %error.code, "no reply from the stock bot");
                    None
                }
                Ok(reply) => reply,
            };
            if let Some(reply) = reply {
                let nonce = nonce(id);
                let Reply { text, card } = reply;
                let sent = self
                    .chat
                    .send_as_bot(bot, channel, &nonce, &text, vec![card])
                    .await;
                match sent {
                    Err(error) if is_worth_another_try(&error, patient) => return Err(error),
                    Err(error) => tracing::warn!(
                        message.id = %id,
                        error.code = %error.code,
                        "the stock bot cannot answer this message"
                    ),
                    Ok(_) => {}
                }
            }
            *reached = seq;
        }
        Ok(more)
    }

    /// Returns the reply to a message, if it needs one.
    async fn answer(
        &self,
        bot: &Viewer,
        message: Message,
    ) -> (MessageId, i64, Result<Option<Reply>>) {
        let (id, seq) = (message.id, message.seq);
        let reply = match wake::asks(message.author.kind, message.deleted, &message.body) {
            None => Ok(None),
            Some(command) => self.reply_once(bot, &message, command).await,
        };
        (id, seq, reply)
    }

    /// Skips a message that was answered before a crash: the reply may have been deleted since.
    async fn reply_once(
        &self,
        bot: &Viewer,
        message: &Message,
        command: Command,
    ) -> Result<Option<Reply>> {
        if self.chat.has_said(bot.account, &nonce(message.id)).await? {
            return Ok(None);
        }
        // Suspended members get no reply.
        if !self.accounts.is_active(message.author.id).await? {
            return Ok(None);
        }
        self.reply(message, command).await.map(Some)
    }
}

#[async_trait]
impl Worker for StockBot {
    fn name(&self) -> &'static str {
        NAME
    }

    /// Stops immediately: the next start repeats unfinished work with the same nonces.
    async fn run(&mut self, cancel: CancellationToken) {
        let wake = self.hear();
        cancel.run_until_cancelled(self.listen(&wake)).await;
    }
}

/// Nonce of the reply to a message.
fn nonce(id: MessageId) -> String {
    format!("bot:{id}")
}

/// Waits for a channel's pause; `again`: read the channel afterwards even without new messages.
async fn rest(channel: ChannelId, pause: Duration, again: bool) -> (ChannelId, bool) {
    tokio::time::sleep(pause).await;
    (channel, again)
}

/// true if a later attempt can succeed.
fn is_worth_another_try(error: &Error, patient: bool) -> bool {
    match error.kind {
        Kind::RateLimited | Kind::Unavailable => true,
        Kind::Internal => patient,
        _ => false,
    }
}

/// Pause after the given number of consecutive failures.
fn pause(error: &Error, failures: u32) -> Duration {
    let doubling = FIRST_PAUSE.saturating_mul(1 << failures.saturating_sub(1).min(10));
    error
        .retry_after()
        .map_or(doubling, Duration::from_secs)
        .clamp(FIRST_PAUSE, LONGEST_PAUSE)
}

#[cfg(test)]
pub(super) mod fixture;
#[cfg(test)]
mod tests;
