//! Builds the server, the browser's module and the site that the server serves.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result};

use crate::files::{self, Fingerprint, fingerprint_of, fingerprint_of_stat};
use crate::layout::{Layout, Profile};
use crate::process::{Together, command, in_the_background, run};
use crate::report::elapsed;
use crate::toolchain::{self, Toolchain, WASM};
use crate::{install, npm};

/// Folder of our own JavaScript.
const SCRIPTS: &str = "src/offline";

/// Folder of the message catalogues.
const TEXTS: &str = "src/ui/text";

/// Builds everything that `serve` needs: the server and the site. The server takes longest, so the
/// other builds run at low priority.
pub fn everything(layout: &Layout, profile: Profile) -> Result<()> {
    fetch(layout)?;
    let together = Together::default();
    let run = |cargo: &mut Command| together.run(quiet(&mut in_the_background(cargo)));
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let module = scope.spawn(|| together.step(wasm(layout, profile, run)));
            let tools = together.step(tools(layout, run));
            let module = module.join().ok().flatten();
            if let (Some(module), Some(())) = (module, tools) {
                together.step(site(layout, profile, &module));
            }
        });
        let run = |cargo: &mut Command| together.run(quiet(cargo));
        together.step(server(layout, profile, run));
    });
    match together.result() {
        Err(error) if files::is_full(&layout.target) => {
            Err(error.context(format!(
                "the disk of {} is full: make room (a build from nothing takes 8 GiB), then run this again",
                layout.target.display()
            )))
        }
        result => result,
    }
}

/// Hides cargo's progress bar: several at once would overwrite each other.
fn quiet(cargo: &mut Command) -> &mut Command {
    cargo.env("CARGO_TERM_PROGRESS_WHEN", "never")
}

/// Builds the server.
pub fn server(
    layout: &Layout,
    profile: Profile,
    run: impl Fn(&mut Command) -> Result<()>,
) -> Result<()> {
    step(&format!("server ({})", profile.name()), || {
        let mut cargo = layout.cargo();
        cargo.args(["build", "--features", "ssr", "--bin", "rialto"]);
        if profile == Profile::Release {
            cargo.arg("--release");
        }
        run(&mut cargo)
    })
}

/// Builds the module for the browser and returns its path.
pub fn wasm(
    layout: &Layout,
    profile: Profile,
    run: impl Fn(&mut Command) -> Result<()>,
) -> Result<PathBuf> {
    step(&format!("browser module ({})", profile.name()), || {
        let toolchain = Toolchain::find()
            .with_context(|| format!("no compiler for {WASM}: run `cargo xtask setup`"))?;
        let mut cargo = toolchain.cargo(layout);
        cargo.args(["rustc", "--lib", "--crate-type", "cdylib", "--target", WASM]);
        cargo.args(["--no-default-features", "--features", "hydrate"]);
        let folder = match profile {
            Profile::Release => {
                cargo.args(["--profile", "wasm-release"]);
                "wasm-release"
            }
            Profile::Debug => "debug",
        };
        run(&mut cargo)?;
        Ok(toolchain
            .folder(&layout.target)
            .join(WASM)
            .join(folder)
            .join("rialto.wasm"))
    })
}

/// Builds `pack`, which assembles the site; in its own folder, because cargo runs one build at a
/// time per folder.
pub fn tools(layout: &Layout, run: impl Fn(&mut Command) -> Result<()>) -> Result<()> {
    step("tools of the site", || {
        let mut cargo = layout.cargo();
        cargo.args(["build", "--profile", "tools", "--package", "xtask"]);
        cargo.args(["--features", "pack", "--bin", "pack"]);
        run(cargo.env("CARGO_TARGET_DIR", pack_folder(layout)))
    })
}

fn pack_folder(layout: &Layout) -> PathBuf {
    layout.target.join("pack")
}

/// Downloads the crates first, so that network errors are reported apart from compiler errors.
fn fetch(layout: &Layout) -> Result<()> {
    let mut cargo = layout.cargo();
    cargo.args(["fetch", "--locked", "--quiet", "--target", WASM]);
    cargo.args(["--target", &toolchain::host()?]);
    run(&mut cargo).context(install::network("the crates of Cargo.lock"))
}

/// Assembles the site: files of `public`, the module with its JavaScript, the style sheet. Does
/// nothing if none of them changed.
pub fn site(layout: &Layout, profile: Profile, module: &Path) -> Result<()> {
    let wasm_opt = if profile == Profile::Release {
        npm::wasm_opt(layout)
    } else {
        None
    };
    if profile == Profile::Release && wasm_opt.is_none() {
        println!("build: wasm-opt is left out, it needs node and the packages of end2end");
    }
    let key = site_key(layout, profile, module, wasm_opt.as_deref())?;
    let stamp = layout.target.join("site.key");
    if layout.site().join("manifest.json").is_file()
        && std::fs::read_to_string(&stamp).is_ok_and(|old| old == key)
    {
        return Ok(());
    }
    install::require(&layout.root.join("style/main.css"), "the style sheet")?;
    step("site", || {
        let mut pack = command(pack_folder(layout).join("tools/pack"));
        pack.arg("--module").arg(module);
        pack.arg("--style").arg(layout.root.join("style/main.css"));
        pack.arg("--public").arg(layout.root.join("public"));
        pack.arg("--scripts").arg(layout.root.join(SCRIPTS));
        pack.arg("--texts").arg(layout.root.join(TEXTS));
        pack.arg("--cache").arg(layout.target.join("site-cache"));
        pack.arg("--out").arg(layout.site());
        if let Some(script) = &wasm_opt {
            pack.arg("--wasm-opt").arg(script);
        }
        if profile == Profile::Release {
            pack.arg("--release");
        }
        let _ = std::fs::remove_file(&stamp);
        run(pack
            .env("CARGO_TARGET_DIR", &layout.target)
            .current_dir(&layout.root))?;
        std::fs::write(&stamp, &key)?;
        Ok(())
    })
}

/// Returns the fingerprint of everything that the site is built from.
fn site_key(
    layout: &Layout,
    profile: Profile,
    module: &Path,
    wasm_opt: Option<&Path>,
) -> Result<String> {
    let mut print = Fingerprint::default().with_text(profile.name());
    print = fingerprint_of_stat(print, module)?;
    for part in [
        "style",
        "public",
        TEXTS,
        SCRIPTS,
        "xtask/src/bin",
        "Cargo.lock",
    ] {
        print = fingerprint_of(print.with_text(part), &layout.root.join(part))?;
    }
    if let Some(script) = wasm_opt {
        print = fingerprint_of_stat(print.with_text("wasm-opt"), script)?;
    }
    Ok(print.hex())
}

/// Runs one step and prints how long it took.
pub fn step<T>(name: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    let start = Instant::now();
    println!("build: {name} ...");
    let result = work().with_context(|| format!("building: {name}"))?;
    println!("build: {name}: {}", elapsed(start.elapsed()));
    Ok(result)
}
