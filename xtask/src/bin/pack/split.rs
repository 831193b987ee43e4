//! Parts of the module that the page loads when it needs them.
//!
//! The functions that `wasm_split` marks in the product are the doors of such a part; whatever can
//! be reached through its doors alone goes into a file of its own, what several parts share too.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result, anyhow, bail};
use wasm_split_cli_support::{Options, transform};

/// The name under which the module imports what loads its parts.
const LINKS: &str = "./parts.js";

/// A module in parts.
pub struct Parts {
    /// What the page starts with; not yet seen by wasm-bindgen.
    pub main: Vec<u8>,
    /// The other parts, by the names that [`Self::links`] calls them by.
    pub later: Vec<(String, Vec<u8>)>,
    /// Which of them the page loads, together, for a door.
    pub doors: BTreeMap<String, Vec<String>>,
    /// JavaScript that loads them.
    links: String,
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

impl Parts {
    /// Puts what loads the parts into the module of JavaScript that starts the first one: one file
    /// to load instead of two that import each other. `paths` are those of the
    /// parts in the site, all in one folder.
    pub fn link(&self, js: &str, paths: &BTreeMap<&str, String>) -> Result<String> {
        let mut links = String::new();
        let mut loaders = Vec::new();
        for line in self.links.lines() {
            if line.starts_with("import ") {
                continue;
            }
            let line = match line.strip_prefix("export const ") {
                Some(rest) => {
                    loaders.push(rest.split(' ').next().unwrap_or_default());
                    line.trim_start_matches("export ")
                }
                None => line,
            };
            links.push_str(line);
            links.push('\n');
        }
        for (name, path) in paths {
            let address = path.trim_start_matches("pkg/");
            let quoted = format!("\"./{name}\"");
            if !links.contains(&quoted) {
                bail!("nothing loads {name}");
            }
            links = links.replace(&quoted, &format!("\"./{address}\""));
        }
        let (imports, rest): (Vec<&str>, Vec<&str>) = js
            .lines()
            .partition(|line| line.starts_with("import * as ") && line.contains(LINKS));
        if imports.is_empty() && !self.later.is_empty() {
            bail!("the module does not import what loads its parts");
        }
        let mut linked = rest.join("\n");
        linked.push_str("\nconst parts = (() => {\n");
        linked.push_str(&links);
        linked.push_str(&format!("return {{ {} }};\n}})();\n", loaders.join(", ")));
        for import in imports {
            let name = import.trim_start_matches("import * as ").split(' ').next();
            linked.push_str(&format!("const {} = parts;\n", name.unwrap_or_default()));
        }
        Ok(linked)
    }
}
