//! Writes compressed copies of the site's files, so that the server never compresses them.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Result, anyhow};
use xtask::files::{Fingerprint, walk};

use crate::cache::Cache;

/// Extensions of files that compression makes smaller; pictures and fonts are already compressed.
const TEXTUAL: [&str; 10] = [
    "js",
    "wasm",
    "css",
    "html",
    "svg",
    "json",
    "txt",
    "xml",
    "webmanifest",
    "ico",
];

/// Writes `.br` and `.gz` beside every file that gets smaller.
pub fn all(site: &Path, cache: &Cache) -> Result<()> {
    let mut files = walk(site, &[])?;
    files.retain(|file| {
        file.extension()
            .is_some_and(|extension| TEXTUAL.iter().any(|known| extension == *known))
    });
    // Largest files first, each on its own thread.
    let failed = std::thread::scope(|scope| {
        let threads: Vec<_> = files
            .iter()
            .map(|file| scope.spawn(|| one(file, cache)))
            .collect();
        threads
            .into_iter()
            .filter_map(|thread| {
                thread
                    .join()
                    .unwrap_or_else(|_| Err(anyhow!("a thread ended")))
                    .err()
            })
            .next()
    });
    failed.map_or(Ok(()), Err)
}

fn one(file: &Path, cache: &Cache) -> Result<()> {
    let bytes = std::fs::read(file)?;
    let key = Fingerprint::default().with(&bytes).hex();
    let brotli = cache.get(&format!("{key}.br"), || brotli(&bytes))?;
    let gzip = cache.get(&format!("{key}.gz"), || gzip(&bytes))?;
    std::fs::write(beside(file, "br"), brotli)?;
    std::fs::write(beside(file, "gz"), gzip)?;
    Ok(())
}

fn beside(file: &Path, extension: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".");
    name.push(extension);
    PathBuf::from(name)
}

fn brotli(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    let params = brotli::enc::BrotliEncoderParams {
        quality: 11,
        lgwin: 22,
        size_hint: bytes.len(),
        ..Default::default()
    };
    brotli::BrotliCompress(&mut &*bytes, &mut out, &params)?;
    Ok(out)
}

fn gzip(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?)
}
