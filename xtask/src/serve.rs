//! Sets up, builds and runs the server.

use std::ffi::OsString;
use std::os::unix::process::CommandExt;
use std::process::Command;

use anyhow::{Context, Result};

use crate::layout::{Layout, Profile};
use crate::process::command;
use crate::{build, setup};

/// Returns only on failure: the server replaces this process, so that signals reach it directly.
pub fn serve(layout: &Layout, profile: Profile, args: &[OsString]) -> Result<()> {
    setup::to_serve(layout)?;
    build::everything(layout, profile)?;
    let error = server(layout, profile, args).exec();
    Err(error).context("starting the server")
}

/// Returns the command that runs the built server.
pub fn server(layout: &Layout, profile: Profile, args: &[OsString]) -> Command {
    let mut server = command(layout.server(profile));
    // Cargo points it to libraries of the compiler, which the server does not need.
    server.env_remove("LD_LIBRARY_PATH");
    server.arg("serve").args(args).current_dir(&layout.root);
    server
}
