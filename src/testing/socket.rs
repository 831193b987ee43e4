//! A program at the other end of the gateway's socket.

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

/// Nothing that a test waits for takes longer than this.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// One connection.
pub struct Socket {
    stream: WebSocketStream<TcpStream>,
    /// What came while something else was waited for.
    heard: VecDeque<Envelope>,
}

impl Socket {
    /// Connects with these headers; the HTTP status when that is refused, 0 when nobody listens.
    pub async fn open(address: SocketAddr, headers: &[(&str, &str)]) -> Result<Self, u16> {
        let socket = TcpSocket::new_v4().unwrap();
        // Small, so that who does not read is noticed soon.
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

    /// Connects with a Bearer token and says nothing yet.
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

    /// Says hello; false when the server has ended the connection instead.
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

    /// Sends any frame. False: the connection is gone.
    pub async fn send_frame(&mut self, frame: Message) -> bool {
        self.stream.send(frame).await.is_ok()
    }

    /// Sends a command. False: the connection is gone.
    pub async fn send<C: Command>(&mut self, nonce: &str, command: &C) -> bool {
        let request = Request::of(nonce.to_owned(), command).unwrap();
        self.send_request(&request).await
    }

    /// Sends a request as it is. False: the connection is gone.
    pub async fn send_request(&mut self, request: &Request) -> bool {
        let mut frame = vec![0_u8];
        serde_json::to_writer(&mut frame, request).unwrap();
        self.send_frame(Message::Binary(Bytes::from(frame))).await
    }

    /// The next envelope from the wire; none when the connection has ended.
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

    /// The next envelope, those first that came while an answer was waited for.
    pub async fn next(&mut self) -> Option<Envelope> {
        match self.heard.pop_front() {
            Some(envelope) => Some(envelope),
            None => self.receive().await,
        }
    }

    /// The next event of a kind; others before it are dropped.
    pub async fn event<E: Event>(&mut self) -> E {
        loop {
            let envelope = self.next().await.expect("the connection has ended");
            if let Some(event) = envelope.read() {
                return event;
            }
        }
    }

    /// The answer to a request; what else comes is kept for [`Socket::next`].
    pub async fn answer<C: Command>(&mut self, nonce: &str) -> Result<C::Done, Error> {
        loop {
            let envelope = self.receive().await.expect("the connection has ended");
            match envelope.read::<Answer>() {
                Some(answer) if answer.nonce == nonce => {
                    return match (answer.done, answer.error) {
                        (Some(done), None) => Ok(serde_json::from_str(done.get()).unwrap()),
                        (None, Some(error)) => Err(error),
                        // "Nothing" is written as null, which reads as absent.
                        (None, None) => Ok(serde_json::from_str("null").unwrap()),
                        (Some(_), Some(_)) => panic!("{envelope:?}"),
                    };
                }
                _ => self.heard.push_back(envelope),
            }
        }
    }

    /// Has something done.
    pub async fn ask<C: Command>(&mut self, command: &C) -> Result<C::Done, Error> {
        let nonce = nonce();
        assert!(self.send(&nonce, command).await, "the connection has ended");
        self.answer::<C>(&nonce).await
    }

    /// Gets on a topic, with all that happened after `rev`.
    pub async fn subscribe(&mut self, topic: Topic, rev: Option<i64>) -> Result<Subscribed, Error> {
        self.ask(&Subscribe { topic, rev }).await
    }

    /// Waits for the end; the server's last word, if it had one, and what came before it.
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

    /// Does what is sent come back? What comes meanwhile is kept.
    pub async fn is_alive(&mut self) -> bool {
        self.ask(&crate::gateway::Pulse {}).await.is_ok()
    }

    /// Closes as a page does that is left.
    pub async fn close(mut self) {
        drop(self.stream.close(None).await);
    }
}
