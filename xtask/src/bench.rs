//! Runs the benchmarks of the release server, and compares our indicators with TA-Lib.

use std::{ffi::OsString, fs};

use anyhow::{Context, Result, bail};

use crate::layout::{Layout, Profile};
use crate::process::run;
use crate::python::{self, List};
use crate::{build, install, npm};

/// Builds the release server and runs a benchmark of `benches` against it.
pub fn bench(layout: &Layout, name: &str, args: &[OsString]) -> Result<()> {
    if name == "indicators" {
        return indicators(layout, args);
    }
    let benches = layout.root.join("benches");
    if !benches.join(name).join("main.rs").exists() {
        install::require(&benches.join(name).with_extension("rs"), "that benchmark")?;
    }
    if args.iter().any(|arg| arg == "--peer") {
        npm::set_up_peer(layout)?;
    }
    build::everything(layout, Profile::Release)?;
    // `cargo bench` builds the server again, with development dependencies, in the same place. The
    // copy is the release build.
    let server = layout.target.join("bench").join("rialto");
    fs::create_dir_all(layout.target.join("bench"))?;
    fs::copy(layout.server(Profile::Release), &server)?;
    let mut cargo = layout.cargo();
    cargo
        .args(["bench", "--features", "ssr", "--bench", name, "--"])
        .args(args)
        .env("RIALTO_BIN", &server)
        .env("RIALTO_SITE", layout.site())
        .env("RIALTO_PEER", layout.peer());
    run(&mut cargo)
}

/// Compares the indicators with TA-Lib, which is installed from `PyPI`. Needs no server.
fn indicators(layout: &Layout, args: &[OsString]) -> Result<()> {
    if !python::available() {
        bail!(
            "TA-Lib comes with Python: `python3` with the modules venv and ensurepip is missing \
             (Debian's python3-venv)"
        );
    }
    python::set_up(layout, List::Indicators)
        .context("TA-Lib is missing: it comes from PyPI, by xtask/python/indicators.txt")?;
    let mut cargo = layout.cargo();
    cargo
        .args(["run", "--quiet", "--release", "--package", "xtask"])
        .args(["--features", "indicators", "--bin", "indicators", "--"])
        .arg("--python")
        .arg(python::tool(layout, List::Indicators, "python")?)
        .arg("--script")
        .arg(layout.root.join("xtask/python/indicators.py"))
        .arg("--folder")
        .arg(layout.target.join("bench").join("indicators"))
        .args(args)
        // NumPy, which holds TA-Lib's output, requests huge pages too. With small pages, a run over
        // a million bars mostly measures how the system allocates memory.
        .env("MALLOC_CONF", "thp:always");
    run(&mut cargo)
}
