//! Reads the configuration file and the environment, with errors that name the exact location.

use super::Config;
use crate::platform::secrets::SigningKey;
use std::{env, fs, path::Path};
use toml::{Table, Value};

/// Why the configuration is invalid: names the file, line and key, or the variable.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct ConfigError(String);

/// The configuration key that a well-known variable sets.
enum Alias {
    Key(&'static [&'static str]),
    /// The variable is one entry of a list.
    Entry(&'static [&'static str]),
}

const ALIASES: &[(&str, Alias)] = &[
    ("DATABASE_URL", Alias::Key(&["database", "url"])),
    ("FRONTEND_URL", Alias::Entry(&["server", "cors_origins"])),
    (
        "RATE_LIMIT_MESSAGES",
        Alias::Key(&["limits", "messages", "count"]),
    ),
    (
        "RATE_LIMIT_WINDOW",
        Alias::Key(&["limits", "messages", "seconds"]),
    ),
];

/// Reads `file` and the process's environment. A missing file is an error only if `required`.
///
/// # Errors
/// Names the file and line, or the variable, and says what is wrong with it.
pub fn load(file: &Path, required: bool) -> Result<Config, ConfigError> {
    let text = match fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && !required => String::new(),
        Err(error) => return Err(ConfigError(format!("{}: {error}", file.display()))),
    };
    parse(&text, &file.display().to_string(), env::vars())
}

/// Parses the text of a file and an environment.
pub(super) fn parse(
    text: &str,
    name: &str,
    environment: impl Iterator<Item = (String, String)>,
) -> Result<Config, ConfigError> {
    // Parsed for its line and column only; the values come from the table below.
    toml::from_str::<Config>(text).map_err(|error| ConfigError(format!("{name}: {error}")))?;
    let mut table: Table =
        toml::from_str(text).map_err(|error| ConfigError(format!("{name}: {error}")))?;
    // The product's own names override aliases, whatever the order of the environment.
    let mut variables: Vec<_> = environment.collect();
    variables.sort_by_key(|(variable, _)| variable.starts_with("RIALTO__"));
    let mut config = read(&table).map_err(|error| ConfigError(format!("{name}: {error}")))?;
    let mut secrets = config.secrets.clone();
    for (variable, value) in variables {
        match variable.as_str() {
            "JWT_SECRET_KEY" | "SECRET_KEY" if value.is_empty() => {}
            "JWT_SECRET_KEY" => secrets.signing_key = Some(value),
            "SMTP_PASSWORD" => secrets.smtp_password = Some(value),
            "SECRET_KEY" => {
                secrets.signing_key.get_or_insert(value);
            }
            // An empty variable counts as unset: compose files pass on variables that have no
            // value.
            "ALPHA_VANTAGE_KEY" | "MASSIVE_KEY" | "POLYGON_API_KEY" | "STOOQ_KEY"
                if value.trim().is_empty() => {}
            "ALPHA_VANTAGE_KEY" => secrets.alpha_vantage_key = Some(value.trim().to_owned()),
            "MASSIVE_KEY" => secrets.massive_key = Some(value.trim().to_owned()),
            // Massive was called Polygon.
            "POLYGON_API_KEY" => {
                let key = value.trim().to_owned();
                secrets.massive_key.get_or_insert(key);
            }
            "STOOQ_KEY" => secrets.stooq_key = Some(value.trim().to_owned()),
            _ => {
                if let Some(candidates) = override_of(&variable, &value) {
                    (table, config) = apply(&table, &candidates)
                        .map_err(|error| ConfigError(format!("{variable}: {error}")))?;
                }
            }
        }
    }
    config.secrets = secrets;
    if let Some(key) = &config.secrets.signing_key {
        SigningKey::check(key.as_bytes())
            .map_err(|error| ConfigError(format!("SECRET_KEY or JWT_SECRET_KEY: {error}")))?;
    }
    config
        .check()
        .map_err(|error| ConfigError(format!("{name}: {error}")))?;
    Ok(config)
}

fn read(table: &Table) -> Result<Config, toml::de::Error> {
    Config::deserialize_table(table.clone())
}

impl Config {
    fn deserialize_table(table: Table) -> Result<Self, toml::de::Error> {
        Value::Table(table).try_into()
    }
}

/// Returns the keys that a variable sets, with the values to try in order: a number or list, then
/// plain text.
fn override_of(variable: &str, value: &str) -> Option<Vec<(Vec<String>, Value)>> {
    let text = Value::String(value.to_owned());
    let typed = toml::from_str::<Table>(&format!("value = {value}"))
        .ok()
        .and_then(|mut table| table.remove("value"));
    let path: Vec<String> = if let Some(rest) = variable.strip_prefix("RIALTO__") {
        rest.split("__").map(str::to_lowercase).collect()
    } else {
        let (_, alias) = ALIASES.iter().find(|(name, _)| *name == variable)?;
        match alias {
            Alias::Key(path) => path.iter().map(ToString::to_string).collect(),
            Alias::Entry(path) => {
                let path = path.iter().map(ToString::to_string).collect();
                return Some(vec![(path, Value::Array(vec![text]))]);
            }
        }
    };
    let readings = typed.into_iter().chain([text]);
    Some(readings.map(|value| (path.clone(), value)).collect())
}

fn apply(table: &Table, candidates: &[(Vec<String>, Value)]) -> Result<(Table, Config), String> {
    let mut first_error = None;
    for (path, value) in candidates {
        let mut changed = table.clone();
        set(&mut changed, path, value.clone())?;
        match read(&changed) {
            Ok(config) => return Ok((changed, config)),
            Err(error) => {
                first_error.get_or_insert(error.to_string());
            }
        }
    }
    Err(first_error.unwrap_or_else(|| "cannot be read".into()))
}

fn set(table: &mut Table, path: &[String], value: Value) -> Result<(), String> {
    match path {
        [] => Err("names no key".into()),
        [key] => {
            table.insert(key.clone(), value);
            Ok(())
        }
        [section, rest @ ..] => {
            // The file sets a limit as a whole; the environment sets each of its numbers.
            let entry = table
                .entry(section.clone())
                .or_insert_with(|| Value::Table(Table::new()));
            match entry {
                Value::Table(inner) => set(inner, rest, value),
                _ => Err(format!("{section} is not a section")),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::config::MarketSource;

    fn with(text: &str, environment: &[(&str, &str)]) -> Result<Config, ConfigError> {
        let environment = environment
            .iter()
            .map(|(name, value)| (name.to_string(), value.to_string()));
        parse(text, "Leptos.toml", environment)
    }

    #[test]
    fn the_shipped_file_is_the_defaults() {
        let shipped = with(include_str!("../../../Leptos.toml"), &[]).unwrap();
        assert_eq!(format!("{shipped:?}"), format!("{:?}", Config::default()));
    }

    #[test]
    fn the_environment_wins() {
        let config = with(
            "[database]\nurl = \"sqlite://a.db\"",
            &[
                ("RIALTO__LIMITS__MESSAGES__COUNT", "1000"),
                ("RIALTO__SERVER__PUBLIC_URL", "https://x.example"),
                ("DATABASE_URL", "postgres://localhost/x"),
                ("RATE_LIMIT_MESSAGES", "7"),
                ("RATE_LIMIT_WINDOW", "30"),
                ("FRONTEND_URL", "https://front.example"),
                (
                    "SECRET_KEY",
                    "the secret key in these tests, 32 bytes or more",
                ),
                (
                    "JWT_SECRET_KEY",
                    "the jwt secret key in these tests, 32 bytes or more",
                ),
                ("SMTP_PASSWORD", "p"),
                ("PATH", "/bin"),
            ],
        )
        .unwrap();
        assert_eq!(config.limits.messages.count, 1000);
        assert_eq!(config.limits.messages.seconds, 30);
        assert_eq!(config.database.url, "postgres://localhost/x");
        assert_eq!(config.server.cors_origins, ["https://front.example"]);
        let key = config.secrets.signing_key.as_deref();
        assert!(key.unwrap().starts_with("the jwt"));
        assert_eq!(config.secrets.smtp_password.as_deref(), Some("p"));
        assert!(config.server.is_https());
    }

    #[test]
    fn short_signing_keys_are_refused() {
        let long = "0123456789abcdef0123456789abcdef";
        for name in ["SECRET_KEY", "JWT_SECRET_KEY"] {
            let refused = with("", &[(name, &long[1..])]).unwrap_err().to_string();
            assert!(refused.contains("openssl rand -hex 32"), "{refused}");
            assert!(!refused.contains(&long[1..]), "{refused}");
            assert!(with("", &[(name, long)]).is_ok());
            let unset = with("", &[(name, "")]).unwrap();
            assert!(unset.secrets.signing_key.is_none());
        }
    }

    #[test]
    fn sources_of_prices() {
        let of = |text: &str, environment: &[(&str, &str)]| {
            with(&format!("[market]\n{text}"), environment).map(|config| config.market.source)
        };
        assert_eq!(of("", &[]).unwrap(), MarketSource::Auto);
        assert_eq!(of("source = \"stooq\"", &[]).unwrap(), MarketSource::Stooq);
        let both = MarketSource::List(vec![MarketSource::Massive, MarketSource::Sample]);
        let key = ("POLYGON_API_KEY", " k ");
        assert_eq!(
            of("source = [\"massive\", \"sample\"]", &[key]).unwrap(),
            both
        );
        let named = ("RIALTO__MARKET__SOURCE", "massive, sample");
        assert_eq!(of("", &[named, key]).unwrap(), both);
        for bad in [
            "source = \"moon\"",
            "source = []",
            "source = [\"auto\", \"stooq\"]",
        ] {
            assert!(
                of(bad, &[]).unwrap_err().to_string().contains("line 2"),
                "{bad}"
            );
        }
        for (bad, needs) in [
            ("source = \"massive\"", "MASSIVE_KEY"),
            ("source = \"alpha_vantage\"", "ALPHA_VANTAGE_KEY"),
            ("source = [\"sample\", \"folder\"]", "market.folder"),
            ("source = [\"sample\", \"sample\"]", "twice"),
            ("massive_per_minute = 0", "minute"),
            ("stooq_per_minute = 0", "minute"),
            ("massive_url = \"ftp://x\"", "http"),
        ] {
            let error = of(bad, &[("ALPHA_VANTAGE_KEY", " ")]).unwrap_err();
            assert!(error.to_string().contains(needs), "{error}");
        }
        let config = with(
            "[market]\nreplay_from = \"2012-07-02\"",
            &[
                ("RIALTO__MARKET__REPLAY_FROM", "2012-08-01"),
                ("MASSIVE_KEY", "n3w-k3y"),
                ("POLYGON_API_KEY", "0ld-k3y"),
                ("STOOQ_KEY", "s"),
            ],
        );
        let config = config.unwrap();
        assert_eq!(config.market.replay_from.to_string(), "2012-08-01");
        assert_eq!(config.secrets.massive_key.as_deref(), Some("n3w-k3y"));
        let shown = format!("{config:?}");
        assert!(!shown.contains("k3y"), "{shown}");
    }

    #[test]
    fn trusted_proxies_are_addresses_and_networks() {
        let trusts = |text: &str, environment: &[(&str, &str)], address: &str| {
            let text = format!("[server]\nbehind_proxy = true\n{text}");
            let config = with(&text, environment).unwrap();
            config.server.trusts(address.parse().unwrap())
        };
        for (address, trusted) in [
            ("127.0.0.1", true),
            ("127.9.9.9", true),
            ("::1", true),
            ("::ffff:127.0.0.1", true),
            ("10.0.0.1", false),
            ("::2", false),
        ] {
            assert_eq!(trusts("", &[], address), trusted, "{address}");
        }
        let listed = "trusted_proxies = [\"10.1.2.3\", \"::ffff:172.16.0.0/108\", \"fd00::/8\"]";
        for (address, trusted) in [
            ("10.1.2.3", true),
            ("::ffff:10.1.2.3", true),
            ("10.1.2.4", false),
            ("172.31.0.1", true),
            ("172.32.0.1", false),
            ("fd12::1", true),
            ("127.0.0.1", false),
        ] {
            assert_eq!(trusts(listed, &[], address), trusted, "{address}");
        }
        let variable = ("RIALTO__SERVER__TRUSTED_PROXIES", "10.0.0.0/8, 192.0.2.1");
        assert!(trusts("", &[variable], "192.0.2.1"));
        assert!(!trusts(
            "",
            &[("RIALTO__SERVER__TRUSTED_PROXIES", "")],
            "127.0.0.1"
        ));
        let off = with("", &[]).unwrap();
        assert!(!off.server.trusts("127.0.0.1".parse().unwrap()));
        for bad in [
            "\"10.0.0.0/33\"",
            "[\"proxy.example\"]",
            "[\"10.0.0\"]",
            "7",
        ] {
            let text = format!("[server]\nbehind_proxy = true\ntrusted_proxies = {bad}");
            let error = with(&text, &[]).unwrap_err().to_string();
            assert!(error.contains("line 3"), "{error}");
            assert!(error.contains("trusted_proxies"), "{error}");
        }
        let error = with("", &[("RIALTO__SERVER__TRUSTED_PROXIES", "proxy")]).unwrap_err();
        let error = error.to_string();
        assert!(
            error.starts_with("RIALTO__SERVER__TRUSTED_PROXIES"),
            "{error}"
        );
    }

    #[test]
    fn errors_name_the_place() {
        let error = with("[server]\n\ncolor = 1\n", &[])
            .unwrap_err()
            .to_string();
        assert!(
            error.contains("Leptos.toml") && error.contains("line 3"),
            "{error}"
        );
        assert!(error.contains("color"), "{error}");
        let error = with("[accounts]\nguests = \"yes\"", &[])
            .unwrap_err()
            .to_string();
        assert!(error.contains("line 2"), "{error}");
        let error = with("", &[("RIALTO__ACCOUNTS__GUESTS", "maybe")])
            .unwrap_err()
            .to_string();
        assert!(error.starts_with("RIALTO__ACCOUNTS__GUESTS"), "{error}");
        let error = with("", &[("RIALTO__NOWHERE", "1")])
            .unwrap_err()
            .to_string();
        assert!(error.contains("nowhere"), "{error}");
        assert!(with("[limits]\nmessages = { count = 0, seconds = 1 }", &[]).is_err());
        assert!(with("[database]\nurl = \"mysql://x\"", &[]).is_err());
        for (text, place) in [
            ("[instance]\nname = \"\"", "instance.name"),
            ("[instance]\nlanguage = \"xx\"", "instance.language"),
            ("[limits]\nmessage_length = 0", "limits.message_length"),
            ("[mail]\nsecurity = \"tls\"", "mail: host"),
        ] {
            let error = with(text, &[]).unwrap_err().to_string();
            assert!(error.contains(place), "{error}");
        }
        let mail = "[mail]\nsecurity = \"tls\"\nhost = \"mail.example.com\"\n";
        let from = "from = \"Rialto <rialto@example.com>\"\n";
        let server = "[server]\npublic_url = \"https://rialto.example\"\n";
        assert!(
            with(&format!("{mail}{from}"), &[]).is_err(),
            "links need an address"
        );
        assert!(with(&format!("{mail}from = \"nobody\"\n{server}"), &[]).is_err());
        assert!(with(&format!("{mail}{from}{server}"), &[]).is_ok());
    }
}
