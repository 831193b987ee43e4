//! Reads the mentions in messages: every change of every channel, once, with a cursor.
//!
//! A new message, an edit and a deletion each give the message the channel's next `rev`. Reading on
//! from the last `rev` that was read finds all of them. The current mentions of a message replace
//! its earlier ones in the transaction that moves the cursor, so the reader can stop anywhere and
//! read a message again.

use super::super::store::{self, Mention};
use super::Service;
use crate::accounts::AccountKind;
use crate::chat::{self, Message, MessageChanged, MessagesChanged, markup::cashtags};
use crate::markets::{Symbol, canonical};
use crate::platform::{database::Tx, tasks::Worker};
use crate::realtime::{
    Event, Scope,
    bus::{Published, SharedBus, Sink},
};
use crate::shared::sync::lock;
use crate::shared::{ChannelId, Kind, MessageId, Result};
use async_trait::async_trait;
use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

/// Messages read at once; then other channels have their turn.
const PAGE: u64 = 500;
/// Messages within this time are read together.
const REST: Duration = Duration::from_millis(500);
/// How often all channels are compared with the cursors, in case a wake-up was lost.
const RECHECK: Duration = Duration::from_mins(5);
/// The pause after a failure.
const AFTER_FAILURE: Duration = Duration::from_secs(10);
/// How far a cursor moves without mentions before it is stored; after a restart these messages are
/// read again.
const UNSTORED: i64 = 5_000;

/// The worker that reads messages; any number of them can run.
pub struct Reader {
    service: Service,
    chat: chat::Service,
    bus: SharedBus,
    commands: Commands,
    /// Channels to read, from the first run on.
    wake: Option<Arc<Wake>>,
}

/// Returns the symbols that a text asks for with commands, which higher modules define.
pub type Commands = fn(&str) -> Vec<String>;

/// How far a channel was read: as stored in the database, and since.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Place {
    stored: i64,
    read: i64,
}

/// How far all channels were read.
pub(crate) type Places = HashMap<ChannelId, Place>;

impl Reader {
    /// Creates a reader of the messages of `chat`.
    pub fn new(service: Service, chat: chat::Service, bus: SharedBus, commands: Commands) -> Self {
        Self {
            service,
            chat,
            bus,
            commands,
            wake: None,
        }
    }

    /// Channels with changes that were not read.
    pub(crate) async fn behind(&self, places: &mut Places) -> Result<Vec<ChannelId>> {
        let stored = store::cursors(&self.service.db).await?;
        let heads = self.chat.heads().await?;
        let behind = heads.into_iter().filter(|(channel, head)| {
            let stored = stored.get(channel).copied().unwrap_or(0);
            let place = places.entry(*channel).or_default();
            if place.stored < stored {
                *place = Place {
                    stored,
                    read: stored,
                };
            }
            head.rev > place.read
        });
        Ok(behind.map(|(channel, _)| channel).collect())
    }

    /// Reads the next messages of a channel; true: there may be more.
    pub(crate) async fn turn(&self, places: &mut Places, channel: ChannelId) -> Result<bool> {
        let place = *places.entry(channel).or_default();
        let found = self.chat.changed_after(channel, place.read, PAGE).await?;
        let Some(to) = found.last().map(|message| message.rev) else {
            return Ok(false);
        };
        let more = found.len() as u64 == PAGE;
        let mentions: Vec<Mention> = found
            .iter()
            .flat_map(|message| mentions_of(message, self.commands))
            .collect();
        let changed = |message: &&Message| message.deleted || message.edited_at.is_some();
        let quiet = mentions.is_empty() && !found.iter().any(|message| changed(&message));
        let mut stored = place.stored;
        if !quiet || to - stored >= UNSTORED {
            let ids: Vec<MessageId> = found.iter().map(|message| message.id).collect();
            let from = place.stored;
            let job = move |tx: Tx| async move {
                store::replace(&tx, channel, (from, to), &ids, mentions).await
            };
            if !self.service.db.write(channel.0, job).await? {
                // Another reader moved the cursor, or this is the first look: continues from the
                // stored one.
                let stored = store::cursor_of(&self.service.db, channel).await?;
                places.insert(
                    channel,
                    Place {
                        stored,
                        read: stored,
                    },
                );
                return Ok(true);
            }
            stored = to;
        }
        places.insert(channel, Place { stored, read: to });
        Ok(more)
    }

    /// Listens to all messages that are published from now on. The bus keeps one listener, however
    /// often the reader runs.
    fn hear(&mut self) -> Arc<Wake> {
        let wake = self.wake.get_or_insert_with(|| {
            let wake = Arc::new(Wake::default());
            self.bus.attach(wake.sink());
            wake
        });
        Arc::clone(wake)
    }

    /// `wake` already listens, so no message is missed before the first look at the channels.
    async fn listen(&self, wake: &Wake) {
        let mut places = Places::new();
        let mut recheck = tokio::time::interval(RECHECK);
        loop {
            tokio::select! {
                () = wake.notify.notified() => tokio::time::sleep(REST).await,
                _ = recheck.tick() => match self.behind(&mut places).await {
                    Ok(behind) => behind.into_iter().for_each(|channel| wake.mark(channel)),
                    // The next look retries.
                    Err(error) => tracing::warn!(error.code = %error.code, "reading the channels failed"),
                },
            }
            for channel in wake.take() {
                match self.turn(&mut places, channel).await {
                    Ok(true) => wake.mark(channel),
                    Ok(false) => {}
                    Err(error) if error.kind == Kind::NotFound => {
                        // The channel or a message was deleted: starts again from the stored
                        // cursor.
                        places.remove(&channel);
                        tracing::debug!(channel.id = %channel, "channel changed meanwhile");
                    }
                    Err(error) => {
                        tracing::warn!(
                            channel.id = %channel,
                            error.code = %error.code,
                            "counting mentions failed; retrying later"
                        );
                        tokio::time::sleep(AFTER_FAILURE).await;
                        wake.mark(channel);
                    }
                }
            }
        }
    }
}

#[async_trait]
impl Worker for Reader {
    fn name(&self) -> &'static str {
        "trending.reader"
    }

    /// Stops at once: unfinished work is read again after the next start.
    async fn run(&mut self, cancel: CancellationToken) {
        let wake = self.hear();
        cancel.run_until_cancelled(self.listen(&wake)).await;
    }
}

/// Mentions in a message. Bots do not count, as they repeat what members asked.
fn mentions_of(message: &Message, commands: Commands) -> Vec<Mention> {
    if message.deleted || message.author.kind == AccountKind::Bot {
        return Vec::new();
    }
    let asked = commands(&message.body);
    let asked = asked.iter().filter_map(|code| code.parse().ok());
    let asked = asked.map(|symbol: Symbol| symbol.to_string());
    let spoken_of = cashtags(&message.body).into_iter().chain(asked);
    let mut codes: Vec<String> = spoken_of
        .map(|symbol| canonical(&symbol).to_owned())
        .collect();
    codes.sort_unstable();
    codes.dedup();
    let mention = |symbol| Mention {
        message_id: message.id,
        symbol,
        channel_id: message.channel_id,
        author_id: message.author.id,
        day: message.created_at.date_naive(),
    };
    codes.into_iter().map(mention).collect()
}

/// Channels with messages that may have to be counted, each once.
#[derive(Default)]
struct Wake {
    waiting: Mutex<HashSet<ChannelId>>,
    notify: Notify,
}

impl Wake {
    /// Listens to all messages that are published.
    fn sink(self: &Arc<Self>) -> Sink {
        let wake = Arc::clone(self);
        Box::new(move |event| {
            if event.topic.scope == Scope::Channel && concerns(event) {
                wake.mark(ChannelId(event.topic.id));
            }
        })
    }

    fn mark(&self, channel: ChannelId) {
        if self.lock().insert(channel) {
            self.notify.notify_one();
        }
    }

    fn take(&self) -> HashSet<ChannelId> {
        std::mem::take(&mut *self.lock())
    }

    fn lock(&self) -> MutexGuard<'_, HashSet<ChannelId>> {
        lock(&self.waiting)
    }
}

/// true if the message has or may have had a cashtag or a command. Most messages do not wake the
/// reader: it reads them together with the next one that does.
fn concerns(event: &Published) -> bool {
    if event.kind == MessagesChanged::KIND {
        return true;
    }
    if event.kind != MessageChanged::KIND {
        return false;
    }
    let holds = |word: &[u8]| event.frame.windows(word.len()).any(|part| part == word);
    // A command begins with a slash.
    let command = holds(b"\"body\":\"/");
    command || event.frame.contains(&b'$') || holds(b"edited_at") || holds(b"\"deleted\"")
}
