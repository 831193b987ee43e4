//! The module for the browser, in parts, and the JavaScript that loads it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use wasm_bindgen_cli_support::Bindgen;
use xtask::files::Fingerprint;

use crate::Given;
use crate::cache::Cache;
use crate::links::{Files, link};
use crate::texts::{self, Texts};
use crate::{scripts, split};

/// What the page loads.
pub struct Module {
    /// The module of JavaScript that starts the wasm module; the page tells it where that is.
    pub js: String,
    /// The wasm module.
    pub wasm: Vec<u8>,
    /// Paths in the site of what is loaded for a door to a later part of it.
    pub parts: BTreeMap<String, BTreeSet<String>>,
    /// The texts, of the page and of those parts.
    pub texts: Texts,
}

/// Makes both; the parts that are loaded later, and snippets of JavaScript that crates bring, are
/// written below `pkg`.
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
        // The file's name has a hash that the JavaScript does not know.
        .omit_default_module_path(true)
        .remove_name_section(given.release)
        .remove_producers_section(given.release)
        // The parts find what they share by the names that the linker gave.
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
            Some(script) => optimise(script, &wasm, &scratch.0, cache),
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
    let doors = parts.doors.iter();
    let parts = doors
        .map(|(door, modules)| (door.clone(), files.of(modules)))
        .collect();
    Ok(Module {
        js,
        wasm,
        parts,
        texts,
    })
}

/// What JavaScript offers to the module is called by its number: names with the hashes that
/// wasm-bindgen gives them would be a part of both that compresses badly.
fn short_names(module: &mut walrus::Module, js: &str) -> String {
    let mut short = js.to_owned();
    for (number, import) in module.imports.iter_mut().enumerate() {
        let key = format!("{}: ", import.name);
        // Only what is nothing but a key of the object that is handed over.
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

/// A folder for files in between.
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

/// What wasm-opt does, and what it may use for that: what rustc and wasm-bindgen use themselves,
/// which every browser of the last years knows. With all features it writes encodings that browsers
/// still keep behind a flag.
///
/// It only takes out what is not needed. More (`-Oz`) makes the module smaller by a sixth as it is
/// in memory, and larger by a twentieth as it is loaded: functions that were alike are no longer,
/// and do not compress.
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

/// Makes the module smaller with wasm-opt, which takes a while.
fn optimise(script: &Path, wasm: &[u8], dir: &Path, cache: &Cache) -> Result<Vec<u8>> {
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
