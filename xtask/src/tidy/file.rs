//! The files of the tree, and what is wrong with them.

use std::fmt;

use super::source::Source;

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

/// Returns the problems that a rule finds in a file with that code, for tests.
#[cfg(test)]
pub fn problems_of(
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
