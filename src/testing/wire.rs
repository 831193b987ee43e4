//! A client that writes raw HTTP: in pieces, too early, too slowly, or without reading.

use std::{net::SocketAddr, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
};

/// One connection.
pub struct Wire {
    stream: TcpStream,
    /// Bytes that were read and are not yet part of a response.
    read: Vec<u8>,
}

/// A response.
#[derive(Debug)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Status line and headers, in lower case.
    pub head: String,
    /// The body, if its length is known.
    pub body: String,
}

impl Answer {
    /// true if the response says `Connection: close`.
    pub fn closes(&self) -> bool {
        self.head.contains("\r\nconnection: close\r\n")
    }

    /// Returns the body as JSON.
    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("{self:?}"))
    }
}

impl Wire {
    /// Connects from 127.0.0.1.
    pub async fn connect(server: SocketAddr) -> Self {
        Self::connect_from("127.0.0.1", None, server).await
    }

    /// Connects from another address of this machine, with a receive buffer of `room` bytes.
    pub async fn connect_from(address: &str, room: Option<u32>, server: SocketAddr) -> Self {
        let socket = TcpSocket::new_v4().unwrap();
        if let Some(room) = room {
            socket.set_recv_buffer_size(room).unwrap();
        }
        socket
            .bind(format!("{address}:0").parse().unwrap())
            .unwrap();
        let stream = socket.connect(server).await.unwrap();
        stream.set_nodelay(true).unwrap();
        Self {
            stream,
            read: Vec::new(),
        }
    }

    /// Sends bytes.
    pub async fn send(&mut self, bytes: impl AsRef<[u8]>) {
        self.stream.write_all(bytes.as_ref()).await.unwrap();
    }

    /// Returns the next response. None: the connection is closed.
    pub async fn answer(&mut self) -> Option<Answer> {
        let end = loop {
            if let Some(end) = self.read.windows(4).position(|four| four == b"\r\n\r\n") {
                break end + 4;
            }
            self.more().await?;
        };
        let head: Vec<u8> = self.read.drain(..end).collect();
        let head = String::from_utf8(head).unwrap().to_lowercase();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        let length = head.split("content-length: ").nth(1);
        let length = length.map_or(0, |rest| rest.split('\r').next().unwrap().parse().unwrap());
        while self.read.len() < length {
            self.more().await?;
        }
        let body = self.read.drain(..length).collect();
        Some(Answer {
            status,
            head,
            body: String::from_utf8(body).unwrap(),
        })
    }

    /// Sends a request in one piece and returns its response.
    pub async fn ask(&mut self, request: &str) -> Option<Answer> {
        self.send(request).await;
        self.answer().await
    }

    /// Reads at most `most` bytes and returns their number.
    pub async fn take(&mut self, most: usize) -> std::io::Result<usize> {
        let mut bytes = vec![0; most];
        self.stream.read(&mut bytes).await
    }

    /// true if the connection is closed after all remaining bytes are read.
    pub async fn has_ended(&mut self) -> bool {
        self.more().await.is_none()
    }

    async fn more(&mut self) -> Option<()> {
        let mut bytes = [0; 4096];
        let read = tokio::time::timeout(Duration::from_secs(20), self.stream.read(&mut bytes));
        let read = read.await.expect("the server is silent").ok()?;
        self.read.extend_from_slice(&bytes[..read]);
        (read > 0).then_some(())
    }
}
