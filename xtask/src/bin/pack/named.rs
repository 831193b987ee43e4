//! Files whose names contain a hash of their contents.

use std::path::Path;

use anyhow::Result;
use xtask::files::Fingerprint;

/// Writes a file whose name contains a hash of its contents, so browsers can cache it forever.
/// Returns its path in the site.
pub fn named(pkg: &Path, extension: &str, bytes: &[u8]) -> Result<String> {
    let name = format!(
        "rialto.{}.{extension}",
        Fingerprint::default().with(bytes).hex()
    );
    std::fs::create_dir_all(pkg)?;
    std::fs::write(pkg.join(&name), bytes)?;
    Ok(format!("pkg/{name}"))
}
