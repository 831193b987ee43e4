//! Renewal of a browser's cookies, and detection of stolen ones.
//!
//! Each renewal replaces the secret. The previous one is still accepted for some seconds, since
//! parallel requests of a browser may carry it, and a response may be lost. The next secret is
//! derived from the previous one and the server's key, so all of these requests get the same one.
//!
//! A cookie is `<session>.<secret>.<tag>`. The tag is a MAC of the first two under the server's
//! key: it proves that the server issued this secret for this session. An older secret with its tag
//! was copied, by the owner or by a thief, so the session ends. Anything else was made up by
//! an attacker who knows only the session's id: it is refused, and changes nothing. Cookies from
//! before tags existed are accepted while their secret is the current one (the next cookie has a
//! tag), and refused after that.

use super::{
    DeviceKind, Service,
    secrets::hashed,
    sessions::{ended, viewer},
    tokens,
};
use crate::{
    accounts::{
        Viewer,
        store::{self, LivingSession, Session},
    },
    platform::database::Tx,
    shared::{Error, Result, SessionId, Timestamp, time::now},
};
use chrono::TimeDelta;
use hmac::{Hmac, Mac};
use sha2::Sha256;

/// Result of exchanging a refresh cookie.
pub struct Renewed {
    /// The signed-in viewer.
    pub viewer: Viewer,
    /// New access token.
    pub access: String,
    /// New refresh cookie. None: another request renewed the session at the same time.
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
        let (secret, tag) = offered.split_once('.').unwrap_or((offered, ""));
        let issued = self.is_issued(id, secret, tag)?;
        // Forged cookies are refused before they reach the write queue.
        let living = store::living(&self.inner.db, id, now()).await?;
        let living = living.ok_or_else(ended)?;
        if !issued && !is_kept(&living.session, &hashed(secret)) {
            return Err(tokens::invalid());
        }
        let offered = secret.to_owned();
        let address = address.to_owned();
        let service = self.clone();
        let job = move |tx: Tx| async move {
            let offered = (offered.as_str(), issued);
            service.exchange(&tx, id, offered, &address).await
        };
        // The job must not fail, or ending the session would be rolled back.
        self.inner.db.write(id.0, job).await?.ok_or_else(ended)
    }

    async fn exchange(
        &self,
        tx: &Tx,
        id: SessionId,
        (offered, issued): (&str, bool),
        address: &str,
    ) -> Result<Option<Renewed>> {
        let now = now();
        let secret = self.next_secret(id, offered)?;
        let offered = hashed(offered);
        let offered = offered.as_str();
        let Some(LivingSession { session, account }) = store::living(tx, id, now).await? else {
            return Ok(None);
        };
        let renewed = |refresh: Option<String>| -> Result<Option<Renewed>> {
            Ok(Some(Renewed {
                viewer: viewer(id, &account),
                access: self.access_token(&account, id, DeviceKind::Browser, now)?,
                refresh,
            }))
        };
        if session.refresh_hash.as_deref() == Some(offered) {
            let lifetime = tokens::session_lifetime(&self.inner.accounts, DeviceKind::Browser);
            let expires_at = tokens::end(now, lifetime, account.expires_at);
            let rotated = store::rotate(tx, &session, &hashed(&secret), now, expires_at).await?;
            store::touch(tx, id, Some(address), now, now).await?;
            let next = self.refresh_cookie(id, &secret)?;
            return renewed(rotated.then_some(next));
        }
        let is_previous = session.previous_hash.as_deref() == Some(offered);
        if is_previous && self.in_grace(session.rotated_at, now) {
            return renewed(Some(self.refresh_cookie(id, &secret)?));
        }
        if !issued {
            return Ok(None);
        }
        let account_id = account.profile.id;
        tracing::warn!(account.id = %account_id, "old refresh cookie reused; session ended");
        store::end(tx, account.profile.id, id, now).await?;
        self.publish_end(tx, id)?;
        Ok(None)
    }

    /// Derives the next secret; only possible with the server's key.
    fn next_secret(&self, id: SessionId, before: &str) -> Result<String> {
        let mac = self.refresh_mac(b"next refresh secret", id, before)?;
        Ok(hashed(mac.finalize().into_bytes()))
    }

    /// Returns the cookie's value for a secret.
    pub(super) fn refresh_cookie(&self, id: SessionId, secret: &str) -> Result<String> {
        let tag = self.refresh_mac(b"issued refresh secret", id, secret)?;
        let tag = tag.finalize().into_bytes();
        Ok(format!("{id}.{secret}.{tag:x}"))
    }

    /// true if the server issued this secret for this session. Compares in constant time.
    fn is_issued(&self, id: SessionId, secret: &str, tag: &str) -> Result<bool> {
        let mac = self.refresh_mac(b"issued refresh secret", id, secret)?;
        Ok(from_hex(tag).is_some_and(|tag| mac.verify_slice(&tag).is_ok()))
    }

    fn refresh_mac(&self, what: &[u8], id: SessionId, secret: &str) -> Result<Hmac<Sha256>> {
        let mut mac =
            Hmac::<Sha256>::new_from_slice(self.inner.key.bytes()).map_err(Error::internal)?;
        mac.update(what);
        mac.update(id.0.as_bytes());
        mac.update(secret.as_bytes());
        Ok(mac)
    }

    fn in_grace(&self, rotated_at: Option<Timestamp>, now: Timestamp) -> bool {
        let grace = TimeDelta::seconds(self.inner.accounts.refresh_grace_seconds.into());
        // Absolute value, so that a clock set back does not extend the grace period.
        rotated_at.is_some_and(|rotated_at| (now - rotated_at).abs() < grace)
    }
}

/// true if this is the hash of the session's current or previous secret.
fn is_kept(session: &Session, hash: &str) -> bool {
    let kept = [&session.refresh_hash, &session.previous_hash];
    kept.into_iter().any(|kept| kept.as_deref() == Some(hash))
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    if !text.is_ascii() || text.len() != 64 {
        return None;
    }
    let bytes = text.as_bytes().chunks(2);
    bytes
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
        .collect()
}
