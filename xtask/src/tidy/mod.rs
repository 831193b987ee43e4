//! Checks rules that the compiler does not check, from the source text.

pub mod catalogue;
pub mod circles;
pub mod file;
pub mod layers;
pub mod lexer;
pub mod modules;
pub mod purity;
pub mod schemas;
pub mod source;
pub mod text;

use std::collections::HashSet;

use anyhow::{Context, Result, bail};

use self::catalogue::{CATALOGUES, Catalogue, ENGLISH};
use self::file::{File, Problem};
use self::source::Source;
use crate::files::walk;
use crate::layout::Layout;

/// Folders of the files that people write.
const FOLDERS: [&str; 9] = [
    "src",
    "docs",
    "migrations",
    "xtask",
    "benches",
    "end2end",
    "style",
    ".ci",
    ".cargo",
];
/// Folders below them that are not ours.
const NOT_OURS: [&str; 5] = ["node_modules", "target", "results", "shots", ".git"];
/// Name endings of our text files.
const TEXTUAL: [&str; 10] = [
    ".rs", ".ts", ".js", ".css", ".ftl", ".toml", ".md", ".sql", ".sh", ".ci/run",
];
/// Helpers of tests: their files stand in an order too.
const TESTING: &str = "src/testing/";

/// Checks the tree and prints the problems.
pub fn tidy(layout: &Layout) -> Result<()> {
    let mut problems = Vec::new();
    let english = layout.root.join(ENGLISH);
    // Without a catalogue every use of a text is a problem.
    let catalogue = if english.is_file() {
        Catalogue::read(&std::fs::read_to_string(english)?)
    } else {
        Catalogue::default()
    };
    let tree = read_tree(layout)?;
    problems.extend(beside_folders(tree.iter().map(|(file, _)| file)));
    for (file, text) in &tree {
        problems.extend(text::length(file, text));
        problems.extend(text::unfinished(file, text));
        problems.extend(text::trailing_blanks(file, text));
        problems.extend(text::idioms(file, text));
        problems.extend(text::long_texts(file, text));
        if file.path.starts_with(CATALOGUES) && file.path.ends_with(".ftl") {
            let other = Catalogue::read(text);
            problems.extend(catalogue::differences(&catalogue, &file.path, &other));
        }
    }
    let mut names = schemas::Names::new();
    let code: Vec<(&File, Source)> = tree
        .iter()
        .filter(|(file, _)| file.path.ends_with(".rs"))
        .filter(|(file, _)| !file.is_test() || file.path.starts_with(TESTING))
        .map(|(file, text)| (file, Source::read(text).without_tests()))
        .collect();
    problems.extend(circles::circles(&code));
    let of_product = |file: &File| !file.module.is_empty() && !file.is_test();
    let product = || code.iter().filter(|(file, _)| of_product(file));
    for (file, source) in product() {
        for rule in [
            layers::imports,
            layers::stores,
            purity::engines,
            purity::powers,
        ] {
            problems.extend(rule(file, source));
        }
        problems.extend(catalogue::unknown(&catalogue, file, source));
        problems.extend(schemas::twice(&mut names, file, source));
    }
    problems.extend(catalogue::unused(
        &catalogue,
        product().map(|(_, source)| source),
    ));
    for problem in &problems {
        println!("{problem}");
    }
    if !problems.is_empty() {
        bail!("{} things are not tidy", problems.len());
    }
    Ok(())
}

/// Reports modules in `a.rs` that have a folder `a/`: their place is `a/mod.rs`.
fn beside_folders<'a>(files: impl Iterator<Item = &'a File> + Clone) -> Vec<Problem> {
    let folders: HashSet<&str> = files
        .clone()
        .filter_map(|file| Some(file.path.rsplit_once('/')?.0))
        .collect();
    let beside = files.filter(|file| {
        let module = file.path.strip_suffix(".rs");
        module.is_some_and(|module| folders.contains(module))
    });
    beside
        .map(|file| file.problem(1, "belongs into its folder, as mod.rs".into()))
        .collect()
}

fn read_tree(layout: &Layout) -> Result<Vec<(File, String)>> {
    let mut paths = Vec::new();
    for folder in FOLDERS {
        paths.extend(walk(&layout.root.join(folder), &NOT_OURS)?);
    }
    for entry in std::fs::read_dir(&layout.root)? {
        let path = entry?.path();
        if path.is_file() {
            paths.push(path);
        }
    }
    let mut files = Vec::new();
    for path in paths {
        let name = path
            .strip_prefix(&layout.root)?
            .to_string_lossy()
            .replace('\\', "/");
        if TEXTUAL.iter().any(|ending| name.ends_with(ending)) {
            let text = std::fs::read_to_string(&path).with_context(|| format!("reading {name}"))?;
            files.push((File::new(&name), text));
        }
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_with_a_folder_are_in_it() {
        let files = [
            "src/chat/mod.rs",
            "src/chat/store.rs",
            "src/chat.rs",
            "src/chats.rs",
        ];
        let files = files.map(File::new);
        let found = beside_folders(files.iter());
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].path, "src/chat.rs");
    }
}
