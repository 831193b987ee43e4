//! The gateway's wire format: a custom websocket protocol for server functions.
//!
//! The standard protocol of `server_fn` gives each connection a read buffer of 128 KiB, accepts
//! messages of 64 MiB and drops what it cannot queue. This one keeps no buffers between frames,
//! bounds every frame, waits instead of dropping, and forwards events as the bytes in which they
//! were published.
//!
//! Each frame is binary: one tag byte (0 item, 1 error), then JSON.

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

/// Maximum size of one frame from a browser, in bytes.
pub const MAX_FRAME: usize = 64 * 1024;

/// The protocol. The macro of server functions knows a websocket function by this name.
pub struct Websocket<In, Out>(PhantomData<(In, Out)>);

/// Codec of requests to the server.
pub struct RequestCodec;

/// Codec of envelopes to the browser.
pub struct EnvelopeCodec;

/// An encoded envelope: on the server the bytes as published, with the tag; in the browser the
/// received bytes, without the tag.
#[derive(Clone, Debug)]
pub struct Frame(pub Bytes);

impl Frame {
    /// Decodes the envelope, in the browser.
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

/// The server's side of the protocol: axum on the server, empty in the browser.
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

/// The server's side of the protocol: axum on the server, empty in the browser.
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
            // Keeps the error's status: errors returned by a server function always become 500.
            Err(error) => return Ok(axum::response::IntoResponse::into_response(error)),
        };
        let gateway = crate::accounts::guard::provided::<super::Service>()?;
        // Before the response to the upgrade, so a refusal is a plain HTTP response.
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

    /// Opens the socket. The stream ends without an error when the socket closes: a frame before
    /// gave the reason.
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
