//! The built site: its folder and the names of its files.

use super::error::StartError;
use crate::app::Assets;
use crate::offline;
use crate::platform::config;
use sha2::{Digest, Sha256};
use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// A built site.
#[derive(Clone)]
pub struct Site {
    /// Folder of the site.
    pub root: PathBuf,
    /// Hashed names of its files.
    pub assets: Assets,
    /// Source of the service worker that caches the files.
    pub worker: String,
}

impl Site {
    /// Opens the configured site, or the one beside the binary.
    pub fn find(options: &config::Site) -> Result<Self, StartError> {
        if !options.site_root.is_empty() {
            return Self::open(Path::new(&options.site_root));
        }
        let folder =
            config::binary_folder().map_err(|error| StartError::Other(error.to_string()))?;
        // In a release archive the site is beside the binary, in a build folder one level up.
        let candidates = [folder.join("site"), folder.join("../site")];
        let found = candidates.iter().find(|site| site.join(MANIFEST).is_file());
        Self::open(found.unwrap_or(&candidates[1]))
    }

    fn open(root: &Path) -> Result<Self, StartError> {
        let failed = |error| StartError::Site {
            path: root.to_owned(),
            error,
        };
        let manifest = fs::read(root.join(MANIFEST)).map_err(failed)?;
        let mut assets: Assets = serde_json::from_slice(&manifest)
            .map_err(io::Error::from)
            .map_err(failed)?;
        let files = hashed_files(root).map_err(failed)?;
        assets.build = build_of(&files);
        let worker = offline::worker(&assets.build, &files);
        Ok(Self {
            root: root.to_owned(),
            assets,
            worker,
        })
    }
}

/// Paths of all files whose names change with their content.
fn hashed_files(root: &Path) -> io::Result<Vec<String>> {
    let mut found = Vec::new();
    let mut folders = vec![root.join("pkg")];
    while let Some(folder) = folders.pop() {
        if !folder.is_dir() {
            continue;
        }
        for entry in fs::read_dir(&folder)? {
            let path = entry?.path();
            let compressed = path
                .extension()
                .is_some_and(|end| end == "br" || end == "gz");
            if path.is_dir() {
                folders.push(path);
            } else if let (false, Ok(name)) = (compressed, path.strip_prefix(root)) {
                let parts: Vec<_> = name.iter().map(|part| part.to_string_lossy()).collect();
                found.push(format!("/{}", parts.join("/")));
            }
        }
    }
    found.sort();
    Ok(found)
}

/// Hash that identifies a build: files, service worker and server version.
fn build_of(files: &[String]) -> String {
    let mut hash = Sha256::new();
    for part in files {
        hash.update(part);
        hash.update([0]);
    }
    hash.update(offline::worker("", &[]));
    hash.update(env!("CARGO_PKG_VERSION"));
    hash.finalize()
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

const MANIFEST: &str = "manifest.json";
