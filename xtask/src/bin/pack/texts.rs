//! Splits the message catalogues: the texts that the page needs first, and the others beside the
//! parts of the app that show them.
//!
//! The module itself shows which part needs a text: keys are literals in the code, so a part that
//! shows a text contains its key. No list of them has to be maintained.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

use anyhow::{Context, Result};
use wasmparser::{Parser, Payload};
use xtask::files::walk;

use crate::named::named;
use crate::split::Chunks;

/// Site paths by language tag.
pub type Files = BTreeMap<String, String>;

/// The files of the texts.
#[derive(Default)]
pub struct Texts {
    /// The texts that the page starts with.
    pub first: Files,
    /// The texts that load with a split point.
    pub later: BTreeMap<String, Files>,
}

/// Prefix of the keys of error texts, which are built from codes that the server sends.
const MADE: &str = "error-";

/// Writes the texts of every language, without comments and empty lines.
pub fn write(catalogues: &Path, parts: &Chunks, pkg: &Path) -> Result<Texts> {
    let mut sources = BTreeMap::new();
    for file in walk(catalogues, &[])? {
        if file.extension().is_some_and(|extension| extension == "ftl") {
            let tag = file.file_stem().context("a catalogue without a name")?;
            let tag = tag.to_string_lossy().into_owned();
            sources.insert(tag, std::fs::read_to_string(&file)?);
        }
    }
    let all: BTreeSet<&str> = sources
        .values()
        .flat_map(|source| texts(source))
        .map(|(key, _)| key)
        .collect();
    let named_in = |module: &[u8]| -> Result<BTreeSet<&str>> {
        let mut found = BTreeSet::new();
        let keys = Keys::new(&all);
        for payload in Parser::new(0).parse_all(module) {
            if let Payload::DataSection(segments) = payload? {
                for segment in segments {
                    keys.find(segment?.data, &mut found);
                }
            }
        }
        Ok(found)
    };
    let main = named_in(&parts.main)?;
    let mut of_parts = BTreeMap::new();
    for (name, module) in &parts.later {
        of_parts.insert(name.trim_end_matches(".wasm"), named_in(module)?);
    }
    let later = later(&all, &main, of_parts.values().flatten().copied());
    let write = |wanted: &dyn Fn(&str) -> bool| -> Result<Files> {
        let mut files = Files::new();
        for (tag, source) in &sources {
            let texts = texts(source).filter(|(key, _)| wanted(key));
            let texts: String = texts.map(|(_, text)| text).collect();
            if !texts.is_empty() {
                let path = named(pkg, &format!("{tag}.txt"), texts.as_bytes())?;
                files.insert(tag.clone(), path);
            }
        }
        Ok(files)
    };
    let mut written = Texts {
        first: write(&|key| !later.contains(key))?,
        later: BTreeMap::new(),
    };
    for (door, files) in &parts.split_points {
        let files = files.iter().filter_map(|file| of_parts.get(file.as_str()));
        let own: BTreeSet<&str> = files.flatten().copied().collect();
        let files = write(&|key| later.contains(key) && own.contains(key))?;
        if !files.is_empty() {
            written.later.insert(door.clone(), files);
        }
    }
    Ok(written)
}

/// Returns the keys of texts that can load later: only later parts contain them. A key that no part
/// contains is built at run time, possibly in the first part; so are keys that differ from it only
/// in the last word.
fn later<'k>(
    all: &BTreeSet<&'k str>,
    main: &BTreeSet<&'k str>,
    of_parts: impl Iterator<Item = &'k str>,
) -> BTreeSet<&'k str> {
    let like = |key: &'k str| key.rsplit_once('-').map(|(like, _)| like);
    let mut later: BTreeSet<&str> = of_parts.collect();
    let nobodys = all
        .iter()
        .filter(|key| !main.contains(*key) && !later.contains(*key));
    let made: BTreeSet<&str> = nobodys.filter_map(|key| like(key)).collect();
    later.retain(|key| {
        let is_made = like(key).is_some_and(|like| made.contains(like));
        !main.contains(key) && !is_made && !key.starts_with(MADE)
    });
    later
}

/// Returns the keys of a catalogue with the lines of each text.
fn texts(source: &str) -> impl Iterator<Item = (&str, String)> {
    let mut found: Vec<(&str, String)> = Vec::new();
    for line in source.lines() {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if line.starts_with(|c: char| c.is_ascii_lowercase())
            && let Some((key, _)) = line.split_once(" =")
        {
            found.push((key, String::new()));
        }
        if let Some((_, text)) = found.last_mut() {
            text.push_str(line);
            text.push('\n');
        }
    }
    found.into_iter()
}

/// Length of the key prefixes in the index.
const BEGINNING: usize = 3;

/// Finds keys in data where strings follow each other without separators.
struct Keys<'k> {
    by_beginning: HashMap<&'k [u8], Vec<&'k str>>,
}

impl<'k> Keys<'k> {
    fn new(keys: &BTreeSet<&'k str>) -> Self {
        let mut by_beginning: HashMap<_, Vec<&str>> = HashMap::new();
        for key in keys {
            if let Some(beginning) = key.as_bytes().get(..BEGINNING) {
                by_beginning.entry(beginning).or_default().push(key);
            }
        }
        Self { by_beginning }
    }

    fn find(&self, data: &[u8], found: &mut BTreeSet<&'k str>) {
        for (at, beginning) in data.windows(BEGINNING).enumerate() {
            let rest = data.get(at..).unwrap_or_default();
            for key in self.by_beginning.get(beginning).into_iter().flatten() {
                if rest.starts_with(key.as_bytes()) {
                    found.insert(key);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_taken_whole() {
        let source =
            "# A group\n\na-b = One\n\nc = { $n ->\n    [one] Two\n   *[other] Three\n}\nd = 4\n";
        let found: Vec<_> = texts(source).collect();
        let choice = "c = { $n ->\n    [one] Two\n   *[other] Three\n}\n".to_owned();
        let plain = |text: &str| text.to_owned();
        assert_eq!(
            found,
            [
                ("a-b", plain("a-b = One\n")),
                ("c", choice),
                ("d", plain("d = 4\n"))
            ]
        );
    }

    #[test]
    fn keys_are_found_wherever_they_stand() {
        let keys = Keys::new(&["chat-title", "chat-title-of", "share"].into());
        let mut found = BTreeSet::new();
        keys.find(b"xxchat-title-ofsharchat", &mut found);
        assert_eq!(found, BTreeSet::from(["chat-title", "chat-title-of"]));
        keys.find(b"share", &mut found);
        assert!(found.contains("share"));
    }

    #[test]
    fn only_what_later_parts_alone_name_can_wait() {
        let all = [
            "chat",
            "error-a",
            "error-b-c",
            "month-1",
            "month-2",
            "share-a",
            "share-b",
            "study-x-a",
        ];
        let main = ["chat", "share-a"];
        let parts = ["share-a", "share-b", "month-2", "error-b-c", "study-x-a"];
        let later = later(&all.into(), &main.into(), parts.into_iter());
        // No part contains `month-1`, so it is built at run time; `month-2` can be as well.
        assert_eq!(later, BTreeSet::from(["share-b", "study-x-a"]));
    }
}
