//! Password hashing with argon2id, on blocking threads, a few at a time.

use crate::platform::{compute::Pool, secrets::random_bytes, tasks::blocking};
use crate::shared::sync::lock;
use crate::shared::{Error, Result};
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
