//! Export of a member's messages.

use super::*;
use crate::accounts::{Export, ExportState};
use crate::shared::time;
use std::{fs::File, io::Read, path::PathBuf};
use tokio_util::sync::CancellationToken;
use zip::ZipArchive;

/// Requests an export, and opens it.
async fn copy(home: &Home<'_>, viewer: &Viewer) -> (Export, ZipArchive<File>, PathBuf) {
    let accounts = home.accounts();
    let asked = accounts.request_export(viewer).await.unwrap();
    assert_eq!(asked.state, ExportState::Preparing);
    let early = accounts.export_file(viewer).await;
    assert_eq!(code(early), "not-found");
    accounts
        .export_all(&CancellationToken::new())
        .await
        .unwrap();
    let export = accounts.export(viewer).await.unwrap().unwrap();
    assert_eq!(export.state, ExportState::Ready);
    let path = accounts.export_file(viewer).await.unwrap();
    let zip = ZipArchive::new(File::open(&path).unwrap()).unwrap();
    (export, zip, path)
}

fn names(zip: &ZipArchive<File>) -> Vec<String> {
    let names = zip.file_names().map(|name| name.unwrap().into_owned());
    names.collect()
}

fn read(zip: &mut ZipArchive<File>, part: &str, end: &str) -> String {
    let name = names(zip)
        .into_iter()
        .find(|name| name.contains(part) && name.ends_with(end))
        .unwrap();
    let mut text = String::new();
    zip.by_name(&name)
        .unwrap()
        .read_to_string(&mut text)
        .unwrap();
    text
}

#[tokio::test]
async fn everything_that_one_has_written_and_nothing_else() {
    Home::each(async |home| {
        let other = home.channel(&home.ada, "../<other>").await;
        home.fill(&home.bo, 3).await;
        // More than one step of the export.
        home.fill(&home.ada, 1_203).await;
        home.say(&home.ada, "<script>alert(1)</script> & \"ünï\"")
            .await;
        let gone = home.say(&home.ada, "taken back").await;
        home.delete(&home.ada, gone.id).await.unwrap();
        home.say(&home.bo, "not mine").await;
        home.try_say(&home.ada, other, "elsewhere", "over there")
            .await
            .unwrap();
        let (export, mut zip, path) = copy(home, &home.ada).await;
        assert!(export.size > 0 && export.expires_at.is_some());
        let names = names(&zip);
        assert_eq!(names.len(), 6, "{names:?}");
        assert!(names.iter().all(|name| !name.contains("..")), "{names:?}");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = path.metadata().unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        let profile: serde_json::Value =
            serde_json::from_str(&read(&mut zip, "profile", ".json")).unwrap();
        assert_eq!(profile["email"], "ada@example.com");
        assert!(!profile.to_string().contains("argon2"));
        assert!(read(&mut zip, "sessions", ".json").contains("a test"));
        let lines = read(&mut zip, "general", ".jsonl");
        let lines: Vec<serde_json::Value> = lines
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        assert_eq!(lines.len(), 1_204);
        let seqs: Vec<_> = lines.iter().map(|line| line["seq"].as_i64()).collect();
        assert!(seqs.is_sorted());
        assert!(lines.iter().all(|line| line["text"] != "taken back"));
        let page = read(&mut zip, "general", ".html");
        assert_eq!(page.matches("<li>").count(), 1_204);
        assert!(!page.contains("<script") && !page.contains("not mine"));
        assert!(page.contains("&#60;script&#62;") && page.contains("ünï"));
        assert!(read(&mut zip, "other", ".html").contains("over there"));

        // Only its owner can download it, and only the last one exists.
        let foreign = home.accounts().export_file(&home.bo).await;
        assert_eq!(code(foreign), "not-found");
        let (_, _, second) = copy(home, &home.ada).await;
        assert!(second != path && !path.exists());
        let mut query = Query::update();
        let past = time::now() - chrono::TimeDelta::hours(1);
        query.table("exports").value("expires_at", past);
        home.db().execute(&query).await.unwrap();
        let over = home.accounts().export_file(&home.ada).await;
        assert_eq!(code(over), "not-found");
        home.accounts()
            .export_all(&CancellationToken::new())
            .await
            .unwrap();
        assert!(!second.exists(), "what is over is cleared up");
    })
    .await;
}

#[tokio::test]
async fn a_copy_goes_with_its_account() {
    Home::each(async |home| {
        home.say(&home.bo, "short").await;
        let (_, _, path) = copy(home, &home.bo).await;
        home.erase(&home.bo, true).await;
        assert!(!path.exists());
        let guest = home.guest("visitor").await;
        let refused = home.accounts().request_export(&guest).await;
        assert_eq!(code(refused), "forbidden");
    })
    .await;
}

#[tokio::test]
async fn a_copy_that_cannot_be_written_says_so() {
    Home::each(async |home| {
        std::fs::write(home.data().join("exports"), "in the way").unwrap();
        let accounts = home.accounts();
        accounts.request_export(&home.bo).await.unwrap();
        accounts
            .export_all(&CancellationToken::new())
            .await
            .unwrap();
        let export = accounts.export(&home.bo).await.unwrap().unwrap();
        assert_eq!(export.state, ExportState::Failed);
    })
    .await;
}
