//! Our own JavaScript: modules that import each other by name.

use std::path::Path;

use anyhow::Result;
use xtask::files::{Fingerprint, walk};

/// The script of the service worker; the server builds it, since it knows the names of the files.
const WORKER: &str = "worker.js";

/// Writes the scripts of `from` into one folder whose name contains a hash of their contents.
/// Returns its path in the site.
pub fn write(from: &Path, pkg: &Path, release: bool) -> Result<String> {
    let mut scripts = Vec::new();
    for file in walk(from, &[])? {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        if name.ends_with(".js") && name != WORKER {
            let text = std::fs::read_to_string(&file)?;
            let text = if release { bare(&text) } else { text };
            scripts.push((name.into_owned(), text));
        }
    }
    scripts.sort();
    let print = scripts
        .iter()
        .fold(Fingerprint::default(), |print, (name, text)| {
            print.with_text(name).with_text(text)
        });
    let folder = format!("offline.{}", print.hex());
    std::fs::create_dir_all(pkg.join(&folder))?;
    for (name, text) in scripts {
        std::fs::write(pkg.join(&folder).join(name), text)?;
    }
    Ok(format!("pkg/{folder}"))
}

/// Removes indentation, blank lines and lines that contain only a comment.
pub fn bare(text: &str) -> String {
    let mut bare = String::with_capacity(text.len());
    let mut inside = false;
    for line in text.lines().map(str::trim) {
        let comment = inside || line.starts_with("//") || is_block(line);
        inside = (inside || line.starts_with("/*")) && !line.contains("*/");
        if !comment && !line.is_empty() {
            bare.push_str(line);
            bare.push('\n');
        }
    }
    bare
}

/// True if a comment takes up the whole line.
fn is_block(line: &str) -> bool {
    line.starts_with("/*") && (!line.contains("*/") || line.ends_with("*/"))
}

#[cfg(test)]
mod tests {
    use super::bare;

    #[test]
    fn comments_go_and_code_stays() {
        let script = "// A file.\n\n/**\n * @param {string} a\n */\nfunction f(a) {\n  /** @type {number} */\n  \
                      let b = /* kept */ 1;\n  /* two */ b++;\n  return \"// text\"; // kept too\n}\n";
        assert_eq!(
            bare(script),
            "function f(a) {\nlet b = /* kept */ 1;\n/* two */ b++;\nreturn \"// text\"; // kept too\n}\n"
        );
    }
}
