//! The wire of the gateway: a websocket protocol of our own for server functions.
//!
//! The stock protocol gives each connection 128 KiB of read buffer, takes messages of 64 MiB and
//! drops what it cannot queue. This one keeps no buffers between frames, bounds every frame, waits
//! instead of dropping, and hands events on as the bytes in which they were published.
//!
//! On the wire each frame is binary: one tag byte (0 item, 1 error), then JSON.

use crate::realtime::{Envelope, Request};
use crate::shared::{Error, json};
use bytes::Bytes;
use http::Method;
use server_fn::{
    BoxedStream, ContentType, Decodes, Encodes, Format, FormatType, Protocol, client::Client,
};
use std::{future::Future, marker::PhantomData, ops::Deref};

#[cfg(feature = "ssr")]
mod server;
#[cfg(feature = "ssr")]
mod wire;

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
    pub fn envelope(&self) -> Option<Envelope> {
        json::read(&self.0).ok()
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
        json::read(&bytes)
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
        let (accepted, input) = match server::accept(request) {
            Ok(accepted) => accepted,
            // With its status: the server function's own way out is always 500.
            Err(error) => return Ok(axum::response::IntoResponse::into_response(error)),
        };
        let gateway = crate::accounts::guard::provided::<super::Service>()?;
        // Before the upgrade is answered: a refusal is a plain HTTP answer.
        let output = server_fn(Input::from(input.into())).await?;
        let (response, carrying) = accepted.begin(output);
        gateway.carry(carrying);
        Ok(response)
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
