//! A minimal connection of a client, which reads and writes its own frames: the load generator
//! shares the processors with the server.

use super::{
    dialect::{Dialect, Heard, text},
    error::Result,
    frames,
    record::Record,
};
use futures::{StreamExt, task::noop_waker_ref};
use rialto::{
    platform::net::{Held, Socket},
    shared::ChannelId,
};
use std::{
    cell::RefCell,
    future::poll_fn,
    io::{self, IoSlice},
    net::SocketAddr,
    rc::{Rc, Weak},
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};
use tokio::{
    net::TcpStream,
    sync::{Semaphore, oneshot},
};
use tokio_tungstenite::client_async;

const PATIENCE: Duration = Duration::from_secs(30);

/// A connection to one channel; closes on drop.
pub struct Client {
    socket: Socket,
    dialect: Dialect,
    channel: ChannelId,
    /// Number of the client.
    pub index: usize,
    ready: RefCell<Option<oneshot::Sender<Result<(), String>>>>,
}

impl Client {
    /// Connects and subscribes.
    pub async fn connect(
        (address, dialect): (SocketAddr, Dialect),
        token: &str,
        index: usize,
        channel: ChannelId,
        record: Rc<Record>,
    ) -> Result<Rc<Self>> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let (mut stream, _) = client_async(dialect.open(address, token)?, stream).await?;
        if dialect == Dialect::SocketIo {
            // The server speaks first. Nothing follows until the client has answered.
            let first = stream.next().await;
            first.ok_or("the server closed a connection")??;
        }
        let held = Held {
            server: Arc::new(Semaphore::new(1)).try_acquire_owned()?,
            client: Arc::default(),
        };
        let (ready, is_ready) = oneshot::channel();
        let client = Rc::new(Self {
            socket: Socket::new(stream.into_inner(), held, PATIENCE),
            dialect,
            channel,
            index,
            ready: RefCell::new(Some(ready)),
        });
        for frame in dialect.greet(channel)? {
            client.write(&frame)?;
        }
        tokio::task::spawn_local(read(Rc::downgrade(&client), record));
        tokio::time::timeout(PATIENCE, is_ready).await???;
        Ok(client)
    }

    /// Sends a message that was due `micros` after the start, with a random nonce as of a browser.
    pub fn say(&self, micros: u64) -> Result<()> {
        let nonce = uuid::Uuid::new_v4().to_string();
        let text = text(micros, self.index);
        let frame = self.dialect.send(&nonce, self.channel, text)?;
        Ok(self.write(&frame)?)
    }

    fn write(&self, frame: &[u8]) -> io::Result<()> {
        // The system's buffer fits hundreds of these; if it is full, the server is stuck.
        let mut context = Context::from_waker(noop_waker_ref());
        let slices = [IoSlice::new(frame)];
        match self.socket.poll_write_vectored(&mut context, &slices) {
            Poll::Ready(Ok(written)) if written == frame.len() => Ok(()),
            Poll::Ready(Err(error)) => Err(error),
            Poll::Ready(Ok(_)) | Poll::Pending => Err(io::Error::other("no room for a frame")),
        }
    }

    /// Handles the payload of a frame.
    fn hear(&self, payload: &[u8], record: &Record) {
        match self.dialect.hear(payload) {
            Heard::Message { seq, sent } => record.delivered(self.index, seq, sent),
            Heard::Acknowledged { seq } => record.acknowledged(self.index, seq),
            Heard::Ready => self.is_ready(Ok(())),
            Heard::Reply(frame) => {
                if self.write(&frame).is_err() {
                    record.failed("a frame could not be answered");
                }
            }
            Heard::Failed(failure) => {
                record.failed(&failure);
                self.is_ready(Err(failure));
            }
            Heard::Nothing => {}
        }
    }

    fn is_ready(&self, result: Result<(), String>) {
        if let Some(ready) = self.ready.borrow_mut().take() {
            drop(ready.send(result));
        }
    }
}

thread_local! {
    /// Read buffer that all connections share: most reads contain only whole frames.
    static READ: RefCell<Vec<u8>> = RefCell::new(vec![0; 64 * 1024]);
}

/// Reads frames until the connection ends or the client is dropped.
async fn read(client: Weak<Client>, record: Rc<Record>) {
    // The start of a frame that has not arrived completely.
    let mut begun: Vec<u8> = Vec::new();
    let end = poll_fn(|context| match client.upgrade() {
        Some(client) => READ.with_borrow_mut(|buffer| {
            loop {
                let end = ready!(client.poll_hear(context, buffer, &mut begun, &record));
                if end.is_some() {
                    return Poll::Ready(end);
                }
            }
        }),
        None => Poll::Ready(None),
    });
    if let Some(failure) = end.await {
        record.failed(failure);
    }
}

impl Client {
    /// Reads once and handles the frames. Some: the connection has ended, and why.
    fn poll_hear(
        &self,
        context: &mut Context<'_>,
        buffer: &mut [u8],
        begun: &mut Vec<u8>,
        record: &Record,
    ) -> Poll<Option<&'static str>> {
        let read = match ready!(self.socket.poll_read(context, buffer)) {
            Ok(0) => return Poll::Ready(Some("the server closed a connection")),
            Ok(read) => buffer.get(..read).unwrap_or_default(),
            Err(_) => return Poll::Ready(Some("a connection broke")),
        };
        let joined;
        let mut rest = if begun.is_empty() {
            read
        } else {
            begun.extend_from_slice(read);
            joined = std::mem::take(begun);
            &joined
        };
        while let Some((opcode, payload, after)) = frames::decode(rest) {
            match opcode {
                frames::TEXT | frames::BINARY => self.hear(payload, record),
                frames::CLOSE => return Poll::Ready(Some("the server closed a connection")),
                _ => {}
            }
            rest = after;
        }
        begun.extend_from_slice(rest);
        Poll::Ready(None)
    }
}
