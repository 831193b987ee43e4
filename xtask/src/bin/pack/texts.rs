//! The message catalogues as the page loads them.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result};
use xtask::files::walk;

use crate::named;

/// Writes the texts of every language, without comments and empty lines; answers their paths in
/// the site by the language's tag.
pub fn write(catalogues: &Path, pkg: &Path) -> Result<BTreeMap<String, String>> {
    let mut written = BTreeMap::new();
    for file in walk(catalogues, &[])? {
        if file.extension().is_none_or(|extension| extension != "ftl") {
            continue;
        }
        let tag = file.file_stem().context("a catalogue without a name")?;
        let tag = tag.to_string_lossy().into_owned();
        let mut texts = String::new();
        for line in std::fs::read_to_string(&file)?.lines() {
            if !line.is_empty() && !line.starts_with('#') {
                texts.push_str(line);
                texts.push('\n');
            }
        }
        let path = named(pkg, &format!("{tag}.txt"), texts.as_bytes())?;
        written.insert(tag, path);
    }
    Ok(written)
}
