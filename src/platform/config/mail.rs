//! The mail server.

use super::Server;
use serde::Deserialize;

/// `[mail]`: the server that takes this instance's letters.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Mail {
    /// `off`, `starttls`, `tls` or `plain`.
    pub security: MailSecurity,
    /// The server.
    pub host: String,
    /// Its port; 0: what is usual for the kind of encryption.
    pub port: u16,
    /// Who signs in there; empty: nobody has to.
    pub username: String,
    /// Who the letters are from, such as `Rialto <rialto@example.com>`.
    pub from: String,
    /// Seconds that an answer of the server is waited for.
    pub timeout_seconds: u32,
}

/// How the way to the mail server is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MailSecurity {
    /// There is no mail server.
    Off,
    /// Encrypted after a greeting (port 587).
    Starttls,
    /// Encrypted from the start (port 465).
    Tls,
    /// Not at all (port 25): for a server on the same machine.
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
