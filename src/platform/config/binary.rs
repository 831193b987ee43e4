//! Facts about the running binary.

use std::path::{Path, PathBuf};

const FILE: &str = "Leptos.toml";

/// The folder of the running binary.
pub fn binary_folder() -> std::io::Result<PathBuf> {
    let binary = std::env::current_exe()?;
    Ok(binary.parent().map_or_else(PathBuf::new, Into::into))
}

/// The configuration file when none is given: `Leptos.toml` in the current folder, else the one
/// beside the binary.
pub fn default_file() -> PathBuf {
    file_in(Path::new(""), &binary_folder().unwrap_or_default())
}

fn file_in(current: &Path, binary: &Path) -> PathBuf {
    [current, binary]
        .map(|folder| folder.join(FILE))
        .into_iter()
        .find(|file| file.is_file())
        .unwrap_or_else(|| current.join(FILE))
}

/// Build type and target of the running binary.
pub fn build() -> String {
    let kind = if cfg!(debug_assertions) {
        "debug"
    } else {
        "release"
    };
    let (system, machine) = (std::env::consts::OS, std::env::consts::ARCH);
    format!("{kind}, {system} {machine}")
}

/// When the running binary was built (modification time of its file).
pub fn built_at() -> Option<std::time::SystemTime> {
    let binary = std::env::current_exe().ok()?;
    binary.metadata().ok()?.modified().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_current_folder_goes_before_the_one_of_the_binary() {
        let (current, binary) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let [here, beside] = [current.path(), binary.path()].map(|folder| folder.join(FILE));
        let file = || file_in(current.path(), binary.path());
        assert_eq!(file(), here, "there is none");
        std::fs::write(&beside, "").unwrap();
        assert_eq!(file(), beside);
        std::fs::write(&here, "").unwrap();
        assert_eq!(file(), here);
    }
}
