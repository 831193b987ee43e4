//! Settings that change while the server runs: those of the configuration, with what operators
//! have changed laid over them. Whoever needs one asks for it each time.

use super::{
    config::{Config, MailSecurity},
    lease::Rate,
};
use crate::shared::instance::{Door, Registration, Settings};
use std::{sync::Arc, time::Duration};
use tokio::sync::watch;

/// The settings as they are now; a clone hears of the same changes.
#[derive(Clone)]
pub struct Live {
    file: Arc<Settings>,
    now: Arc<watch::Sender<Arc<Settings>>>,
    mail: bool,
}

impl Live {
    /// The settings of the configuration.
    pub fn of(config: &Config) -> Self {
        let instance = &config.instance;
        let messages = config.limits.messages;
        let file = Arc::new(Settings {
            name: instance.name.clone(),
            description: instance.description.clone(),
            registration: if config.accounts.registration {
                Registration::Open
            } else {
                Registration::Closed
            },
            // A secret; it is never in the file.
            invite_code: String::new(),
            guests: config.accounts.guests,
            message_count: messages.count,
            message_seconds: messages.seconds,
            message_length: config.limits.message_length,
            language: instance.language.clone(),
        });
        Self {
            now: Arc::new(watch::Sender::new(Arc::clone(&file))),
            file,
            mail: config.mail.security != MailSecurity::Off,
        }
    }

    /// What the configuration says.
    pub fn file(&self) -> &Settings {
        &self.file
    }

    /// What holds now.
    pub fn now(&self) -> Arc<Settings> {
        Arc::clone(&self.now.borrow())
    }

    /// Has everybody go on with other settings.
    pub fn replace(&self, settings: Settings) {
        self.now.send_replace(Arc::new(settings));
    }

    /// Tells when the settings have changed.
    pub fn changes(&self) -> watch::Receiver<Arc<Settings>> {
        self.now.subscribe()
    }

    /// How often a person may write.
    pub fn message_rate(&self) -> Rate {
        let now = self.now();
        Rate {
            count: now.message_count,
            window: Duration::from_secs(now.message_seconds.into()),
        }
    }

    /// Can this instance send letters?
    pub const fn sends_mail(&self) -> bool {
        self.mail
    }

    /// What somebody at the door may know.
    pub fn door(&self) -> Door {
        let now = self.now();
        Door {
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
