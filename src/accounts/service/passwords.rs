//! Passwords: hashed with argon2id, off the async threads, a few at a time.

use super::{Service, network};
use crate::{
    accounts::Strength,
    platform::{secrets::random_bytes, tasks::blocking},
    shared::{Error, Result},
};
use argon2::{
    Algorithm, Argon2, Params, PasswordHash, PasswordHasher, PasswordVerifier, Version,
    password_hash::SaltString,
};
use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};
use tokio::sync::Semaphore;
use unicode_normalization::UnicodeNormalization;

/// Current advice of OWASP for argon2id: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// A hash of nothing in particular with the same costs: what a sign-in to an account that does not
/// exist is checked against, so that it takes as long as any other.
const DUMMY: &str = "$argon2id$v=19$m=19456,t=2,p=1$cmlhbHRvLmR1bW15LnNhbHQ\
                     $q0Xj1o1nV0m5m2Yx0m8b6m3mJ3uYB2qk3r5J7c2h0eA";

/// Characters of a password that the strength meter looks at: its effort grows faster than they.
const MEASURED: usize = 100;

pub(super) struct Passwords {
    permits: Arc<Semaphore>,
    /// Hashes computed so far; lets tests see that an unknown account costs one too.
    computed: AtomicU64,
}

impl Passwords {
    pub(super) fn new(parallelism: u32) -> Self {
        Self {
            permits: Arc::new(Semaphore::new(parallelism as usize)),
            computed: AtomicU64::new(0),
        }
    }

    /// The hash of a new password.
    pub(super) async fn hash(&self, password: &str) -> Result<String> {
        let password = normal(password);
        self.compute(move |argon2| {
            let salt = SaltString::encode_b64(&random_bytes::<16>()).map_err(Error::internal)?;
            let hash = argon2
                .hash_password(password.as_bytes(), &salt)
                .map_err(Error::internal)?;
            Ok(hash.to_string())
        })
        .await
    }

    /// Is this the password of this hash? Without a hash: no, after the same time.
    pub(super) async fn verify(&self, password: &str, hash: Option<String>) -> Result<bool> {
        let password = normal(password);
        self.compute(move |argon2| {
            let known = hash.is_some();
            let hash = hash.as_deref().unwrap_or(DUMMY);
            let hash = PasswordHash::new(hash).map_err(Error::internal)?;
            let right = argon2.verify_password(password.as_bytes(), &hash).is_ok();
            Ok(right && known)
        })
        .await
    }

    async fn compute<T: Send + 'static>(
        &self,
        work: impl FnOnce(Argon2<'static>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let permits = Arc::clone(&self.permits);
        let permit = permits.acquire_owned().await.map_err(Error::internal)?;
        self.computed.fetch_add(1, Ordering::Relaxed);
        blocking(move || {
            // Given back when the work is done, even when nobody waits for it any more.
            let _permit = permit;
            let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(Error::internal)?;
            work(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
        })
        .await?
    }

    #[cfg(test)]
    pub(super) fn computed(&self) -> u64 {
        self.computed.load(Ordering::Relaxed)
    }
}

/// Keyboards differ in how they write an accented letter.
fn normal(password: &str) -> String {
    password.nfc().collect()
}

impl Service {
    /// How hard a password is to guess.
    ///
    /// # Errors
    /// `too-many-attempts`.
    pub async fn strength(&self, password: &str, address: &str) -> Result<Strength> {
        let rate = self.inner.limits.commands.rate();
        self.limit("strength", &network(address), rate).await?;
        let password: String = password.chars().take(MEASURED).collect();
        let score = blocking(move || u8::from(zxcvbn::zxcvbn(&password, &[]).score())).await?;
        Ok(Strength { score })
    }

    /// Password hashes computed so far.
    #[cfg(test)]
    pub(in crate::accounts) fn hashes_computed(&self) -> u64 {
        self.inner.passwords.computed()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
