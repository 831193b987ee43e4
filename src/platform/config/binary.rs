//! What the running binary knows of itself.

use std::path::PathBuf;

/// The folder of the running binary.
///
/// # Errors
/// When the system does not tell.
pub fn binary_folder() -> std::io::Result<PathBuf> {
    let binary = std::env::current_exe()?;
    Ok(binary.parent().map_or_else(PathBuf::new, Into::into))
}

/// For what the running binary was built.
#[must_use]
pub fn build() -> String {
    let kind = if cfg!(debug_assertions) {
        "debug"
    } else {
        "release"
    };
    let (system, machine) = (std::env::consts::OS, std::env::consts::ARCH);
    format!("{kind}, {system} {machine}")
}

/// When the running binary was built.
#[must_use]
pub fn built_at() -> Option<std::time::SystemTime> {
    let binary = std::env::current_exe().ok()?;
    binary.metadata().ok()?.modified().ok()
}
