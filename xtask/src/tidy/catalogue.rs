//! Checks the texts: code uses every key of the catalogue, and every used key exists.

use std::collections::BTreeMap;

use super::file::{File, Problem};
use super::source::Source;

/// The catalogue that has every text.
pub const ENGLISH: &str = "src/ui/text/en.ftl";

/// Folder of the catalogues of all languages.
pub const CATALOGUES: &str = "src/ui/text/";

/// What precedes the key of a text in code. A name that begins with a dot is a method; the others
/// are never methods.
const CALLS: [&str; 4] = ["t!(", "t(", "text(", "Column::number("];

/// Keys of a catalogue in Fluent's format.
#[derive(Debug, Default)]
pub struct Catalogue {
    keys: BTreeMap<String, usize>,
    families: Vec<String>,
}

impl Catalogue {
    /// Reads the keys. A comment `# family: error-*` marks keys with the prefix `error-` as built
    /// at run time.
    pub fn read(text: &str) -> Self {
        let mut catalogue = Self::default();
        for (number, line) in text.lines().enumerate() {
            if let Some(family) = line
                .strip_prefix('#')
                .and_then(|rest| rest.trim().strip_prefix("family:"))
            {
                catalogue
                    .families
                    .push(family.trim().trim_end_matches('*').to_owned());
            } else if let Some(key) = key(line) {
                catalogue.keys.insert(key.to_owned(), number + 1);
            }
        }
        catalogue
    }

    fn in_family(&self, key: &str) -> bool {
        self.families.iter().any(|family| key.starts_with(family))
    }
}

/// Returns the key that a line of a catalogue begins with.
fn key(line: &str) -> Option<&str> {
    let (key, _) = line.split_once('=')?;
    let key = key.trim_end();
    let valid = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    (key.starts_with(|c: char| c.is_ascii_lowercase()) && key.chars().all(valid)).then_some(key)
}

/// Reports keys that code uses and the catalogue lacks.
pub fn unknown(catalogue: &Catalogue, file: &File, source: &Source) -> Vec<Problem> {
    let mut problems = Vec::new();
    for text in &source.texts {
        let before = source.code.get(..text.at).unwrap_or_default().trim_end();
        if asks(before) && !catalogue.keys.contains_key(&text.value) {
            problems.push(file.problem(
                source.line(text.at),
                format!("the catalogue has no text `{}`", text.value),
            ));
        }
    }
    problems
}

fn asks(before: &str) -> bool {
    CALLS.iter().any(|call| {
        before.strip_suffix(call).is_some_and(|rest| {
            call.starts_with('.')
                || !rest
                    .ends_with(|c: char| c == '_' || c == '.' || c == '<' || c.is_alphanumeric())
        })
    })
}

/// Reports keys of the catalogue that no text in `sources` names.
pub fn unused<'a>(
    catalogue: &Catalogue,
    sources: impl Iterator<Item = &'a Source>,
) -> Vec<Problem> {
    let mut left = catalogue.keys.clone();
    left.retain(|key, _| !catalogue.in_family(key));
    for text in sources.flat_map(|source| &source.texts) {
        left.remove(&text.value);
    }
    left.into_iter()
        .map(|(key, line)| Problem {
            path: ENGLISH.into(),
            line,
            what: format!("nothing uses the text `{key}`"),
        })
        .collect()
}

/// Reports keys that another catalogue lacks or has in addition to the English ones.
pub fn differences(english: &Catalogue, path: &str, other: &Catalogue) -> Vec<Problem> {
    let missing = english
        .keys
        .keys()
        .filter(|key| !other.keys.contains_key(*key))
        .map(|key| (1, format!("the text `{key}` is missing")));
    let surplus = other
        .keys
        .iter()
        .filter(|(key, _)| !english.keys.contains_key(*key))
        .map(|(key, line)| (*line, format!("`{ENGLISH}` has no text `{key}`")));
    missing
        .chain(surplus)
        .map(|(line, what)| Problem {
            path: path.to_owned(),
            line,
            what,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::file::problems_of;
    use super::*;

    const TEXT: &str = "# Rialto\nhello = Hello { $name }\n    .title = no key\nsign-in =\n    Sign in\n\
                        # family: error-*\nerror-gone = Gone\n-brand = Rialto\n";

    #[test]
    fn keys_and_families() {
        let catalogue = Catalogue::read(TEXT);
        assert_eq!(
            catalogue.keys.keys().collect::<Vec<_>>(),
            ["error-gone", "hello", "sign-in"]
        );
        assert_eq!(catalogue.keys.get("sign-in"), Some(&4));
        assert!(catalogue.in_family("error-else"));
    }

    #[test]
    fn unknown_keys() {
        let catalogue = Catalogue::read(TEXT);
        let check = |file: &File, source: &Source| unknown(&catalogue, file, source);
        assert!(
            problems_of(
                check,
                "src/a.rs",
                "t!(\"hello\", name); t(\n  \"sign-in\"); at(\"x\"); r.text(\"x\")"
            )
            .is_empty()
        );
        let found = problems_of(check, "src/a.rs", "\nview! { {t!(\"helo\")} }");
        assert_eq!(found, ["src/a.rs:2: the catalogue has no text `helo`"]);
        assert_eq!(problems_of(check, "src/a.rs", "text(\"no\")").len(), 1);
    }

    #[test]
    fn other_languages_have_the_same_keys() {
        let english = Catalogue::read("hello = Hello\nbye = Bye\n");
        let spanish = Catalogue::read("hello = Hola\nwho = Quién\n");
        let found: Vec<_> = differences(&english, "src/ui/text/es.ftl", &spanish)
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(
            found,
            [
                "src/ui/text/es.ftl:1: the text `bye` is missing",
                "src/ui/text/es.ftl:2: `src/ui/text/en.ftl` has no text `who`"
            ]
        );
        assert!(differences(&english, "src/ui/text/en.ftl", &english).is_empty());
    }

    #[test]
    fn unused_keys() {
        let source = Source::read("const KEY: &str = \"hello\";");
        let found: Vec<_> = unused(&Catalogue::read(TEXT), [&source].into_iter())
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(
            found,
            ["src/ui/text/en.ftl:4: nothing uses the text `sign-in`"]
        );
    }
}
