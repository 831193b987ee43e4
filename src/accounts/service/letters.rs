//! Emails to members whose sign-in settings an admin changed.

use super::{Service, reset::may_reset};
use crate::{
    mail::letter,
    platform::{database::Tx, smtp::Letter},
    shared::{AccountId, Result},
    ui::{Language, t_in},
};
use futures::FutureExt;

const FACTOR_REMOVED: &str = "accounts.factor_removed";
const RESET_MADE: &str = "accounts.reset_made";

impl Service {
    pub(super) async fn tell_factor_removed(&self, tx: &Tx, id: AccountId) -> Result<()> {
        self.inner.mail.enqueue(tx, FACTOR_REMOVED, id).await
    }

    pub(super) async fn tell_reset_made(&self, tx: &Tx, id: AccountId) -> Result<()> {
        self.inner.mail.enqueue(tx, RESET_MADE, id).await
    }

    /// Registers the writers of these emails.
    pub(super) fn write_security_letters(&self) {
        for (kind, subject, text) in [
            (
                FACTOR_REMOVED,
                "mail-factor-removed-subject",
                "mail-factor-removed-text",
            ),
            (
                RESET_MADE,
                "mail-reset-made-subject",
                "mail-reset-made-text",
            ),
        ] {
            let service = self.clone();
            self.inner.mail.on_kind(kind, move |account| {
                let service = service.clone();
                async move { service.security_letter(account, subject, text).await }.boxed()
            });
        }
    }

    async fn security_letter(
        &self,
        id: AccountId,
        subject: &'static str,
        text: &'static str,
    ) -> Result<Option<Letter>> {
        let Some(account) = self.account(id).await?.filter(may_reset) else {
            return Ok(None);
        };
        let Some(to) = account.email else {
            return Ok(None);
        };
        let url = self.inner.server.public_url.trim_end_matches('/');
        let link = format!("{url}/settings/security");
        let settings = self.inner.live.now();
        let language = Language::parse(&settings.language).unwrap_or_default();
        let values = [
            ("name", account.profile.display_name.as_str().into()),
            ("instance", settings.name.as_str().into()),
        ];
        let text_of = |key| t_in(language, key, &values);
        Ok(Some(letter(
            to,
            text_of(subject),
            language.tag(),
            &[text_of("mail-hello"), text_of(text)],
            (&text_of("mail-security-link"), &link),
            &[text_of("mail-security-not-you")],
        )))
    }
}
