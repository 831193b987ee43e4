//! A client of the gateway's websocket, with a time limit on every step.

use futures::{SinkExt, StreamExt};
use rialto::{
    gateway::{Answer, Goodbye, Hello, PROTOCOL},
    realtime::{Command, Envelope, Request},
};
use std::{io, net::SocketAddr};
use tokio::{io::AsyncWriteExt, net::TcpStream, time::timeout};
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{self, Bytes, Message, client::IntoClientRequest},
};

use super::instance::PATIENCE;

pub struct Socket(WebSocketStream<TcpStream>);

/// What the server sent.
pub enum Heard {
    Answer(Answer),
    Goodbye(Goodbye),
    /// Any other published event.
    Event(Envelope),
    End,
}

impl Socket {
    /// Connects; fails if no server listens or it ends meanwhile.
    pub async fn open(address: SocketAddr, token: &str) -> io::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let mut request = format!("ws://{address}/rpc/gateway")
            .into_client_request()
            .map_err(io::Error::other)?;
        let bearer = format!("Bearer {token}")
            .parse()
            .map_err(io::Error::other)?;
        request.headers_mut().insert("authorization", bearer);
        let opened = timeout(PATIENCE, client_async(request, stream)).await;
        match opened.expect("the server is silent") {
            Ok((socket, _)) => Ok(Self(socket)),
            Err(tungstenite::Error::Http(answer)) => panic!("refused: {answer:?}"),
            Err(error) => Err(io::Error::other(error)),
        }
    }

    /// Connects and sends the greeting.
    pub async fn greeted(address: SocketAddr, token: &str) -> io::Result<Self> {
        let mut socket = Self::open(address, token).await?;
        socket.ask("hello", &Hello { protocol: PROTOCOL }).await?;
        loop {
            match socket.hear().await {
                Heard::Answer(answer) if answer.nonce == "hello" => return Ok(socket),
                Heard::End | Heard::Goodbye(_) => return Err(io::ErrorKind::ConnectionReset.into()),
                Heard::Answer(_) | Heard::Event(_) => {}
            }
        }
    }

    pub async fn ask<C: Command>(&mut self, nonce: &str, command: &C) -> io::Result<()> {
        let request = Request::of(nonce.to_owned(), command)?;
        let mut frame = vec![0_u8];
        serde_json::to_writer(&mut frame, &request)?;
        self.send(Message::Binary(Bytes::from(frame))).await
    }

    /// Sends any websocket message.
    pub async fn send(&mut self, message: Message) -> io::Result<()> {
        let sent = timeout(PATIENCE, self.0.send(message)).await;
        sent.expect("the server does not read")
            .map_err(io::Error::other)
    }

    /// Writes bytes that are not a frame, or only part of one.
    pub async fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.0.get_mut().write_all(bytes).await
    }

    /// Waits for the next event, response or end.
    pub async fn hear(&mut self) -> Heard {
        loop {
            let message = timeout(PATIENCE, self.0.next()).await;
            let bytes = match message.expect("the server is silent") {
                Some(Ok(Message::Binary(bytes))) => bytes,
                Some(Ok(Message::Close(_)) | Err(_)) | None => return Heard::End,
                Some(Ok(_)) => continue,
            };
            assert_eq!(bytes.first(), Some(&0), "each frame has its tag");
            let envelope: Envelope = serde_json::from_slice(&bytes[1..]).unwrap();
            if let Some(answer) = envelope.read() {
                return Heard::Answer(answer);
            }
            if let Some(goodbye) = envelope.read() {
                return Heard::Goodbye(goodbye);
            }
            return Heard::Event(envelope);
        }
    }
}
