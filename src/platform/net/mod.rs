//! Accepted connections and their clients.

mod client;
mod places;

pub use client::{client_address, network, says_forwarded};
pub use places::{Place, Places};

use socket2::SockRef;
use std::{
    io::{self, IoSlice, Read},
    net::Shutdown,
    pin::Pin,
    sync::{Arc, OnceLock},
    task::{Context, Poll, ready},
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncWrite, Interest, ReadBuf},
    net::TcpStream,
    sync::OwnedSemaphorePermit,
    time::Sleep,
};

/// Bytes that the system buffers before sending. A larger buffer would hide how long a slow client
/// has read nothing.
#[cfg(target_os = "linux")]
const UNSENT: u32 = 128 * 1024;
/// Time for the other end to close its side after ours.
const LAST_BYTES: Duration = Duration::from_secs(5);
/// Maximum number of bytes discarded meanwhile.
const MOST_LAST_BYTES: usize = 16 * 1024 * 1024;

/// Slots that a connection occupies while it is open, also after it became a websocket.
pub struct Held {
    /// Slot among the server's connections.
    pub server: OwnedSemaphorePermit,
    /// Slot among its client's connections, once the client is known.
    pub client: Arc<OnceLock<Place>>,
}

/// An accepted connection.
pub struct Socket {
    stream: TcpStream,
    _held: Held,
    /// How long a write can make no progress.
    patience: Duration,
    /// When the pending write times out.
    stuck: Option<Pin<Box<Sleep>>>,
    /// Set when our side is closed.
    closing: Option<Closing>,
}

struct Closing {
    end: Pin<Box<Sleep>>,
    read: usize,
}

impl Socket {
    /// Creates a connection that is cut when a write makes no progress for `patience`.
    pub fn new(stream: TcpStream, held: Held, patience: Duration) -> Self {
        // Sends each frame at once instead of waiting for the previous one's ACK.
        drop(stream.set_nodelay(true));
        #[cfg(target_os = "linux")]
        drop(SockRef::from(&stream).set_tcp_notsent_lowat(UNSENT));
        Self {
            stream,
            _held: held,
            patience,
            stuck: None,
            closing: None,
        }
    }

    /// Returns the result of a write, or an error when no bytes were accepted for too long.
    fn in_time<T>(
        &mut self,
        context: &mut Context<'_>,
        written: Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.stuck = None;
            return written;
        }
        let patience = self.patience;
        let stuck = self
            .stuck
            .get_or_insert_with(|| Box::pin(tokio::time::sleep(patience)));
        ready!(stuck.as_mut().poll(context));
        // Otherwise the system would keep retransmitting its buffered bytes.
        drop(SockRef::from(&self.stream).set_linger(Some(Duration::ZERO)));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }

    /// Reads into `bytes` and returns the number of bytes; 0 at the end. For one task at a time.
    pub fn poll_read(
        &self,
        context: &mut Context<'_>,
        bytes: &mut [u8],
    ) -> Poll<io::Result<usize>> {
        loop {
            ready!(self.stream.poll_read_ready(context))?;
            let mut read = None;
            let tried = self.stream.try_io(Interest::READABLE, || {
                let some = (&*SockRef::from(&self.stream)).read(bytes)?;
                read = Some(some);
                // A partial read means that no more bytes are available. Another read to confirm
                // that would cost as much as this one.
                if some > 0 && some < bytes.len() {
                    return Err(io::ErrorKind::WouldBlock.into());
                }
                Ok(())
            });
            match (read, tried) {
                (Some(read), _) => return Poll::Ready(Ok(read)),
                (None, Err(error)) if error.kind() != io::ErrorKind::WouldBlock => {
                    return Poll::Ready(Err(error));
                }
                (None, _) => {}
            }
        }
    }

    /// Writes from `slices` and returns the number of bytes. For one task at a time.
    pub fn poll_write_vectored(
        &self,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        loop {
            ready!(self.stream.poll_write_ready(context))?;
            match self.stream.try_write_vectored(slices) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Ok(0) => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                written => return Poll::Ready(written),
            }
        }
    }

    /// Closes our side and waits briefly for the other: closing at once could discard bytes that it
    /// has not read yet.
    pub async fn finish(&self, patience: Duration) {
        if SockRef::from(&self.stream)
            .shutdown(Shutdown::Write)
            .is_err()
        {
            return;
        }
        let rest = async {
            let mut bytes = [0; 512];
            while self.stream.ready(Interest::READABLE).await.is_ok() {
                match self.stream.try_read(&mut bytes) {
                    Ok(0) => return,
                    Err(error) if error.kind() != io::ErrorKind::WouldBlock => return,
                    _ => {}
                }
            }
        };
        drop(tokio::time::timeout(patience, rest).await);
    }
}

impl AsyncRead for Socket {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Socket {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.in_time(context, written)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.stream).poll_flush(context);
        self.in_time(context, flushed)
    }

    /// Closes our side and waits briefly for the other: closing a connection with unread bytes
    /// resets it, which can discard the response that the client has not read yet.
    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let Self {
            stream, closing, ..
        } = &mut *self;
        let closing = match closing {
            Some(closing) => closing,
            None => {
                ready!(Pin::new(&mut *stream).poll_shutdown(context))?;
                closing.insert(Closing {
                    end: Box::pin(tokio::time::sleep(LAST_BYTES)),
                    read: 0,
                })
            }
        };
        let mut bytes = [0; 4 * 1024];
        while closing.read < MOST_LAST_BYTES {
            let mut buffer = ReadBuf::new(&mut bytes);
            match Pin::new(&mut *stream).poll_read(context, &mut buffer) {
                Poll::Ready(Ok(())) if !buffer.filled().is_empty() => {
                    closing.read += buffer.filled().len();
                }
                Poll::Ready(_) => break,
                Poll::Pending => {
                    ready!(closing.end.as_mut().poll(context));
                    break;
                }
            }
        }
        Poll::Ready(Ok(()))
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, slices);
        self.in_time(context, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}
