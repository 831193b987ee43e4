//! What clients send and hear: the gateway's protocol, or that of socket.io for the peer.

mod gateway;
mod heard;
mod socketio;

pub use heard::{Heard, text};

use super::error::Result;
use rialto::shared::ChannelId;
use std::net::SocketAddr;
use tokio_tungstenite::tungstenite::{
    client::IntoClientRequest, handshake::client::Request, http::header::AUTHORIZATION,
};

/// The protocol of a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// Rialto's gateway.
    Gateway,
    /// socket.io 4 over a websocket.
    SocketIo,
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
