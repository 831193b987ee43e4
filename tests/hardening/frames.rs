//! Frames that no page sends, generated from a seed so that each can be reproduced.

use rand::{Rng, rngs::StdRng, seq::IndexedRandom};
use rialto::{
    realtime::{Request, check_nonce},
    shared::ChannelId,
};
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::{Bytes, Message};
use uuid::Uuid;

/// The reaction to a frame that the protocol requires.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// A response with this frame's nonce, success or error.
    Answer,
    /// A goodbye with the reason, then the connection ends.
    Goodbye,
    /// The connection ends, with or without a goodbye: the frame violates the websocket protocol.
    End,
    /// No reaction.
    Nothing,
}

/// A frame and the required reaction.
pub struct Frame {
    pub sent: Sent,
    pub due: Due,
    /// The nonce of the required response.
    pub nonce: String,
}

/// How the frame is sent.
pub enum Sent {
    Message(Message),
    /// Bytes that violate the websocket protocol.
    Raw(Vec<u8>),
}

/// Ids that commands can use.
pub struct Known {
    pub channels: Vec<ChannelId>,
    pub messages: Vec<Uuid>,
}

/// Returns the next frame.
pub fn frame(random: &mut StdRng, known: &Known) -> Frame {
    match random.random_range(0..100) {
        0..30 => request(&valid(random, known)),
        30..55 => {
            let mut value = valid(random, known);
            for _ in 0..random.random_range(1..4) {
                mutate(random, &mut value);
            }
            request(&value)
        }
        55..65 => {
            let mut bytes = encoded(&valid(random, known));
            for _ in 0..random.random_range(1..6) {
                let place = random.random_range(0..bytes.len());
                bytes[place] = random.random();
            }
            binary(bytes)
        }
        65..73 => {
            let mut bytes = encoded(&valid(random, known));
            bytes.truncate(random.random_range(0..bytes.len()));
            binary(bytes)
        }
        73..80 => {
            let mut bytes = vec![0; random.random_range(0..3_000)];
            random.fill(bytes.as_mut_slice());
            binary(bytes)
        }
        80..84 => {
            let mut bytes = encoded(&valid(random, known));
            bytes[0] = random.random();
            binary(bytes)
        }
        84..89 => nested(random),
        89..92 => huge(random),
        92..95 => {
            let text = valid(random, known).to_string();
            let mut frame = binary(text.clone().into_bytes());
            frame.sent = Sent::Message(Message::Text(text.into()));
            frame
        }
        95..97 => {
            let mut bytes = vec![0; random.random_range(0..125)];
            random.fill(bytes.as_mut_slice());
            let bytes = Bytes::from(bytes);
            let ping = random.random_bool(0.5);
            Frame {
                sent: Sent::Message(if ping {
                    Message::Ping(bytes)
                } else {
                    Message::Pong(bytes)
                }),
                due: Due::Nothing,
                nonce: String::new(),
            }
        }
        _ => raw(random),
    }
}

/// Returns a command as a page sends it, or a kind that only the server sends.
fn valid(random: &mut StdRng, known: &Known) -> Value {
    let channel = known.channels.choose(random).unwrap().0;
    let message = known.messages.choose(random).copied().unwrap_or(channel);
    let (kind, body) = match random.random_range(0..12) {
        0 | 1 => (
            "chat.send",
            json!({ "channel_id": channel, "text": text(random) }),
        ),
        2 => (
            "chat.edit",
            json!({ "message_id": message, "text": text(random) }),
        ),
        3 => ("chat.delete", json!({ "message_id": message })),
        4 => (
            "chat.mark_read",
            json!({ "channel_id": channel, "seq": number(random) }),
        ),
        5 => ("chat.typing", json!({ "channel_id": channel })),
        6 | 7 => {
            let scope = ["channel", "community", "account", "session", "planet"];
            let scope = scope.choose(random).unwrap();
            let rev = random.random_bool(0.5).then(|| number(random));
            let topic = format!("{scope}:{channel}");
            ("gateway.subscribe", json!({ "topic": topic, "rev": rev }))
        }
        8 => (
            "gateway.unsubscribe",
            json!({ "topic": format!("channel:{channel}") }),
        ),
        9 => (
            "gateway.hello",
            json!({ "protocol": random.random_range(0..3) }),
        ),
        10 => ("gateway.welcome", json!({ "nonce": "x", "done": null })),
        _ => ("gateway.ping", json!({})),
    };
    let nonce = format!("f{:x}", random.random::<u64>());
    json!({ "nonce": nonce, "kind": kind, "body": body })
}

fn text(random: &mut StdRng) -> String {
    let length = random.random_range(0..80);
    (0..length).map(|_| random.random::<char>()).collect()
}

fn number(random: &mut StdRng) -> i64 {
    match random.random_range(0..4) {
        0 => random.random_range(0..50),
        1 => random.random(),
        2 => i64::MAX,
        _ => i64::MIN,
    }
}

/// Changes one place in a value.
fn mutate(random: &mut StdRng, value: &mut Value) {
    match value {
        Value::Object(fields) if !fields.is_empty() && random.random_bool(0.9) => {
            let place = random.random_range(0..fields.len());
            let name = fields.keys().nth(place).cloned().unwrap();
            match random.random_range(0..5) {
                0 => drop(fields.remove(&name)),
                1 => drop(fields.insert(text(random), strange(random))),
                _ => mutate(random, &mut fields[&name]),
            }
        }
        place => *place = strange(random),
    }
}

fn strange(random: &mut StdRng) -> Value {
    match random.random_range(0..9) {
        0 => Value::Null,
        1 => json!(random.random::<bool>()),
        2 => json!(number(random)),
        3 => json!(random.random::<f64>() * 1e300),
        4 => json!(text(random)),
        5 => json!("x".repeat(random.random_range(0..5_000))),
        6 => json!([number(random), null, text(random)]),
        7 => json!({ text(random): number(random) }),
        _ => json!(Uuid::from_u128(random.random())),
    }
}

fn encoded(value: &Value) -> Vec<u8> {
    format!("\0{value}").into_bytes()
}

fn request(value: &Value) -> Frame {
    binary(encoded(value))
}

/// Returns brackets up to the frame's limit, closed or not.
fn nested(random: &mut StdRng) -> Frame {
    let depth = *[10, 100, 127, 128, 129, 1_000, 30_000]
        .choose(random)
        .unwrap();
    let (open, close) = *[("[", "]"), ("{\"a\":", "}")].choose(random).unwrap();
    let depth = depth.min(60_000 / (open.len() + close.len()));
    let middle = if open.len() > 1 { "1" } else { "" };
    let close = if random.random_bool(0.5) {
        close.repeat(depth)
    } else {
        String::new()
    };
    let body = format!("{}{middle}{close}", open.repeat(depth));
    let nonce = format!("n{:x}", random.random::<u64>());
    let kind = ["gateway.ping", "chat.send"].choose(random).unwrap();
    binary(format!("\0{{\"nonce\":\"{nonce}\",\"kind\":\"{kind}\",\"body\":{body}}}").into_bytes())
}

/// Returns a frame near the size limit, or far above it.
fn huge(random: &mut StdRng) -> Frame {
    let limit = rialto::gateway::protocol::MAX_FRAME;
    let size = *[limit - 1, limit, limit + 1, 2 * limit, 1 << 20]
        .choose(random)
        .unwrap();
    let nonce = format!("h{:x}", random.random::<u64>());
    let head = format!("\0{{\"nonce\":\"{nonce}\",\"kind\":\"gateway.ping\",\"body\":\"");
    let mut bytes = head.into_bytes();
    bytes.resize(size - 2, b'x');
    bytes.extend(b"\"}");
    let mut frame = binary(bytes);
    if size > limit {
        frame.due = Due::End;
    }
    frame
}

/// Returns bytes that are not a websocket frame, or a frame that clients must not send.
fn raw(random: &mut StdRng) -> Frame {
    let mut bytes: Vec<u8> = match random.random_range(0..5) {
        // Not masked.
        0 => vec![0x82, 0x02, 0x00, 0x7b],
        // Unknown opcode.
        1 => vec![0x83 + random.random_range(0..5), 0x80, 0, 0, 0, 0],
        // Reserved bits.
        2 => vec![0xf2, 0x80, 0, 0, 0, 0],
        // An impossible length.
        3 => vec![
            0x82, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0,
        ],
        // A continuation without a start.
        _ => vec![0x80, 0x80, 0, 0, 0, 0],
    };
    bytes.push(random.random());
    Frame {
        sent: Sent::Raw(bytes),
        due: Due::End,
        nonce: String::new(),
    }
}

/// Returns a binary frame. The product's own types determine the required reaction: a request that
/// they can parse, with a valid nonce, gets a response.
fn binary(bytes: Vec<u8>) -> Frame {
    let json = match bytes.first() {
        Some(0) => &bytes[1..],
        Some(b'{') => &bytes[..],
        _ => &[],
    };
    let nonce = serde_json::from_slice::<Request>(json)
        .ok()
        .map(|request| request.nonce)
        .filter(|nonce| check_nonce(nonce).is_ok());
    Frame {
        due: if nonce.is_some() {
            Due::Answer
        } else {
            Due::Goodbye
        },
        nonce: nonce.unwrap_or_default(),
        sent: Sent::Message(Message::Binary(Bytes::from(bytes))),
    }
}
