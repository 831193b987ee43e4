//! What an archive contains, and what it says of itself.

use super::error::{BackupError, Result};
use crate::shared::Timestamp;
use serde::{Deserialize, Serialize};

/// Version of the archive format; archives with another version are rejected.
pub(super) const FORMAT: u32 = 1;

/// Name of the archive's last entry.
pub(super) const MANIFEST: &str = "backup-manifest.json";

/// Name of the database in the archive and in the data folder.
pub(super) const SQLITE: &str = "rialto.db";

/// Output of `pg_dump`.
pub(super) const POSTGRES: &str = "rialto.pgdump";

/// Contents of a backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Version of the archive format.
    pub(super) format: u32,
    /// The Rialto version that made the backup.
    pub version: String,
    pub created_at: Timestamp,
    /// `sqlite` or `postgres`.
    pub database: String,
    /// true if the archive contains the database.
    pub complete: bool,
    /// Migrations of the database, in order.
    pub(super) schema: Vec<String>,
    /// All files of the archive except the manifest.
    pub files: Vec<Entry>,
}

/// A file in a backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Path in the data folder.
    pub(super) path: String,
    /// Size in bytes.
    pub size: u64,
    /// SHA-256 checksum.
    pub(super) sha256: String,
}

/// Checks that this version knows all migrations of a backup.
pub(super) fn known(made_by: &str, schema: &[String]) -> Result<()> {
    use migrations::{Migrator, MigratorTrait};
    let own = Migrator::migrations();
    let unknown = |name: &&String| !own.iter().any(|own| own.name() == name.as_str());
    match schema.iter().rfind(unknown) {
        None => Ok(()),
        Some(schema) => Err(BackupError::Newer {
            made_by: made_by.to_owned(),
            schema: schema.clone(),
        }),
    }
}
