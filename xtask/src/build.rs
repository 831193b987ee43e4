//! Builds the server, the browser's module and the site that the server hands out.

use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result};

use crate::files::{Fingerprint, fingerprint_of, fingerprint_of_stat};
use crate::layout::{Layout, Profile};
use crate::process::{command, run};
use crate::report::elapsed;
use crate::toolchain::{Toolchain, WASM};
use crate::{npm, setup};

/// The JavaScript that we write ourselves.
const SCRIPTS: &str = "src/offline";

/// The message catalogues.
const TEXTS: &str = "src/ui/text";

/// How the module is compiled for release: as `.cargo/config.toml` has it, and small.
const SMALL: [&str; 5] = [
    "--cfg",
    "erase_components",
    "-Clink-arg=--emit-relocs",
    "-Zfmt-debug=none",
    "-Zlocation-detail=none",
];

/// Builds everything that `serve` needs.
pub fn everything(layout: &Layout, profile: Profile) -> Result<()> {
    server(layout, profile)?;
    let module = wasm(layout, profile)?;
    site(layout, profile, &module)
}

/// Builds the server.
pub fn server(layout: &Layout, profile: Profile) -> Result<()> {
    step(&format!("server ({})", profile.name()), || {
        let mut cargo = command("cargo");
        cargo.args(["build", "--features", "ssr", "--bin", "rialto"]);
        if profile == Profile::Release {
            cargo.arg("--release");
        }
        run(cargo
            .env("CARGO_TARGET_DIR", &layout.target)
            .current_dir(&layout.root))
    })
}

/// Builds the module for the browser and answers where it is.
pub fn wasm(layout: &Layout, profile: Profile) -> Result<PathBuf> {
    step(&format!("browser module ({})", profile.name()), || {
        let toolchain = Toolchain::find()
            .with_context(|| format!("no compiler for {WASM}: run `cargo xtask setup`"))?;
        let mut cargo = toolchain.cargo(&layout.target);
        cargo.args([
            "build",
            "--lib",
            "--target",
            WASM,
            "--no-default-features",
            "--features",
            "hydrate",
        ]);
        let folder = match profile {
            Profile::Release => {
                cargo.args(["--profile", "wasm-release"]);
                // Neither what `{:?}` writes nor where a panic came from is for people; together
                // they are a twentieth of the module. Stable compilers know these switches, too.
                cargo.env("RUSTC_BOOTSTRAP", "1");
                cargo.env("RUSTFLAGS", SMALL.join(" "));
                "wasm-release"
            }
            Profile::Debug => "debug",
        };
        run(cargo.current_dir(&layout.root))?;
        Ok(toolchain
            .folder(&layout.target)
            .join(WASM)
            .join(folder)
            .join("rialto.wasm"))
    })
}

/// Puts the site together: files of `public`, the module with its JavaScript, the style sheet.
/// Nothing is done when none of that has changed.
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
    setup::require(&layout.root.join("style/main.css"), "the style sheet")?;
    step("site", || {
        let mut cargo = command("cargo");
        cargo.args([
            "build",
            "--release",
            "--package",
            "xtask",
            "--features",
            "pack",
            "--bin",
            "pack",
        ]);
        run(cargo
            .env("CARGO_TARGET_DIR", &layout.target)
            .current_dir(&layout.root))?;
        let mut pack = command(layout.target.join("release/pack"));
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

/// Tells whether the site would come out as it is.
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

/// Runs one step and says how long it took.
pub fn step<T>(name: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    let start = Instant::now();
    println!("build: {name} ...");
    let result = work().with_context(|| format!("building: {name}"))?;
    println!("build: {name}: {}", elapsed(start.elapsed()));
    Ok(result)
}
