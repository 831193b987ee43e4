//! Sets up, builds and becomes the server.

use std::ffi::OsString;
use std::os::unix::process::CommandExt;
use std::process::Command;

use anyhow::{Context, Result};

use crate::layout::{Layout, Profile};
use crate::process::command;
use crate::{build, setup};

/// Never returns unless something fails: the server takes the place of this process, so that
/// signals reach it directly.
pub fn serve(layout: &Layout, profile: Profile, args: &[OsString]) -> Result<()> {
    setup::to_serve(layout)?;
    build::everything(layout, profile)?;
    let error = server(layout, profile, args).exec();
    Err(error).context("starting the server")
}

/// The command that serves what was built.
pub fn server(layout: &Layout, profile: Profile, args: &[OsString]) -> Command {
    let mut server = command(layout.server(profile));
    // Cargo points it to libraries of the compiler, which the server does not need.
    server.env_remove("LD_LIBRARY_PATH");
    server.arg("serve").args(args).current_dir(&layout.root);
    server
}
