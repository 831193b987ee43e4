//! Extracts paths and string literals from a source file.

use super::lexer::{blank, block, block_comment, character, is_name, text};

/// A parsed source file.
#[derive(Debug, Default)]
pub struct Source {
    /// The code with comments and string literals blanked; every line keeps its number and length.
    pub code: String,
    /// The string literals.
    pub texts: Vec<Text>,
}

/// A string literal.
#[derive(Debug, PartialEq, Eq)]
pub struct Text {
    /// Byte offset in the code: the opening quote, or the `r` before it.
    pub at: usize,
    /// The text between the quotes, with escapes as written.
    pub value: String,
}

/// A path such as `crate::chat::model::Message`.
#[derive(Debug, PartialEq, Eq)]
pub struct Path {
    /// Its line, starting at 1.
    pub line: usize,
    /// Its segments; the first is the requested root.
    pub segments: Vec<String>,
}

impl Source {
    /// Parses a file.
    pub fn read(file: &str) -> Self {
        let mut source = Self {
            code: String::with_capacity(file.len()),
            texts: Vec::new(),
        };
        let mut rest = file;
        while let Some(first) = rest.chars().next() {
            let length = source.not_code(rest, first);
            let (token, after) = rest
                .split_at_checked(length.unwrap_or(first.len_utf8()))
                .unwrap_or((rest, ""));
            if length.is_some() {
                source.code.extend(token.chars().flat_map(blank));
            } else {
                source.code.push(first);
            }
            rest = after;
        }
        source
    }

    /// Returns the length in bytes of a comment, string or character literal at the start of
    /// `rest`. Records string literals.
    fn not_code(&mut self, rest: &str, first: char) -> Option<usize> {
        if rest.starts_with("//") {
            return Some(rest.find('\n').unwrap_or(rest.len()));
        }
        if rest.starts_with("/*") {
            return Some(block_comment(rest));
        }
        if first == '\'' {
            return character(rest);
        }
        // The `r` of `bar` is not a prefix.
        if self.code.chars().next_back().is_some_and(is_name) {
            return None;
        }
        let (length, value) = text(rest)?;
        self.texts.push(Text {
            at: self.code.len(),
            value,
        });
        Some(length)
    }

    /// Blanks modules inside the file that are compiled only for tests.
    pub fn without_tests(mut self) -> Self {
        while let Some(at) = self.code.find("#[cfg(test)]") {
            let tail = self.code.get(at..).unwrap_or_default();
            let length =
                block(tail).unwrap_or_else(|| tail.find(';').map_or(tail.len(), |end| end + 1));
            let blanked: String = tail
                .get(..length)
                .unwrap_or(tail)
                .chars()
                .flat_map(blank)
                .collect();
            self.code.replace_range(at..at + blanked.len(), &blanked);
            self.texts
                .retain(|text| !(at..at + length).contains(&text.at));
        }
        self
    }

    /// Returns the line of an offset in the code, starting at 1.
    pub fn line(&self, at: usize) -> usize {
        self.code
            .bytes()
            .take(at)
            .filter(|byte| *byte == b'\n')
            .count()
            + 1
    }

    /// Returns the lines that contain a name as a whole word.
    pub fn lines_with(&self, name: &str) -> Vec<usize> {
        self.words(name)
            .into_iter()
            .map(|at| self.line(at))
            .collect()
    }

    /// Returns all paths that begin with `root::`, with lists in braces expanded.
    pub fn paths(&self, root: &str) -> Vec<Path> {
        let mut found = Vec::new();
        for at in self.words(root) {
            let before = self.code.get(..at).unwrap_or_default().trim_end();
            // In the middle of another path, or a field with that name.
            if before.ends_with("::") || (before.ends_with('.') && !before.ends_with("..")) {
                continue;
            }
            let rest = self.code.get(at + root.len()..).unwrap_or_default();
            let mut all = Vec::new();
            if rest.trim_start().starts_with("::") {
                expand(rest.trim_start(), &mut vec![root.to_owned()], &mut all);
            }
            let line = self.line(at);
            found.extend(all.into_iter().map(|segments| Path { line, segments }));
        }
        found
    }

    fn words(&self, name: &str) -> Vec<usize> {
        self.code
            .match_indices(name)
            .map(|(at, _)| at)
            .filter(|at| {
                let before = self
                    .code
                    .get(..*at)
                    .and_then(|text| text.chars().next_back());
                let after = self
                    .code
                    .get(at + name.len()..)
                    .and_then(|text| text.chars().next());
                !before.is_some_and(is_name) && !after.is_some_and(is_name)
            })
            .collect()
    }
}

/// Reads the rest of a path, which starts with `::`, and returns what follows it.
fn expand<'a>(rest: &'a str, path: &mut Vec<String>, found: &mut Vec<Vec<String>>) -> &'a str {
    let Some(rest) = rest.trim_start().strip_prefix("::").map(str::trim_start) else {
        found.push(path.clone());
        return rest;
    };
    if let Some(mut rest) = rest.strip_prefix('{') {
        loop {
            rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == ',');
            if let Some(after) = rest.strip_prefix('}') {
                return after;
            }
            let (name, after) = name(rest);
            if name.is_empty() {
                return rest;
            }
            let depth = path.len();
            path.push(name.to_owned());
            rest = expand(after, path, found).trim_start();
            path.truncate(depth);
            // `as another_name`
            if let Some(after) = rest.strip_prefix("as ") {
                rest = after.trim_start().trim_start_matches(is_name);
            }
        }
    }
    let (name, after) = name(rest);
    if name.is_empty() {
        // A turbofish or similar.
        found.push(path.clone());
        return rest;
    }
    path.push(name.to_owned());
    let after = expand(after, path, found);
    path.pop();
    after
}

fn name(rest: &str) -> (&str, &str) {
    if let Some(after) = rest.strip_prefix('*') {
        return ("*", after);
    }
    let rest = rest.strip_prefix("r#").unwrap_or(rest);
    let end = rest.find(|c| !is_name(c)).unwrap_or(rest.len());
    rest.split_at_checked(end).unwrap_or((rest, ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(code: &str) -> Vec<String> {
        Source::read(code)
            .paths("crate")
            .into_iter()
            .map(|path| path.segments.join("::"))
            .collect()
    }

    #[test]
    fn lists_in_braces_are_written_out() {
        assert_eq!(
            paths(
                "use crate::{\n    chat::{self, model::{A, B as C}},\n    shared::*,\n};\nuse crate::ui;"
            ),
            [
                "crate::chat::self",
                "crate::chat::model::A",
                "crate::chat::model::B",
                "crate::shared::*",
                "crate::ui",
            ]
        );
    }

    #[test]
    fn paths_within_code_count_and_comments_do_not() {
        assert_eq!(
            paths(
                "fn f(x: crate::a::B) { crate::b::c::<u8>(x) } // crate::no\n/* crate::no */ pub(crate) fn g() {}"
            ),
            ["crate::a::B", "crate::b::c"]
        );
        assert_eq!(
            paths("let x = \"crate::no\"; let y = r#\"crate::no \" \"#; macro!($crate::yes::z)"),
            ["crate::yes::z"]
        );
    }

    #[test]
    fn texts_are_found_and_characters_are_not_their_beginning() {
        let source = Source::read(
            "let q = '\"'; let l: &'a str = \"one \\\" two\"; let b = '\\''; f(\"three\", 'x')",
        );
        let values: Vec<_> = source
            .texts
            .iter()
            .map(|text| text.value.as_str())
            .collect();
        assert_eq!(values, ["one \\\" two", "three"]);
    }

    #[test]
    fn places_survive_letters_of_many_bytes() {
        let source = Source::read("// naïve — ünïcode\nlet a = \"é\";\nuse crate::x;\n");
        assert_eq!(source.paths("crate").first().map(|path| path.line), Some(3));
        assert_eq!(
            source.code.len(),
            "// naïve — ünïcode\nlet a = \"é\";\nuse crate::x;\n".len()
        );
    }

    #[test]
    fn test_modules_are_blanked() {
        let source = Source::read(
            "use crate::a;\n#[cfg(test)]\nmod tests { use crate::b; fn f() { g(\"text\") } }\n\
             #[cfg(test)]\nmod more;\nuse crate::c;",
        )
        .without_tests();
        let found: Vec<_> = source
            .paths("crate")
            .into_iter()
            .map(|path| path.segments.join("::"))
            .collect();
        assert_eq!(found, ["crate::a", "crate::c"]);
        assert!(source.texts.is_empty());
    }
}
