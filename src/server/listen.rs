//! The door: takes connections and bounds what each of them may hold up.
//!
//! Whoever is slow to say what they want is not waited for: a request's head and its body each
//! have a time in which they have to arrive. There are so many connections and no more; who comes
//! when all places are taken is told so at once. At the end what is under way is finished.

use crate::platform::{net::Socket, tasks::Tasks};
use axum::{
    body::{Body, Bytes},
    extract::{ConnectInfo, Request},
    response::Response,
};
use hyper::{
    body::{Frame, Incoming, SizeHint},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::{TokioIo, TokioTimer};
use std::{
    convert::Infallible,
    io,
    net::SocketAddr,
    pin::{Pin, pin},
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};
use tokio::{
    io::AsyncWriteExt,
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
    time::Sleep,
};
use tokio_util::sync::CancellationToken;
use tower::{Service, ServiceExt};

/// Said when there is no place, before anything was read.
const NO_PLACE: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\n\
    Retry-After: 10\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
/// Most bytes of a request's head.
const MAX_HEAD: usize = 64 * 1024;
/// A pause when the system has no more sockets to give.
const OUT_OF_SOCKETS: Duration = Duration::from_millis(100);

/// What connections may take.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Connections at the same time, websockets among them.
    pub connections: u32,
    /// How long a request's head may take, and how long a connection may wait for the next.
    pub head: Duration,
    /// How long a request's body may take.
    pub body: Duration,
    /// How long the end waits for requests that are under way.
    pub end: Duration,
}

impl Bounds {
    /// The usual times, with so many connections.
    #[must_use]
    pub const fn new(connections: u32) -> Self {
        Self {
            connections,
            head: Duration::from_secs(15),
            body: Duration::from_secs(30),
            end: Duration::from_secs(5),
        }
    }
}

/// Takes connections until told to stop. Each is one of `tasks`.
pub async fn listen<S>(
    listener: TcpListener,
    app: S,
    bounds: Bounds,
    tasks: Tasks,
    stop: CancellationToken,
) where
    S: Service<Request, Response = Response, Error = Infallible> + Clone + Send + Sync + 'static,
    S::Future: Send,
{
    let places = Arc::new(Semaphore::new(bounds.connections as usize));
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
        // A frame goes out when it is written, not when the one before is confirmed.
        drop(stream.set_nodelay(true));
        match Arc::clone(&places).try_acquire_owned() {
            Ok(place) => {
                let (app, stop) = (app.clone(), stop.clone());
                tasks.spawn(serve(stream, peer, place, app, bounds, stop));
            }
            Err(_) => tasks.spawn(turn_away(stream)),
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
        tracing::warn!(error.cause = %error, "a connection could not be accepted");
        tokio::time::sleep(OUT_OF_SOCKETS).await;
    }
}

async fn turn_away(mut stream: TcpStream) {
    let told = stream.write_all(NO_PLACE);
    drop(tokio::time::timeout(Duration::from_secs(1), told).await);
}

/// Serves one connection's requests.
async fn serve<S>(
    stream: TcpStream,
    peer: SocketAddr,
    place: OwnedSemaphorePermit,
    app: S,
    bounds: Bounds,
    stop: CancellationToken,
) where
    S: Service<Request, Response = Response, Error = Infallible> + Clone + Send + Sync + 'static,
    S::Future: Send,
{
    let under_way = Arc::new(AtomicU32::new(0));
    let service = service_fn(|request: hyper::Request<Incoming>| {
        let counted = UnderWay::new(&under_way);
        let mut request = request.map(|body| Body::new(Timely::new(body, bounds.body)));
        request.extensions_mut().insert(ConnectInfo(peer));
        let answer = app.clone().oneshot(request);
        async move {
            let _counted = counted;
            answer.await
        }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(bounds.head)
        .max_buf_size(MAX_HEAD)
        .serve_connection(TokioIo::new(Socket::new(stream, place)), service)
        .with_upgrades();
    let mut connection = pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = stop.cancelled() => {
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

/// A request's body that has to arrive in time.
struct Timely {
    body: Incoming,
    patience: Duration,
    /// Set when it is waited for.
    end: Option<Pin<Box<Sleep>>>,
}

impl Timely {
    fn new(body: Incoming, patience: Duration) -> Self {
        Self {
            body,
            patience,
            end: None,
        }
    }
}

impl hyper::body::Body for Timely {
    type Data = Bytes;
    type Error = axum::BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::BoxError>>> {
        if let Poll::Ready(frame) = Pin::new(&mut self.body).poll_frame(context) {
            return Poll::Ready(frame.map(|frame| frame.map_err(Into::into)));
        }
        let patience = self.patience;
        let end = self
            .end
            .get_or_insert_with(|| Box::pin(tokio::time::sleep(patience)));
        match end.as_mut().poll(context) {
            Poll::Ready(()) => {
                let late = io::Error::from(io::ErrorKind::TimedOut);
                Poll::Ready(Some(Err(late.into())))
            }
            Poll::Pending => Poll::Pending,
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
