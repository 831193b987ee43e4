//! The protocol of Rialto's gateway.

use super::heard::{Heard, number, stamp};
use crate::{error::Result, frames};
use rialto::{
    gateway::{Answer, Goodbye, Heartbeat, Hello, PROTOCOL, Ping},
    realtime::{Command, Envelope, Event, Request, Scope, Subscribe, Topic},
    shared::ChannelId,
};

/// The nonce of the request whose response makes a connection ready.
const READY: &str = "ready";

pub(super) fn greet(channel: ChannelId) -> Result<Vec<Vec<u8>>> {
    let topic = Topic::new(Scope::Channel, channel.0);
    Ok(vec![
        ask("hello", &Hello { protocol: PROTOCOL })?,
        ask(READY, &Subscribe { topic, rev: None })?,
    ])
}

pub(super) fn send(nonce: &str, channel_id: ChannelId, text: String) -> Result<Vec<u8>> {
    ask(nonce, &rialto::chat::Send { channel_id, text })
}

fn ask<C: Command>(nonce: &str, command: &C) -> Result<Vec<u8>> {
    let mut body = vec![0];
    serde_json::to_writer(&mut body, &Request::of(nonce.to_owned(), command)?)?;
    Ok(frames::encode(frames::BINARY, &body))
}

pub(super) fn hear(payload: &[u8]) -> Heard {
    if let Some((seq, sent)) = message(payload) {
        return Heard::Message { seq, sent };
    }
    let json = payload.get(1..).unwrap_or_default();
    let Ok(envelope) = serde_json::from_slice::<Envelope>(json) else {
        return Heard::Failed("a frame that is no envelope".into());
    };
    if let Some(answer) = envelope.read::<Answer>() {
        answered(answer)
    } else if envelope.kind == Heartbeat::KIND {
        ask("ping", &Ping {}).map_or_else(|error| Heard::Failed(error.to_string()), Heard::Reply)
    } else if let Some(goodbye) = envelope.read::<Goodbye>() {
        Heard::Failed(format!("the server said goodbye: {}", goodbye.error.code))
    } else {
        Heard::Nothing
    }
}

fn answered(answer: Answer) -> Heard {
    if let Some(error) = answer.error {
        return Heard::Failed(format!("refused: {}", error.code));
    }
    match answer.nonce.as_str() {
        READY => return Heard::Ready,
        "hello" | "ping" => return Heard::Nothing,
        _ => {}
    }
    let sent = answer.done.as_ref().map(|done| done.get());
    match sent.and_then(|sent| serde_json::from_str::<rialto::chat::Sent>(sent).ok()) {
        Some(sent) => Heard::Acknowledged { seq: sent.seq },
        None => Heard::Failed("an acknowledgement that cannot be read".into()),
    }
}

/// Returns a message's sequence number, due time and sender, without parsing all of it.
fn message(payload: &[u8]) -> Option<(i64, Option<(u64, usize)>)> {
    const TOPIC: &[u8] = b"\0{\"topic\":\"channel:";
    const ID: usize = 36;
    const KIND: &[u8] = b"\",\"kind\":\"chat.message\",\"seq\":";
    let rest = payload.strip_prefix(TOPIC)?.get(ID..)?.strip_prefix(KIND)?;
    let (seq, rest) = number(rest)?;
    Some((seq, stamp(rest)))
}
