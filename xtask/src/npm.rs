//! Installs npm packages: those of `end2end` (browser tests and wasm-opt) and of the chat
//! benchmark's peer.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::files::{Fingerprint, fingerprint_of};
use crate::install;
use crate::layout::Layout;
use crate::process::{command, on_path, run};

/// File in `node_modules` with the fingerprint of the lock file that it was installed from.
const STAMP: &str = ".rialto-lock";

/// True if node and npm are installed.
pub fn available() -> bool {
    on_path("node") && on_path("npm")
}

/// Installs the packages of `end2end` unless they match the lock file already.
pub fn set_up(layout: &Layout) -> Result<()> {
    install(&layout.end2end(), "end2end (under a minute)")
}

/// Installs the packages of the peer, one of which is compiled where no binary is offered.
pub fn set_up_peer(layout: &Layout) -> Result<()> {
    install(&layout.peer(), "benches/peer (up to three minutes)")
}

fn install(dir: &Path, what: &str) -> Result<()> {
    let print = fingerprint_of(Fingerprint::default(), &dir.join("package-lock.json"))?.hex();
    let stamp = dir.join("node_modules").join(STAMP);
    if std::fs::read_to_string(&stamp).is_ok_and(|text| text == print) {
        return Ok(());
    }
    println!("setup: npm packages of {what}");
    let mut npm = command("npm");
    npm.args(["ci", "--no-audit", "--no-fund", "--loglevel=error"])
        .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")
        .current_dir(dir);
    run(&mut npm).context(install::network("the packages of npm"))?;
    std::fs::write(stamp, print)?;
    Ok(())
}

/// Returns Binaryen's wasm-opt, a script for node; None: the script or node is missing.
pub fn wasm_opt(layout: &Layout) -> Option<PathBuf> {
    let script = layout.end2end().join("node_modules/binaryen/bin/wasm-opt");
    (on_path("node") && Path::new(&script).is_file()).then_some(script)
}
