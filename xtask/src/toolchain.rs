//! Finds or builds a compiler for the browser's module.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::install;
use crate::layout::Layout;
use crate::process::{command, is_root, on_path, output, run, status_within};

/// The target of the browser's module.
pub const WASM: &str = "wasm32-unknown-unknown";

const DEBIAN_RUSTC: &str = "/usr/bin/rustc";
const DEBIAN_CARGO: &str = "/usr/bin/cargo";
/// Without access to the download server, rustup waits forever instead of failing.
const RUSTUP_LIMIT: Duration = Duration::from_secs(60);
/// File beside the library that we built: the compiler version that built it.
const STAMP: &str = "rialto-rustc-version";

/// A compiler that has the wasm32 standard library.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Toolchain {
    /// The one on the search path.
    Usual,
    /// Debian's, installed beside the one on the search path.
    Debian,
}

impl Toolchain {
    /// Returns the first one that is complete.
    pub fn find() -> Option<Self> {
        if library("rustc", command("rustc")).is_some_and(|dir| has_std(&dir)) {
            return Some(Self::Usual);
        }
        // Only Debian's compiler needs the linker of the other toolchain, and only if it has none
        // itself.
        let lib = library(DEBIAN_RUSTC, debian(DEBIAN_RUSTC)).filter(|dir| has_std(dir))?;
        let version = output(debian(DEBIAN_RUSTC).arg("--version"))?;
        let built_with =
            std::fs::read_to_string(lib.join(STAMP)).unwrap_or_else(|_| version.clone());
        (built_with == version && linker(DEBIAN_RUSTC)?.exists()).then_some(Self::Debian)
    }

    /// Returns cargo with this compiler, run in the checkout. Each compiler builds into its own
    /// folder: in a shared one each would invalidate the other's output.
    pub fn cargo(self, layout: &Layout) -> Command {
        match self {
            Self::Usual => layout.cargo(),
            Self::Debian => {
                let mut cargo = debian(DEBIAN_CARGO);
                cargo
                    .env("CARGO_TARGET_DIR", self.folder(&layout.target))
                    .current_dir(&layout.root);
                cargo
            }
        }
    }

    /// Returns its output folder below `target`.
    pub fn folder(self, target: &Path) -> PathBuf {
        match self {
            Self::Usual => target.to_path_buf(),
            Self::Debian => target.join("wasm"),
        }
    }
}

/// Installs a toolchain for the browser's module unless there is one.
pub fn set_up() -> Result<Toolchain> {
    if let Some(toolchain) = Toolchain::find() {
        return Ok(toolchain);
    }
    if on_path("rustup") {
        println!("setup: adding {WASM} with rustup (up to a minute)");
        let mut rustup = command("rustup");
        rustup.args(["target", "add", WASM]);
        let added = status_within(&mut rustup, Some(RUSTUP_LIMIT));
        if crate::process::interrupted() {
            bail!("interrupted");
        }
        if !added.is_ok_and(|status| status.success()) {
            println!("setup: rustup could not bring it");
        }
    }
    if Toolchain::find().is_none() {
        if !on_path("apt-get") || !is_root() {
            bail!(
                "the standard library of {WASM} is missing.\n  Bring it with `rustup target add {WASM}`, \
                 or on Debian run `cargo xtask setup` as root, which takes the compiler that Debian has."
            );
        }
        from_debian()?;
    }
    Toolchain::find().with_context(|| format!("there is still no compiler for {WASM}"))
}

/// Installs Debian's compiler and builds the standard library from Debian's source package.
fn from_debian() -> Result<()> {
    install::apt(&["rustc-web", "rust-web-src", "cargo-web"], "1-2 minutes")?;
    link_linker()?;
    println!("setup: building the standard library of {WASM} (1-2 minutes)");
    let probe = std::env::temp_dir().join(format!("rialto-std-{}", std::process::id()));
    let result = build_std(&probe);
    let _ = std::fs::remove_dir_all(&probe);
    result
}

fn build_std(probe: &Path) -> Result<()> {
    std::fs::create_dir_all(probe.join("src"))?;
    std::fs::write(probe.join("src/lib.rs"), "")?;
    std::fs::write(
        probe.join("Cargo.toml"),
        "[package]\nname = \"probe\"\nversion = \"0.0.0\"\nedition = \"2021\"\n\n\
         [lib]\ncrate-type = [\"cdylib\"]\n\n[workspace]\n",
    )?;
    let mut cargo = debian(DEBIAN_CARGO);
    cargo
        .args([
            "build",
            "--release",
            "-Zbuild-std=std,panic_abort",
            "--target",
            WASM,
        ])
        .env("RUSTC_BOOTSTRAP", "1")
        .env("CARGO_TARGET_DIR", probe.join("target"))
        .current_dir(probe);
    run(&mut cargo)?;

    let built = probe.join("target").join(WASM).join("release/deps");
    let lib =
        library(DEBIAN_RUSTC, debian(DEBIAN_RUSTC)).context("Debian's rustc does not answer")?;
    // Built beside its final place first, so an incomplete library is never used.
    let new = lib.with_extension("new");
    for old in [&new, &lib] {
        // Removes the library of another compiler version, which would be mistaken for this one's.
        if old.is_dir() {
            std::fs::remove_dir_all(old)?;
        }
    }
    std::fs::create_dir_all(&new)?;
    for file in crate::files::walk(&built, &[])? {
        let name = file
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if name.ends_with(".rlib") && !name.starts_with("libprobe") {
            std::fs::copy(&file, new.join(name))?;
        }
    }
    if !has_std(&new) {
        bail!("building the standard library of {WASM} failed");
    }
    let version = output(debian(DEBIAN_RUSTC).arg("--version")).unwrap_or_default();
    std::fs::write(new.join(STAMP), version)?;
    std::fs::rename(new, lib)?;
    Ok(())
}

/// Links the default toolchain's linker into Debian's: Debian's own linker is too old.
fn link_linker() -> Result<()> {
    let link = linker(DEBIAN_RUSTC).context("Debian's rustc does not answer")?;
    if link.exists() {
        return Ok(());
    }
    let real = linker("rustc").filter(|path| path.exists()).context(
        "there is no rust-lld: install a Rust toolchain with rustup, Debian's linker is too old",
    )?;
    if let Some(dir) = link.parent() {
        std::fs::create_dir_all(dir)?;
    }
    // A dangling link to a removed toolchain still blocks the path.
    let _ = std::fs::remove_file(&link);
    std::os::unix::fs::symlink(&real, &link)?;
    Ok(())
}

/// Returns a command without the settings of rustup, under which we may run.
fn debian(program: &str) -> Command {
    let mut command = command(program);
    command
        .env("RUSTC", DEBIAN_RUSTC)
        .env("RUSTDOC", "/usr/bin/rustdoc");
    for name in [
        "CARGO",
        "RUSTUP_TOOLCHAIN",
        "LD_LIBRARY_PATH",
        "RUSTC_WRAPPER",
        "RUSTC_WORKSPACE_WRAPPER",
    ] {
        command.env_remove(name);
    }
    command
}

/// Returns the folder where a compiler looks for the wasm32 library.
fn library(rustc: &str, mut command: Command) -> Option<PathBuf> {
    if rustc.starts_with('/') && !Path::new(rustc).is_file() {
        return None;
    }
    output(command.args(["--print", "target-libdir", "--target", WASM])).map(PathBuf::from)
}

fn has_std(dir: &Path) -> bool {
    let Ok(entries) = std::fs::read_dir(dir) else {
        return false;
    };
    entries
        .flatten()
        .any(|entry| entry.file_name().to_string_lossy().starts_with("libstd-"))
}

/// Returns the host of the default toolchain, such as `x86_64-unknown-linux-gnu`.
pub fn host() -> Result<String> {
    host_of(command("rustc")).context("rustc does not answer: is Rust installed?")
}

fn host_of(mut rustc: Command) -> Option<String> {
    let version = output(rustc.arg("-vV"))?;
    let mut lines = version.lines();
    lines.find_map(|line| Some(line.strip_prefix("host: ")?.to_owned()))
}

/// Returns the path of a compiler's `rust-lld`.
fn linker(rustc: &str) -> Option<PathBuf> {
    let rustc = || {
        if rustc.starts_with('/') {
            debian(rustc)
        } else {
            command(rustc)
        }
    };
    let root = output(rustc().args(["--print", "sysroot"]))?;
    let host = host_of(rustc())?;
    Some(
        Path::new(&root)
            .join("lib/rustlib")
            .join(host)
            .join("bin/rust-lld"),
    )
}

/// Installs a component of the default toolchain (`clippy`, `rustfmt`) unless it is there.
pub fn component(name: &str, subcommand: &str) -> Result<()> {
    if output(command("cargo").args([subcommand, "--version"])).is_some() {
        return Ok(());
    }
    if !on_path("rustup") {
        bail!(
            "`cargo {subcommand}` is missing: install the component {name} of your Rust toolchain"
        );
    }
    println!("setup: adding {name} with rustup (up to a minute)");
    let mut rustup = command("rustup");
    rustup.args(["component", "add", name]);
    status_within(&mut rustup, Some(RUSTUP_LIMIT)).with_context(|| format!("adding {name}"))?;
    run(command("cargo").args([subcommand, "--version"]))
}
