//! Pure rules of messages.

use crate::shared::{Error, Result};

/// Most characters of a nonce.
const MAX_NONCE: usize = 64;

/// A message's text as it is kept, of `max` characters at most: line ends as `\n`, blank ends
/// trimmed.
///
/// # Errors
/// `message-empty`, `message-too-long` (counted in characters), `message-characters`.
pub fn body(text: &str, max: usize) -> Result<String> {
    let text = text.replace("\r\n", "\n");
    if text
        .chars()
        .any(|c| c.is_control() && c != '\n' && c != '\t')
    {
        return Err(Error::bad_request(
            "message-characters",
            "Messages cannot hold control characters",
        ));
    }
    let text = text.trim_matches('\n').trim_end();
    if text.trim().is_empty() {
        return Err(Error::bad_request(
            "message-empty",
            "A message needs some text",
        ));
    }
    let length = text.chars().count();
    if length > max {
        return Err(Error::bad_request(
            "message-too-long",
            format!("Messages hold at most {max} characters; this one has {length}"),
        )
        .with("max", max)
        .with("length", length));
    }
    Ok(text.to_owned())
}

/// A nonce: 1 to 64 visible ASCII characters.
///
/// # Errors
/// `bad-nonce`.
pub fn nonce(nonce: &str) -> Result<()> {
    if (1..=MAX_NONCE).contains(&nonce.len()) && nonce.bytes().all(|byte| byte.is_ascii_graphic()) {
        Ok(())
    } else {
        Err(Error::bad_request(
            "bad-nonce",
            format!("A nonce has 1 to {MAX_NONCE} visible ASCII characters"),
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chat::model::MAX_BODY;
    use proptest::prelude::*;

    fn body(text: &str) -> Result<String> {
        super::body(text, MAX_BODY)
    }

    #[test]
    fn what_is_refused() {
        assert_eq!(body("").unwrap_err().code, "message-empty");
        assert_eq!(body(" \n\t ").unwrap_err().code, "message-empty");
        assert_eq!(body("a\0b").unwrap_err().code, "message-characters");
        assert_eq!(body("a\u{1b}[1m").unwrap_err().code, "message-characters");
        assert_eq!(
            body(&"é".repeat(MAX_BODY)).unwrap().chars().count(),
            MAX_BODY
        );
        let error = body(&"é".repeat(MAX_BODY + 1)).unwrap_err();
        assert_eq!(error.code, "message-too-long");
        assert_eq!(error.details["length"], (MAX_BODY + 1).to_string());
        assert_eq!(body("a\r\nb  \n").unwrap(), "a\nb");
    }

    #[test]
    fn nonces() {
        for good in ["1", "bot:0198c0de", &"x".repeat(64)] {
            assert!(nonce(good).is_ok());
        }
        for bad in ["", "a b", "é", "a\n", &"x".repeat(65)] {
            assert!(nonce(bad).is_err());
        }
    }

    proptest! {
        #[test]
        fn keeping_twice_changes_nothing(text in "\\PC{0,80}") {
            if let Ok(once) = body(&text) {
                prop_assert_eq!(body(&once).unwrap(), once);
            }
        }
    }
}
