//! Secrets that a fresh install needs: made at first start, kept in the data folder, readable by
//! the owner only.

use rand::RngCore;
use std::{
    fs::{self, OpenOptions},
    io::{self, Write},
    path::Path,
};

/// The key that signs access tokens.
#[derive(Clone)]
pub struct SigningKey(Vec<u8>);

impl SigningKey {
    /// The key given in the environment, or else the one of the data folder, made when missing.
    ///
    /// # Errors
    /// When the file cannot be read or made, or the key is shorter than 16 bytes.
    pub fn load(given: Option<&str>, data: &Path) -> io::Result<Self> {
        let key = match given {
            Some(given) => given.as_bytes().to_vec(),
            None => from_file(&data.join("signing.key"))?,
        };
        if key.len() < 16 {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                "the signing key is shorter than 16 bytes",
            ));
        }
        Ok(Self(key))
    }

    /// The bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.0
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
#[must_use]
pub fn random_bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    rand::rng().fill_bytes(&mut bytes);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

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
        assert!(SigningKey::load(Some("short"), data.path()).is_err());
    }
}
