//! Bodies: a request body has a time limit and is read to its end; a response body holds the slot
//! of its client.

use super::bounds::Bounds;
use crate::platform::net::Place;
use crate::shared::sync::lock;
use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, HeaderValue, header},
    response::Response,
};
use hyper::body::{Body as _, Frame, Incoming, SizeHint};
use std::{
    future::poll_fn,
    io,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard},
    task::{Context, Poll, ready},
    time::Duration,
};
use tokio::time::Sleep;

/// Maximum number of unread bytes that are read and discarded.
const MOST_REST: u64 = 256 * 1024;

/// A request body with a time limit.
pub(super) struct Timely {
    /// Some until the body is dropped.
    arriving: Option<Arriving>,
    left: Left,
}

/// The part of a body that its handler left unread.
#[derive(Clone)]
pub(super) struct Left {
    body: Arc<Mutex<Option<Arriving>>>,
    patience: Duration,
}

struct Arriving {
    body: Incoming,
    patience: Duration,
    /// Set when a read has to wait.
    end: Option<Pin<Box<Sleep>>>,
    /// true if the client waits for `100 Continue`, which the first read sends.
    unasked: bool,
}

impl Timely {
    /// Returns a body with a time limit, and its unread rest.
    pub(super) fn new(body: Incoming, headers: &HeaderMap, bounds: Bounds) -> (Self, Left) {
        let expect = headers.get(header::EXPECT);
        let arriving = Arriving {
            body,
            patience: bounds.body,
            end: None,
            unasked: expect
                .is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"100-continue")),
        };
        let left = Left {
            body: Arc::default(),
            patience: bounds.rest,
        };
        let body = Self {
            arriving: Some(arriving),
            left: left.clone(),
        };
        (body, left)
    }
}

impl Drop for Timely {
    fn drop(&mut self) {
        let unread = self.arriving.take().filter(|body| !body.is_read());
        if unread.is_some() {
            *self.left.lock() = unread;
        }
    }
}

impl Left {
    /// Reads the rest of the body so that the next request can follow. If that takes too much, sets
    /// `Connection: close`.
    pub(super) async fn settle(self, response: &mut Response) {
        let Some(body) = self.lock().take() else {
            return;
        };
        let read = tokio::time::timeout(self.patience, body.read_to_end()).await;
        if !read.unwrap_or(false) {
            let close = HeaderValue::from_static("close");
            response.headers_mut().insert(header::CONNECTION, close);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Option<Arriving>> {
        lock(&self.body)
    }
}

impl Arriving {
    fn is_read(&self) -> bool {
        self.body.is_end_stream()
    }

    fn poll_frame(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::BoxError>>> {
        self.unasked = false;
        if let Poll::Ready(frame) = Pin::new(&mut self.body).poll_frame(context) {
            return Poll::Ready(frame.map(|frame| frame.map_err(Into::into)));
        }
        let patience = self.patience;
        let end = self
            .end
            .get_or_insert_with(|| Box::pin(tokio::time::sleep(patience)));
        ready!(end.as_mut().poll(context));
        let late = io::Error::from(io::ErrorKind::TimedOut);
        Poll::Ready(Some(Err(late.into())))
    }

    /// Discards the rest. Returns false if it is too large, too slow or incomplete.
    async fn read_to_end(mut self) -> bool {
        if self.unasked {
            return false;
        }
        let mut room = MOST_REST;
        while !self.is_read() {
            if self.body.size_hint().lower() > room {
                return false;
            }
            match poll_fn(|context| self.poll_frame(context)).await {
                Some(Ok(frame)) => {
                    let size = frame.data_ref().map_or(0, |data| data.len() as u64);
                    match room.checked_sub(size) {
                        Some(less) => room = less,
                        None => return false,
                    }
                }
                Some(Err(_)) => return false,
                None => return true,
            }
        }
        true
    }
}

impl hyper::body::Body for Timely {
    type Data = Bytes;
    type Error = axum::BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::BoxError>>> {
        match &mut self.arriving {
            Some(arriving) => arriving.poll_frame(context),
            None => Poll::Ready(None),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.arriving.as_ref().is_none_or(Arriving::is_read)
    }

    fn size_hint(&self) -> SizeHint {
        let arriving = self.arriving.as_ref();
        arriving.map_or_else(SizeHint::default, |arriving| arriving.body.size_hint())
    }
}

/// A response body that counts as a request of its client until it is written.
pub(super) struct Counted {
    body: Body,
    _place: Place,
}

impl Counted {
    pub(super) fn new(body: Body, place: Place) -> Self {
        Self {
            body,
            _place: place,
        }
    }
}

impl hyper::body::Body for Counted {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
