//! Sessions: opened by a sign-in, checked by each request, listed and ended by their owner.

use super::{
    Device, DeviceKind, Service,
    admin::suspended,
    secrets::{hashed, secret},
    sign_in::{invalid_credentials, leaving},
    tokens::{self, Claims, Use},
};
use crate::{
    accounts::{
        Account, AccountKind, SessionEnded, SessionInfo, Viewer,
        rules::device,
        store::{self, LivingSession, Session},
    },
    platform::database::Tx,
    realtime::{Scope, Topic, bus::Published},
    shared::{AccountId, Error, Kind, Result, SessionId, Timestamp, time::now},
};
use chrono::{SubsecRound, TimeDelta};
use futures::FutureExt;

/// The last use of a session is stored at most this often.
const NOTED_EVERY: TimeDelta = TimeDelta::minutes(1);

/// A new session with its tokens.
pub struct SignedIn {
    /// The account that signed in.
    pub account: Account,
    /// The account with this session.
    pub viewer: Viewer,
    /// Access token for requests.
    pub access: String,
    /// Refresh token: a JWT for programs, `<session>.<secret>.<tag>` for browsers.
    pub refresh: String,
}

impl Service {
    /// Opens a session for an authenticated account.
    ///
    /// # Errors
    /// `account-suspended`, `account-leaving`; `invalid-credentials` if the password has changed
    /// since the check.
    pub async fn open_session(&self, account: Account, device: &Device) -> Result<SignedIn> {
        let now = now();
        let id = SessionId::new();
        let lifetime = tokens::session_lifetime(&self.inner.accounts, device.kind);
        let expires_at = tokens::end(now, lifetime, account.expires_at);
        let (refresh, refresh_hash) =
            self.refresh_secret(&account, id, device.kind, now, expires_at)?;
        let access = self.access_token(&account, id, device.kind, now)?;
        let session = Session {
            id,
            account_id: account.profile.id,
            browser: device.kind == DeviceKind::Browser,
            refresh_hash,
            previous_hash: None,
            rotated_at: None,
            user_agent: device.user_agent.clone(),
            address: device.address.clone(),
            created_at: now,
            last_used_at: now,
            expires_at,
            ended_at: None,
            tokens_since: None,
        };
        let account_version = account.password_version;
        let job = move |tx: Tx| async move {
            // The password may have changed since it was checked.
            let (id, version) = (session.account_id, account_version);
            if !store::has_password_version(&tx, id, version).await? {
                return Err(invalid_credentials());
            }
            // The owner may have requested the deletion on another device since then.
            if let Some(departure) = store::departure(&tx, session.account_id).await? {
                return Err(leaving(&departure));
            }
            // Checked in the transaction, so that no session opens beside a parallel suspension.
            if store::is_suspended(&tx, session.account_id).await? {
                return Err(suspended());
            }
            store::insert_session(&tx, session).await
        };
        self.inner.db.write(id.0, job).await?;
        self.signed_in_from(account.profile.id, &device.address)
            .await;
        Ok(SignedIn {
            viewer: viewer(id, &account),
            account,
            access,
            refresh,
        })
    }

    /// Gives a session new secrets, so that copies of the old ones stop working. Its sockets stay
    /// open.
    pub(super) async fn reissue(&self, tx: &Tx, id: SessionId) -> Result<SignedIn> {
        let now = now();
        let LivingSession { session, account } =
            store::living(tx, id, now).await?.ok_or_else(ended)?;
        // Tokens have whole seconds: those issued in the current second count as old, the new ones
        // do not.
        let since = now.trunc_subsecs(0) + TimeDelta::seconds(1);
        let kind = if session.browser {
            DeviceKind::Browser
        } else {
            DeviceKind::Program
        };
        let lifetime = tokens::session_lifetime(&self.inner.accounts, kind);
        let expires_at = tokens::end(now, lifetime, account.expires_at);
        let (refresh, refresh_hash) = self.refresh_secret(&account, id, kind, since, expires_at)?;
        let access = self.access_token(&account, id, kind, since)?;
        store::reissue(tx, id, refresh_hash, since, expires_at).await?;
        Ok(SignedIn {
            viewer: viewer(id, &account),
            account,
            access,
            refresh,
        })
    }

    /// Creates a device's refresh secret. Also returns its hash for browsers, which is stored.
    fn refresh_secret(
        &self,
        account: &Account,
        id: SessionId,
        kind: DeviceKind,
        now: Timestamp,
        expires_at: Timestamp,
    ) -> Result<(String, Option<String>)> {
        match kind {
            DeviceKind::Browser => {
                let secret = secret();
                let cookie = self.refresh_cookie(id, &secret)?;
                Ok((cookie, Some(hashed(&secret))))
            }
            DeviceKind::Program => {
                let claims = Claims {
                    sub: account.profile.id,
                    sid: id,
                    typ: Use::Refresh,
                    iat: now.timestamp(),
                    exp: expires_at.timestamp(),
                };
                Ok((self.inner.tokens.sign(&claims)?, None))
            }
        }
    }

    pub(super) fn access_token(
        &self,
        account: &Account,
        session: SessionId,
        kind: DeviceKind,
        now: Timestamp,
    ) -> Result<String> {
        let lifetime = tokens::access_lifetime(&self.inner.accounts, kind);
        let end = tokens::end(now, lifetime, account.expires_at);
        self.inner.tokens.sign(&Claims {
            sub: account.profile.id,
            sid: session,
            typ: Use::Access,
            iat: now.timestamp(),
            exp: end.timestamp(),
        })
    }

    /// Returns the viewer of an access token.
    ///
    /// # Errors
    /// `token-invalid`, `token-expired`, `session-ended`, `account-gone`: all 401.
    pub async fn viewer_of_access_token(&self, token: &str) -> Result<Viewer> {
        self.viewer_of(token, None).await
    }

    /// Like [`Self::viewer_of_access_token`]; also stores the address of the use.
    pub(in crate::accounts) async fn viewer_of(
        &self,
        token: &str,
        address: Option<&str>,
    ) -> Result<Viewer> {
        let living = self.living(token, Use::Access, address).await?;
        Ok(viewer(living.session.id, &living.account))
    }

    /// Returns when the viewer's session expires, unless it is renewed or ended before. For
    /// long-lived connections.
    ///
    /// # Errors
    /// `session-ended`.
    pub async fn lives_until(&self, viewer: &Viewer) -> Result<Timestamp> {
        let living = store::living(&self.inner.db, viewer.session, now()).await?;
        let LivingSession { session, account } = living.ok_or_else(ended)?;
        let account_end = account.expires_at;
        Ok(account_end.map_or(session.expires_at, |end| end.min(session.expires_at)))
    }

    /// Returns a new access token for a program. Its refresh token stays the same.
    pub async fn refresh_program(&self, token: &str, address: &str) -> Result<String> {
        let LivingSession { session, account } =
            self.living(token, Use::Refresh, Some(address)).await?;
        self.access_token(&account, session.id, DeviceKind::Program, now())
    }

    async fn living(
        &self,
        token: &str,
        good_for: Use,
        address: Option<&str>,
    ) -> Result<LivingSession> {
        let claims = self.inner.tokens.read(token, good_for)?;
        let now = now();
        let session = store::living(&self.inner.db, claims.sid, now).await?;
        match session {
            Some(living) if living.account.profile.id == claims.sub => {
                let since = living.session.tokens_since;
                if since.is_some_and(|since| claims.iat < since.timestamp()) {
                    return Err(tokens::invalid());
                }
                self.note_use(&living.session, address, now);
                Ok(living)
            }
            Some(_) => Err(tokens::invalid()),
            None if self.is_there(claims.sub).await? => Err(ended()),
            None => Err(Error::new(
                Kind::Unauthenticated,
                "account-gone",
                "User not found",
            )),
        }
    }

    async fn is_there(&self, account: AccountId) -> Result<bool> {
        let account = self.account(account).await?;
        Ok(account.is_some_and(|account| account.profile.kind != AccountKind::Deleted))
    }

    /// Stores when and where a session was last used.
    fn note_use(&self, session: &Session, address: Option<&str>, now: Timestamp) {
        let before = now - NOTED_EVERY;
        if session.last_used_at >= before {
            return;
        }
        let id = session.id;
        let address = address.map(ToOwned::to_owned);
        let job = move |tx: Tx| async move {
            store::touch(&tx, id, address.as_deref(), now, before).await
        };
        // The first poll queues the job; the request does not wait for its commit.
        drop(self.inner.db.write(id.0, job).now_or_never());
    }

    /// Returns the viewer's active sessions, last used first.
    pub async fn sessions(&self, viewer: &Viewer) -> Result<Vec<SessionInfo>> {
        let Some(account) = self.account(viewer.account).await? else {
            return Err(Error::unauthenticated());
        };
        let sessions = store::list(&self.inner.db, account.profile.id, now()).await?;
        let info = |session: Session| SessionInfo {
            id: session.id,
            current: session.id == viewer.session,
            browser: session.browser,
            device: device::name(&session.user_agent),
            user_agent: session.user_agent,
            address: session.address,
            created_at: session.created_at,
            last_used_at: session.last_used_at,
        };
        Ok(sessions.into_iter().map(info).collect())
    }

    /// Ends one of the viewer's sessions; its sockets close.
    ///
    /// # Errors
    /// `not-found` unless it is an active session of the viewer.
    pub async fn end_session(&self, viewer: &Viewer, id: SessionId) -> Result<()> {
        let owner = viewer.account;
        let service = self.clone();
        let job = move |tx: Tx| async move {
            if !store::end(&tx, owner, id, now()).await? {
                return Err(Error::not_found());
            }
            service.publish_end(&tx, id)
        };
        self.inner.db.write(id.0, job).await
    }

    /// Ends all of the viewer's other sessions. Returns their number.
    pub async fn end_all_other_sessions(&self, viewer: &Viewer) -> Result<u64> {
        let (owner, keep) = (viewer.account, viewer.session);
        let service = self.clone();
        let job = move |tx: Tx| async move { service.end_all(&tx, owner, Some(keep)).await };
        self.inner.db.write(owner.0, job).await
    }

    /// Ends all sessions of an account except `keep`. Returns their number.
    pub(super) async fn end_all(
        &self,
        tx: &Tx,
        owner: AccountId,
        keep: Option<SessionId>,
    ) -> Result<u64> {
        let ended = store::end_others(tx, owner, keep, now()).await?;
        for id in &ended {
            self.publish_end(tx, *id)?;
        }
        Ok(ended.len() as u64)
    }

    /// Ends the viewer's current session.
    pub async fn sign_out(&self, viewer: &Viewer) -> Result<()> {
        match self.end_session(viewer, viewer.session).await {
            // Two tabs signed out at the same moment.
            Err(error) if error.kind == Kind::NotFound => Ok(()),
            other => other,
        }
    }

    /// Publishes the end of a session to its sockets, after the commit.
    pub(super) fn publish_end(&self, tx: &Tx, id: SessionId) -> Result<()> {
        let topic = Topic::new(Scope::Session, id.0);
        let event = Published::new(topic, 0, 0, &SessionEnded { session: id })?;
        self.inner.bus.publish_after(tx, vec![event]);
        Ok(())
    }

    /// Signs a token with any content, for tests of refused tokens.
    #[cfg(test)]
    pub(in crate::accounts) fn forge(&self, claims: &Claims) -> String {
        self.inner.tokens.sign(claims).unwrap()
    }
}

pub(super) fn ended() -> Error {
    Error::new(
        Kind::Unauthenticated,
        "session-ended",
        "Session ended; sign in again",
    )
}

/// Returns the viewer of an account and a session.
pub(super) fn viewer(session: SessionId, account: &Account) -> Viewer {
    let profile = &account.profile;
    Viewer {
        account: profile.id,
        session,
        username: profile.username.clone(),
        display_name: profile.display_name.clone(),
        kind: profile.kind,
        admin: account.admin,
        avatar: profile.avatar.clone(),
        preferences: account.preferences.clone(),
        rev: account.rev,
    }
}
