//! Validation of names, email addresses and passwords, and of the path after a sign-in.
//!
//! Pure functions; forms use the same ones before they send.

#[cfg(feature = "ssr")]
pub mod device;
#[cfg(feature = "ssr")]
pub mod otp;

use crate::shared::{Error, Result, names};
use unicode_normalization::{
    UnicodeNormalization,
    char::{decompose_canonical, is_combining_mark},
};

/// Fewest and most characters of a username.
pub const USERNAME: (usize, usize) = (2, 32);
/// Most characters of a display name.
pub const DISPLAY_NAME: usize = 64;
/// Most characters of an email address.
pub const EMAIL: usize = 254;
/// Fewest and most characters of a password.
pub const PASSWORD: (usize, usize) = (8, 128);
/// Most bytes of an uploaded picture.
pub const PICTURE: usize = 4 * 1024 * 1024;
/// Most characters of a derived username; a number can follow.
const SLUG: usize = 24;

/// Normalizes a username: 2 to 32 letters or digits of any script, `_`, `.` and `-`.
///
/// # Errors
/// `username-too-short`, `username-characters`, and those of [`names::clean`].
pub fn username(name: &str) -> Result<String> {
    let (min, max) = USERNAME;
    let name = names::clean(name, max)?;
    if !is_speakable(&name) {
        return Err(Error::bad_request(
            "username-characters",
            "Invalid username: use letters, digits, dots, dashes and underscores",
        ));
    }
    if name.chars().count() < min {
        return Err(Error::bad_request(
            "username-too-short",
            format!("Username too short: at least {min} characters"),
        )
        .with("min", min));
    }
    Ok(name)
}

/// true if the name has only letters, digits, `_`, `.` and `-`, and at least one letter or digit.
/// Many scripts write vowels as combining marks: up to three in a row are normal text, more would
/// cover the lines above and below.
fn is_speakable(name: &str) -> bool {
    let mut marks_left = 0;
    let every = name.chars().all(|c| {
        if is_combining_mark(c) {
            marks_left -= 1;
            return marks_left >= 0;
        }
        // [`names::clean`] allows joiners only where the script needs them.
        if matches!(c, '\u{200c}' | '\u{200d}') {
            return true;
        }
        marks_left = if c.is_alphanumeric() { 3 } else { 0 };
        c.is_alphanumeric() || matches!(c, '_' | '.' | '-')
    });
    every && name.chars().any(char::is_alphanumeric)
}

/// Normalizes a display name: 1 to 64 characters.
pub fn display_name(name: &str) -> Result<String> {
    names::clean(name, DISPLAY_NAME)
}

/// Normalizes an email address. Checks only its form, not whether it exists.
///
/// # Errors
/// `email-invalid`.
pub fn email(address: &str) -> Result<String> {
    let address = address.trim();
    let strange = |c: char| c.is_whitespace() || c.is_control() || names::is_invisible(c);
    let halves = address.split_once('@');
    let well_formed = halves.is_some_and(|(local, domain)| {
        !local.is_empty() && !domain.is_empty() && !domain.contains('@')
    });
    if !well_formed || address.contains(strange) || address.chars().count() > EMAIL {
        return Err(Error::bad_request("email-invalid", "Invalid email address"));
    }
    Ok(address.to_owned())
}

/// Returns the key by which email addresses are compared.
pub fn email_key(address: &str) -> String {
    address.trim().to_lowercase()
}

/// Checks that a password is neither too short nor too long to be hashed.
///
/// # Errors
/// `password-too-short`, `password-too-long`.
pub fn password(password: &str) -> Result<()> {
    let (min, max) = PASSWORD;
    let length = password.chars().count();
    if length < min {
        return Err(Error::bad_request(
            "password-too-short",
            format!("Password too short: at least {min} characters"),
        )
        .with("min", min));
    }
    if length > max {
        return Err(Error::bad_request(
            "password-too-long",
            format!("Password too long: at most {max} characters"),
        )
        .with("max", max));
    }
    Ok(())
}

/// Names that look like the instance itself, all of its members, or a deleted account.
#[cfg(feature = "ssr")]
const RESERVED: [&str; 6] = [
    "rialto",
    "system",
    "everyone",
    "here",
    "deleted",
    "deleted account",
];

/// Refuses a name that looks like a reserved one.
///
/// # Errors
/// `name-reserved`.
#[cfg(feature = "ssr")]
pub fn not_reserved(name: &str) -> Result<()> {
    let key = name_key(name);
    if RESERVED.iter().any(|reserved| name_key(reserved) == key) {
        return Err(reserved());
    }
    Ok(())
}

#[cfg(feature = "ssr")]
pub(super) fn reserved() -> Error {
    Error::bad_request("name-reserved", "This name is reserved")
}

/// Returns the key by which a name is compared with reserved ones: its letters and digits, folded,
/// so that "Stock.Bot" equals "Stock bot".
#[cfg(feature = "ssr")]
pub(super) fn name_key(name: &str) -> String {
    names::folded(name)
        .chars()
        .filter(|c| c.is_alphanumeric())
        .collect()
}

/// Derives a username from a display name: Latin letters lose their accents, other scripts stay,
/// everything between words becomes a dash. The caller adds a number if the name is taken.
pub fn slug(display_name: &str) -> String {
    let mut slug = String::new();
    for c in display_name.nfkc().flat_map(char::to_lowercase) {
        let mut base = None;
        decompose_canonical(c, |part| {
            base.get_or_insert(part);
        });
        let c = base.filter(char::is_ascii).unwrap_or(c);
        let between = slug.is_empty() || slug.ends_with('-');
        match c {
            _ if is_combining_mark(c) && !between => slug.push(c),
            _ if c.is_alphanumeric() && !is_combining_mark(c) => slug.push(c),
            _ if between => {}
            _ => slug.push('-'),
        }
    }
    let slug: String = slug.chars().take(SLUG).collect();
    let slug = slug.trim_end_matches('-');
    if slug.is_empty() {
        return "member".into();
    }
    username(slug)
        .or_else(|_| username(&format!("member-{slug}")))
        .unwrap_or_else(|_| "member".into())
}

/// Returns `next` if it is a path of this site, else the start page.
///
/// Browsers drop tabs and line breaks from addresses and read `\` as `/`. So only visible ASCII
/// characters are allowed, and no `//` at the start.
pub fn local_path(next: Option<&str>) -> &str {
    let is_local = |path: &&str| {
        path.len() <= 2_000
            && path.starts_with('/')
            && !path.starts_with("//")
            && path.chars().all(|c| c.is_ascii_graphic() && c != '\\')
    };
    next.filter(is_local).unwrap_or("/")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn usernames() {
        for good in [
            "ab",
            "Ada_L.-9",
            "Жанна",
            "李雷",
            "नमस्ते",
            "ａｄａ",
            "می‌خواهم",
        ] {
            assert!(username(good).is_ok(), "{good}");
        }
        for (bad, code) in [
            ("", "name-empty"),
            ("a", "username-too-short"),
            ("..", "username-characters"),
            ("a b", "username-characters"),
            ("a\u{33f}\u{33f}\u{33f}\u{33f}", "username-characters"),
            ("-\u{33f}a", "username-characters"),
            ("a@b", "username-characters"),
            ("a/b", "username-characters"),
            ("a\u{202e}b", "name-characters"),
            ("a\u{200c}b", "name-characters"),
            ("❤️❤️", "username-characters"),
            (&"x".repeat(33), "name-too-long"),
        ] {
            assert_eq!(username(bad).unwrap_err().code, code, "{bad:?}");
        }
    }

    #[test]
    fn emails() {
        for good in ["a@b", " ada@example.com ", "ö@ü.example"] {
            assert!(email(good).is_ok(), "{good}");
        }
        let long = format!("{}@b", "x".repeat(EMAIL));
        for bad in ["", "@", "a@", "@b", "a@b@c", "a b@c", "a@b\u{200b}", &long] {
            assert_eq!(email(bad).unwrap_err().code, "email-invalid", "{bad:?}");
        }
        assert_eq!(email_key(" Ada@Example.COM"), "ada@example.com");
    }

    #[test]
    fn passwords() {
        assert_eq!(password("1234567").unwrap_err().code, "password-too-short");
        assert!(password("12345678").is_ok());
        assert!(password(&"ß".repeat(128)).is_ok());
        let long = "x".repeat(129);
        assert_eq!(password(&long).unwrap_err().code, "password-too-long");
    }

    #[test]
    fn paths() {
        for good in ["/", "/c/general?at=3#x", "/a//b"] {
            assert_eq!(local_path(Some(good)), good);
        }
        for bad in [
            "",
            "x",
            "//evil.example",
            "/\\evil.example",
            "\\\\evil",
            "https://evil.example",
            "/\t/evil.example",
            "/a\r\nSet-Cookie: b",
            "/ ",
            "/é",
            "javascript:alert(1)",
        ] {
            assert_eq!(local_path(Some(bad)), "/", "{bad:?}");
        }
        assert_eq!(local_path(None), "/");
    }

    #[test]
    fn slugs() {
        for (name, slugged) in [
            ("Ada Lovelace", "ada-lovelace"),
            ("  José  Núñez!! ", "jose-nunez"),
            ("Жанна Агузарова", "жанна-агузарова"),
            ("🙂", "member"),
            ("प्रिया शर्मा", "प्रिया-शर्मा"),
            ("J", "member-j"),
            ("ＡＤＡ", "ada"),
        ] {
            assert_eq!(slug(name), slugged);
        }
    }

    #[cfg(feature = "ssr")]
    #[test]
    fn reserved_look_alikes() {
        for bad in [
            "rialto",
            "RIALTO",
            "riаlto",
            "Ｓｙｓｔｅｍ",
            "hеre",
            "Everyone",
            "sys.tem",
            "R i a l t o",
            "Deleted account",
        ] {
            assert_eq!(
                not_reserved(bad).unwrap_err().code,
                "name-reserved",
                "{bad}"
            );
        }
        assert!(not_reserved("heron").is_ok());
    }

    proptest! {
        #[test]
        fn a_username_is_kept_as_it_is(name in "\\PC{0,40}") {
            if let Ok(kept) = username(&name) {
                prop_assert_eq!(username(&kept).unwrap(), kept.clone());
                let length = kept.chars().count();
                prop_assert!((2..=32).contains(&length));
                prop_assert!(!kept.contains(|c: char| c.is_whitespace() || "@/:#<>&\"'".contains(c)));
            }
        }

        #[test]
        fn every_name_makes_a_username(name in ".{0,64}") {
            let slug = slug(&name);
            prop_assert_eq!(username(&slug).unwrap(), slug.clone());
            let numbered = format!("{slug}-999999");
            prop_assert!(username(&numbered).is_ok());
        }

        /// With any input, a browser stays on this site: checked by parsing as in the URL standard.
        #[test]
        fn never_leaves_the_site(next in "[/\\\\a-z:.\t\r\n@é?#%0-9 ]{0,24}") {
            let path = local_path(Some(&next));
            let read: String = path.chars().filter(|c| !"\t\r\n".contains(*c)).collect();
            let read = read.replace('\\', "/");
            prop_assert!(read.starts_with('/') && !read.starts_with("//"));
            prop_assert!(axum_can_send(path));
        }
    }

    #[cfg(feature = "ssr")]
    fn axum_can_send(path: &str) -> bool {
        http::HeaderValue::from_str(path).is_ok()
    }

    #[cfg(not(feature = "ssr"))]
    fn axum_can_send(_: &str) -> bool {
        true
    }
}
