//! Where things are: the checkout and what is built from it.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::process::command;

/// How a build is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profile {
    /// Optimised, compressed: what people run.
    Release,
    /// Quick to build.
    Debug,
}

impl Profile {
    /// The name for people, which is also cargo's name of the server's folder.
    pub fn name(self) -> &'static str {
        match self {
            Self::Release => "release",
            Self::Debug => "debug",
        }
    }
}

/// The folders that every step works with.
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
        // Cargo tells it at run time. Without cargo, walk up from where we are.
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

    /// Cargo of the usual toolchain, in the checkout.
    pub fn cargo(&self) -> Command {
        let mut cargo = command("cargo");
        cargo
            .env("CARGO_TARGET_DIR", &self.target)
            .current_dir(&self.root);
        cargo
    }

    /// The server's binary.
    pub fn server(&self, profile: Profile) -> PathBuf {
        self.target.join(profile.name()).join("rialto")
    }

    /// What the server hands to browsers; beside the folders of its binaries.
    pub fn site(&self) -> PathBuf {
        self.target.join("site")
    }

    /// The browser tests.
    pub fn end2end(&self) -> PathBuf {
        self.root.join("end2end")
    }
}
