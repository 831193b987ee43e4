//! A websocket client of the gateway.

use crate::gateway::{Answer, Goodbye, Hello, PROTOCOL, Welcome};
use crate::realtime::{Command, Envelope, Event, Request, Subscribe, Subscribed, Topic, nonce};
use crate::shared::Error;
use futures::{SinkExt, StreamExt};
use std::{collections::VecDeque, net::SocketAddr, time::Duration};
use tokio::net::{TcpSocket, TcpStream};
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{self, Bytes, Message, client::IntoClientRequest, http::HeaderValue},
};

/// Maximum time that a test waits for anything.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// One connection.
pub struct Socket {
    stream: WebSocketStream<TcpStream>,
    /// Envelopes that arrived while the test waited for another one.
    heard: VecDeque<Envelope>,
}

impl Socket {
    /// Connects with these headers. `Err` is the HTTP status of a rejection, 0 if no server
    /// listens.
    pub async fn open(address: SocketAddr, headers: &[(&str, &str)]) -> Result<Self, u16> {
        let socket = TcpSocket::new_v4().unwrap();
        // A small buffer, so the server soon notices a client that does not read.
        socket.set_recv_buffer_size(4 * 1024).unwrap();
        let stream = socket.connect(address).await.map_err(|_| 0_u16)?;
        let mut request = format!("ws://{address}/rpc/gateway")
            .into_client_request()
            .unwrap();
        for (name, value) in headers {
            let value = HeaderValue::from_str(value).unwrap();
            let name = http::HeaderName::from_bytes(name.as_bytes()).unwrap();
            request.headers_mut().insert(name, value);
        }
        match client_async(request, stream).await {
            Ok((stream, _)) => Ok(Self {
                stream,
                heard: VecDeque::new(),
            }),
            Err(tungstenite::Error::Http(response)) => Err(response.status().as_u16()),
            Err(_) => Err(0),
        }
    }

    /// Connects with a Bearer token and sends nothing yet.
    pub async fn silent(address: SocketAddr, token: &str) -> Result<Self, u16> {
        Self::open(address, &[("authorization", &format!("Bearer {token}"))]).await
    }

    /// Connects and says hello.
    pub async fn connect(address: SocketAddr, token: &str) -> Self {
        let mut socket = Self::silent(address, token).await.unwrap();
        socket.hello().await.unwrap();
        socket
    }

    /// Says hello.
    pub async fn hello(&mut self) -> Result<Welcome, Error> {
        let protocol = PROTOCOL;
        self.ask(&Hello { protocol }).await
    }

    /// Says hello. Returns false if the server has closed the connection instead.
    pub async fn hello_or_end(&mut self) -> bool {
        let protocol = PROTOCOL;
        let nonce = nonce();
        if !self.send(&nonce, &Hello { protocol }).await {
            return false;
        }
        while let Some(envelope) = self.receive().await {
            let answer = envelope.read::<Answer>();
            if answer.is_some_and(|answer| answer.nonce == nonce) {
                return true;
            }
            let over = envelope.read::<Goodbye>().is_some();
            self.heard.push_back(envelope);
            if over {
                return false;
            }
        }
        false
    }

    /// Sends any frame. Returns false if the connection is closed.
    pub async fn send_frame(&mut self, frame: Message) -> bool {
        self.stream.send(frame).await.is_ok()
    }

    /// Sends a command. Returns false if the connection is closed.
    pub async fn send<C: Command>(&mut self, nonce: &str, command: &C) -> bool {
        let request = Request::of(nonce.to_owned(), command).unwrap();
        self.send_request(&request).await
    }

    /// Sends a request unchanged. Returns false if the connection is closed.
    pub async fn send_request(&mut self, request: &Request) -> bool {
        let mut frame = vec![0_u8];
        serde_json::to_writer(&mut frame, request).unwrap();
        self.send_frame(Message::Binary(Bytes::from(frame))).await
    }

    /// Returns the next envelope from the connection. None: it is closed.
    pub async fn receive(&mut self) -> Option<Envelope> {
        loop {
            let frame = tokio::time::timeout(PATIENCE, self.stream.next()).await;
            match frame.expect("the server is silent") {
                Some(Ok(Message::Binary(bytes))) => {
                    assert_eq!(bytes.first(), Some(&0), "each frame has its tag");
                    return Some(serde_json::from_slice(&bytes[1..]).unwrap());
                }
                Some(Ok(Message::Close(_)) | Err(_)) | None => return None,
                Some(Ok(_)) => {}
            }
        }
    }

    /// Returns the next envelope; envelopes that arrived while waiting for a response come first.
    pub async fn next(&mut self) -> Option<Envelope> {
        match self.heard.pop_front() {
            Some(envelope) => Some(envelope),
            None => self.receive().await,
        }
    }

    /// Returns the next event of a kind and drops other envelopes before it.
    pub async fn event<E: Event>(&mut self) -> E {
        loop {
            let envelope = self.next().await.expect("the connection has ended");
            if let Some(event) = envelope.read() {
                return event;
            }
        }
    }

    /// Returns the response to a request; other envelopes are stored for [`Socket::next`].
    pub async fn answer<C: Command>(&mut self, nonce: &str) -> Result<C::Done, Error> {
        loop {
            let envelope = self.receive().await.expect("the connection has ended");
            match envelope.read::<Answer>() {
                Some(answer) if answer.nonce == nonce => {
                    return match (answer.done, answer.error) {
                        (Some(done), None) => Ok(serde_json::from_str(done.get()).unwrap()),
                        (None, Some(error)) => Err(error),
                        // A response without data is serialized as null, which is parsed as absent.
                        (None, None) => Ok(serde_json::from_str("null").unwrap()),
                        (Some(_), Some(_)) => panic!("{envelope:?}"),
                    };
                }
                _ => self.heard.push_back(envelope),
            }
        }
    }

    /// Sends a command and returns its response.
    pub async fn ask<C: Command>(&mut self, command: &C) -> Result<C::Done, Error> {
        let nonce = nonce();
        assert!(self.send(&nonce, command).await, "the connection has ended");
        self.answer::<C>(&nonce).await
    }

    /// Subscribes to a topic, with all events after `rev`.
    pub async fn subscribe(&mut self, topic: Topic, rev: Option<i64>) -> Result<Subscribed, Error> {
        self.ask(&Subscribe { topic, rev }).await
    }

    /// Waits until the connection closes. Returns the server's goodbye, if any, and the envelopes
    /// before it.
    pub async fn ended(&mut self) -> (Option<Goodbye>, Vec<Envelope>) {
        let mut before = Vec::new();
        let mut goodbye = None;
        while let Some(envelope) = self.next().await {
            assert!(goodbye.is_none(), "nothing comes after a goodbye");
            goodbye = envelope.read();
            before.push(envelope);
        }
        (goodbye, before)
    }

    /// true if the server responds to a ping. Other envelopes are stored.
    pub async fn is_alive(&mut self) -> bool {
        self.ask(&crate::gateway::Ping {}).await.is_ok()
    }

    /// Closes the connection like a page that is left.
    pub async fn close(mut self) {
        drop(self.stream.close(None).await);
    }
}
