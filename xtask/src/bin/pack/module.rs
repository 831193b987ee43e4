//! Builds the browser's WebAssembly module, in parts, and the JavaScript that loads it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use wasm_bindgen_cli_support::Bindgen;
use xtask::files::Fingerprint;

use crate::arguments::Given;
use crate::cache::Cache;
use crate::links::{Files, link};
use crate::texts::{self, Texts};
use crate::{scripts, split};

/// What the page loads.
pub struct Module {
    /// The JavaScript that starts the wasm module; the page passes it the module's address.
    pub js: String,
    /// The wasm module that the page loads first.
    pub wasm: Vec<u8>,
    /// Site paths of the files to load, by split point.
    pub parts: BTreeMap<String, BTreeSet<String>>,
    /// The texts of the page and of the parts.
    pub texts: Texts,
}

/// Builds the module and its JavaScript. Writes the later parts, and JavaScript snippets of crates,
/// below `pkg`.
pub fn bind(given: &Given, cache: &Cache, pkg: &Path) -> Result<Module> {
    let input = std::fs::read(&given.module)
        .with_context(|| format!("reading {}", given.module.display()))?;
    let scratch = Scratch::new()?;
    let parts = split::split(&input, &scratch.0)?;
    let mut bindgen = Bindgen::new();
    bindgen
        .input_bytes("rialto", parts.main.clone())
        .web(true)?
        .out_name("rialto")
        .typescript(false)
        // The file's name contains a hash that the JavaScript does not know.
        .omit_default_module_path(true)
        .remove_name_section(given.release)
        .remove_producers_section(given.release)
        // The parts find shared symbols by the names that the linker gave them.
        .keep_lld_exports(true)
        .demangle(false)
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
    let mut js = output.js().to_owned();
    if given.release {
        js = short_names(output.wasm_mut(), &js);
    }
    let small = |wasm: Vec<u8>| {
        if !given.release {
            return Ok(wasm);
        }
        match &given.wasm_opt {
            Some(script) => optimize(script, &wasm, &scratch.0, cache),
            None => Ok(wasm),
        }
    };
    let wasm = small(output.wasm_mut().emit_wasm())?;
    let texts = texts::write(&given.texts, &parts, pkg)?;
    let mut modules = Vec::new();
    for (name, part) in &parts.later {
        modules.push((name.as_str(), small(part.clone())?));
    }
    let files = Files::write(modules, pkg)?;
    let js = link(&js, &parts.links, &files, &texts)?;
    let js = if given.release {
        scripts::bare(&js)
    } else {
        js
    };
    let split_points = parts.split_points.iter();
    let parts = split_points
        .map(|(door, modules)| (door.clone(), files.of(modules)))
        .collect();
    Ok(Module {
        js,
        wasm,
        parts,
        texts,
    })
}

/// Renames the module's imports to numbers: the names that wasm-bindgen generates contain hashes,
/// which compress badly in both files.
fn short_names(module: &mut walrus::Module, js: &str) -> String {
    let mut short = js.to_owned();
    for (number, import) in module.imports.iter_mut().enumerate() {
        let key = format!("{}: ", import.name);
        // Only names that occur once, as a key of the imports object.
        if import.module == "./rialto_bg.js" && js.matches(import.name.as_str()).count() == 1 {
            let name = format!("i{number}");
            let renamed = short.replacen(&key, &format!("{name}: "), 1);
            if renamed != short {
                (short, import.name) = (renamed, name);
            }
        }
    }
    short
}

/// A temporary folder.
struct Scratch(PathBuf);

impl Scratch {
    fn new() -> Result<Self> {
        let dir = std::env::temp_dir().join(format!("rialto-pack-{}", std::process::id()));
        std::fs::create_dir_all(&dir)?;
        Ok(Self(dir))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn write(path: &Path, text: &str) -> Result<()> {
    if let Some(dir) = path.parent() {
        std::fs::create_dir_all(dir)?;
    }
    Ok(std::fs::write(path, text)?)
}

/// The passes of wasm-opt, and the WebAssembly features that it may use: the same as rustc and
/// wasm-bindgen use, which all browsers of recent years support. With all features it writes
/// encodings that browsers still hide behind a flag.
///
/// The passes only remove unneeded code. `-Oz` makes the module a sixth smaller in memory, but a
/// twentieth larger to download: functions that were alike differ afterwards and compress worse.
const FEATURES: &[&str] = &[
    "--dce",
    "--vacuum",
    "--remove-unused-module-elements",
    "--duplicate-function-elimination",
    "--remove-unused-brs",
    "--vacuum",
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// Optimizes the module with wasm-opt, which is slow, so the result is cached.
fn optimize(script: &Path, wasm: &[u8], dir: &Path, cache: &Cache) -> Result<Vec<u8>> {
    let version = std::fs::metadata(script)?.len();
    let key = Fingerprint::default()
        .with(wasm)
        .with(&version.to_le_bytes())
        .with(FEATURES.join(" ").as_bytes())
        .hex();
    cache.get(&format!("{key}.opt.wasm"), || {
        println!("build: wasm-opt ...");
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
        if !status.success() {
            bail!("wasm-opt failed ({status})");
        }
        Ok(std::fs::read(&to)?)
    })
}
