//! The protocol of socket.io 4 (engine.io 4) over a websocket: text frames, each of which starts
//! with the digits of its kind.

use super::heard::{Heard, number, stamp};
use crate::{error::Result, frames};
use rialto::shared::ChannelId;
use serde_json::json;

/// The only acknowledgement id: responses come in the order of the messages, and hold their number.
const SEND: &str = "420";

pub(super) fn greet(channel: ChannelId) -> Vec<u8> {
    let packet = format!("40{}", json!({ "channel": channel }));
    frames::encode(frames::TEXT, packet.as_bytes())
}

pub(super) fn send(nonce: &str, channel: ChannelId, text: &str) -> Result<Vec<u8>> {
    let event = json!(["send", { "nonce": nonce, "channel": channel, "text": text }]);
    let packet = format!("{SEND}{event}");
    Ok(frames::encode(frames::TEXT, packet.as_bytes()))
}

pub(super) fn hear(payload: &[u8]) -> Heard {
    if let Some(message) = payload.strip_prefix(b"42[\"message\",{\"seq\":") {
        return match number(message) {
            Some((seq, rest)) => Heard::Message {
                seq,
                sent: stamp(rest),
            },
            None => Heard::Failed("a message without its number".into()),
        };
    }
    if let Some(sent) = payload.strip_prefix(b"430[{\"seq\":") {
        return match number(sent) {
            Some((seq, _)) => Heard::Acknowledged { seq },
            None => Heard::Failed("an acknowledgement that cannot be read".into()),
        };
    }
    match payload {
        [b'2'] => Heard::Reply(frames::encode(frames::TEXT, b"3")),
        [b'4', b'0', ..] => Heard::Ready,
        other => Heard::Failed(String::from_utf8_lossy(other).into_owned()),
    }
}
