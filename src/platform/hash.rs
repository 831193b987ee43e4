//! SHA-256 checksums.

use sha2::{Digest, Sha256};
use std::io::{self, Read};

/// Returns the SHA-256 of some bytes as hexadecimal digits.
pub fn sha256(bytes: &[u8]) -> String {
    format!("{:x}", Sha256::digest(bytes))
}

/// A reader that computes the SHA-256 of the bytes it reads.
pub struct Hashing<R> {
    inner: R,
    digest: Sha256,
    read: u64,
}

impl<R> Hashing<R> {
    /// Reads from `inner`.
    pub fn new(inner: R) -> Self {
        Self {
            inner,
            digest: Sha256::new(),
            read: 0,
        }
    }

    /// Returns the checksum as hexadecimal digits, and the number of bytes read.
    pub fn finish(self) -> (String, u64) {
        (format!("{:x}", self.digest.finalize()), self.read)
    }
}

impl<R: Read> Read for Hashing<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.digest.update(buffer.get(..count).unwrap_or_default());
        self.read += count as u64;
        Ok(count)
    }
}
