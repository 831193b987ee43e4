//! What the steps of an installation share.

use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::process::{command, run};

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
