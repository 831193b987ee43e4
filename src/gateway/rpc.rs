//! The websocket server function.

use super::protocol::{Frame, Websocket};
use crate::realtime::Request;
use crate::shared::Error;
use leptos::prelude::*;
use server_fn::BoxedStream;

/// Connects a page: requests in, envelopes out. See [`super::model`] for the control frames.
#[server(protocol = Websocket, prefix = "/rpc", endpoint = "gateway")]
pub async fn gateway(
    input: BoxedStream<Request, Error>,
) -> Result<BoxedStream<Frame, Error>, Error> {
    use crate::accounts::guard::{provided, viewer};
    let gateway = provided::<super::Service>()?;
    // Browsers do not expose a refused handshake, so the first frame carries the error.
    Ok(match viewer().await {
        Ok(viewer) => {
            let input: std::pin::Pin<Box<dyn futures::Stream<Item = _> + Send>> = input.into();
            gateway.connect(viewer, input)
        }
        Err(error) => super::Service::refuse(error),
    })
}
