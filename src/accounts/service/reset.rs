//! Password reset by a link that works once: created by an admin, or sent by email.

use super::{
    Service,
    admin::not_a_person,
    network,
    secrets::{hashed, secret},
};
use crate::{
    accounts::{Account, AccountKind, Profile, rules, store},
    audit::{self, Act, Record},
    mail::{self, letter},
    platform::{database::Tx, smtp::Letter},
    shared::{AccountId, Error, Kind, Result, time::now},
    ui::{Language, t_in},
};
use chrono::TimeDelta;
use futures::FutureExt;
use uuid::Uuid;

/// Lifetime of a link.
const GOOD_FOR: TimeDelta = TimeDelta::hours(24);
/// Kind of the email with a link.
const LETTER: &str = "accounts.reset";

impl Service {
    /// Creates a reset link for a member; an earlier one stops working. Returns its secret, which
    /// is not stored.
    ///
    /// # Errors
    /// `not-found`; `not-a-person` for guests and bots.
    pub(in crate::accounts) async fn make_reset(tx: &Tx, id: AccountId) -> Result<String> {
        let account = store::by_id(tx, id).await?.ok_or_else(Error::not_found)?;
        if account.profile.kind != AccountKind::Person {
            return Err(not_a_person());
        }
        let token = secret();
        store::set_reset(tx, id, hashed(&token), now() + GOOD_FOR).await?;
        Ok(token)
    }

    /// Like [`Self::make_reset`], for an admin: emails the account's owner.
    pub async fn make_reset_for(&self, tx: &Tx, id: AccountId) -> Result<String> {
        let token = Self::make_reset(tx, id).await?;
        self.tell_reset_made(tx, id).await?;
        Ok(token)
    }

    /// Returns the path of a link's page.
    pub fn reset_path(token: &str) -> String {
        format!("/reset/{token}")
    }

    /// Returns the full link. None: the instance's public address is not configured.
    pub fn reset_link(&self, token: &str) -> Option<String> {
        let url = self.inner.server.public_url.trim_end_matches('/');
        (!url.is_empty()).then(|| format!("{url}{}", Self::reset_path(token)))
    }

    /// Returns the owner of a link.
    ///
    /// # Errors
    /// `reset-over` if it was used, has expired or never existed.
    pub async fn reset_owner(&self, token: &str) -> Result<Profile> {
        let hash = hashed(token);
        let owner = store::reset_owner(&self.inner.db, &hash, now()).await?;
        self.profile_by_id(owner.ok_or_else(over)?).await
    }

    /// Uses a link: sets the password and ends all sessions.
    ///
    /// # Errors
    /// `reset-over`, `too-many-attempts`, the errors of [`rules`] for passwords.
    pub async fn reset_password(&self, token: &str, password: &str, address: &str) -> Result<()> {
        let rate = self.inner.limits.reset_address.rate();
        self.limit("reset.use", &network(address), rate).await?;
        // Before the expensive hashing.
        let owner = self.reset_owner(token).await?;
        rules::password(password)?;
        let about = [owner.username.as_str(), owner.display_name.as_str()];
        self.refuse_common(password, &about).await?;
        let password_hash = self.hash_password(password).await?;
        let hash = hashed(token);
        let service = self.clone();
        let job = move |tx: Tx| async move {
            let owner = store::reset_owner(&tx, &hash, now()).await?;
            let owner = owner.ok_or_else(over)?;
            if !store::take_reset(&tx, &hash).await? {
                return Err(over());
            }
            service
                .store_password(&tx, owner, &password_hash, None)
                .await?;
            let record = Record {
                actor: Some(owner),
                act: Act::PasswordReset,
                subject: Some(owner),
                detail: String::new(),
            };
            audit::Service::record(&tx, record).await
        };
        self.inner.db.write(Uuid::nil(), job).await?;
        self.vouch(owner.id, address).await;
        Ok(())
    }

    /// Emails a link to the member with this address. The response and its time are the same if
    /// there is none.
    ///
    /// # Errors
    /// `mail-off`, `email-invalid`, `too-many-attempts`.
    pub async fn request_reset(&self, email: &str, address: &str) -> Result<()> {
        if !self.inner.mail.is_on() {
            return Err(Error::bad_request(
                "mail-off",
                "Email is not set up; ask an admin for a link",
            ));
        }
        let key = rules::email_key(&rules::email(email)?);
        let limits = &self.inner.limits;
        self.limit(
            "reset.address",
            &network(address),
            limits.reset_address.rate(),
        )
        .await?;
        self.limit("reset.account", &hashed(&key), limits.reset_account.rate())
            .await?;
        let mail = self.inner.mail.clone();
        let job = move |tx: Tx| async move {
            match store::by_email(&tx, &key).await? {
                Some(found) if may_reset(&found.account) => {
                    mail.enqueue(&tx, LETTER, found.account.profile.id).await
                }
                _ => Ok(()),
            }
        };
        // The first poll queues the job; not waiting for it keeps response and time the same
        // whether the account exists or not.
        drop(self.inner.db.write(Uuid::nil(), job).now_or_never());
        Ok(())
    }

    /// Invalidates the account's link, and cancels emails with a link that were requested before.
    pub(super) async fn end_reset(tx: &Tx, id: AccountId) -> Result<()> {
        store::remove_reset(tx, id).await?;
        mail::Service::cancel(tx, LETTER, id).await
    }

    /// Registers the writer of emails with links.
    pub(super) fn write_reset_letters(&self) {
        let service = self.clone();
        self.inner.mail.on_kind(LETTER, move |account| {
            let service = service.clone();
            async move { service.reset_letter(account).await }.boxed()
        });
    }

    async fn reset_letter(&self, id: AccountId) -> Result<Option<Letter>> {
        let Some(account) = self.account(id).await?.filter(may_reset) else {
            return Ok(None);
        };
        let Some(to) = account.email else {
            return Ok(None);
        };
        let job = move |tx: Tx| async move {
            // The request may have been canceled by now.
            if !mail::Service::waits(&tx, LETTER, id).await? {
                return Ok(None);
            }
            Self::make_reset(&tx, id).await.map(Some)
        };
        let token = self.inner.db.write(Uuid::nil(), job).await?;
        let Some(link) = token.and_then(|token| self.reset_link(&token)) else {
            return Ok(None);
        };
        let settings = self.inner.live.now();
        let language = Language::parse(&settings.language).unwrap_or_default();
        let values = [
            ("name", account.profile.display_name.as_str().into()),
            ("instance", settings.name.as_str().into()),
        ];
        let text = |key| t_in(language, key, &values);
        Ok(Some(letter(
            to,
            text("mail-reset-subject"),
            language.tag(),
            &[text("mail-hello"), text("mail-reset-text")],
            (&text("mail-reset-link"), &link),
            &[text("mail-reset-once"), text("mail-reset-ignore")],
        )))
    }
}

/// true if this account can sign in with a new password.
pub(super) fn may_reset(account: &Account) -> bool {
    account.profile.kind == AccountKind::Person && account.suspended_at.is_none()
}

fn over() -> Error {
    Error::new(
        Kind::NotFound,
        "reset-over",
        "This link is used or expired; request a new one",
    )
}
