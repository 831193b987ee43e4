//! The built site: where it is and how its files are called.

use super::StartError;
use crate::app::Assets;
use crate::platform::config;
use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// A built site.
#[derive(Clone)]
pub struct Site {
    /// Its folder.
    pub root: PathBuf,
    /// The hashed names of its files.
    pub assets: Assets,
}

impl Site {
    /// The site that the configuration names, or the one beside the binary.
    ///
    /// # Errors
    /// When there is none, or its manifest cannot be read.
    pub fn find(options: &config::Site) -> Result<Self, StartError> {
        if !options.site_root.is_empty() {
            return Self::open(Path::new(&options.site_root));
        }
        let folder =
            config::binary_folder().map_err(|error| StartError::Other(error.to_string()))?;
        // A release archive has it beside the binary, a build folder one level up.
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
        let assets = serde_json::from_slice(&manifest)
            .map_err(io::Error::from)
            .map_err(failed)?;
        Ok(Self {
            root: root.to_owned(),
            assets,
        })
    }
}

const MANIFEST: &str = "manifest.json";
