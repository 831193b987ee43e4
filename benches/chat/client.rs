//! A minimal gateway connection: the load generator shares the processors with the server.
//! tungstenite does the handshake; this module reads and writes the frames, because most of them
//! only need a sequence number and a time.

use super::{error::Result, record::Record};
use futures::task::noop_waker_ref;
use rialto::{
    gateway::{Answer, Goodbye, Heartbeat, Hello, PROTOCOL, Ping},
    platform::net::{Held, Socket},
    realtime::{Command, Envelope, Event, Request, Scope, Subscribe, Topic},
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
use tokio_tungstenite::{
    client_async,
    tungstenite::{client::IntoClientRequest, http::header::AUTHORIZATION},
};

const PATIENCE: Duration = Duration::from_secs(30);
const BINARY: u8 = 0x82;
const CLOSE: u8 = 0x88;
/// Precedes the time in a message's text.
const MARK: &[u8] = b"sent@";
/// The nonce of the request whose response makes a connection ready.
const READY: &str = "ready";

/// A connection to one channel; closes on drop.
pub struct Client {
    socket: Socket,
    index: usize,
    ready: RefCell<Option<oneshot::Sender<Result<(), String>>>>,
}

impl Client {
    /// Connects and subscribes.
    pub async fn connect(
        address: SocketAddr,
        token: &str,
        index: usize,
        channel: ChannelId,
        record: Rc<Record>,
    ) -> Result<Rc<Self>> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let mut request = format!("ws://{address}/rpc/gateway").into_client_request()?;
        let bearer = format!("Bearer {token}").parse()?;
        request.headers_mut().insert(AUTHORIZATION, bearer);
        let (stream, _) = client_async(request, stream).await?;
        let held = Held {
            server: Arc::new(Semaphore::new(1)).try_acquire_owned()?,
            client: Arc::default(),
        };
        let (ready, is_ready) = oneshot::channel();
        // The server sends nothing before the first request, so nothing after the response has been
        // read.
        let client = Rc::new(Self {
            socket: Socket::new(stream.into_inner(), held, PATIENCE),
            index,
            ready: RefCell::new(Some(ready)),
        });
        client.ask("hello", &Hello { protocol: PROTOCOL })?;
        let topic = Topic::new(Scope::Channel, channel.0);
        client.ask(READY, &Subscribe { topic, rev: None })?;
        tokio::task::spawn_local(read(Rc::downgrade(&client), record));
        tokio::time::timeout(PATIENCE, is_ready).await???;
        Ok(client)
    }

    /// Sends a message that was due `micros` after the start.
    pub fn say(&self, nonce: &str, channel: ChannelId, micros: u64) -> io::Result<()> {
        let stamp = format!("sent@{micros:012}@{:05}", self.index);
        // Pads the text to 100 bytes.
        let text = format!("{stamp} {:x<width$}", "", width = 99 - stamp.len());
        let command = rialto::chat::Send {
            channel_id: channel,
            text,
        };
        self.ask(nonce, &command)
    }

    fn ask<C: Command>(&self, nonce: &str, command: &C) -> io::Result<()> {
        let request = Request::of(nonce.to_owned(), command)?;
        let body = serde_json::to_vec(&request)?;
        let length = body.len() + 1;
        let mut frame = Vec::with_capacity(length + 8);
        frame.push(BINARY);
        // Masked, as the protocol requires; a mask of zeros leaves the bytes unchanged.
        if let Ok(short) = u8::try_from(length)
            && short < 126
        {
            frame.push(0x80 | short);
        } else {
            let length = u16::try_from(length).map_err(io::Error::other)?;
            frame.push(0x80 | 126);
            frame.extend(length.to_be_bytes());
        }
        frame.extend([0; 4]);
        frame.push(0);
        frame.extend(body);
        // The system's buffer fits hundreds of these; if it is full, the server is stuck.
        let mut context = Context::from_waker(noop_waker_ref());
        let frame = [IoSlice::new(&frame)];
        match self.socket.poll_write_vectored(&mut context, &frame) {
            Poll::Ready(Ok(written)) if written == frame[0].len() => Ok(()),
            Poll::Ready(Err(error)) => Err(error),
            Poll::Ready(Ok(_)) | Poll::Pending => Err(io::Error::other("no room for a frame")),
        }
    }

    /// Handles the payload of a frame.
    fn hear(&self, payload: &[u8], record: &Record) {
        if let Some((seq, sent)) = message(payload) {
            record.delivered(self.index, seq, sent);
            return;
        }
        let json = payload.get(1..).unwrap_or_default();
        let Ok(envelope) = serde_json::from_slice::<Envelope>(json) else {
            record.failed("a frame that is no envelope");
            return;
        };
        if let Some(answer) = envelope.read::<Answer>() {
            self.answered(answer, record);
        } else if envelope.kind == Heartbeat::KIND {
            if self.ask("ping", &Ping {}).is_err() {
                record.failed("a heartbeat could not be answered");
            }
        } else if let Some(goodbye) = envelope.read::<Goodbye>() {
            record.failed(&format!("the server said goodbye: {}", goodbye.error.code));
        }
    }

    fn answered(&self, answer: Answer, record: &Record) {
        if answer.nonce == READY || answer.nonce == "hello" {
            let result = answer.error.map_or(Ok(()), |error| Err(error.to_string()));
            if (answer.nonce == READY || result.is_err())
                && let Some(ready) = self.ready.borrow_mut().take()
            {
                drop(ready.send(result));
            }
        } else if let Some(error) = answer.error {
            record.failed(&format!("refused: {}", error.code));
        } else if answer.nonce != "ping" {
            let sent = answer.done.as_ref().map(|done| done.get());
            match sent.and_then(|sent| serde_json::from_str::<rialto::chat::Sent>(sent).ok()) {
                Some(sent) => record.acknowledged(self.index, sent.seq),
                None => record.failed("an acknowledgement that cannot be read"),
            }
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
        while let Some((opcode, payload, after)) = frame(rest) {
            match opcode {
                BINARY => self.hear(payload, record),
                CLOSE => return Poll::Ready(Some("the server closed a connection")),
                _ => {}
            }
            rest = after;
        }
        begun.extend_from_slice(rest);
        Poll::Ready(None)
    }
}

/// Returns the first frame in some bytes (opcode and payload) and the bytes after it.
fn frame(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&[opcode, length], rest) = bytes.split_first_chunk::<2>()?;
    let (length, rest) = match length {
        126 => {
            let (length, rest) = rest.split_first_chunk()?;
            (usize::from(u16::from_be_bytes(*length)), rest)
        }
        127 => {
            let (length, rest) = rest.split_first_chunk()?;
            (usize::try_from(u64::from_be_bytes(*length)).ok()?, rest)
        }
        short => (usize::from(short), rest),
    };
    let (payload, rest) = rest.split_at_checked(length)?;
    Some((opcode, payload, rest))
}

/// Returns a message's sequence number, due time and sender, without parsing all of it.
fn message(payload: &[u8]) -> Option<(i64, Option<(u64, usize)>)> {
    const TOPIC: &[u8] = b"\0{\"topic\":\"channel:";
    const ID: usize = 36;
    const KIND: &[u8] = b"\",\"kind\":\"chat.message\",\"seq\":";
    let rest = payload.strip_prefix(TOPIC)?.get(ID..)?.strip_prefix(KIND)?;
    let (seq, rest) = number(rest)?;
    let sent = memchr::memmem::find(rest, MARK).and_then(|at| {
        let (micros, rest) = number(rest.get(at + MARK.len()..)?)?;
        let (sender, _) = number(rest.strip_prefix(b"@")?)?;
        Some((u64::try_from(micros).ok()?, usize::try_from(sender).ok()?))
    });
    Some((seq, sent))
}

/// Returns the number at the start of a text, and the text after it.
fn number(text: &[u8]) -> Option<(i64, &[u8])> {
    let figures = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (figures, rest) = text.split_at_checked(figures)?;
    let number = std::str::from_utf8(figures).ok()?.parse().ok()?;
    Some((number, rest))
}
