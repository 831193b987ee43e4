//! The gateway's wire format: a custom websocket protocol for server functions.
//!
//! The standard protocol of `server_fn` gives each connection a read buffer of 128 KiB, accepts
//! messages of 64 MiB and drops what it cannot queue. This one bounds every frame, waits instead of
//! dropping, and forwards events as the bytes in which they were published. Its reading and writing
//! is ours because libraries keep a buffer per direction and connection, which grows to the largest
//! frame and stays: ten times the memory after one frame of 20 KB (CONTRIBUTING.md, "Benchmarks").
//!
//! Each frame is binary: one tag byte (0 item, 1 error), then JSON.

use crate::realtime::Request;
use crate::shared::Error;
use http::Method;
use server_fn::{BoxedStream, Protocol, client::Client, server::Server};

mod frame;
#[cfg(feature = "ssr")]
mod server;
#[cfg(feature = "ssr")]
mod wire;

pub use frame::{Frame, MAX_FRAME};

/// The protocol. The macro of server functions knows a websocket function by this name.
pub struct Websocket;

/// The server's side as the macro of server functions names it.
#[cfg(feature = "ssr")]
type Backend = server_fn::axum::AxumServerFnBackend;
#[cfg(not(feature = "ssr"))]
type Backend = server_fn::mock::BrowserMockServer;

type Incoming = <Backend as Server<Error>>::Request;
type Response = <Backend as Server<Error>>::Response;

impl<Input, C> Protocol<Input, BoxedStream<Frame, Error>, C, Backend, Error> for Websocket
where
    Input: From<BoxedStream<Request, Error>> + Into<BoxedStream<Request, Error>> + Send,
    C: Client<Error>,
{
    const METHOD: Method = Method::GET;

    async fn run_server<F, Fut>(request: Incoming, server_fn: F) -> Result<Response, Error>
    where
        F: Fn(Input) -> Fut + Send,
        Fut: Future<Output = Result<BoxedStream<Frame, Error>, Error>> + Send,
    {
        #[cfg(feature = "ssr")]
        {
            server::run(request, server_fn).await
        }
        #[cfg(not(feature = "ssr"))]
        {
            let _ = (request, server_fn);
            Err(Error::unavailable())
        }
    }

    async fn run_client(path: &str, input: Input) -> Result<BoxedStream<Frame, Error>, Error> {
        #[cfg(feature = "hydrate")]
        {
            browser::open(path, input.into())
        }
        #[cfg(not(feature = "hydrate"))]
        {
            let _ = (path, input);
            Err(Error::unavailable())
        }
    }
}

#[cfg(feature = "hydrate")]
mod browser {
    use super::Frame;
    use crate::realtime::Request;
    use crate::shared::Error;
    use bytes::Bytes;
    use futures_util::{SinkExt, StreamExt, future::ready};
    use gloo_net::websocket::{Message, futures::WebSocket};
    use leptos::task::spawn_local;
    use send_wrapper::SendWrapper;
    use server_fn::BoxedStream;

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
                let mut frame = vec![0];
                if serde_json::to_writer(&mut frame, &request).is_err() {
                    continue;
                }
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
