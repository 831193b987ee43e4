//! The server's end of the socket: the handshake, incoming requests, outgoing frames.
//!
//! One task per connection. It polls the output for frames, which also runs the connection's
//! requests, and writes waiting frames together.

use super::frame::{Frame, MAX_FRAME};
use super::wire::{Decoder, Incoming, Outgoing, Violation};
use crate::accounts::guard::provided;
use crate::platform::{net::Socket, tasks::Tasks};
use crate::realtime::Request;
use crate::shared::sync::lock;
use crate::shared::{Error, Kind, json};
use axum::{
    body::Body,
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use futures::{FutureExt, Stream, stream};
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use server_fn::BoxedStream;
use std::{
    collections::VecDeque,
    future::poll_fn,
    io::{self, IoSlice},
    pin::Pin,
    sync::{Arc, Mutex},
    task::{Context, Poll, ready},
    time::Duration,
};
use tokio::{sync::oneshot, time::Sleep};
use tungstenite::handshake::server::create_response_with_body;

/// Maximum number of frames per write.
const TOGETHER: usize = 32;
/// Maximum number of frames that wait for a socket that accepts no data.
const MOST_WAITING: usize = 256;
/// A socket that accepts no data for this time is closed.
const WRITE_PATIENCE: Duration = Duration::from_secs(20);
/// Time for the other end to close its side after ours.
const LAST_WORDS: Duration = Duration::from_millis(500);
/// Close code "going away".
const AWAY: u16 = 1001;

type Output = Pin<Box<dyn Stream<Item = Result<Frame, Error>> + Send>>;

/// What the reading end passes to the writing end.
#[derive(Default)]
struct Controls {
    /// The last unanswered ping: earlier ones need no response (RFC 6455, 5.5.3).
    ping: Option<Bytes>,
    /// Why the server closes the connection; None: it ended normally.
    violation: Option<Violation>,
}

/// Upgrades a request to a websocket and runs the server function on it.
pub(super) async fn run<In, F, Fut>(
    mut request: axum::extract::Request,
    server_fn: F,
) -> Result<Response, Error>
where
    In: From<BoxedStream<Request, Error>>,
    F: Fn(In) -> Fut,
    Fut: Future<Output = Result<BoxedStream<Frame, Error>, Error>>,
{
    let response = create_response_with_body(&request, Body::empty);
    let upgrade = request.extensions_mut().remove::<OnUpgrade>();
    let (Ok(response), Some(upgrade)) = (response, upgrade) else {
        // A response, because errors that a server function returns always become 500.
        let error = Error::new(Kind::BadRequest, "not-a-websocket", "This is a websocket");
        return Ok(error.into_response());
    };
    drop(request);
    let tasks = provided::<Tasks>()?;
    let (opened, reading) = oneshot::channel();
    // Before the response to the upgrade, so a refusal is a plain HTTP response.
    let output = server_fn(In::from(requests(reading).into())).await?;
    // Shutdown waits for it.
    tasks.spawn(carry(upgrade, opened, output.into()));
    Ok(response)
}

/// Transfers frames until one side ends.
async fn carry(upgrade: OnUpgrade, opened: oneshot::Sender<Reading>, output: Output) {
    // Error: the client has disconnected.
    let Ok(upgraded) = upgrade.await else { return };
    let Ok(parts) = upgraded.downcast::<TokioIo<Socket>>() else {
        tracing::error!("a connection that was not accepted by `server::listen`");
        return;
    };
    let socket = Arc::new(parts.io.into_inner());
    let controls = Arc::default();
    let reading = Reading {
        socket: Arc::clone(&socket),
        decoder: Decoder::new(MAX_FRAME, parts.read_buf.into()),
        controls: Arc::clone(&controls),
    };
    drop(opened.send(reading));
    let mut writing = Writing {
        socket,
        output: Some(output),
        controls,
        waiting: VecDeque::new(),
        written: 0,
        stuck: None,
    };
    if poll_fn(|context| writing.poll(context)).await.is_ok() {
        writing.socket.finish(LAST_WORDS).await;
    }
}

/// Writes outgoing frames.
struct Writing {
    socket: Arc<Socket>,
    /// None: it has ended, and its close frame is the last in `waiting`.
    output: Option<Output>,
    controls: Arc<Mutex<Controls>>,
    waiting: VecDeque<Outgoing>,
    /// Number of bytes written of the first frame.
    written: usize,
    /// Timer that runs while the socket accepts no data.
    stuck: Option<Pin<Box<Sleep>>>,
}

impl Writing {
    /// Ready when the output has ended and everything is written, or with an error when the socket
    /// fails or accepts no data for too long.
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        loop {
            self.gather(context);
            if self.waiting.is_empty() {
                self.waiting.shrink_to(0);
                return match self.output {
                    Some(_) => Poll::Pending,
                    None => Poll::Ready(Ok(())),
                };
            }
            if self.waiting.len() > MOST_WAITING {
                return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
            }
            match self.write(context) {
                Poll::Ready(Ok(())) => self.stuck = None,
                Poll::Ready(Err(error)) => return Poll::Ready(Err(error)),
                Poll::Pending => {
                    let patience = || Box::pin(tokio::time::sleep(WRITE_PATIENCE));
                    let stuck = self.stuck.get_or_insert_with(patience);
                    ready!(stuck.as_mut().poll(context));
                    return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
                }
            }
        }
    }

    /// Takes available frames. Polls the output at least once, so that its end is noticed even
    /// while nothing can be written.
    fn gather(&mut self, context: &mut Context<'_>) {
        let room = TOGETHER.saturating_sub(self.waiting.len()).max(1);
        for _ in 0..room {
            let Some(output) = &mut self.output else {
                break;
            };
            match output.as_mut().poll_next(context) {
                Poll::Ready(Some(Ok(frame))) => {
                    self.waiting.push_back(Outgoing::message(frame.0));
                }
                Poll::Ready(Some(Err(_)) | None) => {
                    // This drops the reading end too.
                    self.output = None;
                    let violation = lock(&self.controls).violation;
                    let code = violation.map_or(AWAY, Violation::code);
                    self.waiting.push_back(Outgoing::close(code));
                }
                Poll::Pending => break,
            }
        }
        if self.output.is_some()
            && let Some(ping) = lock(&self.controls).ping.take()
        {
            self.waiting.push_back(Outgoing::pong(ping));
        }
    }

    fn write(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let mut slices = [IoSlice::new(&[]); 2 * TOGETHER];
        let mut places = slices.iter_mut();
        let mut written = self.written;
        for frame in self.waiting.iter().take(TOGETHER) {
            for piece in frame.rest(written) {
                if let Some(place) = places.next() {
                    *place = IoSlice::new(piece);
                }
            }
            written = 0;
        }
        let used = 2 * self.waiting.len().min(TOGETHER);
        let slices = slices.get(..used).unwrap_or_default();
        self.written += ready!(self.socket.poll_write_vectored(context, slices))?;
        while let Some(first) = self.waiting.front()
            && self.written >= first.size()
        {
            self.written -= first.size();
            self.waiting.pop_front();
        }
        Poll::Ready(Ok(()))
    }
}

/// The incoming requests, once the socket is open.
fn requests(
    opened: oneshot::Receiver<Reading>,
) -> impl Stream<Item = Result<Request, Error>> + Send + 'static {
    let requests = async {
        // Error: the client has disconnected.
        let reading = opened.await.ok();
        stream::unfold(reading, async |reading| {
            let mut reading = reading?;
            let message = poll_fn(|context| reading.poll(context)).await?;
            Some((request(&message), Some(reading)))
        })
    };
    requests.flatten_stream()
}

/// Reads incoming frames.
struct Reading {
    socket: Arc<Socket>,
    decoder: Decoder,
    controls: Arc<Mutex<Controls>>,
}

impl Reading {
    /// Reads until a message is complete; None: the connection ends.
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Bytes>> {
        loop {
            match self.decoder.next() {
                Ok(Some(Incoming::Message(message))) => return Poll::Ready(Some(message)),
                Ok(Some(Incoming::Ping(bytes))) => {
                    lock(&self.controls).ping = Some(bytes);
                    continue;
                }
                Ok(Some(Incoming::Close)) => return Poll::Ready(None),
                Ok(None) => {}
                Err(violation) => {
                    lock(&self.controls).violation = Some(violation);
                    return Poll::Ready(None);
                }
            }
            // On the stack, so an idle connection needs no memory for it.
            let mut bytes = [0; 4 * 1024];
            match ready!(self.socket.poll_read(context, &mut bytes)) {
                Ok(read) if read > 0 => self.decoder.feed(bytes.get(..read).unwrap_or_default()),
                _ => return Poll::Ready(None),
            }
        }
    }
}

fn request(message: &[u8]) -> Result<Request, Error> {
    let json = match message.first() {
        Some(0) => message.get(1..),
        // API clients can leave out the tag.
        Some(b'{') => Some(message),
        _ => None,
    };
    json.and_then(|json| json::read(json).ok())
        .ok_or_else(|| Error::bad_request("malformed", "Invalid request"))
}
