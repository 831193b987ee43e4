//! Passwords: their strength, their change, and the proof that the viewer knows theirs.

use super::{Service, SignedIn, network};
use crate::{
    accounts::{Strength, Viewer, rules, store},
    platform::{compute::compute, database::Tx, tasks::blocking},
    shared::{AccountId, Error, Kind, Result, SessionId},
};

/// Most characters that zxcvbn reads: its cost grows faster than their number.
const MEASURED: usize = 100;

/// Proof that the viewer entered the password, valid for one password version.
#[derive(Clone, Copy, Debug)]
pub struct Proof {
    pub(super) account: AccountId,
    version: i64,
}

impl Proof {
    /// Checks that the password has not changed since the proof. Call it in the transaction that
    /// the proof is for.
    ///
    /// # Errors
    /// `password-wrong`.
    pub async fn still_holds(self, tx: &Tx) -> Result<()> {
        if store::has_password_version(tx, self.account, self.version).await? {
            Ok(())
        } else {
            Err(wrong())
        }
    }
}

fn wrong() -> Error {
    Error::new(Kind::Forbidden, "password-wrong", "Wrong password")
}

impl Service {
    /// Estimates the strength of a password.
    ///
    /// # Errors
    /// `too-many-attempts`.
    pub async fn strength(&self, password: &str, address: &str) -> Result<Strength> {
        let rate = self.inner.limits.commands.rate();
        self.limit("strength", &network(address), rate).await?;
        let password: String = password.chars().take(MEASURED).collect();
        let score = compute(move || u8::from(zxcvbn::zxcvbn(&password, &[]).score())).await?;
        Ok(Strength { score })
    }

    /// Refuses a password that guessing programs try among their first million: a common one, or
    /// one made of data `about` its owner.
    ///
    /// # Errors
    /// `password-common`.
    pub(super) async fn refuse_common(&self, password: &str, about: &[&str]) -> Result<()> {
        let password: String = password.chars().take(MEASURED).collect();
        let about: Vec<String> = about.iter().map(|text| (*text).to_owned()).collect();
        let score = blocking(move || {
            let about: Vec<&str> = about.iter().map(String::as_str).collect();
            zxcvbn::zxcvbn(&password, &about).score()
        });
        if score.await? < zxcvbn::Score::Two {
            return Err(Error::bad_request(
                "password-common",
                "This password is easy to guess; choose a longer or less common one",
            ));
        }
        Ok(())
    }

    /// Changes the viewer's password. Their other sessions end; the current one gets new tokens.
    ///
    /// # Errors
    /// `password-too-short`, `password-too-long`, `password-common`, and the errors of
    /// [`Self::prove`].
    pub async fn change_password(
        &self,
        viewer: &Viewer,
        current: &str,
        new: &str,
        address: &str,
    ) -> Result<SignedIn> {
        rules::password(new)?;
        let proof = self.prove(viewer, current, address).await?;
        let about = [viewer.username.as_str(), viewer.display_name.as_str()];
        self.refuse_common(new, &about).await?;
        let hash = self.hash_password(new).await?;
        let (account, session) = (viewer.account, viewer.session);
        let service = self.clone();
        let job = move |tx: Tx| async move {
            proof.still_holds(&tx).await?;
            service
                .store_password(&tx, account, &hash, Some(session))
                .await?;
            service.reissue(&tx, session).await
        };
        self.inner.db.write(account.0, job).await
    }

    /// Sets an account's password without asking for the old one; the caller checks the permission.
    /// Ends all sessions except `keep`.
    ///
    /// # Errors
    /// `password-too-short`, `password-too-long`; `not-found` if the account is not a member's.
    pub async fn set_password(
        &self,
        account: AccountId,
        password: &str,
        keep: Option<SessionId>,
    ) -> Result<()> {
        let hash = self.hash_password(password).await?;
        let service = self.clone();
        let job =
            move |tx: Tx| async move { service.store_password(&tx, account, &hash, keep).await };
        self.inner.db.write(account.0, job).await
    }

    /// Hashes a password of valid length for [`Self::store_password`], since hashing must happen
    /// outside of the transaction.
    ///
    /// # Errors
    /// `password-too-short`, `password-too-long`.
    pub(super) async fn hash_password(&self, password: &str) -> Result<String> {
        rules::password(password)?;
        self.inner.passwords.hash(password).await
    }

    /// Sets an account's password in a transaction and ends all sessions except `keep`.
    ///
    /// # Errors
    /// `not-found` if the account is not a member's.
    pub(super) async fn store_password(
        &self,
        tx: &Tx,
        account: AccountId,
        password_hash: &str,
        keep: Option<SessionId>,
    ) -> Result<()> {
        store::set_password(tx, account, password_hash).await?;
        // Ends sign-ins that started with the old password, and a reset link meant to replace it.
        store::remove_challenges(tx, account).await?;
        Self::end_reset(tx, account).await?;
        self.end_all(tx, account, keep).await?;
        Ok(())
    }

    /// Checks the viewer's password, before actions that must stay safe if a member leaves their
    /// screen unlocked. Failures are limited per account and network, and per session: an attacker
    /// with a stolen session has only that one, so they get 50 guesses a day, and the owner's other
    /// devices are not affected.
    ///
    /// # Errors
    /// `password-wrong`, `no-password` for guests and bots, `too-many-attempts`,
    /// `too-many-guesses`.
    pub async fn prove(&self, viewer: &Viewer, password: &str, address: &str) -> Result<Proof> {
        let account = viewer.account;
        let found = store::password_hash(&self.inner.db, account).await?;
        let Some((hash, version)) = found else {
            return Err(Error::new(
                Kind::Forbidden,
                "no-password",
                "This account has no password",
            ));
        };
        let who = format!("{account} {}", network(address));
        let rate = self.inner.limits.sign_in_account.rate();
        let check = async {
            if self.inner.passwords.verify(password, Some(hash)).await? {
                return Ok(Proof { account, version });
            }
            Err(wrong())
        };
        let session = viewer.session.to_string();
        let guess = self.guess("prove", &session, check);
        self.attempt("prove", &who, rate, guess).await
    }

    /// Number of password hashes computed.
    #[cfg(test)]
    pub(in crate::accounts) fn hashes_computed(&self) -> u64 {
        self.inner.passwords.computed()
    }
}
