//! A member's data export, as the member opens it.

use crate::accounts::{Service, Viewer};
use std::{collections::BTreeMap, fs::File, io::Read};
use tokio_util::sync::CancellationToken;
use zip::ZipArchive;

/// Requests an export and returns all its files by name.
pub async fn copy_of(accounts: &Service, viewer: &Viewer) -> BTreeMap<String, String> {
    accounts.request_export(viewer).await.unwrap();
    let made = accounts.export_all(&CancellationToken::new()).await;
    made.unwrap();
    let path = accounts.export_file(viewer).await.unwrap();
    let mut zip = ZipArchive::new(File::open(path).unwrap()).unwrap();
    let mut files = BTreeMap::new();
    for at in 0..zip.len() {
        let mut file = zip.by_index(at).unwrap();
        let mut text = String::new();
        file.read_to_string(&mut text).unwrap();
        files.insert(file.name().unwrap().into_owned(), text);
    }
    files
}
