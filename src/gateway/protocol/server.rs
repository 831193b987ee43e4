//! The server's end of the socket: the handshake, incoming requests, outgoing frames.
//!
//! One task per connection. It polls the output for frames, which also runs the connection's
//! requests, and writes waiting frames together.

use super::wire::{Decoder, Incoming, Outgoing};
use super::{Frame, MAX_FRAME, RequestCodec};
use crate::platform::net::Socket;
use crate::realtime::Request;
use crate::shared::sync::lock;
use crate::shared::{Error, Kind};
use axum::{
    body::Body,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::Response,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::{Bytes, BytesMut};
use futures::Stream;
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use server_fn::{BoxedStream, Decodes};
use sha1::{Digest, Sha1};
use std::{
    collections::VecDeque,
    future::poll_fn,
    io::{self, IoSlice},
    pin::Pin,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU16, Ordering},
    },
    task::{Context, Poll, ready},
    time::Duration,
};
use tokio::{sync::oneshot, time::Sleep};

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
/// Constant that is hashed with the handshake's key (RFC 6455).
const HANDSHAKE: &str = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

type Item = Result<Request, Error>;
type Output = Pin<Box<dyn Stream<Item = Result<Frame, Error>> + Send>>;

/// A request that is being upgraded to a websocket.
pub(super) struct Accepted {
    upgrade: OnUpgrade,
    key: HeaderValue,
    opened: oneshot::Sender<Opened>,
    controls: Arc<Controls>,
}

/// The reading end of a socket.
struct Opened {
    socket: Arc<Socket>,
    already_read: Bytes,
}

/// What the reading end passes to the writing end.
#[derive(Default)]
struct Controls {
    /// The last unanswered ping: earlier ones need no response (RFC 6455, 5.5.3).
    ping: Mutex<Option<Bytes>>,
    /// Close code of the connection; 0: the default.
    code: AtomicU16,
}

/// Checks the handshake. The stream yields requests once the socket is open.
pub(super) fn accept(
    mut request: axum::extract::Request,
) -> Result<(Accepted, impl Stream<Item = Item> + Send + 'static), Error> {
    let refused = || Error::new(Kind::BadRequest, "not-a-websocket", "This is a websocket");
    let headers = request.headers();
    let key = headers.get(header::SEC_WEBSOCKET_KEY).cloned();
    let well_formed = has(headers, &header::CONNECTION, "upgrade")
        && has(headers, &header::UPGRADE, "websocket")
        && has(headers, &header::SEC_WEBSOCKET_VERSION, "13");
    let upgrade = request.extensions_mut().remove::<OnUpgrade>();
    let (true, Some(key), Some(upgrade)) = (well_formed, key, upgrade) else {
        return Err(refused());
    };
    let (opened, socket) = oneshot::channel();
    let controls = Arc::new(Controls::default());
    let requests = Requests {
        socket: Reading::Opening(socket),
        controls: Arc::clone(&controls),
    };
    let accepted = Accepted {
        upgrade,
        key,
        opened,
        controls,
    };
    Ok((accepted, requests))
}

/// true if a header lists this word.
fn has(headers: &HeaderMap, name: &HeaderName, word: &str) -> bool {
    let values = headers.get_all(name).iter();
    values
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|listed| listed.trim().eq_ignore_ascii_case(word))
}

impl Accepted {
    /// Returns the response to the handshake, and the future that then transfers frames.
    pub(super) fn begin(
        self,
        output: BoxedStream<Frame, Error>,
    ) -> (Response, impl Future<Output = ()> + Send + 'static) {
        let hash = Sha1::new()
            .chain_update(self.key.as_bytes())
            .chain_update(HANDSHAKE)
            .finalize();
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
        let headers = response.headers_mut();
        headers.insert(header::CONNECTION, HeaderValue::from_static("upgrade"));
        headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
        // Base64 is always a valid header value.
        if let Ok(accept) = HeaderValue::try_from(STANDARD.encode(hash)) {
            headers.insert(header::SEC_WEBSOCKET_ACCEPT, accept);
        }
        (
            response,
            carry(self.upgrade, self.opened, self.controls, output.into()),
        )
    }
}

/// Transfers frames until one side ends.
async fn carry(
    upgrade: OnUpgrade,
    opened: oneshot::Sender<Opened>,
    controls: Arc<Controls>,
    output: Output,
) {
    // Error: the client has disconnected.
    let Ok(upgraded) = upgrade.await else { return };
    let Ok(parts) = upgraded.downcast::<TokioIo<Socket>>() else {
        tracing::error!("a connection that was not accepted by `server::listen`");
        return;
    };
    let socket = Arc::new(parts.io.into_inner());
    let reading = Opened {
        socket: Arc::clone(&socket),
        already_read: parts.read_buf,
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
    controls: Arc<Controls>,
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
                    let code = match self.controls.code.load(Ordering::Relaxed) {
                        0 => AWAY,
                        code => code,
                    };
                    self.waiting.push_back(Outgoing::close(code));
                }
                Poll::Pending => break,
            }
        }
        if self.output.is_some()
            && let Some(ping) = self.controls.ping().take()
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

impl Controls {
    fn ping(&self) -> std::sync::MutexGuard<'_, Option<Bytes>> {
        lock(&self.ping)
    }
}

/// Stream of incoming requests.
struct Requests {
    socket: Reading,
    controls: Arc<Controls>,
}

enum Reading {
    Opening(oneshot::Receiver<Opened>),
    Open(Arc<Socket>, Decoder),
    Ended,
}

impl Stream for Requests {
    type Item = Item;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Item>> {
        let Self { socket, controls } = &mut *self;
        loop {
            let next = match socket {
                Reading::Opening(opened) => {
                    *socket = match ready!(Pin::new(opened).poll(context)) {
                        Ok(opened) => {
                            let already_read = BytesMut::from(opened.already_read);
                            Reading::Open(opened.socket, Decoder::new(MAX_FRAME, already_read))
                        }
                        Err(_) => Reading::Ended,
                    };
                    continue;
                }
                Reading::Open(socket, decoder) => {
                    ready!(poll_incoming(socket, decoder, context, controls))
                }
                Reading::Ended => None,
            };
            match next {
                Some(Incoming::Message(bytes)) => return Poll::Ready(Some(request(bytes))),
                Some(Incoming::Ping(bytes)) => *controls.ping() = Some(bytes),
                Some(Incoming::Close) | None => {
                    *socket = Reading::Ended;
                    return Poll::Ready(None);
                }
            }
        }
    }
}

/// Reads until a whole message or control frame is there; None: the socket is closed.
fn poll_incoming(
    socket: &Socket,
    decoder: &mut Decoder,
    context: &mut Context<'_>,
    controls: &Controls,
) -> Poll<Option<Incoming>> {
    loop {
        match decoder.next() {
            Ok(Some(incoming)) => return Poll::Ready(Some(incoming)),
            Ok(None) => {}
            Err(violation) => {
                controls.code.store(violation.code(), Ordering::Relaxed);
                return Poll::Ready(None);
            }
        }
        // On the stack, so an idle connection needs no memory for it.
        let mut bytes = [0; 4 * 1024];
        match ready!(socket.poll_read(context, &mut bytes)) {
            Ok(read) if read > 0 => decoder.feed(bytes.get(..read).unwrap_or_default()),
            _ => return Poll::Ready(None),
        }
    }
}

fn request(bytes: Bytes) -> Item {
    let request = match bytes.first() {
        Some(0) => RequestCodec::decode(bytes.slice(1..)).ok(),
        // API clients can leave out the tag.
        Some(b'{') => RequestCodec::decode(bytes).ok(),
        _ => None,
    };
    request.ok_or_else(|| Error::bad_request("malformed", "Invalid request"))
}
