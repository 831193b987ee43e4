//! TEMPORARY STUB, to be replaced by the real service: what the stock bot needs, in memory.

use super::{Head, Message, MessageChanged, Part, Sent};
use crate::accounts::{Profile, Viewer};
use crate::realtime::{
    Scope, Topic,
    bus::{Published, SharedBus},
};
use crate::shared::{ChannelId, Error, MessageId, Result, time::now};
use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// Stub.
#[derive(Clone)]
pub struct Service {
    bus: SharedBus,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    channels: HashMap<ChannelId, Vec<Message>>,
    failures: VecDeque<Error>,
}

impl Service {
    /// Stub.
    #[must_use]
    pub fn stub(bus: SharedBus, channels: &[ChannelId]) -> Self {
        let channels = channels.iter().map(|id| (*id, Vec::new())).collect();
        let state = State {
            channels,
            ..State::default()
        };
        Self {
            bus,
            state: Arc::new(Mutex::new(state)),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Stub: the next send of a bot fails like this.
    pub fn fail_next(&self, error: Error) {
        self.state().failures.push_back(error);
    }

    /// Stub: somebody says something.
    pub fn say(
        &self,
        author: Profile,
        channel: ChannelId,
        nonce: &str,
        text: &str,
        parts: Vec<Part>,
    ) -> Result<Sent> {
        let message = {
            let mut state = self.state();
            let messages = state
                .channels
                .get_mut(&channel)
                .ok_or_else(Error::not_found)?;
            if let Some(known) = messages
                .iter()
                .find(|m| m.author.id == author.id && m.nonce == nonce)
            {
                return Ok(Sent {
                    id: known.id,
                    seq: known.seq,
                    rev: known.rev,
                });
            }
            let seq = messages.len() as i64 + 1;
            let message = Message {
                id: MessageId::new(),
                channel_id: channel,
                seq,
                rev: seq,
                author,
                body: text.into(),
                parts,
                nonce: nonce.into(),
                created_at: now(),
                edited_at: None,
                deleted: false,
            };
            messages.push(message.clone());
            message
        };
        let sent = Sent {
            id: message.id,
            seq: message.seq,
            rev: message.rev,
        };
        let topic = Topic::new(Scope::Channel, channel.0);
        self.bus.publish(Published::new(
            topic,
            sent.seq,
            sent.rev,
            &MessageChanged { message },
        )?);
        Ok(sent)
    }

    /// Stub.
    pub async fn heads(&self) -> Result<Vec<(ChannelId, Head)>> {
        let state = self.state();
        Ok(state
            .channels
            .iter()
            .map(|(id, m)| {
                let seq = m.len() as i64;
                (*id, Head { seq, rev: seq })
            })
            .collect())
    }

    /// Stub.
    pub async fn messages_after(
        &self,
        channel: ChannelId,
        seq: i64,
        limit: u64,
    ) -> Result<Vec<Message>> {
        let state = self.state();
        let messages = state.channels.get(&channel).ok_or_else(Error::not_found)?;
        Ok(messages
            .iter()
            .filter(|m| m.seq > seq)
            .take(limit as usize)
            .cloned()
            .collect())
    }

    /// Stub.
    pub async fn send_as_bot(
        &self,
        bot: &Viewer,
        channel: ChannelId,
        nonce: &str,
        text: &str,
        parts: Vec<Part>,
    ) -> Result<Sent> {
        if let Some(error) = self.state().failures.pop_front() {
            return Err(error);
        }
        self.say(bot.profile(), channel, nonce, text, parts)
    }
}
