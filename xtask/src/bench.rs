//! Measures the release server.

use std::{ffi::OsString, fs};

use anyhow::Result;

use crate::layout::{Layout, Profile};
use crate::process::{command, run};
use crate::{build, setup};

/// Builds the release server and runs a benchmark of `benches` against it.
pub fn bench(layout: &Layout, name: &str, args: &[OsString]) -> Result<()> {
    setup::require(
        &layout.root.join("benches").join(name).with_extension("rs"),
        "that benchmark",
    )?;
    build::everything(layout, Profile::Release)?;
    // `cargo bench` builds the server once more, with what only tests need, in the same place: what
    // is measured is the one that people run.
    let server = layout.target.join("bench").join("rialto");
    fs::create_dir_all(layout.target.join("bench"))?;
    fs::copy(layout.server(Profile::Release), &server)?;
    let mut cargo = command("cargo");
    cargo
        .args(["bench", "--features", "ssr", "--bench", name, "--"])
        .args(args)
        .env("CARGO_TARGET_DIR", &layout.target)
        .env("RIALTO_BIN", &server)
        .env("RIALTO_SITE", layout.site())
        .current_dir(&layout.root);
    run(&mut cargo)
}
