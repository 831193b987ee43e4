//! Commands of the gateway, and what clients catch up with.

use super::{Changes, Service};
use crate::accounts::Viewer;
use crate::chat::{CaughtUp, Delete, Edit, MarkRead, MarkerMoved, Send, Typing};
use crate::gateway::{self, CatchUp, Missed, Missing};
use crate::realtime::Scope;
use crate::shared::{ChannelId, Result};
use async_trait::async_trait;
use futures::FutureExt;

/// Missed messages per frame.
const CHUNK: usize = 50;

/// Adds commands and catching up to the gateway.
pub fn register(gateway: &gateway::Service, service: &Service) {
    gateway.add_ordered_command(service, |chat, viewer, nonce, send: Send| {
        async move { chat.begin_send(viewer, nonce, send).await }.boxed()
    });
    gateway.add_command(service, |chat, viewer, edit: Edit| async move {
        chat.edit(&viewer, edit).await
    });
    gateway.add_command(service, |chat, viewer, delete: Delete| async move {
        chat.delete(&viewer, delete).await
    });
    gateway.add_command(service, |chat, viewer, read: MarkRead| async move {
        chat.mark_read(&viewer, read).await
    });
    gateway.add_command(service, |chat, viewer, typing: Typing| async move {
        chat.typing(&viewer, typing).await
    });
    gateway.add_catch_up(Scope::Channel, Messages(service.clone()));
    gateway.add_catch_up(Scope::Account, Markers(service.clone()));
}

/// Messages that changed in a channel.
struct Messages(Service);

#[async_trait]
impl CatchUp for Messages {
    async fn missed(&self, viewer: &Viewer, missing: Missing) -> Result<Missed> {
        let channel = ChannelId(missing.topic.id);
        let changes = self.0.changes_after(channel, missing.head, missing.rev);
        let mut messages = match changes.await? {
            Changes::All(messages, _) => messages,
            Changes::Reset => return Ok(Missed::Reset),
        };
        let accounts = &self.0.inner.accounts;
        accounts
            .charge_catch_up(viewer.account, messages.len())
            .await;
        let mut frames = Vec::new();
        while !messages.is_empty() {
            let rest = messages.split_off(messages.len().min(CHUNK));
            frames.push(missing.event(&CaughtUp { messages })?);
            messages = rest;
        }
        Ok(Missed::Events(frames))
    }
}

/// Read markers of an account that moved.
struct Markers(Service);

#[async_trait]
impl CatchUp for Markers {
    async fn missed(&self, viewer: &Viewer, missing: Missing) -> Result<Missed> {
        let markers = self.0.markers_after(viewer, missing.rev).await?;
        Ok(Missed::Events(vec![
            missing.event(&MarkerMoved { markers })?,
        ]))
    }
}
