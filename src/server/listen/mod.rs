//! Accepts connections and limits what each can occupy.
//!
//! A request's head and its body have time limits, and so has each write of a response. The number
//! of connections is limited, in total and per network; a connection beyond the limit is rejected
//! before it is read. On shutdown running requests are completed.

mod body;
mod bounds;

pub use bounds::Bounds;

use crate::platform::{
    config,
    net::{self, Held, Place, Places, Socket},
    tasks::Tasks,
};
use crate::shared::Error;
use axum::{
    body::Body,
    extract::{ConnectInfo, Request},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use body::{Counted, Timely};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use std::{
    convert::Infallible,
    io,
    net::SocketAddr,
    pin::pin,
    sync::{
        Arc, Once, OnceLock,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::Semaphore,
};
use tokio_util::sync::CancellationToken;
use tower::{Service, ServiceExt};

/// Seconds after which a rejected client should retry.
const RETRY_AFTER: u64 = 10;
/// Number of connections being rejected at the same time; more are dropped without a response.
const REFUSALS: usize = 256;
/// Time limit for rejecting a connection.
const REFUSAL: Duration = Duration::from_secs(1);
/// Maximum size of a request's head in bytes.
const MAX_HEAD: usize = 64 * 1024;
/// Pause when the system has no more sockets.
const OUT_OF_SOCKETS: Duration = Duration::from_millis(100);

/// State shared by all connections.
#[derive(Clone)]
struct Acceptor<S> {
    app: S,
    bounds: Bounds,
    server: Arc<config::Server>,
    places: Places,
    stop: CancellationToken,
}

/// Accepts connections until `stop` is canceled. Each runs as one of `tasks`.
pub async fn listen<S>(
    listener: TcpListener,
    app: S,
    bounds: Bounds,
    server: config::Server,
    tasks: Tasks,
    stop: CancellationToken,
) where
    S: Service<Request, Response = Response, Error = Infallible> + Clone + Send + Sync + 'static,
    S::Future: Send,
{
    let connections = Arc::new(Semaphore::new(bounds.connections as usize));
    let refusals = Arc::new(Semaphore::new(REFUSALS));
    let acceptor = Acceptor {
        app,
        bounds,
        server: Arc::new(server),
        places: Places::new(bounds.per_address),
        stop: stop.clone(),
    };
    loop {
        let (stream, peer) = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    pause_after(&error).await;
                    continue;
                }
            },
            () = stop.cancelled() => return,
        };
        let client = acceptor.place_of_peer(peer);
        let server = Arc::clone(&connections).try_acquire_owned();
        let refused = match (client, server) {
            (Ok(client), Ok(server)) => {
                let socket = Socket::new(
                    stream,
                    Held {
                        server,
                        client: Arc::clone(&client),
                    },
                    bounds.write,
                );
                tasks.spawn(serve(socket, peer, client, acceptor.clone()));
                continue;
            }
            (Err(error), _) => error,
            (_, Err(_)) => no_place(),
        };
        if let Ok(refusing) = Arc::clone(&refusals).try_acquire_owned() {
            tasks.spawn(async move {
                drop(tokio::time::timeout(REFUSAL, refuse(stream, &refused)).await);
                drop(refusing);
            });
        }
    }
}

/// Pauses after errors of the system, which pass with time. Most accept errors are caused by the
/// client and need no pause.
async fn pause_after(error: &io::Error) {
    use io::ErrorKind as K;
    let visitors = [
        K::ConnectionRefused,
        K::ConnectionAborted,
        K::ConnectionReset,
    ];
    if !visitors.contains(&error.kind()) {
        tracing::warn!(error.cause = %error, "accepting a connection failed");
        tokio::time::sleep(OUT_OF_SOCKETS).await;
    }
}

/// The server has no free connection slot.
fn no_place() -> Error {
    Error::unavailable().with("seconds", RETRY_AFTER)
}

/// The network has no free connection slot.
fn too_many() -> Error {
    Error::rate_limited(
        "too-many-connections-address",
        "Too many connections from this network",
        RETRY_AFTER,
    )
}

/// Warns once when the limit is reached, because a proxy missing in the configuration reaches it
/// early.
fn warn_of_the_limit() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        tracing::warn!(
            "one address has reached limits.connections_per_address; if it is a proxy, set \
             server.behind_proxy and server.trusted_proxies"
        );
    });
}

/// Rejects a connection without reading its request.
async fn refuse(mut stream: TcpStream, error: &Error) -> io::Result<()> {
    let body = serde_json::Value::Object(error.body()).to_string();
    let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::SERVICE_UNAVAILABLE);
    let answer = format!(
        "HTTP/1.1 {status}\r\nRetry-After: {RETRY_AFTER}\r\nConnection: close\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len(),
    );
    stream.write_all(answer.as_bytes()).await?;
    stream.shutdown().await?;
    // Closing with an unread request would reset the connection and discard the response.
    let mut bytes = [0; 512];
    while stream.read(&mut bytes).await? > 0 {}
    Ok(())
}

/// Serves the requests of one connection.
async fn serve<S>(
    socket: Socket,
    peer: SocketAddr,
    client: Arc<OnceLock<Place>>,
    acceptor: Acceptor<S>,
) where
    S: Service<Request, Response = Response, Error = Infallible> + Clone + Send + Sync + 'static,
    S::Future: Send,
{
    let under_way = Arc::new(AtomicU32::new(0));
    let service = service_fn(|request| {
        let counted = UnderWay::new(&under_way);
        let answer = acceptor.clone().answer(request, peer, Arc::clone(&client));
        async move {
            let _counted = counted;
            Ok::<_, Infallible>(answer.await)
        }
    });
    let bounds = acceptor.bounds;
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(bounds.head)
        .max_buf_size(MAX_HEAD)
        .serve_connection(TokioIo::new(socket), service)
        .with_upgrades();
    let mut connection = pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = acceptor.stop.cancelled() => {
            connection.as_mut().graceful_shutdown();
            // An incomplete request does not delay the shutdown.
            let patience = if under_way.load(Ordering::Relaxed) > 0 {
                bounds.end
            } else {
                Duration::ZERO
            };
            let ended = tokio::time::timeout(patience, connection.as_mut()).await;
            ended.unwrap_or(Ok(()))
        }
    };
    if let Err(error) = ended {
        tracing::debug!(error.cause = %error, "a connection ended early");
    }
}

impl<S> Acceptor<S>
where
    S: Service<Request, Response = Response, Error = Infallible> + Clone + Send + Sync + 'static,
    S::Future: Send,
{
    /// Takes the slot of a direct connection. Connections of trusted proxies carry requests of many
    /// clients, which are counted individually.
    fn place_of_peer(&self, peer: SocketAddr) -> Result<Arc<OnceLock<Place>>, Error> {
        if self.server.trusts(peer.ip()) {
            return Ok(Arc::default());
        }
        match self.places.take(peer.ip()) {
            Some(place) => Ok(Arc::new(OnceLock::from(place))),
            None => {
                warn_of_the_limit();
                Err(too_many())
            }
        }
    }

    /// Takes the slot of a request that a trusted proxy forwards.
    fn place_of_request(
        &self,
        peer: SocketAddr,
        request: &Request,
    ) -> Result<Option<Place>, Error> {
        if !self.server.trusts(peer.ip()) {
            return Ok(None);
        }
        let client = net::client_address(peer.ip(), request.headers(), &self.server);
        self.places.take(client).map(Some).ok_or_else(too_many)
    }

    /// Handles a request. Reads the unread part of its body before responding; if that is too much,
    /// the response says `Connection: close`.
    async fn answer(
        self,
        request: hyper::Request<Incoming>,
        peer: SocketAddr,
        client: Arc<OnceLock<Place>>,
    ) -> Response {
        let (parts, body) = request.into_parts();
        let (body, left) = Timely::new(body, &parts.headers, self.bounds);
        let mut request = Request::from_parts(parts, Body::new(body));
        request.extensions_mut().insert(ConnectInfo(peer));
        let (mut response, place) = match self.place_of_request(peer, &request) {
            Ok(place) => match self.app.oneshot(request).await {
                Ok(response) => (response, place),
                Err(never) => match never {},
            },
            Err(error) => {
                let path = request.uri().path().to_owned();
                drop(request);
                (refusal(&error, &path), None)
            }
        };
        left.settle(&mut response).await;
        let Some(place) = place else {
            return response;
        };
        if response.status() == StatusCode::SWITCHING_PROTOCOLS {
            // The websocket's connection holds the slot from now on.
            drop(client.set(place));
            response
        } else {
            response.map(|body| Body::new(Counted::new(body, place)))
        }
    }
}

/// Formats an error for its caller: pages expect the error format of server functions.
fn refusal(error: &Error, path: &str) -> Response {
    let mut response = error.clone().into_response();
    if path.starts_with("/rpc/")
        && let Ok(body) = serde_json::to_string(error)
    {
        *response.body_mut() = Body::from(body);
        response.headers_mut().remove(header::CONTENT_LENGTH);
    }
    response
}

/// Counts a running request until it is dropped.
struct UnderWay(Arc<AtomicU32>);

impl UnderWay {
    fn new(count: &Arc<AtomicU32>) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Self(Arc::clone(count))
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}
