//! Password hashing with argon2id, on blocking threads, a few at a time.

use super::{Service, SignedIn, network};
use crate::shared::sync::lock;
use crate::{
    accounts::{Strength, Viewer, rules, store},
    platform::{
        compute::{Pool, compute},
        database::Tx,
        secrets::random_bytes,
        tasks::blocking,
    },
    shared::{AccountId, Error, Kind, Result, SessionId},
};
use argon2::{
    Algorithm, Argon2, Block, Params, PasswordHash, Version,
    password_hash::{self, Output, ParamsString, Salt, SaltString},
};
use std::sync::{
    Arc, Mutex,
    atomic::{AtomicU64, Ordering},
};
use unicode_normalization::UnicodeNormalization;

/// OWASP's recommendation for argon2id: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// A hash without a password, with the same costs. Sign-ins to unknown accounts are checked against
/// it, so that they take as long as others.
const DUMMY: &str = "$argon2id$v=19$m=19456,t=2,p=1$cmlhbHRvLmR1bW15LnNhbHQ\
                     $q0Xj1o1nV0m5m2Yx0m8b6m3mJ3uYB2qk3r5J7c2h0eA";

/// Most characters that zxcvbn reads: its cost grows faster than their number.
const MEASURED: usize = 100;

/// Most queued hashes: some seconds of work.
const QUEUE: usize = 128;

pub(super) struct Passwords {
    pool: Pool,
    memories: Memories,
    /// Number of hashes computed; tests check that an unknown account costs one too.
    computed: AtomicU64,
}

impl Passwords {
    pub(super) fn new(parallelism: u32) -> Self {
        Self {
            pool: Pool::new(parallelism as usize, QUEUE, usize::MAX),
            memories: Memories::default(),
            computed: AtomicU64::new(0),
        }
    }

    /// Hashes a new password.
    pub(super) async fn hash(&self, password: &str) -> Result<String> {
        let password = normal(password);
        self.compute(move |memory| {
            let salt = SaltString::encode_b64(&random_bytes::<16>()).map_err(Error::internal)?;
            let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(Error::internal)?;
            let hash = derive(&password, salt.as_salt(), params.clone(), memory);
            let hash = PasswordHash {
                algorithm: Algorithm::Argon2id.ident(),
                version: Some(Version::V0x13.into()),
                params: ParamsString::try_from(&params).map_err(Error::internal)?,
                salt: Some(salt.as_salt()),
                hash: Some(hash.map_err(Error::internal)?),
            };
            Ok(hash.to_string())
        })
        .await
    }

    /// true if the password matches the hash. `hash: None`: false, after the same time.
    pub(super) async fn verify(&self, password: &str, hash: Option<String>) -> Result<bool> {
        let password = normal(password);
        self.compute(move |memory| {
            let known = hash.is_some();
            let hash = hash.as_deref().unwrap_or(DUMMY);
            let hash = PasswordHash::new(hash).map_err(Error::internal)?;
            let params = Params::try_from(&hash).map_err(Error::internal)?;
            let salt = hash.salt.ok_or_else(|| Error::internal("no salt"))?;
            let derived = derive(&password, salt, params, memory).map_err(Error::internal)?;
            // Compares in constant time.
            Ok(hash.hash == Some(derived) && known)
        })
        .await
    }

    async fn compute<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Vec<Block>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let turn = self.pool.turn(None).await?;
        let memories = self.memories.clone();
        self.computed.fetch_add(1, Ordering::Relaxed);
        blocking(move || {
            // Released when the work ends, even if the caller has stopped waiting.
            let _turn = turn;
            let mut memory = memories.take();
            let result = work(&mut memory);
            memories.give_back(memory);
            result
        })
        .await?
    }

    #[cfg(test)]
    pub(super) fn computed(&self) -> u64 {
        self.computed.load(Ordering::Relaxed)
    }
}

/// Reused memory of the hashes: otherwise the allocator would keep as much for each thread that
/// computed one.
#[derive(Clone, Default)]
struct Memories(Arc<Mutex<Vec<Vec<Block>>>>);

impl Memories {
    fn take(&self) -> Vec<Block> {
        let mut memories = lock(&self.0);
        memories.pop().unwrap_or_default()
    }

    fn give_back(&self, memory: Vec<Block>) {
        let mut memories = lock(&self.0);
        memories.push(memory);
    }
}

/// Computes the hash of a password with this salt and these costs.
fn derive(
    password: &str,
    salt: Salt<'_>,
    params: Params,
    memory: &mut Vec<Block>,
) -> password_hash::Result<Output> {
    let mut bytes = [0; Salt::MAX_LENGTH];
    let salt = salt.decode_b64(&mut bytes)?;
    let length = params.output_len().unwrap_or(Params::DEFAULT_OUTPUT_LEN);
    memory.resize(params.block_count(), Block::default());
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    Output::init_with(length, |out| {
        let hashed = argon2.hash_password_into_with_memory(password.as_bytes(), salt, out, memory);
        Ok(hashed?)
    })
}

/// Normalizes to NFC: keyboards encode accented letters in different ways.
fn normal(password: &str) -> String {
    password.nfc().collect()
}

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

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt;

    #[tokio::test]
    async fn hashes() {
        let passwords = Passwords::new(1);
        let hash = passwords.hash("caf\u{e9} latte").await.unwrap();
        assert!(
            hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{hash}"
        );
        for (attempt, right) in [
            ("caf\u{e9} latte", true),
            ("cafe\u{301} latte", true),
            ("cafe latte", false),
            ("", false),
        ] {
            let hash = Some(hash.clone());
            assert_eq!(passwords.verify(attempt, hash).await.unwrap(), right);
        }
        assert!(!passwords.verify("x", None).await.unwrap());
        assert_eq!(passwords.computed(), 6);
    }

    #[tokio::test]
    async fn so_many_wait_for_a_hash() {
        let passwords = Passwords::new(1);
        let mut waiting = Vec::new();
        let refused = loop {
            let mut next = Box::pin(passwords.verify("x", None));
            match next.as_mut().now_or_never() {
                None => waiting.push(next),
                Some(answer) => break answer.unwrap_err(),
            }
            assert!(waiting.len() <= 1 + QUEUE);
        };
        assert_eq!((&*refused.code, refused.status()), ("busy", 503));
        assert_eq!(waiting.len(), 1 + QUEUE);
        assert_eq!(passwords.computed(), 1, "the others have not begun");
    }

    #[test]
    fn the_dummy_costs_as_much() {
        let dummy = PasswordHash::new(DUMMY).unwrap();
        let params = Params::try_from(&dummy).unwrap();
        assert_eq!(params.m_cost(), MEMORY_KIB);
        assert_eq!(params.t_cost(), PASSES);
        assert_eq!(params.p_cost(), LANES);
        assert_eq!(dummy.hash.unwrap().len(), Params::DEFAULT_OUTPUT_LEN);
    }
}
