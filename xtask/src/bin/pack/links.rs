//! Writes the modules that load later, and the JavaScript that loads them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::named::named;
use crate::split::LINKS;
use crate::texts::Texts;

/// Modules up to this size share a file. Code that a few parts share is split into many modules of
/// some hundred bytes; each alone would be a request, and would not compress.
const SMALL: usize = 4_000;

/// The function of the product that takes the texts of a part; wasm-bindgen exports it by that
/// name.
const TAKE_TEXTS: &str = "more_texts";

/// Where a module is stored.
enum Place {
    /// In its own file.
    File(String),
    /// From the first to the second byte offset in the shared file.
    Shared(usize, usize),
}

/// The files of all modules but the first, by the names that the splitter assigned.
pub struct Files {
    places: BTreeMap<String, Place>,
    shared: String,
}

impl Files {
    /// Writes the files.
    pub fn write(modules: Vec<(&str, Vec<u8>)>, pkg: &Path) -> Result<Self> {
        let (mut places, mut shared) = (BTreeMap::new(), Vec::new());
        for (name, module) in modules {
            let place = if module.len() > SMALL {
                Place::File(named(pkg, "wasm", &module)?)
            } else {
                let from = shared.len();
                shared.extend(module);
                Place::Shared(from, shared.len())
            };
            places.insert(name.trim_end_matches(".wasm").to_owned(), place);
        }
        let shared = named(pkg, "parts.wasm", &shared)?;
        Ok(Self { places, shared })
    }

    /// Returns the site paths of the files that contain these modules.
    pub fn of(&self, modules: &[String]) -> BTreeSet<String> {
        let places = modules.iter().filter_map(|name| self.places.get(name));
        places
            .map(|place| match place {
                Place::File(path) => path.clone(),
                Place::Shared(..) => self.shared.clone(),
            })
            .collect()
    }
}

/// Loads the shared file once, and texts in the page's language; retries after a failure.
const LOADERS: &str = r#"
let shared;
const part = (from, to) => {
shared ??= fetch(new URL("{shared}", import.meta.url)).then((found) => {
if (!found.ok) throw new Error(found.url);
return found.arrayBuffer();
});
shared.catch(() => { shared = undefined; });
return shared.then((all) => new Response(all.slice(from, to), { headers: { "content-type": "application/wasm" } }));
};
const texts = (files) => makeLoad(() => {
const src = fetch(new URL(files[document.documentElement.lang] ?? files.en, import.meta.url));
src.catch(() => {});
return async () => {
const found = await src;
if (!found.ok) throw new Error(found.url);
{take}(await found.text());
};
}, []);
"#;

/// Adds the loaders of the parts to the JavaScript that starts the first module: one file to load
/// instead of two that import each other. `links` is the splitter's output.
pub fn link(js: &str, links: &str, files: &Files, texts: &Texts) -> Result<String> {
    if !js.contains(&format!("function {TAKE_TEXTS}(")) {
        bail!("the module does not take texts");
    }
    let mut linked_parts = LOADERS
        .replace("{shared}", &beside(&files.shared))
        .replace("{take}", TAKE_TEXTS);
    let mut loaders = Vec::new();
    for line in links.lines() {
        if line.starts_with("import ") {
            continue;
        }
        let line = match line.strip_prefix("export const ") {
            Some(rest) => {
                loaders.push(rest.split(' ').next().unwrap_or_default());
                line.trim_start_matches("export ")
            }
            None => line,
        };
        linked_parts.push_str(line);
        linked_parts.push('\n');
    }
    for (name, place) in &files.places {
        let fetch = format!("fetch(new URL(\"./{name}.wasm\", import.meta.url))");
        if !linked_parts.contains(&fetch) {
            bail!("nothing loads {name}");
        }
        let found = match place {
            Place::File(path) => format!("fetch(new URL(\"{}\", import.meta.url))", beside(path)),
            Place::Shared(from, to) => format!("part({from}, {to})"),
        };
        linked_parts = linked_parts.replace(&fetch, &found);
    }
    for (door, files) in &texts.later {
        linked_parts = with_texts(&linked_parts, door, files)?;
    }
    let (imports, rest): (Vec<&str>, Vec<&str>) = js
        .lines()
        .partition(|line| line.starts_with("import * as ") && line.contains(LINKS));
    if imports.is_empty() && !loaders.is_empty() {
        bail!("the module does not import what loads its parts");
    }
    let mut linked = rest.join("\n");
    linked.push_str("\nconst parts = (() => {\n");
    linked.push_str(&linked_parts);
    linked.push_str(&format!("return {{ {} }};\n}})();\n", loaders.join(", ")));
    for import in imports {
        let name = import.trim_start_matches("import * as ").split(' ').next();
        linked.push_str(&format!("const {} = parts;\n", name.unwrap_or_default()));
    }
    Ok(linked)
}

/// Makes the loader of a split point also wait for its texts.
fn with_texts(links: &str, door: &str, files: &BTreeMap<String, String>) -> Result<String> {
    let loader = format!("const __wasm_split_load_{door} = wrapAsyncCb(makeLoad(");
    let (before, rest) = links
        .split_once(&loader)
        .with_context(|| format!("nothing loads {door}"))?;
    let (own, after) = rest
        .split_once("]));\n")
        .with_context(|| format!("{door} is loaded in another way"))?;
    let comma = if own.ends_with('[') { "" } else { ", " };
    let files: BTreeMap<_, _> = files
        .iter()
        .map(|(tag, path)| (tag, beside(path)))
        .collect();
    let files = serde_json::to_string(&files)?;
    Ok(format!(
        "{before}{loader}{own}{comma}texts({files})]));\n{after}"
    ))
}

/// Returns the address of a file relative to the JavaScript, which is in the same folder.
fn beside(path: &str) -> String {
    format!("./{}", path.trim_start_matches("pkg/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doors_wait_for_their_texts() {
        let links = "const __wasm_split_load_a = wrapAsyncCb(makeLoad(() => 1\n, []));\n\
                     const __wasm_split_load_b = wrapAsyncCb(makeLoad(() => 2\n, [__chunk_1]));\n";
        let files = BTreeMap::from([("en".to_owned(), "pkg/x.en.txt".to_owned())]);
        let linked = with_texts(links, "a", &files).unwrap();
        let linked = with_texts(&linked, "b", &files).unwrap();
        assert_eq!(
            linked,
            "const __wasm_split_load_a = wrapAsyncCb(makeLoad(() => 1\n, [texts({\"en\":\"./x.en.txt\"})]));\n\
             const __wasm_split_load_b = wrapAsyncCb(makeLoad(() => 2\n, [__chunk_1, texts({\"en\":\"./x.en.txt\"})]));\n"
        );
        assert!(with_texts(links, "c", &files).is_err());
    }
}
