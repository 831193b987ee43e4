//! Assembles the site: the part of `cargo xtask build` with slow dependencies.

mod cache;
mod compress;
mod links;
mod module;
mod scripts;
mod split;
mod style;
mod texts;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use lexopt::Arg::Long;
use xtask::files::{Fingerprint, walk};

/// The command line arguments.
struct Given {
    /// The module that cargo built.
    module: PathBuf,
    /// The style sheet that imports all others.
    style: PathBuf,
    /// Files that are served unchanged.
    public: PathBuf,
    /// Our own scripts, which import each other.
    scripts: PathBuf,
    /// The folder of the message catalogues.
    texts: PathBuf,
    /// Cache of slow steps.
    cache: PathBuf,
    /// The finished site.
    out: PathBuf,
    /// Binaryen's optimizer, a script for node.
    wasm_opt: Option<PathBuf>,
    /// Whether to minify and optimize.
    release: bool,
}

impl Given {
    fn parse() -> Result<Self> {
        let mut parser = lexopt::Parser::from_env();
        let (mut module, mut style, mut public, mut scripts) = (None, None, None, None);
        let (mut texts, mut cache, mut out) = (None, None, None);
        let (mut wasm_opt, mut release) = (None, false);
        while let Some(arg) = parser.next()? {
            let place = match arg {
                Long("module") => &mut module,
                Long("style") => &mut style,
                Long("public") => &mut public,
                Long("scripts") => &mut scripts,
                Long("texts") => &mut texts,
                Long("cache") => &mut cache,
                Long("out") => &mut out,
                Long("wasm-opt") => &mut wasm_opt,
                Long("release") => {
                    release = true;
                    continue;
                }
                other => return Err(other.unexpected().into()),
            };
            *place = Some(PathBuf::from(parser.value()?));
        }
        Ok(Self {
            module: module.context("--module is missing")?,
            style: style.context("--style is missing")?,
            public: public.context("--public is missing")?,
            scripts: scripts.context("--scripts is missing")?,
            texts: texts.context("--texts is missing")?,
            cache: cache.context("--cache is missing")?,
            out: out.context("--out is missing")?,
            wasm_opt,
            release,
        })
    }
}

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

/// Writes a file whose name contains a hash of its contents, so browsers can cache it forever.
/// Returns its path in the site.
fn named(pkg: &Path, extension: &str, bytes: &[u8]) -> Result<String> {
    let name = format!(
        "rialto.{}.{extension}",
        Fingerprint::default().with(bytes).hex()
    );
    std::fs::create_dir_all(pkg)?;
    std::fs::write(pkg.join(&name), bytes)?;
    Ok(format!("pkg/{name}"))
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
