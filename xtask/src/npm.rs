//! The npm packages of `end2end`: the browser tests and wasm-opt.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::files::{Fingerprint, fingerprint_of};
use crate::layout::Layout;
use crate::process::{command, on_path, run};
use crate::setup;

/// In `node_modules`: which lock file it was made from.
const STAMP: &str = ".rialto-lock";

/// Whether node and npm are there.
pub fn available() -> bool {
    on_path("node") && on_path("npm")
}

/// Brings the packages unless they are those of the lock file.
pub fn set_up(layout: &Layout) -> Result<()> {
    let dir = layout.end2end();
    let print = fingerprint_of(Fingerprint::default(), &dir.join("package-lock.json"))?.hex();
    let stamp = dir.join("node_modules").join(STAMP);
    if std::fs::read_to_string(&stamp).is_ok_and(|text| text == print) {
        return Ok(());
    }
    println!("setup: npm packages of end2end (under a minute)");
    let mut npm = command("npm");
    npm.args(["ci", "--no-audit", "--no-fund", "--loglevel=error"])
        .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")
        .current_dir(&dir);
    run(&mut npm).context(setup::network("the packages of npm"))?;
    std::fs::write(stamp, print)?;
    Ok(())
}

/// Binaryen's wasm-opt, a script for node, when both are there.
pub fn wasm_opt(layout: &Layout) -> Option<PathBuf> {
    let script = layout.end2end().join("node_modules/binaryen/bin/wasm-opt");
    (on_path("node") && Path::new(&script).is_file()).then_some(script)
}
