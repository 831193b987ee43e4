//! Pending messages: connects the chat to the outbox in `crate::offline`.

use super::room::Room;
use super::shell_state::ShellState;
use crate::chat::{Send, timeline::Timeline};
use crate::offline::{self, Change};
use crate::realtime::{Client, Status};
use crate::shared::{ChannelId, Error};
use crate::ui::time::present;
use leptos::prelude::*;
use serde::Serialize;
use std::time::Duration;

/// Number of messages per channel stored for reading offline.
const MOST_KEPT: usize = 50;
/// Delay before shown messages are stored.
const KEEPING: Duration = Duration::from_secs(1);

/// A message as stored for reading offline.
#[derive(Serialize)]
struct SavedMessage<'a> {
    nonce: &'a str,
    author: &'a str,
    text: &'a str,
    at: String,
}

/// Sends the messages of the outbox while connected, and shows their state.
pub fn keep_sending(shell: ShellState, client: Client) {
    let (account, name) = shell.viewer.with_value(|viewer| {
        let name = viewer.display_name.clone();
        (viewer.account.to_string(), name)
    });
    let of_account = account.clone();
    Effect::new(move || {
        offline::enter(&of_account, &name);
        offline::watch(move |channel, nonce, change| {
            let known = |id| shell.known_timeline(id);
            if let Some(timeline) = channel.parse().ok().and_then(known) {
                timeline.try_update(|timeline| apply(timeline, nonce, change));
            }
        });
    });
    Effect::new(move || {
        if client.status.get() == Status::Online {
            offline::connected(&account, move |nonce, channel, text| {
                deliver(client, nonce, &channel, text);
            });
        } else {
            offline::disconnected();
        }
    });
}

/// Sends one message to the server once; the outbox retries if there is no response.
fn deliver(client: Client, nonce: String, channel: &str, text: String) {
    let Ok(channel_id) = channel.parse::<ChannelId>() else {
        offline::answered(&nonce, Err(Error::not_found()));
        return;
    };
    let mark = nonce.clone();
    client.ask_once(nonce, &Send { channel_id, text }, move |answer| {
        offline::answered(&mark, answer.map(|sent| sent.rev));
    });
}

fn apply(timeline: &mut Timeline, nonce: String, change: Change) {
    match change {
        Change::Waits { text } => timeline.sending(nonce, text),
        Change::Refused { text, error } => {
            timeline.sending(nonce.clone(), text);
            timeline.failed(&nonce, error);
        }
        // The message itself arrives as an event and replaces its echo.
        Change::Stored { rev } => timeline.stored(&nonce, rev),
        Change::Discarded => timeline.discard(&nonce),
    }
}

/// Shows the pending messages of an opened channel, and stores its messages for reading offline.
pub fn follow(room: Room) {
    offline::list(&room.channel.to_string());
    let settled = StoredValue::new(false);
    let client = Client::of_context();
    Effect::new(move || {
        room.timeline.track();
        // While the connection was up, the shown messages were up to date.
        client.status.track();
        let before = settled.try_update_value(|settled| std::mem::replace(settled, true));
        if before == Some(false) {
            let keep = move || {
                if settled.try_set_value(false).is_none() {
                    save(room);
                }
            };
            set_timeout(keep, KEEPING);
        }
    });
}

fn save(room: Room) {
    let json = room.timeline.with_untracked(|timeline| {
        let rows = timeline.rows();
        let newest = rows.get(rows.len().saturating_sub(MOST_KEPT)..);
        let shown = newest.unwrap_or_default().iter().filter(|row| !row.deleted);
        let kept: Vec<_> = shown
            .map(|row| SavedMessage {
                nonce: &row.nonce,
                author: &row.author.display_name,
                text: &row.body,
                at: row.created_at.to_rfc3339(),
            })
            .collect();
        // Far up in the history the newest messages are not loaded.
        timeline.at_end().then(|| serde_json::to_string(&kept).ok())
    });
    if let (Some(Some(json)), Some(path)) = (json, room.path()) {
        let now = present().timestamp_millis() as f64;
        offline::save_channel(&room.channel.to_string(), &room.name(), &path, now, &json);
    }
}
