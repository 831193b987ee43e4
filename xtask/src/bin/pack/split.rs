//! Parts of the module that the page loads when it needs them.
//!
//! The functions that `wasm_split` marks in the product are the doors of such a part; whatever can
//! be reached through its doors alone goes into a file of its own, what several parts share too.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result, anyhow};
use wasm_split_cli_support::{Options, transform};

/// The name under which the module imports what loads its parts.
pub const LINKS: &str = "./parts.js";

/// A module in parts.
pub struct Parts {
    /// What the page starts with; not yet seen by wasm-bindgen.
    pub main: Vec<u8>,
    /// The other parts, by the names that [`Self::links`] calls them by.
    pub later: Vec<(String, Vec<u8>)>,
    /// Which of them the page loads, together, for a door.
    pub doors: BTreeMap<String, Vec<String>>,
    /// JavaScript that loads them.
    pub links: String,
}

/// Splits a module that was linked with relocations; `dir` is for files in between.
pub fn split(module: &[u8], dir: &Path) -> Result<Parts> {
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
    Ok(Parts {
        main: std::fs::read(main)?,
        later,
        doors: done.prefetch_map.into_iter().collect(),
        links: std::fs::read_to_string(dir.join(LINKS))?,
    })
}
