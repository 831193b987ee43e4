//! Display preferences: theme, density, motion, price colors, clock, time zone and language.
//!
//! They are stored as one line, `theme=dark&clock=12`, which omits the defaults of the system, the
//! browser or the language. The line is a cookie in each browser, so the first paint is right on
//! both sides, and a column of the account, from which the server updates the cookies of all other
//! devices.

use super::{Language, choices, cookies};
use crate::shared::{Error, Result};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

pub const COOKIE: &str = "prefs";
/// Maximum number of characters of a zone's name.
const ZONE: usize = 64;

choices! {
    Theme {
        /// Follows the reader's system.
        System = "",
        Dark = "dark",
        Light = "light",
    }
}

choices! {
    /// Spacing.
    Density {
        Comfortable = "",
        Compact = "compact",
    }
}

choices! {
    /// Whether animations run.
    Motion {
        /// Follows the reader's system.
        System = "",
        Reduced = "reduced",
    }
}

choices! {
    /// Colors of rising and falling prices.
    Prices {
        GreenRed = "",
        /// Can be told apart with nearly every type of color vision.
        BlueOrange = "blue-orange",
    }
}

choices! {
    /// Format of the time of day.
    ClockStyle {
        /// The usual one in the country of the browser's language.
        Usual = "",
        /// `3:32 pm`.
        H12 = "12",
        /// `15:32`.
        H24 = "24",
    }
}

/// All preferences of a reader.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Preferences {
    pub theme: Theme,
    pub density: Density,
    pub motion: Motion,
    pub prices: Prices,
    pub clock: ClockStyle,
    /// Zone of displayed times, such as `Europe/Madrid` or `UTC+05:30`. None: the browser's.
    pub zone: Option<String>,
    /// None: the language that the browser asks for.
    pub language: Option<Language>,
}

impl Preferences {
    /// Names of all preferences, in forms and in the line.
    pub const NAMES: [&str; 7] = [
        "theme", "density", "motion", "prices", "clock", "zone", "language",
    ];

    /// Value of a preference by name; empty: the default.
    pub fn get(&self, name: &str) -> &str {
        match name {
            "theme" => self.theme.as_str(),
            "density" => self.density.as_str(),
            "motion" => self.motion.as_str(),
            "prices" => self.prices.as_str(),
            "clock" => self.clock.as_str(),
            "zone" => self.zone.as_deref().unwrap_or_default(),
            "language" => self.language.map_or("", Language::tag),
            _ => "",
        }
    }

    /// Sets a preference by name; an empty value restores the default.
    ///
    /// # Errors
    /// `bad-preference`, `bad-zone`.
    pub fn set(&mut self, name: &str, value: &str) -> Result<()> {
        let value = value.trim();
        match name {
            "theme" => self.theme = Theme::parse(value).ok_or_else(bad)?,
            "density" => self.density = Density::parse(value).ok_or_else(bad)?,
            "motion" => self.motion = Motion::parse(value).ok_or_else(bad)?,
            "prices" => self.prices = Prices::parse(value).ok_or_else(bad)?,
            "clock" => self.clock = ClockStyle::parse(value).ok_or_else(bad)?,
            "zone" => self.zone = zone(value)?,
            "language" if value.is_empty() => self.language = None,
            "language" => self.language = Some(Language::parse(value).ok_or_else(bad)?),
            _ => return Err(bad()),
        }
        Ok(())
    }

    /// All preferences in one line.
    pub fn line(&self) -> String {
        let chosen = Self::NAMES
            .iter()
            .map(|name| (name, self.get(name)))
            .filter(|(_, value)| !value.is_empty());
        let pairs: Vec<_> = chosen
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        pairs.join("&")
    }

    /// Parses a line. Ignores unknown names and values: another version may have written them.
    pub fn of_line(line: &str) -> Self {
        let mut preferences = Self::default();
        for (name, value) in line.split('&').filter_map(|pair| pair.split_once('=')) {
            let _not_understood = preferences.set(name, value);
        }
        preferences
    }

    /// Preferences of the current reader: from the context on the server, from the cookie (which
    /// the server keeps up to date) in the browser.
    pub fn current() -> Self {
        #[cfg(all(feature = "ssr", not(feature = "hydrate")))]
        if let Some(known) = leptos::prelude::use_context() {
            return known;
        }
        cookies::read(COOKIE).map_or_else(Self::default, |line| Self::of_line(&line))
    }

    /// Saves them in this browser and applies them at once; the language applies from the next page
    /// on.
    pub fn save(&self) {
        cookies::write(COOKIE, &self.line());
        #[cfg(feature = "hydrate")]
        if let Some(root) = leptos::prelude::document().document_element() {
            for (name, value) in self.attributes() {
                let _gone = match value {
                    Some(value) => root.set_attribute(name, value),
                    None => root.remove_attribute(name),
                };
            }
        }
    }

    /// Attributes of the document's root element that the style sheet uses.
    pub fn attributes(&self) -> [(&'static str, Option<&'static str>); 4] {
        let chosen = |word: &'static str| Some(word).filter(|word| !word.is_empty());
        [
            ("data-theme", chosen(self.theme.as_str())),
            ("data-density", chosen(self.density.as_str())),
            ("data-motion", chosen(self.motion.as_str())),
            ("data-prices", chosen(self.prices.as_str())),
        ]
    }
}

impl Serialize for Preferences {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.line().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Preferences {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|line| Self::of_line(&line))
    }
}

fn bad() -> Error {
    Error::bad_request("bad-preference", "Invalid choice")
}

/// Parses a zone's name or an offset from UTC. Checks only the form: only browsers know which zones
/// exist.
fn zone(name: &str) -> Result<Option<String>> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_+-/:".contains(c);
    let bad = || {
        Error::bad_request(
            "bad-zone",
            "Unknown time zone: use a form such as Europe/Madrid or UTC+05:30",
        )
    };
    if name.is_empty() {
        return Ok(None);
    }
    if name.len() > ZONE || !name.chars().all(plain) {
        return Err(bad());
    }
    let name = name.to_owned();
    if name.starts_with("UTC") && name.len() > 3 && fixed_offset(&name).is_none() {
        return Err(bad());
    }
    Ok(Some(name))
}

/// Minutes east of UTC of a zone such as `UTC+05:30`. None: the name of a place.
pub fn fixed_offset(zone: &str) -> Option<i32> {
    let rest = zone.strip_prefix("UTC")?;
    if rest.is_empty() {
        return Some(0);
    }
    let (sign, rest) = match rest.split_at_checked(1)? {
        ("+", rest) => (1, rest),
        ("-", rest) => (-1, rest),
        _ => return None,
    };
    let (hours, minutes) = rest.split_once(':').unwrap_or((rest, "0"));
    let number = |text: &str, most: i32| {
        let digits = (1..=2).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        let value: i32 = text.parse().ok()?;
        (digits && value <= most).then_some(value)
    };
    Some(sign * (number(hours, 14)? * 60 + number(minutes, 59)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn any_preferences() -> impl Strategy<Value = Preferences> {
        let zones = prop_oneof![
            Just(None),
            Just(Some("Europe/Madrid".to_owned())),
            Just(Some("America/Argentina/Buenos_Aires".to_owned())),
            Just(Some("Etc/GMT+5".to_owned())),
            Just(Some("UTC-03:30".to_owned())),
        ];
        let languages = prop_oneof![
            Just(None),
            Just(Language::parse("en")),
            Just(Language::parse("es"))
        ];
        let choice = |count: usize| 0..count;
        (
            choice(3),
            choice(2),
            choice(2),
            choice(2),
            choice(3),
            zones,
            languages,
        )
            .prop_map(|(theme, density, motion, prices, clock, zone, language)| {
                Preferences {
                    theme: Theme::ALL[theme],
                    density: Density::ALL[density],
                    motion: Motion::ALL[motion],
                    prices: Prices::ALL[prices],
                    clock: ClockStyle::ALL[clock],
                    zone,
                    language,
                }
            })
    }

    proptest! {
        #[test]
        fn a_line_says_all(preferences in any_preferences()) {
            let line = preferences.line();
            prop_assert_eq!(Preferences::of_line(&line), preferences);
            // The line is valid as a cookie without escaping.
            prop_assert!(line.bytes().all(|b| b.is_ascii_graphic() && !b"\",;\\".contains(&b)));
        }

        #[test]
        fn no_line_is_too_strange(line in ".{0,200}") {
            let read = Preferences::of_line(&line);
            prop_assert_eq!(Preferences::of_line(&read.line()), read);
        }
    }

    #[test]
    fn only_choices_are_taken() {
        let mut preferences = Preferences::of_line("theme=dark&new=1&density=roomy&=&clock=12");
        assert_eq!(preferences.line(), "theme=dark&clock=12");
        for (name, value, code) in [
            ("theme", "blue", "bad-preference"),
            ("clock", "13", "bad-preference"),
            ("language", "tlh", "bad-preference"),
            ("color", "dark", "bad-preference"),
            ("zone", "Europe/Madrid; Secure", "bad-zone"),
            ("zone", "UTC+25", "bad-zone"),
            ("zone", "UTC+1:2:3", "bad-zone"),
        ] {
            assert_eq!(
                preferences.set(name, value).unwrap_err().code,
                code,
                "{value}"
            );
        }
        assert_eq!(preferences.line(), "theme=dark&clock=12");
        preferences.set("theme", "").unwrap();
        assert_eq!(preferences.line(), "clock=12");
    }

    #[test]
    fn distances_from_utc() {
        for (zone, minutes) in [
            ("UTC", Some(0)),
            ("UTC+2", Some(120)),
            ("UTC+05:30", Some(330)),
            ("UTC-03:30", Some(-210)),
            ("UTC+14", Some(840)),
            ("UTC+15", None),
            ("UTC+1:60", None),
            ("UTC 1", None),
            ("UTC+", None),
            ("UTC++1", None),
            ("Europe/Madrid", None),
        ] {
            assert_eq!(fixed_offset(zone), minutes, "{zone}");
        }
    }
}
