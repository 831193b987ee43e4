//! Collects the licenses of the libraries, with the texts from their packages.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fmt::Write;
use std::path::Path;

use anyhow::Result;

use super::libraries::{Id, Library};
use crate::files::walk;

/// Prefixes of license and notice file names, in any case.
const BEGINNINGS: [&str; 6] = [
    "COPYING",
    "COPYRIGHT",
    "LICENCE",
    "LICENSE",
    "NOTICE",
    "UNLICENSE",
];

/// Returns a list of the third-party libraries, then each license text once with the libraries that
/// contain it.
pub fn document(libraries: &BTreeMap<Id, Library>) -> Result<String> {
    let mut list = String::new();
    let mut without = String::new();
    // Keyed by the text without line breaks: many texts differ only in those.
    let mut texts: BTreeMap<String, (String, Vec<String>)> = BTreeMap::new();
    for ((name, version), library) in libraries {
        if library.checksum.is_none() {
            continue;
        }
        let repository = library.repository.as_deref().unwrap_or("-");
        writeln!(
            list,
            "{name} {version} | {} | {repository}",
            library.license
        )?;
        let found = texts_of(&library.folder)?;
        if found.is_empty() {
            let authors = library.authors.join(", ");
            writeln!(
                without,
                "{name} {version} | {} | {authors}",
                library.license
            )?;
        }
        for text in found {
            let key = text.split_whitespace().collect::<Vec<_>>().join(" ");
            let (_, users) = texts.entry(key).or_insert_with(|| (text, Vec::new()));
            users.push(format!("{name} {version}"));
        }
    }
    let mut document = format!(
        "Libraries in Rialto's server and in its module for browsers: name, version, license, repository.\n\
         NOTICE names what is not a library of Rust. Libraries that also offer the GPL are used under their \
         other license.\n\n{list}\n\
         These packages hold no license text. They are under the licenses that they name, whose texts \
         are below or in LICENSE-MIT and LICENSE-APACHE: name, version, license, authors.\n\n{without}"
    );
    for (text, mut users) in texts.into_values() {
        users.dedup();
        write!(
            document,
            "\n{}\n{}\n\n{}\n",
            "=".repeat(80),
            users.join(", "),
            text.trim_end()
        )?;
    }
    Ok(document)
}

/// Returns the licenses and notices in a package, including those of bundled C libraries.
fn texts_of(folder: &Path) -> Result<Vec<String>> {
    let mut texts = Vec::new();
    for file in walk(folder, &["tests"])? {
        if is_license(&file) {
            texts.push(String::from_utf8_lossy(&std::fs::read(&file)?).into_owned());
        }
    }
    Ok(texts)
}

fn is_license(file: &Path) -> bool {
    let name = file.file_name().and_then(OsStr::to_str).unwrap_or_default();
    let upper = name.to_uppercase();
    let in_folder = file
        .parent()
        .is_some_and(|folder| folder.ends_with("LICENSES"));
    let is_code = [".rs", ".toml", ".py"]
        .iter()
        .any(|end| name.ends_with(end));
    !is_code && (in_folder || BEGINNINGS.iter().any(|begin| upper.starts_with(begin)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn every_text_stands_once() {
        let dir = tempfile::tempdir().unwrap();
        let mut libraries = BTreeMap::new();
        for (name, text) in [("a", "One\ntext"), ("b", "One text"), ("c", "")] {
            let folder = dir.path().join(name);
            fs::create_dir_all(folder.join("vendor")).unwrap();
            fs::write(folder.join("license.rs"), "code").unwrap();
            if !text.is_empty() {
                fs::write(folder.join("vendor/LICENSE-MIT"), text).unwrap();
            }
            let library = Library {
                license: "MIT".into(),
                authors: vec!["Ada".into()],
                checksum: Some("ab".into()),
                folder,
                ..Library::default()
            };
            libraries.insert((name.to_owned(), "1.0.0".to_owned()), library);
        }
        libraries.insert(("own".into(), "1.0.0".into()), Library::default());
        let document = document(&libraries).unwrap();
        assert!(
            document.contains("a 1.0.0, b 1.0.0\n\nOne\ntext\n"),
            "{document}"
        );
        assert!(!document.contains("One text"), "{document}");
        assert!(document.contains("c 1.0.0 | MIT | Ada"), "{document}");
        assert!(!document.contains("own"), "{document}");
        assert!(!document.contains("code"), "{document}");
    }
}
