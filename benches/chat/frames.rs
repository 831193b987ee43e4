//! Websocket frames of a client. tungstenite does the handshake; this module writes and reads the
//! frames, because the load generator shares the processors with the server.

/// Opcode of a text frame, with the bit of the last fragment.
pub const TEXT: u8 = 0x81;
/// Opcode of a binary frame, with the bit of the last fragment.
pub const BINARY: u8 = 0x82;
/// Opcode of a close frame, with the bit of the last fragment.
pub const CLOSE: u8 = 0x88;

/// Encodes a frame of a client, of at most 64 KiB.
pub fn encode(opcode: u8, payload: &[u8]) -> Vec<u8> {
    let mut frame = Vec::with_capacity(payload.len() + 8);
    frame.push(opcode);
    // Masked, as the protocol requires; a mask of zeros leaves the bytes unchanged.
    match u8::try_from(payload.len()) {
        Ok(short) if short < 126 => frame.push(0x80 | short),
        _ => {
            frame.push(0x80 | 126);
            let length = u16::try_from(payload.len()).unwrap_or(u16::MAX);
            frame.extend(length.to_be_bytes());
        }
    }
    frame.extend([0; 4]);
    frame.extend(payload);
    frame
}

/// Returns the first frame of a server in some bytes (opcode and payload) and the bytes after it.
pub fn decode(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&[opcode, length], rest) = bytes.split_first_chunk::<2>()?;
    let (length, rest) = match length {
        126 => {
            let (length, rest) = rest.split_first_chunk()?;
            (usize::from(u16::from_be_bytes(*length)), rest)
        }
        127 => {
            let (length, rest) = rest.split_first_chunk()?;
            (usize::try_from(u64::from_be_bytes(*length)).ok()?, rest)
        }
        short => (usize::from(short), rest),
    };
    let (payload, rest) = rest.split_at_checked(length)?;
    Some((opcode, payload, rest))
}
