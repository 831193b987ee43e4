//! What a client hears, in any protocol, and the texts of its messages, which say when they were due.

/// Precedes the time in a message's text.
const MARK: &[u8] = b"sent@";

/// What a frame of the server means.
pub enum Heard {
    /// A message. `sent`: its due time and sender.
    Message {
        seq: i64,
        sent: Option<(u64, usize)>,
    },
    /// The confirmation of an own message.
    Acknowledged { seq: i64 },
    /// The client gets the channel's messages from now on.
    Ready,
    /// A frame to send back.
    Reply(Vec<u8>),
    /// A refusal, or a frame that cannot be read.
    Failed(String),
    /// Nothing to do.
    Nothing,
}

/// Returns the text of a message of 100 bytes that was due `micros` after the start.
pub fn text(micros: u64, sender: usize) -> String {
    let stamp = format!("sent@{micros:012}@{sender:05}");
    format!("{stamp} {:x<width$}", "", width = 99 - stamp.len())
}

/// Returns the due time and sender of the first such text.
pub(super) fn stamp(bytes: &[u8]) -> Option<(u64, usize)> {
    let at = memchr::memmem::find(bytes, MARK)?;
    let (micros, rest) = number(bytes.get(at + MARK.len()..)?)?;
    let (sender, _) = number(rest.strip_prefix(b"@")?)?;
    Some((u64::try_from(micros).ok()?, usize::try_from(sender).ok()?))
}

/// Returns the number at the start of a text, and the text after it.
pub(super) fn number(text: &[u8]) -> Option<(i64, &[u8])> {
    let digits = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (digits, rest) = text.split_at_checked(digits)?;
    let number = std::str::from_utf8(digits).ok()?.parse().ok()?;
    Some((number, rest))
}
