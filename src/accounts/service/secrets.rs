//! Random secrets, and the hashes that are stored of them.

use crate::platform::secrets::random_bytes;
use sha2::{Digest, Sha256};

/// Returns the SHA-256 as hexadecimal digits.
pub(super) fn hashed(bytes: impl AsRef<[u8]>) -> String {
    format!("{:x}", Sha256::digest(bytes))
}

/// Returns 256 random bits as hexadecimal digits.
pub(super) fn secret() -> String {
    hashed(random_bytes::<32>())
}
