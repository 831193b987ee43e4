//! What an operator may change about an instance while it runs.

use super::{Error, Result, names};
use serde::{Deserialize, Serialize};

/// Most characters of an instance's name.
pub const MAX_NAME: usize = 40;
/// Most characters of its description.
pub const MAX_DESCRIPTION: usize = 300;
/// The length of an invite code, in characters.
const INVITE: std::ops::RangeInclusive<usize> = 6..=64;
/// Most characters of a message, whatever is set.
pub const MAX_MESSAGE: u32 = 4_000;
/// What bounds how often people may write.
const COUNT: std::ops::RangeInclusive<u32> = 1..=1_000_000;
const SECONDS: std::ops::RangeInclusive<u32> = 1..=3_600;

/// Who may make an account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Registration {
    /// Everybody.
    #[default]
    Open,
    /// Whoever knows the invite code.
    Invite,
    /// Nobody but the first.
    Closed,
}

/// Settings of an instance; each has a value in the configuration file and may have another in
/// the database.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// What the instance is called.
    pub name: String,
    /// What it is, in a sentence for those who are about to sign in.
    pub description: String,
    /// Who may make an account.
    pub registration: Registration,
    /// The code that invited people show.
    pub invite_code: String,
    /// May people look in with a name only?
    pub guests: bool,
    /// So many messages of one person …
    pub message_count: u32,
    /// … in so many seconds.
    pub message_seconds: u32,
    /// Most characters of a message.
    pub message_length: u32,
    /// The language of those who have asked for none that there is.
    pub language: String,
}

/// What somebody at the door may know.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Door {
    /// What the instance is called.
    pub name: String,
    /// What it is.
    pub description: String,
    /// Who may make an account.
    pub registration: Registration,
    /// Can it send letters?
    pub mail: bool,
}

impl Settings {
    /// Are these values that can be worked with? `languages` are those that there are.
    ///
    /// # Errors
    /// `setting-…`, with the setting's name in the details as `field`.
    pub fn check(&self, languages: &[&str]) -> Result<()> {
        visible("name", &self.name, 1..=MAX_NAME)?;
        visible("description", &self.description, 0..=MAX_DESCRIPTION)?;
        figure("message_count", self.message_count, COUNT)?;
        figure("message_seconds", self.message_seconds, SECONDS)?;
        figure("message_length", self.message_length, 1..=MAX_MESSAGE)?;
        if !languages.contains(&self.language.as_str()) {
            let error = Error::bad_request("setting-language", "Unknown language");
            return Err(error.with("field", "language"));
        }
        if self.registration == Registration::Invite || !self.invite_code.is_empty() {
            let visible = self.invite_code.chars().all(|c| c.is_ascii_graphic());
            if !visible || !INVITE.contains(&self.invite_code.len()) {
                let (min, max) = (INVITE.start(), INVITE.end());
                return Err(Error::bad_request(
                    "setting-invite",
                    format!("Invalid invite code: {min} to {max} letters, digits or symbols"),
                )
                .with("field", "invite_code")
                .with("min", min)
                .with("max", max));
            }
        }
        Ok(())
    }
}

fn visible(
    field: &'static str,
    value: &str,
    length: std::ops::RangeInclusive<usize>,
) -> Result<()> {
    let trimmed = value.trim() == value && !value.contains(char::is_control);
    let trimmed = trimmed && names::is_plain(value);
    if trimmed && length.contains(&value.chars().count()) {
        return Ok(());
    }
    let (min, max) = (length.start(), length.end());
    Err(Error::bad_request(
        "setting-text",
        format!("Invalid {field}: {min} to {max} visible characters"),
    )
    .with("field", field)
    .with("min", min)
    .with("max", max))
}

fn figure(field: &'static str, value: u32, range: std::ops::RangeInclusive<u32>) -> Result<()> {
    if range.contains(&value) {
        return Ok(());
    }
    let (min, max) = (range.start(), range.end());
    Err(Error::bad_request(
        "setting-figure",
        format!("Invalid {field}: a whole number from {min} to {max}"),
    )
    .with("field", field)
    .with("min", min)
    .with("max", max))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn good() -> Settings {
        Settings {
            name: "Rialto".into(),
            description: String::new(),
            registration: Registration::Open,
            invite_code: String::new(),
            guests: false,
            message_count: 10,
            message_seconds: 60,
            message_length: 4_000,
            language: "en".into(),
        }
    }

    #[test]
    fn what_cannot_be_is_refused_by_name() {
        let refused = |change: &dyn Fn(&mut Settings)| {
            let mut settings = good();
            change(&mut settings);
            let error = settings.check(&["en", "es"]).unwrap_err();
            error.details["field"].clone()
        };
        assert!(good().check(&["en"]).is_ok());
        assert_eq!(refused(&|s| s.name.clear()), "name");
        assert_eq!(refused(&|s| s.name = "x".repeat(41)), "name");
        assert_eq!(refused(&|s| s.name = " x".into()), "name");
        assert_eq!(refused(&|s| s.name = "a\u{202e}b".into()), "name");
        assert_eq!(refused(&|s| s.description = "a\nb".into()), "description");
        assert_eq!(refused(&|s| s.message_count = 0), "message_count");
        assert_eq!(refused(&|s| s.message_seconds = 3_601), "message_seconds");
        assert_eq!(refused(&|s| s.message_length = 4_001), "message_length");
        assert_eq!(refused(&|s| s.language = "xx".into()), "language");
        assert_eq!(refused(&|s| s.invite_code = "short".into()), "invite_code");
        assert_eq!(
            refused(&|s| s.registration = Registration::Invite),
            "invite_code"
        );
    }

    proptest! {
        #[test]
        fn no_text_breaks_it(name in "\\PC{0,60}", code in "\\PC{0,80}") {
            let settings = Settings { name, invite_code: code, ..good() };
            if settings.check(&["en"]).is_ok() {
                prop_assert!(!settings.name.is_empty());
                prop_assert!(settings.invite_code.is_ascii());
            }
        }
    }
}
