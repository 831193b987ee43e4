//! Measures the release server.

use std::ffi::OsString;

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
    build::server(layout, Profile::Release)?;
    let mut cargo = command("cargo");
    cargo
        .args(["bench", "--features", "ssr", "--bench", name, "--"])
        .args(args)
        .env("CARGO_TARGET_DIR", &layout.target)
        .env("RIALTO_BIN", layout.server(Profile::Release))
        .env("RIALTO_SITE", layout.site())
        .current_dir(&layout.root);
    run(&mut cargo)
}
