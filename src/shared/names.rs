//! Rules for names that people give: to themselves, to channels, to communities.

use super::{Error, Result};
use unicode_normalization::UnicodeNormalization;

/// Characters that change how the text around them is shown: bidi controls, joiners that hide,
/// byte order marks. A name with one of them can pretend to be another.
#[must_use]
pub fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{00ad}' | '\u{034f}' | '\u{061c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
        | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

/// A name as it is kept: NFC, inner white space folded to single spaces, ends trimmed.
///
/// # Errors
/// `name-empty`, `name-too-long` (more than `max` characters), `name-characters` (control,
/// bidi or invisible characters).
pub fn clean(name: &str, max: usize) -> Result<String> {
    if name
        .chars()
        .any(|c| (c.is_control() && !c.is_whitespace()) || is_invisible(c))
    {
        return Err(Error::bad_request(
            "name-characters",
            "Names cannot hold control characters or invisible marks",
        ));
    }
    let name: String = name.nfc().collect();
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    if name.is_empty() {
        return Err(Error::bad_request("name-empty", "A name is needed"));
    }
    if name.chars().count() > max {
        return Err(Error::bad_request(
            "name-too-long",
            format!("Names hold at most {max} characters"),
        )
        .with("max", max));
    }
    Ok(name)
}

/// The form under which two names count as the same: width and compatibility forms, case and
/// look-alike letters folded (Unicode TR 39 skeleton of the lower-cased NFKC form).
#[cfg(feature = "ssr")]
#[must_use]
pub fn folded(name: &str) -> String {
    let lower = name.nfkc().collect::<String>().to_lowercase();
    // The skeleton can bring back capitals and letters that fold further ("m" becomes "rn").
    unicode_security::confusable_detection::skeleton(&lower)
        .collect::<String>()
        .to_lowercase()
        .nfkc()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn look_alikes_fold_to_one() {
        assert_eq!(folded("Ada"), folded("аdа")); // Cyrillic а
        assert_eq!(folded("ada"), folded("ＡＤＡ"));
        assert_ne!(folded("ada"), folded("adb"));
    }

    #[test]
    fn tricks_are_refused() {
        for bad in ["a\u{202e}b", "a\u{0}b", "\u{200b}", "a\u{1b}[31m"] {
            assert_eq!(clean(bad, 32).unwrap_err().code, "name-characters");
        }
        assert_eq!(clean("  ", 32).unwrap_err().code, "name-empty");
        assert_eq!(clean("  Ada \t L ", 32).unwrap(), "Ada L");
        assert_eq!(
            clean(&"x".repeat(33), 32).unwrap_err().code,
            "name-too-long"
        );
    }

    proptest! {
        #[test]
        fn cleaning_twice_changes_nothing(name in "\\PC{0,40}") {
            if let Ok(once) = clean(&name, 64) {
                prop_assert_eq!(clean(&once, 64).unwrap(), once);
            }
        }
    }
}
