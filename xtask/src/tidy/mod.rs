//! Checks rules that the compiler does not check, from the source text.

pub mod catalogue;
pub mod layers;
pub mod lexer;
pub mod purity;
pub mod schemas;
pub mod source;
pub mod text;

use std::collections::HashSet;
use std::fmt;

use anyhow::{Context, Result, bail};

use self::catalogue::{CATALOGUES, Catalogue, ENGLISH};
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

/// A violation of a rule.
#[derive(Debug, PartialEq, Eq)]
pub struct Problem {
    /// Path relative to the checkout.
    pub path: String,
    /// The line, starting at 1.
    pub line: usize,
    /// Description of the problem.
    pub what: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.path, self.line, self.what)
    }
}

/// A file and its place in the tree.
#[derive(Debug)]
pub struct File {
    /// Path relative to the checkout, with `/`.
    pub path: String,
    /// Module of a file in `src`, without `mod`: `src/chat/view/mod.rs` is `chat`, `view`.
    pub module: Vec<String>,
}

impl File {
    /// Creates it from a path relative to the checkout.
    pub fn new(path: &str) -> Self {
        let mut module: Vec<String> = Vec::new();
        if let Some(name) = path
            .strip_prefix("src/")
            .and_then(|rest| rest.strip_suffix(".rs"))
        {
            module = name.split('/').map(str::to_owned).collect();
            module.pop_if(|last| last == "mod");
        }
        Self {
            path: path.to_owned(),
            module,
        }
    }

    /// True if it belongs to that part of a feature (`view.rs` or below `view/`).
    pub fn is(&self, part: &str) -> bool {
        self.module.iter().skip(1).any(|name| name == part)
    }

    /// True if it is compiled only for tests.
    pub fn is_test(&self) -> bool {
        let test = |name: &str| {
            matches!(name, "tests" | "tests.rs" | "testing.rs" | "testing")
                || name.ends_with(".spec.ts")
        };
        self.path.split('/').any(test)
    }

    /// Returns a problem in this file.
    pub fn problem(&self, line: usize, what: String) -> Problem {
        Problem {
            path: self.path.clone(),
            line,
            what,
        }
    }

    /// Returns all paths into our own crate with their lines, from its root: `crate::`, `rialto::`,
    /// and `super::` resolved from this file's place.
    pub fn own_paths(&self, source: &Source) -> Vec<(usize, Vec<String>)> {
        let mut found = Vec::new();
        for root in ["crate", "rialto"] {
            for path in source.paths(root) {
                found.push((path.line, path.segments.into_iter().skip(1).collect()));
            }
        }
        for path in source.paths("super") {
            let ups = path
                .segments
                .iter()
                .take_while(|name| *name == "super")
                .count();
            let kept = self.module.len().saturating_sub(ups);
            let mut full: Vec<String> = self.module.iter().take(kept).cloned().collect();
            full.extend(path.segments.into_iter().skip(ups));
            found.push((path.line, full));
        }
        found
    }
}

/// Checks the tree and prints the problems.
pub fn tidy(layout: &Layout) -> Result<()> {
    let mut problems = Vec::new();
    let mut sources = Vec::new();
    let mut names = schemas::Names::new();
    let english = layout.root.join(ENGLISH);
    // Without a catalogue every use of a text is a problem.
    let catalogue = if english.is_file() {
        Catalogue::read(&std::fs::read_to_string(english)?)
    } else {
        Catalogue::default()
    };
    let tree = read_tree(layout)?;
    problems.extend(beside_folders(tree.iter().map(|(file, _)| file)));
    for (file, text) in tree {
        problems.extend(text::length(&file, &text));
        problems.extend(text::unfinished(&file, &text));
        problems.extend(text::trailing_blanks(&file, &text));
        problems.extend(text::idioms(&file, &text));
        problems.extend(text::long_texts(&file, &text));
        if file.path.starts_with(CATALOGUES) && file.path.ends_with(".ftl") {
            let other = Catalogue::read(&text);
            problems.extend(catalogue::differences(&catalogue, &file.path, &other));
        }
        if !file.module.is_empty() && !file.is_test() {
            let source = Source::read(&text).without_tests();
            for rule in [
                layers::imports,
                layers::stores,
                purity::engines,
                purity::powers,
            ] {
                problems.extend(rule(&file, &source));
            }
            problems.extend(catalogue::unknown(&catalogue, &file, &source));
            problems.extend(schemas::twice(&mut names, &file, &source));
            sources.push(source);
        }
    }
    problems.extend(catalogue::unused(&catalogue, sources.iter()));
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

/// Returns the problems that a rule finds in a file with that code, for tests.
#[cfg(test)]
fn problems_of(
    rule: impl Fn(&File, &Source) -> Vec<Problem>,
    path: &str,
    code: &str,
) -> Vec<String> {
    rule(&File::new(path), &Source::read(code).without_tests())
        .iter()
        .map(ToString::to_string)
        .collect()
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

    #[test]
    fn modules_and_parts() {
        assert_eq!(File::new("src/chat/view/mod.rs").module, ["chat", "view"]);
        assert_eq!(File::new("src/server.rs").module, ["server"]);
        assert!(File::new("migrations/src/lib.rs").module.is_empty());
        assert!(File::new("src/chat/view.rs").is("view"));
        assert!(!File::new("src/chat/views.rs").is("view"));
    }

    #[test]
    fn tests_are_told_by_their_names() {
        for path in [
            "src/chat/tests.rs",
            "src/chat/service/tests/send.rs",
            "src/platform/testing.rs",
            "end2end/a.spec.ts",
        ] {
            assert!(File::new(path).is_test(), "{path}");
        }
        assert!(!File::new("src/chat/service.rs").is_test());
    }
}
