//! Builds the release archive, which runs on a machine without Rust: the server, the site,
//! licenses, and the files for systemd and Docker.

mod elf;
mod libraries;
mod licenses;
mod sbom;
mod trial;

use std::env::consts::{ARCH, OS};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, bail};

use crate::files::walk;
use crate::layout::{Layout, Profile};
use crate::process::{command, on_path, output, run};
use crate::{build, setup};

pub use trial::trial;

/// Files of the checkout that the archive contains unchanged.
const FILES: [&str; 10] = [
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "Leptos.toml",
    "NOTICE",
    "docs/data-sources.md",
    "docs/self-hosting.md",
    "xtask/dist/Dockerfile",
    "xtask/dist/rialto-backup.service",
    "xtask/dist/rialto-backup.timer",
    "xtask/dist/rialto.service",
];

/// Sets up, builds and packs.
pub fn dist(layout: &Layout) -> Result<()> {
    setup::to_dist(layout)?;
    build::everything(layout, Profile::Release)?;
    pack(layout)?;
    Ok(())
}

/// Packs the release build. The same build and commit produce the same archive.
pub fn pack(layout: &Layout) -> Result<PathBuf> {
    build::step("archive", || {
        let name = format!("rialto-{}-{OS}-{ARCH}", env!("CARGO_PKG_VERSION"));
        let parent = layout.target.join("dist");
        let folder = parent.join(&name);
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        let time = time(layout)?;
        fill(layout, &folder, &time)?;
        let archive = compress(&folder, &time)?;
        let sum = output(
            command("sha256sum")
                .arg(archive.file_name().unwrap_or_default())
                .current_dir(&parent),
        )
        .context("`sha256sum` failed")?;
        fs::write(
            parent.join(format!("{name}.tar.zst.sha256")),
            format!("{sum}\n"),
        )?;
        let size = fs::metadata(&archive)?.len();
        println!("build: {}, {size} bytes", archive.display());
        println!("build: SHA-256 {sum}");
        Ok(archive)
    })
}

/// Copies everything into the folder that is packed.
fn fill(layout: &Layout, folder: &Path, time: &str) -> Result<()> {
    let server = layout.server(Profile::Release);
    let glibc = elf::glibc_of(&server)?;
    println!("build: the server needs glibc {glibc}");
    copy(&server, &folder.join("rialto"))?;
    let site = layout.site();
    for file in walk(&site, &[])? {
        copy(&file, &folder.join("site").join(file.strip_prefix(&site)?))?;
    }
    for file in FILES {
        let name = Path::new(file).file_name().unwrap_or_default();
        copy(&layout.root.join(file), &folder.join(name))?;
    }
    let libraries = libraries::find(layout)?;
    fs::write(
        folder.join("THIRD-PARTY.txt"),
        licenses::document(&libraries)?,
    )?;
    let date = [
        "--utc",
        "--date",
        &format!("@{time}"),
        "+%Y-%m-%dT%H:%M:%SZ",
    ];
    let date = output(command("date").args(date)).context("`date` failed")?;
    let rustc = output(command("rustc").arg("-V")).context("`rustc -V` failed")?;
    let built = [("rialto:rustc", rustc), ("rialto:glibc", glibc)];
    let sbom = sbom::document(&libraries, &sbom::scripts(layout)?, &date, &built);
    println!("build: {} libraries", libraries.len());
    fs::write(folder.join("rialto.cdx.json"), format!("{sbom:#}\n"))?;
    Ok(())
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::copy(from, to).with_context(|| format!("copying {}", from.display()))?;
    Ok(())
}

/// Packs a folder; owners, times and order do not depend on the machine.
fn compress(folder: &Path, time: &str) -> Result<PathBuf> {
    if !on_path("zstd") {
        bail!("zstd is missing: run `cargo xtask setup`");
    }
    let archive = folder.with_added_extension("tar.zst");
    let mut tar = command("tar");
    tar.args(["--create", "--format=gnu", "--sort=name", "--numeric-owner"]);
    tar.args(["--owner=0", "--group=0", "--mode=u=rwX,go=rX"]);
    tar.arg(format!("--mtime=@{time}"));
    tar.args(["--use-compress-program", "zstd -9 -T0"]);
    tar.arg("--file").arg(&archive);
    tar.arg("--directory")
        .arg(folder.parent().unwrap_or(folder));
    run(tar.arg(folder.file_name().unwrap_or_default()))?;
    Ok(archive)
}

/// Returns `SOURCE_DATE_EPOCH`, else the time of the commit, else the current time, in seconds
/// since 1970.
fn time(layout: &Layout) -> Result<String> {
    if let Ok(time) = std::env::var("SOURCE_DATE_EPOCH") {
        return Ok(time);
    }
    let commit = ["log", "-1", "--format=%ct"];
    match output(command("git").args(commit).current_dir(&layout.root)) {
        Some(time) => Ok(time),
        None => Ok(SystemTime::now()
            .duration_since(UNIX_EPOCH)?
            .as_secs()
            .to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn the_same_files_make_the_same_archive() {
        let make = |names: [(&str, u32); 2]| {
            let dir = tempfile::tempdir().unwrap();
            let folder = dir.path().join("rialto-1.2.3");
            fs::create_dir_all(&folder).unwrap();
            for (name, mode) in names {
                let file = folder.join(name);
                fs::write(&file, name).unwrap();
                fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
            }
            let archive = compress(&folder, "1700000000").unwrap();
            assert!(archive.ends_with("rialto-1.2.3.tar.zst"));
            fs::read(archive).unwrap()
        };
        let first = make([("a", 0o600), ("b", 0o700)]);
        assert_eq!(first, make([("b", 0o755), ("a", 0o644)]));
        assert_ne!(first, make([("b", 0o644), ("a", 0o644)]));
    }
}
