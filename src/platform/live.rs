//! Settings that can change while the server runs: the configuration overlaid with what admins have
//! changed. Services read them each time.

use super::{
    config::{Config, MailSecurity},
    lease::Rate,
};
use crate::shared::instance::{Settings, SignUpPolicy};
use std::{sync::Arc, time::Duration};
use tokio::sync::watch;

/// The current settings. Clones see the same changes.
#[derive(Clone)]
pub struct Live {
    file: Arc<Settings>,
    now: Arc<watch::Sender<Arc<Settings>>>,
    mail: bool,
}

impl Live {
    /// Starts with the settings of the configuration.
    pub fn of(config: &Config) -> Self {
        let file = Arc::new(config.settings());
        Self {
            now: Arc::new(watch::Sender::new(Arc::clone(&file))),
            file,
            mail: config.mail.security != MailSecurity::Off,
        }
    }

    /// Returns the settings of the configuration.
    pub fn file(&self) -> &Settings {
        &self.file
    }

    /// Returns the current settings.
    pub fn now(&self) -> Arc<Settings> {
        Arc::clone(&self.now.borrow())
    }

    /// Replaces the settings for all services.
    pub fn replace(&self, settings: Settings) {
        self.now.send_replace(Arc::new(settings));
    }

    /// Returns a receiver that is notified when the settings change.
    pub fn changes(&self) -> watch::Receiver<Arc<Settings>> {
        self.now.subscribe()
    }

    /// Rate limit for the messages of a member.
    pub fn message_rate(&self) -> Rate {
        let now = self.now();
        Rate {
            count: now.message_count,
            window: Duration::from_secs(now.message_seconds.into()),
        }
    }

    /// true if this instance can send emails.
    pub const fn sends_mail(&self) -> bool {
        self.mail
    }

    /// What visitors see before they sign up.
    pub fn sign_up_policy(&self) -> SignUpPolicy {
        let now = self.now();
        SignUpPolicy {
            name: now.name.clone(),
            description: now.description.clone(),
            registration: now.registration,
            mail: self.mail,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_hears_of_a_change() {
        let live = Live::of(&Config::default());
        let elsewhere = live.clone();
        let changes = elsewhere.changes();
        let before = live.now();
        assert_eq!(*before, *live.file());
        live.replace(Settings {
            message_count: 3,
            ..(*before).clone()
        });
        assert_eq!(elsewhere.now().message_count, 3);
        assert_eq!(elsewhere.message_rate().count, 3);
        assert!(changes.has_changed().unwrap());
        assert_eq!(live.file().message_count, before.message_count);
    }
}
