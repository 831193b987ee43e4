//! One gateway connection, as cheap as can be: the generator shares the processors with the
//! server. The handshake is tungstenite's; frames are read and written here, because all that has
//! to be known of most of them is a number and a time.

use super::{Result, record::Record};
use rialto::{
    gateway::{Answer, Goodbye, Heartbeat, Hello, PROTOCOL, Pulse},
    realtime::{Command, Envelope, Event, Request, Scope, Subscribe, Topic},
    shared::ChannelId,
};
use std::{
    cell::RefCell,
    io,
    net::SocketAddr,
    rc::{Rc, Weak},
    time::Duration,
};
use tokio::{net::TcpStream, sync::oneshot, task::AbortHandle};
use tokio_tungstenite::{
    client_async,
    tungstenite::{client::IntoClientRequest, http::header::AUTHORIZATION},
};

const PATIENCE: Duration = Duration::from_secs(30);
const BINARY: u8 = 0x82;
const CLOSE: u8 = 0x88;
/// Comes before the time in a message's text.
const MARK: &str = "sent@";
/// The nonce of the request whose answer makes a connection ready.
const READY: &str = "ready";

/// A connection on one channel; it closes with this value.
pub struct Client {
    stream: TcpStream,
    index: usize,
    reader: RefCell<Option<AbortHandle>>,
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
        let (socket, _) = client_async(request, stream).await?;
        let (ready, is_ready) = oneshot::channel();
        // The server says nothing before it is asked, so nothing has been read beyond the answer.
        let client = Rc::new(Self {
            stream: socket.into_inner(),
            index,
            reader: RefCell::default(),
            ready: RefCell::new(Some(ready)),
        });
        client.ask("hello", &Hello { protocol: PROTOCOL })?;
        let topic = Topic::new(Scope::Channel, channel.0);
        client.ask(READY, &Subscribe { topic, rev: None })?;
        let reading = tokio::task::spawn_local(read(Rc::downgrade(&client), record));
        *client.reader.borrow_mut() = Some(reading.abort_handle());
        tokio::time::timeout(PATIENCE, is_ready).await???;
        Ok(client)
    }

    /// Sends a message that was due `micros` after the start.
    pub fn say(&self, nonce: &str, channel: ChannelId, micros: u64) -> io::Result<()> {
        let stamp = format!("{MARK}{micros:012}@{:05}", self.index);
        // 100 bytes of text.
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
        // Masked, as clients must; a mask of zeros leaves the bytes as they are.
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
        // The system's buffer holds hundreds of these; a full one is a server that stands still.
        match self.stream.try_write(&frame) {
            Ok(written) if written == frame.len() => Ok(()),
            Ok(_) => Err(io::Error::other("half of a frame was written")),
            Err(error) => Err(error),
        }
    }

    /// What a frame says.
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
            if self.ask("pulse", &Pulse {}).is_err() {
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
        } else if answer.nonce != "pulse" {
            let sent = answer.done.as_ref().map(|done| done.get());
            match sent.and_then(|sent| serde_json::from_str::<rialto::chat::Sent>(sent).ok()) {
                Some(sent) => record.acknowledged(self.index, sent.seq),
                None => record.failed("an acknowledgement that cannot be read"),
            }
        }
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        if let Some(reader) = self.reader.borrow_mut().take() {
            reader.abort();
        }
    }
}

/// Reads frames until the connection ends. Holds the client only while there is something to read.
async fn read(client: Weak<Client>, record: Rc<Record>) {
    let mut buffer: Vec<u8> = Vec::new();
    loop {
        let Some(client) = client.upgrade() else {
            return;
        };
        // The task is aborted when the client is dropped, so that it may be borrowed for longer.
        let stream: &TcpStream = &client.stream;
        if stream.readable().await.is_err() {
            return record.failed("a connection broke");
        }
        if buffer.capacity() - buffer.len() < 2_048 {
            buffer.reserve(4_096);
        }
        match stream.try_read_buf(&mut buffer) {
            Ok(0) => return record.failed("the server closed a connection"),
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => continue,
            Err(_) => return record.failed("a connection broke"),
        }
        let mut rest = buffer.as_slice();
        while let Some((opcode, payload, after)) = frame(rest) {
            match opcode {
                BINARY => client.hear(payload, &record),
                CLOSE => return record.failed("the server closed a connection"),
                _ => {}
            }
            rest = after;
        }
        let left = rest.len();
        let done = buffer.len() - left;
        buffer.drain(..done);
    }
}

/// The first frame in some bytes, and what follows it.
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

/// A message's number, and when it was due and who sent it, without reading all of it.
fn message(payload: &[u8]) -> Option<(i64, Option<(u64, usize)>)> {
    const KIND: &str = r#","kind":"chat.message","seq":"#;
    let text = std::str::from_utf8(payload).ok()?;
    let (head, rest) = text.split_once(KIND)?;
    if !head.starts_with("\0{\"topic\":") {
        return None;
    }
    let seq = rest.split(',').next()?.parse().ok()?;
    let sent = rest.split_once(MARK).and_then(|(_, rest)| {
        let micros = rest.get(..12)?.parse().ok()?;
        let sender = rest.get(13..18)?.parse().ok()?;
        Some((micros, sender))
    });
    Some((seq, sent))
}
