//! The module for the browser and the JavaScript that loads it.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};
use wasm_bindgen_cli_support::Bindgen;
use xtask::files::Fingerprint;

use crate::Given;
use crate::cache::Cache;

/// What the page loads.
pub struct Module {
    /// The module of JavaScript that starts the wasm module; the page tells it where that is.
    pub js: String,
    /// The wasm module.
    pub wasm: Vec<u8>,
}

/// Makes both; snippets of JavaScript that crates bring are written below `pkg`.
pub fn bind(given: &Given, cache: &Cache, pkg: &Path) -> Result<Module> {
    let input = std::fs::read(&given.module)
        .with_context(|| format!("reading {}", given.module.display()))?;
    let mut bindgen = Bindgen::new();
    bindgen
        .input_bytes("rialto", input)
        .web(true)?
        .out_name("rialto")
        .typescript(false)
        // The file's name has a hash that the JavaScript does not know.
        .omit_default_module_path(true)
        .remove_name_section(given.release)
        .remove_producers_section(given.release)
        .keep_debug(false);
    let mut output = bindgen.generate_output()?;
    for (identifier, list) in output.snippets() {
        for (number, text) in list.iter().enumerate() {
            write(
                &pkg.join("snippets")
                    .join(identifier)
                    .join(format!("inline{number}.js")),
                text,
            )?;
        }
    }
    for (name, text) in output.local_modules() {
        write(&pkg.join("snippets").join(name), text)?;
    }
    if let Some((name, _)) = output.npm_dependencies().iter().next() {
        bail!("a crate wants {name} from npm, which the site does not bundle");
    }
    let js = output.js().to_owned();
    let wasm = output.wasm_mut().emit_wasm();
    let wasm = match &given.wasm_opt {
        Some(script) if given.release => optimise(script, &wasm, cache)?,
        _ => wasm,
    };
    Ok(Module { js, wasm })
}

fn write(path: &Path, text: &str) -> Result<()> {
    if let Some(dir) = path.parent() {
        std::fs::create_dir_all(dir)?;
    }
    Ok(std::fs::write(path, text)?)
}

/// What wasm-opt may use: what rustc and wasm-bindgen use themselves, which every browser of the
/// last years knows. With all features it writes encodings that browsers still keep behind a flag.
const FEATURES: &[&str] = &[
    "-Oz",
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// Makes the module smaller with wasm-opt, which takes a while.
fn optimise(script: &Path, wasm: &[u8], cache: &Cache) -> Result<Vec<u8>> {
    let version = std::fs::metadata(script)?.len();
    let key = Fingerprint::default()
        .with(wasm)
        .with(&version.to_le_bytes())
        .with(FEATURES.join(" ").as_bytes())
        .hex();
    cache.get(&format!("{key}.opt.wasm"), || {
        println!("build: wasm-opt (about 20 s) ...");
        let dir = std::env::temp_dir().join(format!("rialto-opt-{}", std::process::id()));
        std::fs::create_dir_all(&dir)?;
        let (from, to) = (dir.join("in.wasm"), dir.join("out.wasm"));
        std::fs::write(&from, wasm)?;
        let status = Command::new("node")
            .arg(script)
            .args(FEATURES)
            .arg(&from)
            .arg("-o")
            .arg(&to)
            .status()
            .context("starting wasm-opt")?;
        let bytes = std::fs::read(&to);
        std::fs::remove_dir_all(&dir)?;
        if !status.success() {
            bail!("wasm-opt failed ({status})");
        }
        Ok(bytes?)
    })
}
