//! Paths of the checkout and of what is built from it.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::process::command;

/// The profile of a build.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profile {
    /// Optimized and compressed, as released.
    Release,
    /// Quick to build.
    Debug,
}

impl Profile {
    /// The name in messages, which is also cargo's name for the server's folder.
    pub fn name(self) -> &'static str {
        match self {
            Self::Release => "release",
            Self::Debug => "debug",
        }
    }
}

/// The folders that every step uses.
#[derive(Clone, Debug)]
pub struct Layout {
    /// The checkout.
    pub root: PathBuf,
    /// Cargo's target folder: `CARGO_TARGET_DIR`, or `target` in the checkout.
    pub target: PathBuf,
}

impl Layout {
    /// Finds the checkout that this command belongs to.
    pub fn find() -> Result<Self> {
        // Cargo sets it at run time. Without cargo, search upward from the current folder.
        let root = match std::env::var_os("CARGO_MANIFEST_DIR") {
            Some(package) => Path::new(&package).parent().map(Path::to_path_buf),
            None => std::env::current_dir()?
                .ancestors()
                .find(|dir| dir.join("xtask/Cargo.toml").is_file())
                .map(Path::to_path_buf),
        };
        let root = root.context("run this inside a checkout of Rialto")?;
        let target = match std::env::var_os("CARGO_TARGET_DIR") {
            Some(dir) => std::path::absolute(dir)?,
            None => root.join("target"),
        };
        Ok(Self { root, target })
    }

    /// Returns cargo of the default toolchain, run in the checkout.
    pub fn cargo(&self) -> Command {
        let mut cargo = command("cargo");
        cargo
            .env("CARGO_TARGET_DIR", &self.target)
            .current_dir(&self.root);
        cargo
    }

    /// Returns the path of the server's binary.
    pub fn server(&self, profile: Profile) -> PathBuf {
        self.target.join(profile.name()).join("rialto")
    }

    /// Returns the folder that the server serves to browsers, beside the folders of its binaries.
    pub fn site(&self) -> PathBuf {
        self.target.join("site")
    }

    /// Returns the folder of the server that the chat benchmark compares with.
    pub fn peer(&self) -> PathBuf {
        self.root.join("benches").join("peer")
    }

    /// Returns the folder of the browser tests.
    pub fn end2end(&self) -> PathBuf {
        self.root.join("end2end")
    }
}
