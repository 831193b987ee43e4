//! Pure rules of messages.

use crate::shared::{Error, Result, names};

/// Normalizes a message's text to the stored form: at most `max` characters, `\n` as line ending,
/// no blank lines or spaces at the ends.
///
/// # Errors
/// `message-empty` (no visible character), `message-too-long` (counted in characters),
/// `message-characters`, `message-marks`.
pub fn body(text: &str, max: usize) -> Result<String> {
    let text = text.replace("\r\n", "\n");
    if text
        .chars()
        .any(|c| c.is_control() && c != '\n' && c != '\t')
    {
        return Err(Error::bad_request(
            "message-characters",
            "Message with control characters",
        ));
    }
    let text = text.trim_matches('\n').trim_end();
    if !text.chars().any(names::is_visible) {
        return Err(Error::bad_request("message-empty", "Empty message"));
    }
    let length = text.chars().count();
    if length > max {
        return Err(Error::bad_request(
            "message-too-long",
            format!("Message too long: {length} characters, at most {max}"),
        )
        .with("max", max)
        .with("length", length));
    }
    if !names::is_legible(text) {
        return Err(Error::bad_request(
            "message-marks",
            "Too many accents on one letter",
        ));
    }
    Ok(text.to_owned())
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
    fn something_has_to_be_seen() {
        for nothing in [
            "\u{200b}",
            "\u{3164}",
            "\u{2800}\u{2800}",
            "\u{feff} \u{200d}\n\u{ad}",
            "\u{301}\u{302}",
            "\u{fe0f}\u{e0061}",
            "\u{a0}\u{3000}",
        ] {
            assert_eq!(
                body(nothing).unwrap_err().code,
                "message-empty",
                "{nothing:?}"
            );
        }
        for something in [
            "❤️",
            "👨‍👩‍👧‍👦",
            "می‌خواهم",
            "⠓⠊⠀⠞",
            "e\u{301}",
            "\u{202e}abc",
            ".",
        ] {
            assert_eq!(body(something).unwrap(), something);
        }
        let tower = format!("look: e{}", "\u{301}".repeat(60));
        assert_eq!(body(&tower).unwrap_err().code, "message-marks");
        assert!(body(&"é\u{301}\u{302}\u{303}".repeat(200)).is_ok());
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
