//! Assembles the site: the part of `cargo xtask build` with slow dependencies.

mod arguments;
mod cache;
mod compress;
mod links;
mod module;
mod named;
mod scripts;
mod split;
mod style;
mod texts;

use std::path::Path;

use anyhow::{Result, bail};
use xtask::files::walk;

use arguments::Given;
use named::named;

fn main() -> Result<()> {
    let given = Given::parse()?;
    let cache = cache::Cache::open(&given.cache)?;
    // Built beside its final place and then renamed, so the server never serves an incomplete site.
    let new = given.out.with_extension("new");
    let old = given.out.with_extension("old");
    for leftover in [&new, &old] {
        if leftover.exists() {
            std::fs::remove_dir_all(leftover)?;
        }
    }
    fill(&given, &cache, &new)?;
    if given.out.exists() {
        std::fs::rename(&given.out, &old)?;
    }
    std::fs::rename(&new, &given.out)?;
    if old.exists() {
        std::fs::remove_dir_all(&old)?;
    }
    cache.forget_old()
}

fn fill(given: &Given, cache: &cache::Cache, site: &Path) -> Result<()> {
    copy_all(&given.public, site)?;
    let pkg = site.join("pkg");
    let module = module::bind(given, cache, &pkg)?;
    let style = style::bundle(&given.style, given.release)?;
    let manifest = serde_json::json!({
        "js": named(&pkg, "js", module.js.as_bytes())?,
        "wasm": named(&pkg, "wasm", &module.wasm)?,
        "css": named(&pkg, "css", style.as_bytes())?,
        "parts": module.parts,
        "texts": module.texts.first,
        "texts_of_parts": module.texts.later,
        "scripts": scripts::write(&given.scripts, &pkg, given.release)?,
    });
    if given.release {
        compress::all(site, cache)?;
    }
    std::fs::write(
        site.join("manifest.json"),
        serde_json::to_vec_pretty(&manifest)?,
    )?;
    Ok(())
}

fn copy_all(from: &Path, to: &Path) -> Result<()> {
    std::fs::create_dir_all(to)?;
    for file in walk(from, &[])? {
        let Ok(name) = file.strip_prefix(from) else {
            bail!("{} is elsewhere", file.display())
        };
        let target = to.join(name);
        if let Some(dir) = target.parent() {
            std::fs::create_dir_all(dir)?;
        }
        std::fs::copy(&file, target)?;
    }
    Ok(())
}
