//! What clients send and hear: the gateway's protocol, or that of socket.io for the peer.

mod gateway;
mod socketio;

use super::{error::Result, frames};
use rialto::shared::ChannelId;
use std::net::SocketAddr;
use tokio_tungstenite::tungstenite::{
    client::IntoClientRequest, handshake::client::Request, http::header::AUTHORIZATION,
};

/// Precedes the time in a message's text.
const MARK: &[u8] = b"sent@";

/// The protocol of a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// Rialto's gateway.
    Gateway,
    /// socket.io 4 over a websocket.
    SocketIo,
}

/// What a frame of the server means.
pub enum Heard {
    /// A message. `sent`: its due time and sender.
    Message {
        seq: i64,
        sent: Option<(u64, usize)>,
    },
    /// The confirmation of an own message.
    Acknowledged { seq: i64 },
    /// The client gets the channel's messages from now on.
    Ready,
    /// A frame to send back.
    Reply(Vec<u8>),
    /// A refusal, or a frame that cannot be read.
    Failed(String),
    /// Nothing to do.
    Nothing,
}

impl Dialect {
    /// Returns the request that opens the websocket.
    pub fn open(self, address: SocketAddr, token: &str) -> Result<Request> {
        let path = match self {
            Self::Gateway => "rpc/gateway",
            Self::SocketIo => "socket.io/?EIO=4&transport=websocket",
        };
        let mut request = format!("ws://{address}/{path}").into_client_request()?;
        let bearer = format!("Bearer {token}").parse()?;
        request.headers_mut().insert(AUTHORIZATION, bearer);
        Ok(request)
    }

    /// Returns the first frames of a client, after which it is [`Heard::Ready`].
    pub fn greet(self, channel: ChannelId) -> Result<Vec<Vec<u8>>> {
        match self {
            Self::Gateway => gateway::greet(channel),
            Self::SocketIo => Ok(vec![socketio::greet(channel)]),
        }
    }

    /// Returns the frame that sends a message.
    pub fn send(self, nonce: &str, channel: ChannelId, text: String) -> Result<Vec<u8>> {
        match self {
            Self::Gateway => gateway::send(nonce, channel, text),
            Self::SocketIo => socketio::send(nonce, channel, &text),
        }
    }

    /// Reads the payload of a frame.
    pub fn hear(self, payload: &[u8]) -> Heard {
        match self {
            Self::Gateway => gateway::hear(payload),
            Self::SocketIo => socketio::hear(payload),
        }
    }
}

/// Returns the text of a message of 100 bytes that was due `micros` after the start.
pub fn text(micros: u64, sender: usize) -> String {
    let stamp = format!("sent@{micros:012}@{sender:05}");
    format!("{stamp} {:x<width$}", "", width = 99 - stamp.len())
}

/// Returns the due time and sender of the first such text.
fn stamp(bytes: &[u8]) -> Option<(u64, usize)> {
    let at = memchr::memmem::find(bytes, MARK)?;
    let (micros, rest) = number(bytes.get(at + MARK.len()..)?)?;
    let (sender, _) = number(rest.strip_prefix(b"@")?)?;
    Some((u64::try_from(micros).ok()?, usize::try_from(sender).ok()?))
}

/// Returns the number at the start of a text, and the text after it.
fn number(text: &[u8]) -> Option<(i64, &[u8])> {
    let digits = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (digits, rest) = text.split_at_checked(digits)?;
    let number = std::str::from_utf8(digits).ok()?.parse().ok()?;
    Some((number, rest))
}
