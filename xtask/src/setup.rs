//! Installs what is missing on this machine. Quick if nothing is.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::layout::Layout;
use crate::process::{command, is_root, on_path, run};
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

/// Installs Debian packages without prompts. `time` is the expected duration, for the message.
pub fn apt(packages: &[&str], time: &str) -> Result<()> {
    println!(
        "setup: installing {} with apt-get ({time})",
        packages.join(", ")
    );
    let debian = |program: &str, args: &[&str]| {
        let mut debian = command(program);
        run(debian.args(args).env("DEBIAN_FRONTEND", "noninteractive"))
    };
    // Waits for a running installation, and completes an interrupted one.
    let apt = [
        "-q",
        "-o",
        "DPkg::Lock::Timeout=300",
        "-o",
        "Acquire::Retries=3",
    ];
    let install = ["install", "-y", "--no-install-recommends"];
    debian("dpkg", &["--configure", "-a"])
        // The package lists of a new machine are empty or outdated.
        .and_then(|()| debian("apt-get", &[&apt, &["update"][..]].concat()))
        .and_then(|()| debian("apt-get", &[&apt, &install[..], packages].concat()))
        .context(network("Debian's packages"))
}

/// Returns the error message for a failed download.
pub fn network(what: &str) -> String {
    format!(
        "{what} could not be brought: look at the network, its proxy and the free space, then run \
         this again; it goes on from there"
    )
}

/// Fails if a file that a step needs is missing; the error names the file.
pub fn require(path: &Path, what: &str) -> Result<()> {
    if !path.exists() {
        bail!(
            "{what} is missing ({}): run `cargo xtask setup`",
            path.display()
        );
    }
    Ok(())
}
