//! One message of the socket.

use crate::realtime::Envelope;
use crate::shared::json;
use bytes::Bytes;

/// Maximum size of one frame from a browser, in bytes.
pub const MAX_FRAME: usize = 64 * 1024;

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
