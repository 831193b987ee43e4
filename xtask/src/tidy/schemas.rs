//! Checks the schema names of the REST API. If two types have the same name, the one registered
//! last silently replaces the other.

use super::file::{File, Problem};
use super::source::Source;
use std::collections::BTreeMap;

/// Where each name is first declared.
pub type Names = BTreeMap<String, (String, usize)>;

/// Reports types whose schema has the name of another type.
pub fn twice(known: &mut Names, file: &File, source: &Source) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (line, name) in schemas(&source.code) {
        let place = (file.path.clone(), line);
        let first = known.entry(name.clone()).or_insert_with(|| place.clone());
        if *first != place {
            let (path, line_of_first) = first;
            let what = format!(
                "the schema {name} is that of {path}:{line_of_first} too: add `schema(as = …)`"
            );
            problems.push(file.problem(line, what));
        }
    }
    problems
}

/// Returns the schemas that a file derives, with their lines: the type's name, or the name in `as`.
fn schemas(code: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut wanted = false;
    let mut called = None;
    for (at, line) in code.lines().enumerate() {
        let line = line.trim();
        if line.starts_with("#[") {
            wanted |= line.contains("derive(") && line.contains("ToSchema");
            if let Some((_, rest)) = line.split_once("schema(as = ") {
                called = Some(name_at(rest));
            }
            continue;
        }
        let declared = line.split(' ').skip_while(|word| word.starts_with("pub"));
        let mut declared = declared.skip_while(|word| !matches!(*word, "struct" | "enum"));
        if let (Some(_), Some(name)) = (declared.next(), declared.next()) {
            let name = called.take().unwrap_or_else(|| name_at(name));
            // In a macro the name is not known yet.
            if std::mem::take(&mut wanted) && !name.is_empty() {
                found.push((at + 1, name));
            }
            called = None;
        }
    }
    found
}

fn name_at(text: &str) -> String {
    let is_name = |c: &char| c.is_alphanumeric() || *c == '_';
    text.chars().take_while(is_name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_stands_for_one_type() {
        let day = "#[derive(Debug, Serialize, ToSchema)]\n#[serde(default)]\nstruct Day {\n}\n";
        let model = "#[cfg_attr(feature = \"ssr\", derive(utoipa::ToSchema))]\n";
        let mut known = Names::new();
        let mut told = |path: &str, code: &str| {
            let source = Source::read(code);
            let problems = twice(&mut known, &File::new(path), &source);
            problems.iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        assert!(told("src/a.rs", day).is_empty());
        assert!(told("src/b.rs", "#[derive(Debug)]\npub struct Day;\n").is_empty());
        let other = format!("{model}pub struct Day {{}}\n");
        assert_eq!(
            told("src/c.rs", &other),
            ["src/c.rs:2: the schema Day is that of src/a.rs:3 too: add `schema(as = …)`"]
        );
        let renamed = format!(
            "{model}#[cfg_attr(feature = \"ssr\", schema(as = OtherDay))]\npub(crate) struct Day {{}}\n"
        );
        assert!(told("src/d.rs", &renamed).is_empty());
        assert_eq!(told("src/e.rs", &renamed).len(), 1);
    }
}
