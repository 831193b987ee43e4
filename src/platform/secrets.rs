//! Secrets that a fresh install needs: made at first start, kept in the data folder, readable by
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

/// Fewest bytes of a signing key: as many as its signatures have (RFC 7518, 3.2).
const SHORTEST: usize = 32;

/// The key that signs access tokens.
#[derive(Clone)]
pub struct SigningKey(Vec<u8>);

impl SigningKey {
    /// The key given in the environment, or else the one of the data folder, made when missing.
    ///
    /// # Errors
    /// When the file cannot be read or made, or the key is shorter than [`SHORTEST`].
    pub fn load(given: Option<&str>, data: &Path) -> io::Result<Self> {
        let key = match given {
            Some(given) => given.as_bytes().to_vec(),
            None => from_file(&data.join("signing.key"))?,
        };
        Self::check(&key).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
        Ok(Self(key))
    }

    /// Is a key long enough? Says how to make one.
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

    /// The bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }
}

/// Bytes of a sealing's own random part, which stands before what is sealed.
const NONCE: usize = 24;

/// Keeps what the database has to hold but must not tell: whoever has a copy of the database
/// alone can read and guess none of it.
#[derive(Clone)]
pub struct Vault {
    cipher: XChaCha20Poly1305,
    digests: Hmac<Sha256>,
}

impl Vault {
    /// The vault of the data folder; its key is made when missing.
    ///
    /// # Errors
    /// When the file cannot be read or made, or the key is shorter than 32 bytes.
    pub fn load(data: &Path) -> io::Result<Self> {
        Self::new(&from_file(&data.join("vault.key"))?)
    }

    /// The vault of a key.
    pub fn new(key: &[u8]) -> io::Result<Self> {
        let bad = |reason| io::Error::new(io::ErrorKind::InvalidData, reason);
        if key.len() < 32 {
            return Err(bad("the vault's key is shorter than 32 bytes"));
        }
        // Each use has a key of its own.
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

    /// Seals a secret. It can be opened again only under the same `about` (whose it is), so that
    /// rows that were swapped in the database open nothing.
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

    /// Opens what was sealed under the same `about`.
    ///
    /// # Errors
    /// `internal` when it was sealed by another key or changed since.
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

    /// A digest in hexadecimal digits that nobody without the key can compute: what few or short
    /// values (names, codes) are kept as.
    pub fn digest(&self, about: &[u8], value: &[u8]) -> String {
        let mut mac = self.digests.clone();
        // The length keeps the two apart.
        mac.update(&(about.len() as u64).to_be_bytes());
        mac.update(about);
        mac.update(value);
        format!("{:x}", mac.finalize().into_bytes())
    }
}

/// The keys of an instance.
pub struct Keys {
    /// Signs access tokens.
    pub key: SigningKey,
    /// Seals what must not be read in the database.
    pub vault: Vault,
}

impl Keys {
    /// Those given in the environment or in the data folder, made when missing.
    ///
    /// # Errors
    /// When a file cannot be read or made, or the signing key is too short.
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
            // Whole or not at all: an end in between must not leave an empty key.
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

/// Bytes that nobody can guess.
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
