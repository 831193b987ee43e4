//! A program at the other end of the gateway's socket, which expects the worst.

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

/// One connection.
pub struct Socket(WebSocketStream<TcpStream>);

/// What the server said.
pub enum Heard {
    Answer(Answer),
    Goodbye(Goodbye),
    /// Anything else that was published.
    Event(Envelope),
    /// The connection has ended.
    End,
}

impl Socket {
    /// Connects; an error when nobody listens or the server ends meanwhile.
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

    /// Connects and says hello.
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

    /// Sends a command.
    pub async fn ask<C: Command>(&mut self, nonce: &str, command: &C) -> io::Result<()> {
        let request = Request::of(nonce.to_owned(), command)?;
        let mut frame = vec![0_u8];
        serde_json::to_writer(&mut frame, &request)?;
        self.send(Message::Binary(Bytes::from(frame))).await
    }

    /// Sends any message.
    pub async fn send(&mut self, message: Message) -> io::Result<()> {
        let sent = timeout(PATIENCE, self.0.send(message)).await;
        sent.expect("the server does not read")
            .map_err(io::Error::other)
    }

    /// Writes bytes that are no frame, or only a piece of one.
    pub async fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.0.get_mut().write_all(bytes).await
    }

    /// What comes next.
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
