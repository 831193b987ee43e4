//! Rules for the names of members, channels and communities.

use super::{Error, Result};
use unicode_normalization::UnicodeNormalization;

mod invisible;
#[cfg(feature = "ssr")]
mod spelling;

use invisible::{is_blank, is_joiner};

pub use invisible::is_invisible;

/// true if this character is visible by itself. A mark needs a base letter.
pub fn is_visible(c: char) -> bool {
    let shown = !c.is_whitespace() && !c.is_control() && !is_invisible(c) && !is_blank(c);
    shown && !is_mark(c)
}

#[cfg(feature = "ssr")]
pub use spelling::is_legible;
#[cfg(feature = "ssr")]
use spelling::is_mark;

/// true for Latin accents only: the table of all marks is on the server, which decides.
#[cfg(not(feature = "ssr"))]
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}')
}

/// true if no letter carries too many marks. Only the server checks this.
#[cfg(not(feature = "ssr"))]
pub fn is_legible(_: &str) -> bool {
    true
}

/// true if a name has only visible characters, and joiners where a script or emoji needs them. Only
/// the server finds misplaced joiners.
pub fn is_plain(name: &str) -> bool {
    let hidden = |c: char| {
        let control = c.is_control() && !c.is_whitespace();
        control || is_blank(c) || (is_invisible(c) && !is_joiner(c))
    };
    #[cfg(feature = "ssr")]
    let spelled = is_legible(name) && spelling::is_well_spelled(name);
    #[cfg(not(feature = "ssr"))]
    let spelled = true;
    spelled && !name.contains(hidden)
}

/// Returns the name as it is stored: NFC, inner white space collapsed to single spaces, ends
/// trimmed.
///
/// # Errors
/// `name-empty`, `name-too-long` (more than `max` characters), `name-characters` (control, bidi or
/// invisible characters, marks without a base letter, or too many marks on one letter).
pub fn clean(name: &str, max: usize) -> Result<String> {
    let name: String = name.nfc().collect();
    if !is_plain(&name) {
        return Err(Error::bad_request(
            "name-characters",
            "Invalid name: invisible characters or too many accents",
        ));
    }
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    if name.is_empty() {
        return Err(Error::bad_request("name-empty", "Name missing"));
    }
    if name.chars().count() > max {
        return Err(Error::bad_request(
            "name-too-long",
            format!("Name too long: at most {max} characters"),
        )
        .with("max", max));
    }
    Ok(name)
}

/// Returns the form in which equal names match: it folds width and compatibility forms, case,
/// look-alike letters (Unicode TR 39 skeleton of the lower-cased NFKC form) and invisible joiners.
#[cfg(feature = "ssr")]
pub fn folded(name: &str) -> String {
    let shown = name.chars().filter(|c| !is_invisible(*c));
    let lower = shown.nfkc().collect::<String>().to_lowercase();
    // The skeleton can contain capitals and letters that fold further ("m" becomes "rn").
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
        assert_eq!(folded("می‌خواهم"), folded("میخواهم"));
        assert_eq!(folded("I ❤️ AAPL"), folded("I ❤ AAPL"));
    }

    #[test]
    fn real_names_are_kept() {
        for name in [
            "می‌خواهم",   // Persian, with a joiner that keeps letters apart
            "ශ්‍රී ලංකා",    // Sinhala, with a joiner after a virama
            "क्‍ष",        // Devanagari, a half form
            "I ❤️ AAPL", // a heart in color
            "👨‍👩‍👧‍👦 family",
            "👩🏽‍❤️‍💋‍👨",
            "🏳️‍🌈 🐈‍⬛ 1️⃣ #️⃣",
            "🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}", // the flag of England
            "Nguyễn Thị Hồng",
            "נִצָּבִים",
            "ཧཱུྃ",
            "ภูมิพล",
            "नमस्ते",
            "e\u{301}",
        ] {
            let kept = clean(name, 64).unwrap();
            assert_eq!(clean(&kept, 64).unwrap(), kept, "{name}");
            assert!(is_legible(name), "{name}");
        }
    }

    #[test]
    fn what_shows_nothing_is_no_name() {
        let tower = format!("a{}", "\u{336}".repeat(60));
        for bad in [
            "\u{3164}",
            "\u{2800}\u{2800}",
            "\u{301}\u{302}",
            "a \u{301}b",
            "\u{fe0f}",
            "a\u{fe0f}",
            "1\u{fe0f}",
            "\u{200d}",
            "\u{200c}",
            "a\u{200c}b",
            "a\u{200d}b",
            "👩\u{200d}",
            "\u{200d}👩",
            "ada\u{e0061}",
            "🏴\u{e0067}",
            "ا\u{200c}م", // the letter before does not join in any case
            "ada\u{115f}",
            &tower,
            &format!("e{}x", "\u{34f}\u{301}".repeat(20)),
        ] {
            assert_eq!(
                clean(bad, 200).unwrap_err().code,
                "name-characters",
                "{bad:?}"
            );
        }
    }

    #[test]
    fn all_that_unicode_calls_ignorable_is_invisible() {
        use icu_properties::{CodePointSetData, props::DefaultIgnorableCodePoint};
        let ignorable = CodePointSetData::new::<DefaultIgnorableCodePoint>();
        for c in (0..=0x0010_ffff).filter_map(char::from_u32) {
            assert!(!ignorable.contains(c) || is_invisible(c), "{c:?}");
        }
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

        /// Any mix of letters, marks and joiners: an accepted name is visible and valid, and equal
        /// to the same name without joiners.
        #[test]
        fn names_are_seen(name in "[aبمخ👩❤1\\u{301}\\u{94d}\\u{200c}\\u{200d}\\u{fe0f}\\u{3164} ]{0,16}") {
            if let Ok(kept) = clean(&name, 64) {
                prop_assert!(kept.chars().any(is_visible));
                let bare: String = kept.chars().filter(|c| !is_invisible(*c)).collect();
                prop_assert_eq!(folded(&bare), folded(&kept));
                prop_assert!(!bare.is_empty() && clean(&bare, 64).is_ok());
            }
        }

        #[test]
        fn towers_fall(marks in prop::collection::vec(0x300_u32..0x36f, 0..40)) {
            let marks: String = marks.into_iter().filter_map(char::from_u32).collect();
            // The combining grapheme joiner is invisible and not an accent.
            let accents = marks.chars().filter(|c| *c != '\u{34f}').count();
            prop_assert_eq!(is_legible(&format!("a{marks}")), accents <= 8);
        }
    }
}
