//! `[mail]`: the mail server.

use super::Server;
use serde::Deserialize;

/// `[mail]`: the server that sends this instance's emails.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Mail {
    /// `off`, `starttls`, `tls` or `plain`.
    pub security: MailSecurity,
    /// Host name of the server.
    pub host: String,
    /// Port; 0: the usual port for the kind of encryption.
    pub port: u16,
    /// User name for signing in; empty: no authentication.
    pub username: String,
    /// Sender of the emails, such as `Rialto <rialto@example.com>`.
    pub from: String,
    /// Seconds to wait for a response of the server.
    pub timeout_seconds: u32,
}

/// How the connection to the mail server is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MailSecurity {
    /// No mail server.
    Off,
    /// Encrypted after a greeting (port 587).
    Starttls,
    /// Encrypted from the start (port 465).
    Tls,
    /// Not encrypted (port 25): for a server on the same machine.
    Plain,
}

impl Default for Mail {
    fn default() -> Self {
        Self {
            security: MailSecurity::Off,
            host: String::new(),
            port: 0,
            username: String::new(),
            from: String::new(),
            timeout_seconds: 20,
        }
    }
}

impl Mail {
    pub(super) fn check(&self, server: &Server) -> Result<(), String> {
        if self.security == MailSecurity::Off {
            return Ok(());
        }
        if self.host.is_empty() || self.from.is_empty() || self.timeout_seconds == 0 {
            return Err("mail: host, from and timeout_seconds are needed to send letters".into());
        }
        if self.from.parse::<lettre::message::Mailbox>().is_err() {
            return Err(format!("mail.from: {:?} is no address", self.from));
        }
        if server.public_url.is_empty() {
            return Err("mail: letters hold links, which need server.public_url".into());
        }
        Ok(())
    }
}
