//! Installs what is missing on this machine. Quick if nothing is.

use std::path::PathBuf;

use anyhow::{Result, bail};

use crate::install::apt;
use crate::layout::Layout;
use crate::process::{is_root, on_path};
use crate::{npm, postgres, python, toolchain};

/// The browser of the tests, unless `CHROMIUM` names another.
pub const CHROMIUM: &str = "/usr/bin/chromium";

/// Installs what `serve` needs: a compiler for the browser's module, and wasm-opt if node is there.
pub fn to_serve(layout: &Layout) -> Result<()> {
    toolchain::set_up()?;
    if npm::available() {
        if let Err(error) = npm::set_up(layout) {
            if crate::process::interrupted() {
                return Err(error);
            }
            println!("setup: without npm packages ({error:#}); wasm-opt will be left out");
        }
    } else {
        println!(
            "setup: there is no node, so wasm-opt will be left out: the page loads more than it has to"
        );
    }
    Ok(())
}

/// Also installs what `dist` needs: zstd, which tar runs. Readelf is part of the linker's package.
pub fn to_dist(layout: &Layout) -> Result<()> {
    to_serve(layout)?;
    if !on_path("zstd") {
        if !on_path("apt-get") || !is_root() {
            bail!("zstd is missing: install it, on Debian by `apt-get install zstd`");
        }
        apt(&["zstd"], "a few seconds")?;
    }
    Ok(())
}

/// Also installs what the tests need: node, the npm packages, Chromium, PostgreSQL, zstd, Python's
/// tools, clippy, rustfmt.
pub fn everything(layout: &Layout) -> Result<()> {
    toolchain::set_up()?;
    toolchain::component("rustfmt", "fmt")?;
    toolchain::component("clippy", "clippy")?;
    let missing = missing_packages();
    if !missing.is_empty() {
        if !on_path("apt-get") || !is_root() {
            bail!(
                "these are missing: {}.\n  On Debian `cargo xtask setup` as root brings them; elsewhere install them \
                 by hand (the variable CHROMIUM names a browser in another place).",
                missing.join(", ")
            );
        }
        apt(&missing, "1-3 minutes")?;
        let still = missing_packages();
        if !still.is_empty() {
            bail!("still missing after installing them: {}", still.join(", "));
        }
    }
    python::set_up(layout, python::List::Tools)?;
    npm::set_up(layout)
}

/// Returns the browser of the tests.
pub fn chromium() -> Option<PathBuf> {
    let path = std::env::var_os("CHROMIUM").map_or_else(|| PathBuf::from(CHROMIUM), PathBuf::from);
    path.is_file().then_some(path)
}

/// Returns the Debian packages that the tests need and that are not installed.
fn missing_packages() -> Vec<&'static str> {
    let mut missing = Vec::new();
    if !on_path("node") {
        missing.push("nodejs");
    }
    if !on_path("npm") {
        missing.push("npm");
    }
    if chromium().is_none() {
        missing.push("chromium");
    }
    if postgres::programs().is_none() {
        missing.push("postgresql");
    }
    if !python::available() {
        missing.push("python3-venv");
    }
    if !on_path("zstd") {
        missing.push("zstd");
    }
    missing
}
