//! The door: takes connections and bounds what each of them may hold up.
//!
//! A request's head and its body each have a time in which they have to arrive, and so has the
//! next step of an answer. The number of connections is limited, in all and for each network; a
//! connection beyond that is refused before it is read. At the end what is under way is finished.

mod body;

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

/// Seconds after which a refused connection may be tried again.
const RETRY_AFTER: u64 = 10;
/// Connections that are being refused at the same time; more are dropped without an answer.
const REFUSALS: usize = 256;
/// How long refusing one may take.
const REFUSAL: Duration = Duration::from_secs(1);
/// Most bytes of a request's head.
const MAX_HEAD: usize = 64 * 1024;
/// A pause when the system has no more sockets to give.
const OUT_OF_SOCKETS: Duration = Duration::from_millis(100);

/// What connections may take.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Connections at the same time, websockets among them.
    pub connections: u32,
    /// The same for one network; 0: unlimited.
    pub per_address: u32,
    /// How long a request's head may take, and how long a connection may wait for the next.
    pub head: Duration,
    /// How long a request's body may take.
    pub body: Duration,
    /// How long the rest of a body may take that the answer did not wait for.
    pub rest: Duration,
    /// How long a client may read nothing of its answer.
    pub write: Duration,
    /// How long the end waits for requests that are under way.
    pub end: Duration,
}

impl Bounds {
    /// The usual times, and no limit for one network.
    pub const fn new(connections: u32) -> Self {
        Self {
            connections,
            per_address: 0,
            head: Duration::from_secs(15),
            body: Duration::from_secs(30),
            rest: Duration::from_secs(5),
            write: Duration::from_secs(30),
            end: Duration::from_secs(5),
        }
    }
}

/// What all connections share.
#[derive(Clone)]
struct Door<S> {
    app: S,
    bounds: Bounds,
    server: Arc<config::Server>,
    places: Places,
    stop: CancellationToken,
}

/// Takes connections until told to stop. Each is one of `tasks`.
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
    let door = Door {
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
        let client = door.place_of_peer(peer);
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
                tasks.spawn(serve(socket, peer, client, door.clone()));
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

/// Most errors of accepting are one visitor's; some are the system's, and pass with time.
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

/// All of the server's connections are taken.
fn no_place() -> Error {
    Error::unavailable().with("seconds", RETRY_AFTER)
}

/// All connections of one network are taken.
fn too_many() -> Error {
    Error::rate_limited(
        "too-many-connections-address",
        "Too many connections from this network",
        RETRY_AFTER,
    )
}

/// Says once that the limit was met: a proxy that is not in the configuration meets it early.
fn warn_of_the_limit() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        tracing::warn!(
            "one address has reached limits.connections_per_address; if it is a proxy, set \
             server.behind_proxy and server.trusted_proxies"
        );
    });
}

/// Answers a connection that there is no place for, without reading what it asks.
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
    // Closing before its request is read would reset the connection, and the answer with it.
    let mut bytes = [0; 512];
    while stream.read(&mut bytes).await? > 0 {}
    Ok(())
}

/// Serves one connection's requests.
async fn serve<S>(socket: Socket, peer: SocketAddr, client: Arc<OnceLock<Place>>, door: Door<S>)
where
    S: Service<Request, Response = Response, Error = Infallible> + Clone + Send + Sync + 'static,
    S::Future: Send,
{
    let under_way = Arc::new(AtomicU32::new(0));
    let service = service_fn(|request| {
        let counted = UnderWay::new(&under_way);
        let answer = door.clone().answer(request, peer, Arc::clone(&client));
        async move {
            let _counted = counted;
            Ok::<_, Infallible>(answer.await)
        }
    });
    let bounds = door.bounds;
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(bounds.head)
        .max_buf_size(MAX_HEAD)
        .serve_connection(TokioIo::new(socket), service)
        .with_upgrades();
    let mut connection = pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = door.stop.cancelled() => {
            connection.as_mut().graceful_shutdown();
            // Who has sent half a request does not hold the end up.
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

impl<S> Door<S>
where
    S: Service<Request, Response = Response, Error = Infallible> + Clone + Send + Sync + 'static,
    S::Future: Send,
{
    /// The place of a connection that a client opened itself. Those of trusted proxies carry
    /// requests of many clients, which are counted one by one.
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

    /// The place of a request that a trusted proxy passes on.
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

    /// Answers a request. What the handler left of its body is read before the answer goes out, or
    /// the answer says that the connection ends.
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
            // It is the connection's from now on.
            drop(client.set(place));
            response
        } else {
            response.map(|body| Body::new(Counted::new(body, place)))
        }
    }
}

/// An error as the caller reads it: pages get the answer of a server function.
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

/// A request that is being answered.
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
