//! Lists the libraries that are compiled into the server and into the browser's module. Build
//! scripts and procedural macros run only during the build, so they are not listed.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::deny;
use crate::layout::Layout;
use crate::process::output;
use crate::toolchain::{self, WASM};

/// A package's name and version.
pub type Id = (String, String);

/// A library, or one of our own packages.
#[derive(Debug, Default)]
pub struct Library {
    /// SPDX expression.
    pub license: String,
    pub authors: Vec<String>,
    pub repository: Option<String>,
    /// The registry's SHA-256; None for our own packages.
    pub checksum: Option<String>,
    /// Folder of its source on this machine.
    pub folder: PathBuf,
    pub in_server: bool,
    pub in_browser: bool,
    pub dependencies: BTreeSet<Id>,
}

/// Finds the libraries, including the package `rialto` itself.
pub fn find(layout: &Layout) -> Result<BTreeMap<Id, Library>> {
    let mut all = BTreeMap::new();
    let server = tree(
        layout,
        &["--features", "ssr", "--target", &toolchain::host()?],
    )?;
    add(&mut all, &server, |library| library.in_server = true);
    let browser = [
        "--no-default-features",
        "--features",
        "hydrate",
        "--target",
        WASM,
    ];
    let browser = tree(layout, &browser)?;
    add(&mut all, &browser, |library| library.in_browser = true);
    describe(&mut all, &deny::metadata_of(layout)?)?;
    let lock = std::fs::read_to_string(layout.root.join("Cargo.lock"))?;
    for (id, checksum) in checksums(&lock) {
        if let Some(library) = all.get_mut(&id) {
            library.checksum = Some(checksum);
        }
    }
    Ok(all)
}

/// Uses `cargo tree`, because `cargo metadata` also lists packages that features disable.
fn tree(layout: &Layout, args: &[&str]) -> Result<String> {
    let mut tree = layout.cargo();
    tree.args(["tree", "--locked", "--package", "rialto"]);
    tree.args(["--edges", "normal,no-proc-macro"]);
    tree.args(["--prefix", "depth", "--format", "{p}"])
        .args(args);
    output(&mut tree).context("`cargo tree` failed")
}

/// Adds the lines of a tree, such as `2blake2 v0.10.6`, where 2 is the depth.
fn add(all: &mut BTreeMap<Id, Library>, tree: &str, mark: impl Fn(&mut Library)) {
    let mut path: Vec<Id> = Vec::new();
    for line in tree.lines() {
        let digits = line.find(|c: char| !c.is_ascii_digit()).unwrap_or(0);
        let (depth, package) = line.split_at(digits);
        let mut words = package.split_whitespace();
        let (Ok(depth), Some(name), Some(version)) =
            (depth.parse::<usize>(), words.next(), words.next())
        else {
            continue;
        };
        let version = version.strip_prefix('v').unwrap_or(version);
        let id = (name.to_owned(), version.to_owned());
        path.truncate(depth);
        if let Some(parent) = path.last().and_then(|parent| all.get_mut(parent)) {
            parent.dependencies.insert(id.clone());
        }
        mark(all.entry(id.clone()).or_default());
        path.push(id);
    }
}

/// Adds the fields of the manifests.
fn describe(all: &mut BTreeMap<Id, Library>, metadata: &str) -> Result<()> {
    let metadata: Value = serde_json::from_str(metadata)?;
    let mut packages = BTreeMap::new();
    for package in list(&metadata, "packages") {
        let id = (text(package, "name"), text(package, "version"));
        if let (Some(name), Some(version)) = id {
            packages.insert((name, version), package);
        }
    }
    for (id, library) in all {
        let missing = || format!("`cargo metadata` does not describe {} {}", id.0, id.1);
        let package = packages.get(id).with_context(missing)?;
        let license = text(package, "license").with_context(missing)?;
        // Old manifests separate alternatives with a slash.
        library.license = license.replace(" / ", " OR ").replace('/', " OR ");
        library.repository = text(package, "repository");
        let authors = list(package, "authors").iter().filter_map(Value::as_str);
        library.authors = authors.map(str::to_owned).collect();
        let manifest = PathBuf::from(text(package, "manifest_path").with_context(missing)?);
        library.folder = manifest.parent().with_context(missing)?.to_owned();
    }
    Ok(())
}

fn text(value: &Value, key: &str) -> Option<String> {
    value.get(key)?.as_str().map(str::to_owned)
}

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    let list = value.get(key).and_then(Value::as_array);
    list.map_or(&[], Vec::as_slice)
}

/// Returns the checksums of a lock file.
fn checksums(lock: &str) -> Vec<(Id, String)> {
    let package = |block: &str| {
        let value = |key| {
            let line = block.lines().find_map(|line| line.strip_prefix(key));
            Some(line?.strip_prefix(" = ")?.trim_matches('"').to_owned())
        };
        Some(((value("name")?, value("version")?), value("checksum")?))
    };
    lock.split("[[package]]").filter_map(package).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(name: &str) -> Id {
        (name.to_owned(), "1.0.0".to_owned())
    }

    #[test]
    fn trees_are_put_together() {
        let mut all = BTreeMap::new();
        let server = "0rialto v1.0.0 (/src)\n1a v1.0.0\n2b v1.0.0\n1c v1.0.0\n2b v1.0.0 (*)";
        add(&mut all, server, |library| library.in_server = true);
        let browser = "0rialto v1.0.0 (/src)\n1c v1.0.0\n2d v1.0.0";
        add(&mut all, browser, |library| library.in_browser = true);
        let dependencies = |name: &str| Vec::from_iter(all[&id(name)].dependencies.clone());
        assert_eq!(dependencies("rialto"), [id("a"), id("c")]);
        assert_eq!(dependencies("a"), [id("b")]);
        assert_eq!(dependencies("c"), [id("b"), id("d")]);
        let places = |name: &str| (all[&id(name)].in_server, all[&id(name)].in_browser);
        assert_eq!(places("a"), (true, false));
        assert_eq!(places("c"), (true, true));
        assert_eq!(places("d"), (false, true));
    }

    #[test]
    fn manifests_are_read() {
        let mut all = BTreeMap::from([(id("a"), Library::default())]);
        let metadata = r#"{"packages": [{"name": "a", "version": "1.0.0", "license": "MIT/Apache-2.0",
            "authors": ["Ada"], "repository": null, "manifest_path": "/x/a/Cargo.toml"}]}"#;
        describe(&mut all, metadata).unwrap();
        let library = &all[&id("a")];
        assert_eq!(library.license, "MIT OR Apache-2.0");
        assert_eq!(library.folder, PathBuf::from("/x/a"));
        assert_eq!(library.authors, ["Ada"]);
        all.insert(id("b"), Library::default());
        assert!(describe(&mut all, metadata).is_err());
    }

    #[test]
    fn checksums_of_a_lock_file() {
        let lock = "version = 4\n\n[[package]]\nname = \"a\"\nversion = \"1.0.0\"\nchecksum = \"ab\"\n\n\
                    [[package]]\nname = \"own\"\nversion = \"1.0.0\"\n";
        assert_eq!(checksums(lock), [(id("a"), "ab".to_owned())]);
    }
}
