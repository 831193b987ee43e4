//! Unpacks an archive into a folder and compares every checksum.

use super::error::{BackupError, Result, at};
use super::manifest::{Entry, FORMAT, MANIFEST, Manifest, SQLITE, known};
use super::switch;
use crate::platform::{folder, hash::Hashing};
use std::{
    collections::BTreeMap,
    fs::File,
    io::{self, BufReader, Read},
    path::{Component, Path},
};
use tar::{Archive, EntryType};
use zstd::Decoder;

/// Maximum size of the manifest in bytes: enough for some hundred thousand files.
const MOST_MANIFEST: u64 = 64 << 20;

/// Unpacks an archive into an empty folder and checks it.
pub fn unpack(path: &Path, into: &Path) -> Result<Manifest> {
    let damaged = |what: String| BackupError::Damaged {
        path: path.to_owned(),
        what,
    };
    let file = File::open(path).map_err(at(path))?;
    let decoder = Decoder::new(BufReader::new(file)).map_err(|error| damaged(error.to_string()))?;
    let mut archive = Archive::new(decoder);
    let (manifest, found) = read(&mut archive, into).map_err(|error| match error.kind() {
        // An error of our own disk does not mean that the archive is damaged.
        io::ErrorKind::StorageFull | io::ErrorKind::PermissionDenied => at(into)(error),
        _ => damaged(error.to_string()),
    })?;
    let Some(manifest) = manifest else {
        return Err(damaged(
            "it has no manifest; perhaps it was not written to its end".into(),
        ));
    };
    if manifest.format != FORMAT {
        return Err(damaged(format!("its form is number {}", manifest.format)));
    }
    known(&manifest.version, &manifest.schema)?;
    compare(&manifest, &found).map_err(damaged)?;
    Ok(manifest)
}

type Found = BTreeMap<String, (String, u64)>;

fn read(archive: &mut Archive<impl Read>, into: &Path) -> io::Result<(Option<Manifest>, Found)> {
    let bad = |what: &str| io::Error::new(io::ErrorKind::InvalidData, what.to_owned());
    let mut found = Found::new();
    let mut manifest = None;
    for entry in archive.entries()? {
        let mut entry = entry?;
        if entry.header().entry_type() != EntryType::Regular {
            return Err(bad("it holds something else than files"));
        }
        let name = entry.path()?.into_owned();
        let plain = name
            .components()
            .all(|part| matches!(part, Component::Normal(_)));
        let text = name.to_str().filter(|text| plain && !text.is_empty());
        let Some(text) = text else {
            return Err(bad("it holds a file outside of the data folder"));
        };
        if text == MANIFEST {
            let mut bytes = Vec::new();
            entry.take(MOST_MANIFEST).read_to_end(&mut bytes)?;
            manifest = Some(serde_json::from_slice(&bytes)?);
            continue;
        }
        let first = text.split('/').next().unwrap_or(text);
        if switch::is_apart(first) {
            return Err(bad("it holds a file of a name that is kept for the server"));
        }
        let target = into.join(&name);
        if let Some(parent) = target.parent() {
            folder::make(parent)?;
        }
        // `create_new` fails if a name occurs twice.
        let mut file = folder::private().create_new(true).open(&target)?;
        let mut content = Hashing::new(&mut entry);
        io::copy(&mut content, &mut file)?;
        file.sync_all()?;
        found.insert(text.to_owned(), content.finish());
    }
    Ok((manifest, found))
}

/// Checks that the files match the manifest and that there are no others.
fn compare(manifest: &Manifest, found: &Found) -> Result<(), String> {
    for Entry { path, size, sha256 } in &manifest.files {
        match found.get(path) {
            None => return Err(format!("{path} is missing")),
            Some((sum, read)) if sum != sha256 || read != size => {
                return Err(format!("{path} is not what it was"));
            }
            Some(_) => {}
        }
    }
    if found.len() != manifest.files.len() {
        return Err("it holds files that its manifest does not list".into());
    }
    if manifest.database == "sqlite" && !found.contains_key(SQLITE) {
        return Err("it holds no database".into());
    }
    Ok(())
}
