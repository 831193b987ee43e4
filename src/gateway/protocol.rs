//! The wire of the gateway: a websocket protocol of our own for server functions.
//!
//! The stock protocol gives each connection 128 KiB of read buffer, takes messages of 64 MiB and
//! drops what it cannot queue. This one keeps small buffers, bounds every frame, waits instead of
//! dropping, and hands events on as the bytes in which they were published.
//!
//! On the wire each frame is binary: one tag byte (0 item, 1 error), then JSON.

use crate::realtime::{Envelope, Request};
use crate::shared::Error;
use bytes::Bytes;
use http::Method;
use server_fn::{
    BoxedStream, ContentType, Decodes, Encodes, Format, FormatType, Protocol, client::Client,
};
use std::{future::Future, marker::PhantomData, ops::Deref};

/// Most bytes of one frame from a browser.
pub const MAX_FRAME: usize = 64 * 1024;

/// The protocol. The server function macro knows a websocket function by this name.
pub struct Websocket<In, Out>(PhantomData<(In, Out)>);

/// How requests travel to the server.
pub struct RequestCodec;

/// How envelopes travel to the browser.
pub struct EnvelopeCodec;

/// An envelope on its way: on the server the bytes as they were published, tag included; in the
/// browser the bytes that arrived, without the tag.
#[derive(Clone, Debug)]
pub struct Frame(pub Bytes);

impl Frame {
    /// The envelope, in the browser.
    #[must_use]
    pub fn envelope(&self) -> Option<Envelope> {
        serde_json::from_slice(&self.0).ok()
    }
}

impl ContentType for RequestCodec {
    const CONTENT_TYPE: &'static str = "application/json";
}

impl FormatType for RequestCodec {
    const FORMAT_TYPE: Format = Format::Text;
}

impl Encodes<Request> for RequestCodec {
    type Error = serde_json::Error;

    fn encode(request: &Request) -> Result<Bytes, Self::Error> {
        serde_json::to_vec(request).map(Bytes::from)
    }
}

impl Decodes<Request> for RequestCodec {
    type Error = serde_json::Error;

    fn decode(bytes: Bytes) -> Result<Request, Self::Error> {
        serde_json::from_slice(&bytes)
    }
}

impl ContentType for EnvelopeCodec {
    const CONTENT_TYPE: &'static str = "application/json";
}

impl FormatType for EnvelopeCodec {
    const FORMAT_TYPE: Format = Format::Text;
}

impl Encodes<Frame> for EnvelopeCodec {
    type Error = std::convert::Infallible;

    fn encode(frame: &Frame) -> Result<Bytes, Self::Error> {
        Ok(frame.0.clone())
    }
}

impl Decodes<Frame> for EnvelopeCodec {
    type Error = std::convert::Infallible;

    fn decode(bytes: Bytes) -> Result<Frame, Self::Error> {
        Ok(Frame(bytes))
    }
}

/// The server's side of the protocol: axum on the server, nothing in the browser.
#[cfg(feature = "ssr")]
pub trait Backend:
    server_fn::server::Server<
        Error,
        Error,
        Error,
        Request = axum::extract::Request,
        Response = axum::response::Response,
    >
{
}

#[cfg(feature = "ssr")]
impl<S> Backend for S where
    S: server_fn::server::Server<
            Error,
            Error,
            Error,
            Request = axum::extract::Request,
            Response = axum::response::Response,
        >
{
}

/// The server's side of the protocol: axum on the server, nothing in the browser.
#[cfg(not(feature = "ssr"))]
pub trait Backend: server_fn::server::Server<Error, Error, Error> {}

#[cfg(not(feature = "ssr"))]
impl<S> Backend for S where S: server_fn::server::Server<Error, Error, Error> {}

impl<Input, C, S> Protocol<Input, BoxedStream<Frame, Error>, C, S, Error, Error, Error>
    for Websocket<RequestCodec, EnvelopeCodec>
where
    Input: Deref<Target = BoxedStream<Request, Error>>
        + Into<BoxedStream<Request, Error>>
        + From<BoxedStream<Request, Error>>
        + Send,
    C: Client<Error, Error, Error>,
    S: Backend,
{
    const METHOD: Method = Method::GET;

    #[cfg(feature = "ssr")]
    async fn run_server<F, Fut>(request: S::Request, server_fn: F) -> Result<S::Response, Error>
    where
        F: Fn(Input) -> Fut + Send,
        Fut: Future<Output = Result<BoxedStream<Frame, Error>, Error>> + Send,
    {
        let (upgrade, requests, input) = match server::accept(request).await {
            Ok(accepted) => accepted,
            // With its status: the server function's own way out is always 500.
            Err(error) => return Ok(axum::response::IntoResponse::into_response(error)),
        };
        // Before the upgrade is answered: a refusal is a plain HTTP answer.
        let output = server_fn(Input::from(input.into())).await?;
        Ok(upgrade.on_upgrade(move |socket| server::pump(socket, requests, output)))
    }

    #[cfg(not(feature = "ssr"))]
    async fn run_server<F, Fut>(_request: S::Request, _server_fn: F) -> Result<S::Response, Error>
    where
        F: Fn(Input) -> Fut + Send,
        Fut: Future<Output = Result<BoxedStream<Frame, Error>, Error>> + Send,
    {
        Err(Error::unavailable())
    }

    #[cfg(feature = "hydrate")]
    async fn run_client(path: &str, input: Input) -> Result<BoxedStream<Frame, Error>, Error> {
        browser::open(path, input.into())
    }

    #[cfg(not(feature = "hydrate"))]
    async fn run_client(_path: &str, _input: Input) -> Result<BoxedStream<Frame, Error>, Error> {
        Err(Error::unavailable())
    }
}

#[cfg(feature = "hydrate")]
mod browser {
    use super::{Frame, RequestCodec};
    use crate::realtime::Request;
    use crate::shared::Error;
    use bytes::Bytes;
    use futures_util::{SinkExt, StreamExt, future::ready};
    use gloo_net::websocket::{Message, futures::WebSocket};
    use leptos::task::spawn_local;
    use send_wrapper::SendWrapper;
    use server_fn::{BoxedStream, Encodes};

    /// Opens the socket. Its end ends the stream without a word: why it ended was said before.
    pub(super) fn open(
        path: &str,
        input: BoxedStream<Request, Error>,
    ) -> Result<BoxedStream<Frame, Error>, Error> {
        let socket = WebSocket::open(path).map_err(|_| Error::unavailable())?;
        let (mut sink, frames) = socket.split();
        spawn_local(async move {
            let mut input: std::pin::Pin<Box<dyn futures_util::Stream<Item = _> + Send>> =
                input.into();
            while let Some(Ok(request)) = input.next().await {
                let Ok(request) = RequestCodec::encode(&request) else {
                    continue;
                };
                let frame = [&[0], request.as_ref()].concat();
                if sink.send(Message::Bytes(frame)).await.is_err() {
                    break;
                }
            }
        });
        let frames = frames
            .take_while(|frame| ready(frame.is_ok()))
            .filter_map(|frame| ready(frame.ok().and_then(item)));
        Ok(SendWrapper::new(frames).into())
    }

    fn item(frame: Message) -> Option<Result<Frame, Error>> {
        match frame {
            Message::Bytes(bytes) => match bytes.split_first() {
                Some((0, item)) => Some(Ok(Frame(Bytes::copy_from_slice(item)))),
                _ => None,
            },
            Message::Text(_) => None,
        }
    }
}

#[cfg(feature = "ssr")]
mod server {
    use super::{Frame, MAX_FRAME, RequestCodec};
    use crate::realtime::Request;
    use crate::shared::{Error, Kind};
    use axum::extract::{
        FromRequest,
        ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade, close_code},
    };
    use futures::{FutureExt, SinkExt, Stream, StreamExt, stream};
    use server_fn::{BoxedStream, Decodes};
    use std::time::Duration;
    use tokio::sync::mpsc;

    /// Requests that wait for the connection's task; then the socket is not read.
    const QUEUE: usize = 8;
    /// Most frames of one write.
    const TOGETHER: usize = 16;
    /// A frame that cannot be written in this time is written to nobody.
    const WRITE_PATIENCE: Duration = Duration::from_secs(20);

    /// Boxed where it waits: a queue has room for 32 from the start, however few it may hold.
    type Item = Result<Request, Error>;

    pub(super) async fn accept(
        request: axum::extract::Request,
    ) -> Result<
        (
            WebSocketUpgrade,
            mpsc::Sender<Box<Item>>,
            impl Stream<Item = Item> + Send + 'static,
        ),
        Error,
    > {
        let upgrade = WebSocketUpgrade::from_request(request, &())
            .await
            .map_err(|_| Error::new(Kind::BadRequest, "not-a-websocket", "This is a websocket"))?
            .read_buffer_size(2 * 1024)
            .write_buffer_size(2 * 1024)
            .max_write_buffer_size(1024 * 1024)
            .max_message_size(MAX_FRAME)
            .max_frame_size(MAX_FRAME);
        let (sender, mut receiver) = mpsc::channel(QUEUE);
        let input = stream::poll_fn(move |context| receiver.poll_recv(context));
        let input = input.map(|request: Box<Item>| *request);
        Ok((upgrade, sender, input))
    }

    /// Carries frames until one side ends.
    pub(super) async fn pump(
        mut socket: WebSocket,
        requests: mpsc::Sender<Box<Item>>,
        output: BoxedStream<Frame, Error>,
    ) {
        let mut output: std::pin::Pin<Box<dyn Stream<Item = Result<Frame, Error>> + Send>> =
            output.into();
        let mut requests = Some(requests);
        loop {
            tokio::select! {
                frame = output.next() => {
                    let Some(Ok(frame)) = frame else { break };
                    let sending = write(&mut socket, frame, &mut output);
                    if !matches!(tokio::time::timeout(WRITE_PATIENCE, sending).await, Ok(Ok(()))) {
                        return;
                    }
                }
                // Nothing is read before there is a place for it; nothing is dropped.
                request = next(&mut socket, requests.as_ref()), if requests.is_some() => {
                    if !request {
                        // The connection's task sees the end and closes the output.
                        requests = None;
                    }
                }
            }
        }
        let close = Message::Close(Some(CloseFrame {
            code: close_code::AWAY,
            reason: "".into(),
        }));
        drop(tokio::time::timeout(WRITE_PATIENCE, socket.send(close)).await);
        drop(tokio::time::timeout(WRITE_PATIENCE, socket.close()).await);
    }

    /// Writes a frame with those that wait behind it: to the system they are one.
    async fn write(
        socket: &mut WebSocket,
        first: Frame,
        output: &mut (impl Stream<Item = Result<Frame, Error>> + Unpin),
    ) -> Result<(), axum::Error> {
        socket.feed(Message::Binary(first.0)).await?;
        for _ in 1..TOGETHER {
            // The end comes again when it is asked for.
            let Some(Some(Ok(frame))) = output.next().now_or_never() else {
                break;
            };
            socket.feed(Message::Binary(frame.0)).await?;
        }
        socket.flush().await
    }

    /// Takes one request from the socket. False: there will be no more.
    async fn next(socket: &mut WebSocket, requests: Option<&mpsc::Sender<Box<Item>>>) -> bool {
        let Some(requests) = requests else {
            return false;
        };
        let Ok(place) = requests.reserve().await else {
            return false;
        };
        let bytes = match socket.recv().await {
            Some(Ok(Message::Binary(bytes))) => bytes,
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => return true,
            Some(Ok(Message::Text(text))) => text.into(),
            Some(Ok(Message::Close(_)) | Err(_)) | None => return false,
        };
        let request = match bytes.first() {
            Some(0) => RequestCodec::decode(bytes.slice(1..)).ok(),
            // Programs may leave the tag out.
            Some(b'{') => RequestCodec::decode(bytes).ok(),
            _ => None,
        };
        place.send(Box::new(request.ok_or_else(|| {
            Error::bad_request("malformed", "The request could not be understood")
        })));
        true
    }
}
