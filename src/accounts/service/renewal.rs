//! Renewing a browser's cookies, with the detection of stolen ones.
//!
//! Each renewal replaces the secret. The one before is still taken for some seconds: several
//! requests of one browser may carry it at the same moment, and an answer may be lost on its way.
//! The next secret is made from the one before and the server's key, so that each of these gets
//! the same. Any other secret that comes for a living session is an old copy: either the owner's
//! or the thief's, so nobody keeps the session.

use super::{DeviceKind, Service, registration::viewer, sessions::ended, sign_in::hashed, tokens};
use crate::{
    accounts::{Viewer, store},
    platform::database::Tx,
    shared::{Error, Result, SessionId, Timestamp, time::now},
};
use chrono::TimeDelta;
use hmac::{Hmac, Mac};
use sha2::Sha256;

/// What a browser gets in exchange for its refresh cookie.
pub struct Renewed {
    /// Who it is.
    pub viewer: Viewer,
    /// A new access token.
    pub access: String,
    /// The new refresh cookie; none when another request renewed the session meanwhile.
    pub refresh: Option<String>,
}

impl Service {
    /// Exchanges a browser's refresh cookie.
    ///
    /// # Errors
    /// `token-invalid`, `session-ended`: both 401.
    pub async fn renew_browser(&self, cookie: &str, address: &str) -> Result<Renewed> {
        let (id, offered) = cookie.split_once('.').ok_or_else(tokens::invalid)?;
        let id: SessionId = id.parse().map_err(|_| tokens::invalid())?;
        // Most cookies that are good for nothing need no place in the write queue.
        if store::living(&self.inner.db, id, now()).await?.is_none() {
            return Err(ended());
        }
        let offered = offered.to_owned();
        let address = address.to_owned();
        let service = self.clone();
        let job = move |tx: Tx| async move { service.exchange(&tx, id, &offered, &address).await };
        // Ending the session is a change to keep, so that the job itself must not fail.
        self.inner.db.write(id.0, job).await?.ok_or_else(ended)
    }

    async fn exchange(
        &self,
        tx: &Tx,
        id: SessionId,
        offered: &str,
        address: &str,
    ) -> Result<Option<Renewed>> {
        let now = now();
        let secret = self.next_secret(id, offered)?;
        let offered = hashed(offered);
        let offered = offered.as_str();
        let Some(session) = store::living(tx, id, now).await? else {
            return Ok(None);
        };
        let account = &session.account;
        let renewed = |refresh: Option<String>| -> Result<Option<Renewed>> {
            Ok(Some(Renewed {
                viewer: viewer(id, account),
                access: self.access_token(account, id, DeviceKind::Browser, now)?,
                refresh,
            }))
        };
        if session.refresh_hash.as_deref() == Some(offered) {
            let lifetime = tokens::session_lifetime(&self.inner.accounts, DeviceKind::Browser);
            let expires_at = tokens::end(now, lifetime, account.expires_at);
            let rotated = store::rotate(tx, &session, &hashed(&secret), now, expires_at).await?;
            store::touch(tx, id, Some(address), now, now).await?;
            return renewed(rotated.then(|| format!("{id}.{secret}")));
        }
        let is_previous = session.previous_hash.as_deref() == Some(offered);
        if is_previous && self.in_grace(session.rotated_at, now) {
            return renewed(Some(format!("{id}.{secret}")));
        }
        tracing::warn!(session.id = %id, "an old refresh cookie came back; session ended");
        store::end(tx, account.profile.id, id, now).await?;
        self.publish_end(tx, id)?;
        Ok(None)
    }

    /// The secret that follows one: nobody without the key can tell it.
    fn next_secret(&self, id: SessionId, before: &str) -> Result<String> {
        let mut mac =
            Hmac::<Sha256>::new_from_slice(self.inner.key.bytes()).map_err(Error::internal)?;
        mac.update(b"next refresh secret");
        mac.update(id.0.as_bytes());
        mac.update(before.as_bytes());
        Ok(hashed(mac.finalize().into_bytes()))
    }

    fn in_grace(&self, rotated_at: Option<Timestamp>, now: Timestamp) -> bool {
        let grace = TimeDelta::seconds(self.inner.accounts.refresh_grace_seconds.into());
        rotated_at.is_some_and(|rotated_at| now < rotated_at + grace)
    }
}
