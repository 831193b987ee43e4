//! Writes the software bill of materials: a `CycloneDX` document of what is in the archive.
//!
//! cargo-cyclonedx 0.5.9 takes minutes to install, lists 130 packages that are not in the server
//! (macros, and packages that its features exclude), and writes into the source folders.
//! cargo-auditable has to run the compiler itself, so every release build would need it.

use std::collections::BTreeMap;
use std::fs;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::libraries::{Id, Library};
use crate::layout::Layout;

/// Returns the document. `scripts` are name, version and license; `time` is like
/// `2026-01-31T12:00:00Z`; `built` describes how the server was built.
pub fn document(
    libraries: &BTreeMap<Id, Library>,
    scripts: &[(String, String, &str)],
    time: &str,
    built: &[(&str, String)],
) -> Value {
    let mut components = Vec::new();
    let mut root = Value::Null;
    let mut dependencies = Vec::new();
    for (id, library) in libraries {
        let depends_on: Vec<String> = library.dependencies.iter().map(purl).collect();
        dependencies.push(json!({ "ref": purl(id), "dependsOn": depends_on }));
        if id.0 == "rialto" {
            root = component("application", id, library);
        } else {
            components.push(component("library", id, library));
        }
    }
    for (name, version, license) in scripts {
        let purl = format!("pkg:npm/{name}@{version}");
        components.push(json!({
            "type": "library",
            "bom-ref": purl,
            "name": name,
            "version": version,
            "licenses": [{ "expression": license }],
            "purl": purl,
            "properties": [property("rialto:part", "browser")],
        }));
    }
    let built: Vec<Value> = built
        .iter()
        .map(|(name, value)| property(name, value))
        .collect();
    json!({
        "$schema": "http://cyclonedx.org/schema/bom-1.5.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": { "timestamp": time, "component": root, "properties": built },
        "components": components,
        "dependencies": dependencies,
    })
}

/// Returns name, version and license of the npm packages whose JavaScript is in the archive.
pub fn scripts(layout: &Layout) -> Result<Vec<(String, String, &'static str)>> {
    let lock = fs::read_to_string(layout.root.join("xtask/charts/package-lock.json"))?;
    let lock: Value = serde_json::from_str(&lock)?;
    let bundled = [
        ("echarts", "Apache-2.0"),
        ("tslib", "0BSD"),
        ("zrender", "BSD-3-Clause"),
    ];
    let mut scripts = Vec::new();
    for (name, license) in bundled {
        let version = lock.pointer(&format!("/packages/node_modules~1{name}/version"));
        let version = version
            .and_then(Value::as_str)
            .with_context(|| format!("xtask/charts/package-lock.json does not hold {name}"))?;
        scripts.push((name.to_owned(), version.to_owned(), license));
    }
    for file in fs::read_dir(layout.root.join("src/server/docs"))? {
        let file = file?.file_name();
        let version = file
            .to_str()
            .and_then(|file| file.strip_prefix("rapidoc-")?.strip_suffix(".min.js.gz"));
        if let Some(version) = version {
            scripts.push(("rapidoc".into(), version.into(), "MIT"));
        }
    }
    Ok(scripts)
}

fn component(kind: &str, id: &Id, library: &Library) -> Value {
    let purl = purl(id);
    let parts = [
        (library.in_server, "server"),
        (library.in_browser, "browser"),
    ];
    let parts = parts.iter().filter(|(there, _)| *there);
    let parts: Vec<Value> = parts
        .map(|(_, part)| property("rialto:part", part))
        .collect();
    let hashes = library.checksum.iter();
    let hashes: Vec<Value> = hashes
        .map(|checksum| json!({ "alg": "SHA-256", "content": checksum }))
        .collect();
    let references = library.repository.iter();
    let references: Vec<Value> = references
        .map(|url| json!({ "type": "vcs", "url": url }))
        .collect();
    json!({
        "type": kind,
        "bom-ref": purl,
        "name": id.0,
        "version": id.1,
        "hashes": hashes,
        "licenses": [{ "expression": library.license }],
        "purl": purl,
        "externalReferences": references,
        "properties": parts,
    })
}

fn property(name: &str, value: &str) -> Value {
    json!({ "name": name, "value": value })
}

/// Returns the package URL, which also identifies the component in the document.
fn purl((name, version): &Id) -> String {
    format!("pkg:cargo/{name}@{}", version.replace('+', "%2B"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn a_document_names_every_part_once() {
        let id = |name: &str, version: &str| (name.to_owned(), version.to_owned());
        let library = |dependencies: &[Id]| Library {
            license: "MIT".into(),
            in_server: true,
            checksum: Some("ab".into()),
            repository: Some("https://example.com".into()),
            dependencies: BTreeSet::from_iter(dependencies.iter().cloned()),
            ..Library::default()
        };
        let zstd = id("zstd-sys", "2.1.2+zstd.1.5.7");
        let libraries = BTreeMap::from([
            (id("rialto", "0.1.0"), library(std::slice::from_ref(&zstd))),
            (zstd, library(&[])),
        ]);
        let scripts = [("echarts".to_owned(), "6.1.0".to_owned(), "Apache-2.0")];
        let built = [("rialto:rustc", "rustc 1.95.0".to_owned())];
        let document = document(&libraries, &scripts, "2026-01-31T12:00:00Z", &built);
        let at = |place: &str| document.pointer(place).and_then(Value::as_str);
        assert_eq!(at("/specVersion"), Some("1.5"));
        assert_eq!(at("/metadata/component/name"), Some("rialto"));
        assert_eq!(at("/metadata/properties/0/value"), Some("rustc 1.95.0"));
        let zstd = "pkg:cargo/zstd-sys@2.1.2%2Bzstd.1.5.7";
        assert_eq!(at("/components/0/purl"), Some(zstd));
        assert_eq!(at("/components/0/hashes/0/content"), Some("ab"));
        assert_eq!(at("/components/0/properties/0/value"), Some("server"));
        assert_eq!(at("/components/1/purl"), Some("pkg:npm/echarts@6.1.0"));
        assert_eq!(at("/components/2/purl"), None);
        assert_eq!(at("/dependencies/0/ref"), Some("pkg:cargo/rialto@0.1.0"));
        assert_eq!(at("/dependencies/0/dependsOn/0"), Some(zstd));
    }

    #[test]
    fn scripts_have_the_versions_of_the_checkout() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let layout = Layout {
            target: root.join("target"),
            root,
        };
        let scripts = scripts(&layout).unwrap();
        let names: Vec<&str> = scripts.iter().map(|(name, ..)| name.as_str()).collect();
        assert_eq!(names, ["echarts", "tslib", "zrender", "rapidoc"]);
    }
}
