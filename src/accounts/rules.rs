//! What names, addresses and passwords may look like, and where a sign-in may lead.
//!
//! Pure functions; the forms check with the same ones before they send.

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
/// Most characters of an e-mail address.
pub const EMAIL: usize = 254;
/// Fewest and most characters of a password.
pub const PASSWORD: (usize, usize) = (8, 128);
/// Most bytes of a picture that is sent.
pub const PICTURE: usize = 4 * 1024 * 1024;
/// Characters of a derived username, with room for a number after it.
const SLUG: usize = 24;

/// A username as it is kept: 2 to 32 letters or digits of any script, `_`, `.` and `-`.
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

/// Letters, digits and the three signs; at least one letter or digit, as `..` is nothing to call
/// somebody by. Many scripts write vowels as marks on a letter: three in a row are a word, more
/// are a tower that covers the lines around it.
fn is_speakable(name: &str) -> bool {
    let mut marks_left = 0;
    let every = name.chars().all(|c| {
        if is_combining_mark(c) {
            marks_left -= 1;
            return marks_left >= 0;
        }
        // A name has joiners only where its script needs them, which [`names::clean`] has seen to.
        if matches!(c, '\u{200c}' | '\u{200d}') {
            return true;
        }
        marks_left = if c.is_alphanumeric() { 3 } else { 0 };
        c.is_alphanumeric() || matches!(c, '_' | '.' | '-')
    });
    every && name.chars().any(char::is_alphanumeric)
}

/// A display name as it is kept: 1 to 64 characters.
pub fn display_name(name: &str) -> Result<String> {
    names::clean(name, DISPLAY_NAME)
}

/// An e-mail address as it is kept. Only a letter sent to it would prove more.
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

/// The form under which two e-mail addresses count as the same.
pub fn email_key(address: &str) -> String {
    address.trim().to_lowercase()
}

/// Is this long enough to be a password, and short enough to be hashed?
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

/// Names that would pass for the instance itself, for everybody in it, or for a deleted account.
#[cfg(feature = "ssr")]
const RESERVED: [&str; 6] = [
    "rialto",
    "system",
    "everyone",
    "here",
    "deleted",
    "deleted account",
];

/// Refuses a name that looks like one of the instance's own.
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

/// The form under which a name is compared with reserved ones: its letters and digits alone,
/// folded, so that "Stock.Bot" passes for "Stock bot".
#[cfg(feature = "ssr")]
pub(super) fn name_key(name: &str) -> String {
    names::folded(name)
        .chars()
        .filter(|c| c.is_alphanumeric())
        .collect()
}

/// A username made from a display name: Latin letters lose their accents, other scripts stay,
/// whatever is between words becomes a dash. A number may have to follow to make it unique.
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

/// Where to go after signing in: `next` when it is a path of this site, else the start page.
///
/// Browsers drop tabs and line ends from addresses and read `\` as `/`; so nothing but plain
/// visible characters passes, and no second slash at the front.
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

        /// Whatever is asked, a browser stays on this site: read as the URL standard reads it.
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
