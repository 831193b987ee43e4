//! Configuration: the file `Leptos.toml`, overridden by the environment.
//!
//! The file contains the site options under `[package.metadata.leptos]` and the sections below.
//! `RIALTO__SECTION__KEY` in the environment overrides a value; a few well-known variable names are
//! accepted as aliases. With unknown keys or invalid values the server does not start.

mod binary;
mod load;
mod mail;
mod market;
mod secrets;
mod server;

use crate::platform::lease::Rate;
use crate::shared::instance::{self, Registration, Settings};
use crate::ui::Language;
use serde::Deserialize;
use std::{net::SocketAddr, time::Duration};

pub use binary::{binary_folder, build, built_at, default_file};
pub use load::{ConfigError, load};
pub use mail::{Mail, MailSecurity};
pub use market::{Market, MarketSource};
pub use secrets::Secrets;
pub use server::Server;

/// The whole configuration.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// The section that Leptos reads.
    package: Package,
    /// `[server]`
    pub server: Server,
    /// `[database]`
    pub database: Database,
    /// `[accounts]`
    pub accounts: Accounts,
    /// `[instance]`
    pub instance: Instance,
    /// `[mail]`
    pub mail: Mail,
    /// `[limits]`
    pub limits: Limits,
    /// `[market]`
    pub market: Market,
    /// `[log]`
    pub log: Log,
    /// Secrets from the environment; never in the file.
    #[serde(skip)]
    pub secrets: Secrets,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Package {
    metadata: Metadata,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Metadata {
    leptos: Site,
}

/// `[package.metadata.leptos]`: the site options.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Site {
    /// Name of the built files.
    pub output_name: String,
    /// Folder of the built site; empty: `../site` beside the binary, or `site` beside it.
    pub site_root: String,
    /// Folder of the hashed files inside the site.
    pub site_pkg_dir: String,
    /// Address to listen on.
    pub site_addr: SocketAddr,
}

impl Default for Site {
    fn default() -> Self {
        Self {
            output_name: "rialto".into(),
            site_root: String::new(),
            site_pkg_dir: "pkg".into(),
            site_addr: SocketAddr::from(([127, 0, 0, 1], 3000)),
        }
    }
}

/// `[database]`
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Database {
    /// `postgres://…` or `sqlite://…`; empty: a file in the data folder.
    pub url: String,
}

/// `[accounts]`
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Accounts {
    /// true if visitors can register. The first account of an instance can always register.
    pub registration: bool,
    /// true if visitors can sign in as guests, with only a name.
    pub guests: bool,
    /// Hours after which a guest's account expires.
    pub guest_hours: u32,
    /// Lifetime of a browser's access cookie in minutes.
    pub browser_access_minutes: u32,
    /// Days that a browser stays signed in without being used.
    pub browser_refresh_days: u32,
    /// Seconds for which the previous refresh cookie is still accepted, for tabs that refresh at
    /// the same time.
    pub refresh_grace_seconds: u32,
    /// Lifetime of a program's access token in hours.
    pub program_access_hours: u32,
    /// Lifetime of a program's refresh token in days.
    pub program_refresh_days: u32,
    /// Days during which a member can undo deleting their account; 0: it is deleted at once.
    pub deletion_days: u32,
    /// Number of password hashes computed at the same time.
    pub hashing_parallelism: u32,
    /// true if registration by the API rejects common passwords, as the pages do.
    pub refuse_common_passwords: bool,
}

impl Default for Accounts {
    fn default() -> Self {
        Self {
            registration: true,
            guests: false,
            guest_hours: 24,
            browser_access_minutes: 15,
            browser_refresh_days: 30,
            refresh_grace_seconds: 30,
            program_access_hours: 24,
            program_refresh_days: 30,
            deletion_days: 7,
            hashing_parallelism: 2,
            refuse_common_passwords: false,
        }
    }
}

/// At most `count` times in `seconds`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    pub count: u32,
    /// Length of the period in seconds.
    pub seconds: u32,
}

impl Limit {
    const fn new(count: u32, seconds: u32) -> Self {
        Self { count, seconds }
    }

    /// Converts the limit to a [`Rate`] for leases.
    pub const fn rate(self) -> Rate {
        Rate {
            count: self.count,
            window: Duration::from_secs(self.seconds as u64),
        }
    }
}

/// A limit as written in the file; missing fields keep their defaults.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct LimitPatch {
    count: Option<u32>,
    seconds: Option<u32>,
}

macro_rules! limit_with_default {
    ($($name:ident = $default:expr;)*) => {$(
        fn $name<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Limit, D::Error> {
            let patch = LimitPatch::deserialize(deserializer)?;
            Ok(Limit {
                count: patch.count.unwrap_or($default.count),
                seconds: patch.seconds.unwrap_or($default.seconds),
            })
        }
    )*};
}

limit_with_default! {
    messages = MESSAGES;
    bot_messages = BOT_MESSAGES;
    sign_in_address = SIGN_IN_ADDRESS;
    sign_in_account = SIGN_IN_ACCOUNT;
    registrations = REGISTRATIONS;
    channels = CHANNELS;
    reset_address = RESET_ADDRESS;
    reset_account = RESET_ACCOUNT;
    commands = COMMANDS;
    requests = REQUESTS;
    network_requests = NETWORK_REQUESTS;
    pages = PAGES;
    network_pages = NETWORK_PAGES;
    subscriptions = SUBSCRIPTIONS;
}

const MESSAGES: Limit = Limit::new(10, 60);
const BOT_MESSAGES: Limit = Limit::new(600, 60);
const SIGN_IN_ADDRESS: Limit = Limit::new(30, 60);
const SIGN_IN_ACCOUNT: Limit = Limit::new(10, 60);
const REGISTRATIONS: Limit = Limit::new(20, 3600);
const CHANNELS: Limit = Limit::new(20, 3600);
const RESET_ADDRESS: Limit = Limit::new(20, 3600);
const RESET_ACCOUNT: Limit = Limit::new(3, 3600);
const COMMANDS: Limit = Limit::new(600, 60);
const REQUESTS: Limit = Limit::new(600, 60);
const NETWORK_REQUESTS: Limit = Limit::new(600, 60);
const PAGES: Limit = Limit::new(1200, 60);
const NETWORK_PAGES: Limit = Limit::new(1800, 60);
const SUBSCRIPTIONS: Limit = Limit::new(6000, 60);

/// `[instance]`: what visitors see before they sign in.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Instance {
    /// Name of the instance.
    pub name: String,
    /// Description of the instance in one sentence.
    pub description: String,
    /// Language for visitors whose own languages are not available.
    pub language: String,
}

impl Default for Instance {
    fn default() -> Self {
        Self {
            name: "Rialto".into(),
            description: String::new(),
            language: "en".into(),
        }
    }
}

/// `[limits]`
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Messages of one member.
    #[serde(deserialize_with = "messages")]
    pub messages: Limit,
    /// Messages of one bot.
    #[serde(deserialize_with = "bot_messages")]
    pub bot_messages: Limit,
    /// Attempts to sign in from one address.
    #[serde(deserialize_with = "sign_in_address")]
    pub sign_in_address: Limit,
    /// Failed attempts to sign in to one account from one network.
    #[serde(deserialize_with = "sign_in_account")]
    pub sign_in_account: Limit,
    /// New accounts from one address.
    #[serde(deserialize_with = "registrations")]
    pub registrations: Limit,
    /// New channels of one account.
    #[serde(deserialize_with = "channels")]
    pub channels: Limit,
    /// Password reset emails requested from one address.
    #[serde(deserialize_with = "reset_address")]
    pub reset_address: Limit,
    /// Password reset emails for one account.
    #[serde(deserialize_with = "reset_account")]
    pub reset_account: Limit,
    /// Other commands of one account, over all its live connections.
    #[serde(deserialize_with = "commands")]
    pub commands: Limit,
    /// REST requests of one account.
    #[serde(deserialize_with = "requests")]
    pub requests: Limit,
    /// REST requests from one network by visitors who are not signed in.
    #[serde(deserialize_with = "network_requests")]
    pub network_requests: Limit,
    /// Pages of one account, and the server functions that they call.
    #[serde(deserialize_with = "pages")]
    pub pages: Limit,
    /// Pages and server functions from one network by visitors who are not signed in.
    #[serde(deserialize_with = "network_pages")]
    pub network_pages: Limit,
    /// Topics that one account subscribes to; five missed messages cost as much as one
    /// subscription.
    #[serde(deserialize_with = "subscriptions")]
    pub subscriptions: Limit,
    /// Maximum number of connections of one account.
    pub connections: u32,
    /// Maximum number of connections from one address (IPv6: from one /64), or of running requests
    /// behind trusted proxies; 0: unlimited.
    pub connections_per_address: u32,
    /// Maximum number of channels that an account has created and not deleted.
    pub channels_per_account: u32,
    /// Maximum length of a message in characters.
    pub message_length: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            messages: MESSAGES,
            bot_messages: BOT_MESSAGES,
            sign_in_address: SIGN_IN_ADDRESS,
            sign_in_account: SIGN_IN_ACCOUNT,
            registrations: REGISTRATIONS,
            channels: CHANNELS,
            reset_address: RESET_ADDRESS,
            reset_account: RESET_ACCOUNT,
            commands: COMMANDS,
            requests: REQUESTS,
            network_requests: NETWORK_REQUESTS,
            pages: PAGES,
            network_pages: NETWORK_PAGES,
            subscriptions: SUBSCRIPTIONS,
            connections: 50,
            connections_per_address: 500,
            channels_per_account: 50,
            message_length: instance::MAX_MESSAGE,
        }
    }
}

/// `[log]`
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Log {
    /// `text` for people, `json` for programs.
    pub format: LogFormat,
    /// What is logged, in the syntax of `tracing`'s `EnvFilter`.
    pub filter: String,
}

/// Format of log lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// Readable lines.
    Text,
    /// One JSON object per line.
    Json,
}

impl Default for Log {
    fn default() -> Self {
        Self {
            format: LogFormat::Text,
            filter: "info,sqlx=warn".into(),
        }
    }
}

impl Config {
    /// Returns the site options.
    pub fn site(&self) -> &Site {
        &self.package.metadata.leptos
    }

    /// Returns the site options for the command line to override.
    pub fn site_mut(&mut self) -> &mut Site {
        &mut self.package.metadata.leptos
    }

    /// Returns the settings that admins can change while the server runs.
    pub fn settings(&self) -> Settings {
        let instance = &self.instance;
        Settings {
            name: instance.name.clone(),
            description: instance.description.clone(),
            registration: if self.accounts.registration {
                Registration::Open
            } else {
                Registration::Closed
            },
            // A secret, so it is never in the file.
            invite_code: String::new(),
            guests: self.accounts.guests,
            message_count: self.limits.messages.count,
            message_seconds: self.limits.messages.seconds,
            message_length: self.limits.message_length,
            language: instance.language.clone(),
        }
    }

    /// Checks what the types cannot.
    fn check(&self) -> Result<(), String> {
        let limits = [
            ("messages", self.limits.messages),
            ("bot_messages", self.limits.bot_messages),
            ("sign_in_address", self.limits.sign_in_address),
            ("sign_in_account", self.limits.sign_in_account),
            ("registrations", self.limits.registrations),
            ("channels", self.limits.channels),
            ("reset_address", self.limits.reset_address),
            ("reset_account", self.limits.reset_account),
            ("commands", self.limits.commands),
            ("requests", self.limits.requests),
            ("network_requests", self.limits.network_requests),
            ("pages", self.limits.pages),
            ("network_pages", self.limits.network_pages),
            ("subscriptions", self.limits.subscriptions),
        ];
        for (name, limit) in limits {
            if limit.count == 0 || limit.seconds == 0 || limit.seconds > 3600 {
                return Err(format!(
                    "limits.{name}: count must be at least 1 and seconds from 1 to 3600"
                ));
            }
        }
        let accounts = &self.accounts;
        if accounts.browser_access_minutes == 0
            || accounts.browser_refresh_days == 0
            || accounts.program_access_hours == 0
            || accounts.program_refresh_days == 0
            || accounts.guest_hours == 0
            || accounts.hashing_parallelism == 0
        {
            return Err("accounts: times and hashing_parallelism must be at least 1".into());
        }
        let languages = Language::tags();
        self.settings()
            .check(&languages)
            .map_err(|error| match error.details.get("field") {
                Some(field) => format!("{}: {error}", place_of(field)),
                None => error.to_string(),
            })?;
        self.mail.check(&self.server)?;
        if self.server.connections == 0 {
            return Err("server.connections must be at least 1".into());
        }
        self.market.check(&self.secrets)?;
        if self.market.alert_seconds == 0 {
            return Err("market.alert_seconds must be at least 1".into());
        }
        let origins = self.server.cors_origins.iter();
        let urls = origins.chain([&self.server.public_url]);
        for url in urls.chain(self.market.urls()) {
            if !url.is_empty() && !url.starts_with("http://") && !url.starts_with("https://") {
                return Err(format!("{url:?} must start with http:// or https://"));
            }
        }
        let database = &self.database.url;
        let known = ["sqlite:", "postgres:", "postgresql:"];
        if !database.is_empty() && !known.iter().any(|scheme| database.starts_with(scheme)) {
            return Err("database.url must start with sqlite: or postgres:".into());
        }
        Ok(())
    }
}

/// Key of a setting in the file.
fn place_of(field: &str) -> &str {
    match field {
        "name" => "instance.name",
        "description" => "instance.description",
        "language" => "instance.language",
        "message_count" => "limits.messages.count",
        "message_seconds" => "limits.messages.seconds",
        "message_length" => "limits.message_length",
        other => other,
    }
}
