//! Splits the module into parts that the page loads when it needs them.
//!
//! Each function that `wasm_split` marks is a split point. Code that is reachable only through
//! split points moves to its own file; code that several parts share does too.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result, anyhow};
use wasm_split_cli_support::{Options, transform};

/// The name under which the module imports the loaders of its parts.
pub const LINKS: &str = "./parts.js";

/// A module in parts.
pub struct Chunks {
    /// The part that the page starts with, before wasm-bindgen.
    pub main: Vec<u8>,
    /// The other parts, by the names that [`Self::links`] uses.
    pub later: Vec<(String, Vec<u8>)>,
    /// The parts that the page loads together, by split point.
    pub split_points: BTreeMap<String, Vec<String>>,
    /// JavaScript that loads the parts.
    pub links: String,
}

/// Splits a module that was linked with relocations; `dir` is for temporary files.
pub fn split(module: &[u8], dir: &Path) -> Result<Chunks> {
    let main = dir.join("main.wasm");
    let mut options = Options::new(module);
    options.output_dir = dir;
    options.main_out_path = &main;
    options.link_name = LINKS;
    let done = transform(options).map_err(|error| anyhow!("splitting the module: {error:#}"))?;
    let mut later = Vec::new();
    for path in done.split_modules {
        let name = path.file_name().context("a part without a name")?;
        later.push((name.to_string_lossy().into_owned(), std::fs::read(&path)?));
    }
    later.sort();
    Ok(Chunks {
        main: std::fs::read(main)?,
        later,
        split_points: done.prefetch_map.into_iter().collect(),
        links: std::fs::read_to_string(dir.join(LINKS))?,
    })
}
