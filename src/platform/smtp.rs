//! Outgoing emails: a client for one SMTP server.

use super::config::{Config, MailSecurity};
use crate::shared::{Error, Result};
use async_trait::async_trait;
use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{Mailbox, MultiPart, header::HeaderName, header::HeaderValue},
    transport::smtp::{
        authentication::Credentials,
        client::{Tls, TlsParameters},
    },
};
use std::time::Duration;

/// An email, as plain text and as simple HTML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// Recipient's address.
    pub to: String,
    /// Subject line.
    pub subject: String,
    /// Plain text.
    pub text: String,
    /// The same content as HTML.
    pub html: String,
}

/// Why the server rejected an email.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// A permanent failure; a retry is useless.
    #[error("refused: {0}")]
    Final(String),
    /// A temporary failure; a retry can succeed.
    #[error("not taken: {0}")]
    Passing(String),
}

/// Sends emails.
#[async_trait]
pub trait Post: Send + Sync {
    /// Sends an email.
    async fn send(&self, letter: &Letter) -> Result<(), Refusal>;
}

/// The configured mail server.
pub struct Smtp {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

impl Smtp {
    /// Returns the configured server. None: none is configured.
    pub fn of(config: &Config) -> Result<Option<Self>> {
        let mail = &config.mail;
        let (port, tls): (u16, fn(TlsParameters) -> Tls) = match mail.security {
            MailSecurity::Off => return Ok(None),
            MailSecurity::Starttls => (587, Tls::Required),
            MailSecurity::Tls => (465, Tls::Wrapper),
            MailSecurity::Plain => (25, |_| Tls::None),
        };
        let port = if mail.port == 0 { port } else { mail.port };
        let tls = if mail.security == MailSecurity::Plain {
            Tls::None
        } else {
            drop(rustls::crypto::ring::default_provider().install_default());
            tls(TlsParameters::new(mail.host.clone()).map_err(Error::internal)?)
        };
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&mail.host)
            .port(port)
            .tls(tls)
            .timeout(Some(Duration::from_secs(mail.timeout_seconds.into())));
        if !mail.username.is_empty() {
            let password = config.secrets.smtp_password.clone().unwrap_or_default();
            builder = builder.credentials(Credentials::new(mail.username.clone(), password));
        }
        Ok(Some(Self {
            transport: builder.build(),
            from: mail.from.parse().map_err(Error::internal)?,
        }))
    }

    fn message(&self, letter: &Letter) -> Result<Message, Refusal> {
        let unfit = |error: &dyn std::fmt::Display| Refusal::Final(error.to_string());
        let to = letter.to.parse().map_err(|error| unfit(&error))?;
        let bodies = MultiPart::alternative_plain_html(letter.text.clone(), letter.html.clone());
        let mut message = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(letter.subject.clone())
            .multipart(bodies)
            .map_err(|error| unfit(&error))?;
        // Prevents automatic replies.
        message.headers_mut().insert_raw(HeaderValue::new(
            HeaderName::new_from_ascii_str("Auto-Submitted"),
            "auto-generated".into(),
        ));
        Ok(message)
    }
}

#[async_trait]
impl Post for Smtp {
    async fn send(&self, letter: &Letter) -> Result<(), Refusal> {
        let message = self.message(letter)?;
        match self.transport.send(message).await {
            Ok(_) => Ok(()),
            Err(error) if error.is_permanent() && !is_about_us(&error) => {
                Err(Refusal::Final(error.to_string()))
            }
            Err(error) => Err(Refusal::Passing(error.to_string())),
        }
    }
}

/// true for errors of our configuration, such as a wrong password: the email is fine, and the admin
/// can fix the cause.
fn is_about_us(error: &lettre::transport::smtp::Error) -> bool {
    let code = error.status().map(|code| code.to_string());
    code.is_some_and(|code| ["530", "534", "535", "538"].contains(&code.as_str()))
}
