//! Settings of an instance that admins can change while it runs.

use super::{Error, Result, names};
use serde::{Deserialize, Serialize};

/// Maximum length of an instance's name in characters.
pub const MAX_NAME: usize = 40;
/// Maximum length of its description in characters.
pub const MAX_DESCRIPTION: usize = 300;
/// Allowed length of an invite code in characters.
const INVITE: std::ops::RangeInclusive<usize> = 6..=64;
/// Upper limit for the maximum length of a message in characters.
pub const MAX_MESSAGE: u32 = 4_000;
/// Allowed values of the message rate limit.
const COUNT: std::ops::RangeInclusive<u32> = 1..=1_000_000;
const SECONDS: std::ops::RangeInclusive<u32> = 1..=3_600;

/// Who can create an account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Registration {
    /// Everyone.
    #[default]
    Open,
    /// Everyone with the invite code.
    Invite,
    /// No one except the first admin.
    Closed,
}

/// Settings of an instance. Each has a value in the configuration file, which the database can
/// override.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Name of the instance.
    pub name: String,
    /// Description in one sentence, shown before signing in.
    pub description: String,
    /// Who can create an account.
    pub registration: Registration,
    /// Code for registering by invitation.
    pub invite_code: String,
    /// true if visitors can sign in as guests, with only a name.
    pub guests: bool,
    /// Maximum number of messages of a member per `message_seconds`.
    pub message_count: u32,
    /// Length of that period in seconds.
    pub message_seconds: u32,
    /// Maximum length of a message in characters.
    pub message_length: u32,
    /// Language for visitors whose own languages are not available.
    pub language: String,
}

/// What visitors see before they sign up.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignUpPolicy {
    /// Name of the instance.
    pub name: String,
    /// Description of the instance.
    pub description: String,
    /// Who can create an account.
    pub registration: Registration,
    /// true if the instance can send emails.
    pub mail: bool,
}

impl Settings {
    /// Checks the values. `languages` are the available languages.
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
        "setting-number",
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
