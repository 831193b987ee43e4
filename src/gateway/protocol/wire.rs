//! Reads and writes websocket frames (RFC 6455) for a server: pure functions on bytes. tungstenite
//! knows their headers; see [`super`] for why it does not keep the buffers.

use bytes::{Buf, Bytes, BytesMut};
use std::io::Cursor;
use tungstenite::protocol::frame::{
    FrameHeader,
    coding::{Control, Data, OpCode},
};

/// Maximum size of a control frame's payload, in bytes.
const MAX_CONTROL: usize = 125;
/// Maximum size of the header of a frame to a client, in bytes.
const MAX_HEAD: usize = 10;

/// Input from the client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Incoming {
    /// A complete message, text or binary.
    Message(Bytes),
    /// A ping; the response is a pong with the same bytes.
    Ping(Bytes),
    /// The client closes the connection.
    Close,
}

/// Protocol error that ends the connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Violation {
    /// Not allowed by the protocol.
    Protocol,
    /// The message is too large.
    TooLarge,
}

impl Violation {
    /// Returns the close code.
    pub const fn code(self) -> u16 {
        match self {
            Self::Protocol => 1002,
            Self::TooLarge => 1009,
        }
    }
}

/// Assembles messages from received bytes.
pub struct Decoder {
    /// Maximum size of a message in bytes.
    limit: usize,
    buffer: BytesMut,
    /// Start of a fragmented message.
    begun: Option<BytesMut>,
}

/// Header of a frame from a client.
struct Head {
    last: bool,
    opcode: OpCode,
    length: usize,
    mask: [u8; 4],
    /// Size of the header itself, in bytes.
    size: usize,
}

impl Decoder {
    /// Creates a decoder of messages of at most `limit` bytes.
    pub const fn new(limit: usize, already_read: BytesMut) -> Self {
        Self {
            limit,
            buffer: already_read,
            begun: None,
        }
    }

    /// Adds received bytes.
    pub fn feed(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    /// Returns the next complete input; None: more bytes are needed.
    ///
    /// # Errors
    /// The client violates the protocol; the rest of the stream cannot be decoded.
    pub fn next(&mut self) -> Result<Option<Incoming>, Violation> {
        while let Some(head) = self.head()? {
            if self.buffer.len() < head.size + head.length {
                break;
            }
            self.buffer.advance(head.size);
            let mut payload = self.buffer.split_to(head.length);
            for (byte, mask) in payload.iter_mut().zip(head.mask.iter().cycle()) {
                *byte ^= mask;
            }
            if let Some(incoming) = self.take(&head, payload)? {
                return Ok(Some(incoming));
            }
        }
        if self.buffer.is_empty() {
            // An idle connection holds no memory.
            self.buffer = BytesMut::new();
        }
        Ok(None)
    }

    fn take(&mut self, head: &Head, payload: BytesMut) -> Result<Option<Incoming>, Violation> {
        let data = match head.opcode {
            OpCode::Control(Control::Close) => return Ok(Some(Incoming::Close)),
            OpCode::Control(Control::Ping) => return Ok(Some(Incoming::Ping(payload.freeze()))),
            OpCode::Control(_) => return Ok(None),
            OpCode::Data(data) => data,
        };
        let whole = match (&mut self.begun, data) {
            (Some(begun), Data::Continue) => {
                begun.extend_from_slice(&payload);
                head.last.then(|| self.begun.take()).flatten()
            }
            (None, Data::Text | Data::Binary) if head.last => Some(payload),
            (None, Data::Text | Data::Binary) => {
                // A copy, so that it does not keep the shared buffer alive.
                self.begun = Some(payload.iter().copied().collect());
                None
            }
            _ => return Err(Violation::Protocol),
        };
        Ok(whole.map(|whole| Incoming::Message(whole.freeze())))
    }

    /// Reads the header of the next frame, and checks it as far as possible.
    fn head(&self) -> Result<Option<Head>, Violation> {
        // There are no extensions.
        if self.buffer.first().is_some_and(|first| first & 0x70 != 0) {
            return Err(Violation::Protocol);
        }
        let mut bytes = Cursor::new(&self.buffer);
        let parsed = FrameHeader::parse(&mut bytes).map_err(|_| Violation::Protocol)?;
        let Some((header, length)) = parsed else {
            return Ok(None);
        };
        // Clients must mask their frames.
        let mask = header.mask.ok_or(Violation::Protocol)?;
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        if matches!(header.opcode, OpCode::Control(_)) {
            if !header.is_final || length > MAX_CONTROL {
                return Err(Violation::Protocol);
            }
        } else {
            let begun = self.begun.as_ref().map_or(0, BytesMut::len);
            if length > self.limit.saturating_sub(begun) {
                return Err(Violation::TooLarge);
            }
        }
        Ok(Some(Head {
            last: header.is_final,
            opcode: header.opcode,
            length,
            mask,
            size: self.buffer.len() - bytes.remaining(),
        }))
    }
}

/// A frame to the client: its header, and a payload that other frames can share.
#[derive(Clone, Debug)]
pub struct Outgoing {
    head: [u8; MAX_HEAD],
    head_size: usize,
    payload: Bytes,
}

impl Outgoing {
    /// Creates a binary message.
    pub fn message(payload: Bytes) -> Self {
        Self::new(OpCode::Data(Data::Binary), payload)
    }

    /// Creates the response to a ping.
    pub fn pong(payload: Bytes) -> Self {
        Self::new(OpCode::Control(Control::Pong), payload)
    }

    /// Creates the last frame.
    pub fn close(code: u16) -> Self {
        let code = Bytes::copy_from_slice(&code.to_be_bytes());
        Self::new(OpCode::Control(Control::Close), code)
    }

    fn new(opcode: OpCode, payload: Bytes) -> Self {
        let header = FrameHeader {
            opcode,
            ..FrameHeader::default()
        };
        let length = payload.len() as u64;
        let mut head = [0; MAX_HEAD];
        // A header without a mask fits.
        let _ = header.format(length, &mut head.as_mut_slice());
        Self {
            head,
            head_size: header.len(length),
            payload,
        }
    }

    /// Size on the wire in bytes.
    pub fn size(&self) -> usize {
        self.head_size + self.payload.len()
    }

    /// Returns the rest after the first `written` bytes, in two slices.
    pub fn rest(&self, written: usize) -> [&[u8]; 2] {
        let head = self.head.get(..self.head_size).unwrap_or_default();
        let of_payload = written.saturating_sub(self.head_size);
        [
            head.get(written..).unwrap_or_default(),
            self.payload.get(of_payload..).unwrap_or_default(),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::mutation::damaged;
    use proptest::prelude::*;

    const CONTINUATION: u8 = 0;
    const TEXT: u8 = 1;
    const BINARY: u8 = 2;
    const CLOSE: u8 = 8;
    const PING: u8 = 9;
    const PONG: u8 = 10;

    /// A frame as a client sends it.
    fn client(last: bool, opcode: u8, payload: &[u8], mask: [u8; 4]) -> Vec<u8> {
        let frame = Outgoing::new(OpCode::from(opcode), Bytes::copy_from_slice(payload));
        let [head, _] = frame.rest(0);
        let mut bytes = head.to_vec();
        if !last {
            bytes[0] &= 0x7f;
        }
        bytes[1] |= 0x80;
        bytes.extend(mask);
        bytes.extend(
            payload
                .iter()
                .zip(mask.iter().cycle())
                .map(|(byte, mask)| byte ^ mask),
        );
        bytes
    }

    fn decode(bytes: &[u8], step: usize) -> (Vec<Incoming>, Option<Violation>) {
        let mut decoder = Decoder::new(1_000, BytesMut::new());
        let mut all = Vec::new();
        for piece in bytes.chunks(step) {
            decoder.feed(piece);
            loop {
                match decoder.next() {
                    Ok(Some(incoming)) => all.push(incoming),
                    Ok(None) => break,
                    Err(violation) => return (all, Some(violation)),
                }
            }
        }
        (all, None)
    }

    proptest! {
        #[test]
        fn messages_survive_any_cut(
            messages in prop::collection::vec(
                (prop::collection::vec(any::<u8>(), 0..900), 1..5_usize, any::<[u8; 4]>(), any::<bool>()),
                0..8,
            ),
            step in 1..400_usize,
        ) {
            let mut wire = Vec::new();
            let mut expected = Vec::new();
            for (payload, pieces, mask, pinged) in messages {
                let size = payload.len().div_ceil(pieces).max(1);
                let mut parts: Vec<_> = payload.chunks(size).collect();
                if parts.is_empty() {
                    parts.push(&[]);
                }
                for (n, part) in parts.iter().enumerate() {
                    let opcode = if n == 0 { BINARY } else { CONTINUATION };
                    wire.extend(client(n + 1 == parts.len(), opcode, part, mask));
                    if pinged {
                        // Control frames can come between the fragments of a message.
                        wire.extend(client(true, PING, b"?", mask));
                        expected.push(Incoming::Ping(Bytes::from_static(b"?")));
                    }
                }
                let at = expected.len() - usize::from(pinged);
                expected.insert(at, Incoming::Message(payload.into()));
            }
            wire.extend(client(true, CLOSE, &[3, 232], [1, 2, 3, 4]));
            expected.push(Incoming::Close);
            prop_assert_eq!(decode(&wire, step), (expected, None));
        }

        /// Damaged streams give the same result for any chunk sizes, and hold no more memory than
        /// was received.
        #[test]
        fn damaged_streams_are_read_the_same_in_any_pieces(
            wire in damaged(&[
                [
                    client(true, TEXT, b"{\"nonce\":\"a\",\"kind\":\"gateway.ping\"}", [1, 2, 3, 4]),
                    client(false, BINARY, &[7; 200], [9, 8, 7, 6]),
                    client(true, PING, b"?", [0; 4]),
                    client(false, CONTINUATION, &[8; 300], [0xff; 4]),
                    client(true, CONTINUATION, b"", [5; 4]),
                    client(true, PONG, b"!", [5; 4]),
                    client(true, CLOSE, &[3, 232], [1, 2, 3, 4]),
                ]
                .concat(),
                client(true, BINARY, &[0; 1_000], [1; 4]),
                client(true, BINARY, &[0; 70_000], [1; 4]),
            ]),
            step in 1..400_usize,
        ) {
            let (all, violation) = decode(&wire, wire.len().max(1));
            let held: usize = all.iter().map(|incoming| match incoming {
                Incoming::Message(bytes) => bytes.len(),
                Incoming::Ping(bytes) => {
                    assert!(bytes.len() <= MAX_CONTROL);
                    bytes.len()
                }
                Incoming::Close => 0,
            }).sum();
            prop_assert!(held <= wire.len());
            let messages = all.iter().filter_map(|incoming| match incoming {
                Incoming::Message(bytes) => Some(bytes.len()),
                _ => None,
            });
            prop_assert!(messages.max().unwrap_or(0) <= 1_000);
            prop_assert_eq!(decode(&wire, step), (all, violation));
        }

        #[test]
        fn rubbish_ends_and_never_more(bytes in prop::collection::vec(any::<u8>(), 0..300), step in 1..50_usize) {
            let (all, _) = decode(&bytes, step);
            let held: usize = all.iter().map(|incoming| match incoming {
                Incoming::Message(bytes) | Incoming::Ping(bytes) => bytes.len(),
                Incoming::Close => 0,
            }).sum();
            prop_assert!(held <= bytes.len());
        }
    }

    #[test]
    fn what_is_not_allowed() {
        let mask = [1, 2, 3, 4];
        let cases = [
            (vec![0x82, 0x00], Violation::Protocol, "not masked"),
            (vec![0xc2, 0x80], Violation::Protocol, "an extension"),
            (
                client(true, 3, b"", mask),
                Violation::Protocol,
                "an unknown opcode",
            ),
            (
                client(true, CONTINUATION, b"x", mask),
                Violation::Protocol,
                "no beginning",
            ),
            (
                client(false, PING, b"x", mask),
                Violation::Protocol,
                "half a ping",
            ),
            (
                client(true, PING, &[0; 126], mask),
                Violation::Protocol,
                "a long ping",
            ),
            (
                client(true, BINARY, &[0; 1_001], mask),
                Violation::TooLarge,
                "a long message",
            ),
            (
                client(true, BINARY, &[0; 70_000], mask),
                Violation::TooLarge,
                "a very long one",
            ),
            (
                [
                    client(false, BINARY, &[0; 600], mask),
                    client(true, CONTINUATION, &[0; 401], mask),
                ]
                .concat(),
                Violation::TooLarge,
                "long in the end",
            ),
            (
                [
                    client(false, TEXT, b"x", mask),
                    client(true, TEXT, b"x", mask),
                ]
                .concat(),
                Violation::Protocol,
                "one within another",
            ),
        ];
        for (bytes, expected, what) in cases {
            for step in [1, 7, 100_000] {
                assert_eq!(decode(&bytes, step), (Vec::new(), Some(expected)), "{what}");
            }
        }
        // Detected before the rest of the frame arrives.
        let long = client(true, BINARY, &[0; 70_000], mask);
        assert_eq!(decode(&long[..14], 14).1, Some(Violation::TooLarge));
    }

    #[test]
    fn what_is_left_to_write() {
        for length in [0_usize, 1, 125, 126, 65_535, 65_536] {
            let payload: Vec<u8> = (0..length).map(|n| (n % 251) as u8).collect();
            let frame = Outgoing::message(payload.clone().into());
            let whole = frame.rest(0).concat();
            assert_eq!(whole.len(), frame.size());
            assert!(whole.ends_with(&payload));
            for written in [0, 1, 2, 5, length / 2, frame.size()] {
                let written = written.min(frame.size());
                assert_eq!(frame.rest(written).concat(), whole[written..]);
            }
        }
    }
}
