//! Secrets of a fresh install: generated at the first start, stored in the data folder, readable by
//! the owner only.

use crate::shared::Error;
use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use hmac::{Hmac, Mac};
use rand::RngCore;
use sha2::Sha256;
use std::{
    fs::{self, OpenOptions},
    io::{self, Write},
    path::Path,
};

/// Minimum length of a signing key in bytes: the length of its signatures (RFC 7518, 3.2).
const SHORTEST: usize = 32;

/// The key that signs access tokens.
#[derive(Clone)]
pub struct SigningKey(Vec<u8>);

impl SigningKey {
    /// Loads the key from the environment, or else from the data folder, where it is created if
    /// missing.
    ///
    /// # Errors
    /// The file cannot be read or created, or the key is shorter than [`SHORTEST`].
    pub fn load(given: Option<&str>, data: &Path) -> io::Result<Self> {
        let key = match given {
            Some(given) => given.as_bytes().to_vec(),
            None => from_file(&data.join("signing.key"))?,
        };
        Self::check(&key).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
        Ok(Self(key))
    }

    /// Checks the length of a key. The error says how to generate one.
    pub fn check(key: &[u8]) -> Result<(), String> {
        if key.len() >= SHORTEST {
            return Ok(());
        }
        Err(format!(
            "the signing key has {} bytes and needs at least {SHORTEST}; make one with `openssl \
             rand -hex 32`, or set none: Rialto makes its own in the data folder (signing.key)",
            key.len()
        ))
    }

    /// Returns the key's bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }
}

/// Length of the random nonce in front of the sealed bytes.
const NONCE: usize = 24;

/// Encrypts secrets in the database: a copy of the database alone reveals none of them, not even by
/// guessing.
#[derive(Clone)]
pub struct Vault {
    cipher: XChaCha20Poly1305,
    digests: Hmac<Sha256>,
}

impl Vault {
    /// Loads the vault of the data folder; its key is created if missing.
    ///
    /// # Errors
    /// The file cannot be read or created, or the key is shorter than 32 bytes.
    pub fn load(data: &Path) -> io::Result<Self> {
        Self::new(&from_file(&data.join("vault.key"))?)
    }

    /// Creates a vault from a key.
    pub fn new(key: &[u8]) -> io::Result<Self> {
        let bad = |reason| io::Error::new(io::ErrorKind::InvalidData, reason);
        if key.len() < 32 {
            return Err(bad("the vault's key is shorter than 32 bytes"));
        }
        // Derives a separate key for each use.
        let part = |name: &[u8]| {
            let mut mac =
                Hmac::<Sha256>::new_from_slice(key).map_err(|_| bad("the vault's key"))?;
            mac.update(name);
            Ok::<_, io::Error>(mac.finalize().into_bytes())
        };
        let cipher = XChaCha20Poly1305::new_from_slice(&part(b"rialto vault: seal")?);
        let digests = <Hmac<Sha256> as Mac>::new_from_slice(&part(b"rialto vault: digest")?);
        Ok(Self {
            cipher: cipher.map_err(|_| bad("the vault's key"))?,
            digests: digests.map_err(|_| bad("the vault's key"))?,
        })
    }

    /// Encrypts a secret. It opens only with the same `about` (its owner), so swapping rows in the
    /// database reveals nothing.
    ///
    /// # Errors
    /// `internal`, which does not happen.
    pub fn seal(&self, about: &[u8], secret: &[u8]) -> crate::shared::Result<Vec<u8>> {
        let nonce = random_bytes::<NONCE>();
        let payload = Payload {
            msg: secret,
            aad: about,
        };
        let sealed = self.cipher.encrypt(&XNonce::from(nonce), payload);
        let sealed = sealed.map_err(|_| Error::internal("the vault cannot seal"))?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    /// Decrypts what was sealed with the same `about`.
    ///
    /// # Errors
    /// `internal` when another key sealed it or when it was modified.
    pub fn open(&self, about: &[u8], sealed: &[u8]) -> crate::shared::Result<Vec<u8>> {
        let foreign = || Error::internal("sealed with another key than vault.key, or changed");
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE>().ok_or_else(foreign)?;
        let payload = Payload {
            msg: sealed,
            aad: about,
        };
        let nonce = XNonce::from(*nonce);
        self.cipher.decrypt(&nonce, payload).map_err(|_| foreign())
    }

    /// Returns a digest in hexadecimal digits that cannot be computed without the key. Values that
    /// are easy to guess (names, codes) are stored this way.
    pub fn digest(&self, about: &[u8], value: &[u8]) -> String {
        let mut mac = self.digests.clone();
        // The length separates the two inputs.
        mac.update(&(about.len() as u64).to_be_bytes());
        mac.update(about);
        mac.update(value);
        format!("{:x}", mac.finalize().into_bytes())
    }
}

/// The keys of an instance.
#[derive(Clone)]
pub struct Keys {
    /// Signs access tokens.
    pub key: SigningKey,
    /// Encrypts secrets in the database.
    pub vault: Vault,
}

impl Keys {
    /// Loads the keys from the environment or the data folder, where missing ones are created.
    ///
    /// # Errors
    /// A file cannot be read or created, or the signing key is too short.
    pub fn load(given: Option<&str>, data: &Path) -> io::Result<Self> {
        Ok(Self {
            key: SigningKey::load(given, data)?,
            vault: Vault::load(data)?,
        })
    }
}

fn from_file(path: &Path) -> io::Result<Vec<u8>> {
    match fs::read(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let key = random_bytes::<32>();
            // Written to a new file and renamed: a crash in between must not leave an empty key.
            let new = path.with_extension("new");
            let mut options = OpenOptions::new();
            options.write(true).create(true).truncate(true);
            #[cfg(unix)]
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
            let mut file = options.open(&new)?;
            file.write_all(&key)?;
            file.sync_all()?;
            fs::rename(&new, path)?;
            Ok(key.to_vec())
        }
        other => other,
    }
}

/// Returns cryptographically random bytes.
pub fn random_bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    rand::rng().fill_bytes(&mut bytes);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_for_its_owner_only() {
        let data = tempfile::tempdir().unwrap();
        let vault = Vault::load(data.path()).unwrap();
        let sealed = vault.seal(b"ada", b"secret").unwrap();
        assert_ne!(sealed, vault.seal(b"ada", b"secret").unwrap());
        assert!(!sealed.windows(6).any(|part| part == b"secret"));
        let again = Vault::load(data.path()).unwrap();
        assert_eq!(again.open(b"ada", &sealed).unwrap(), b"secret");
        assert!(again.open(b"bo", &sealed).is_err());
        let mut changed = sealed.clone();
        changed[30] ^= 1;
        assert!(again.open(b"ada", &changed).is_err());
        assert!(again.open(b"ada", b"short").is_err());
        let other = Vault::new(&[7; 32]).unwrap();
        assert!(other.open(b"ada", &sealed).is_err());
        assert_eq!(vault.digest(b"a", b"bc"), again.digest(b"a", b"bc"));
        assert_ne!(vault.digest(b"a", b"bc"), vault.digest(b"ab", b"c"));
        assert_ne!(vault.digest(b"a", b"bc"), other.digest(b"a", b"bc"));
        assert!(Vault::new(&[7; 31]).is_err());
    }

    #[test]
    fn made_once_and_private() {
        let data = tempfile::tempdir().unwrap();
        let first = SigningKey::load(None, data.path()).unwrap();
        let second = SigningKey::load(None, data.path()).unwrap();
        assert_eq!(first.bytes(), second.bytes());
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(data.path().join("signing.key"))
                .unwrap()
                .permissions()
                .mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        let of = |length: usize| SigningKey::load(Some(&"k".repeat(length)), data.path());
        let refused = of(31).map(|_| ()).unwrap_err().to_string();
        assert!(refused.contains("31 bytes"), "{refused}");
        assert!(refused.contains("openssl rand -hex 32"), "{refused}");
        assert!(of(32).is_ok());
        fs::write(data.path().join("signing.key"), [7; 16]).unwrap();
        assert!(SigningKey::load(None, data.path()).is_err());
    }
}
