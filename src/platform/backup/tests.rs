//! Backups of busy servers, and damaged or forged archives.

use super::manifest::MANIFEST;
use super::*;
use crate::{
    accounts::Viewer,
    chat::{self, Send},
    platform::config::Config,
    shared::ChannelId,
    testing::{PASSWORD, TestHouse, count, device, texts},
};
use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use tempfile::TempDir;

fn config(data: &Path) -> Config {
    let mut config = Config::default();
    data.clone_into(&mut config.server.data);
    config
}

/// A used data folder and a backup of it.
async fn backed_up() -> (TempDir, TempDir, PathBuf) {
    let data = tempfile::tempdir().unwrap();
    let house = TestHouse::open(data.path(), |_| {}).await;
    house.user("ada").await;
    fs::create_dir(data.path().join("files")).unwrap();
    fs::write(data.path().join("files/picture"), "a picture").unwrap();
    fs::write(data.path().join("files/half.part"), "half a picture").unwrap();
    house.close().await;
    let shelf = tempfile::tempdir().unwrap();
    let target = shelf.path().join("rialto.tar.zst");
    back_up(&config(data.path()), &target, false).await.unwrap();
    (data, shelf, target)
}

/// All files of a folder with their contents.
fn everything(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.push((path.clone(), fs::read(&path).unwrap()));
            }
        }
    }
    found.sort();
    found
}

/// Members who send messages continuously, and the messages that the server acknowledged.
struct Writers {
    acknowledged: Arc<Mutex<Vec<(chat::Sent, String)>>>,
    stop: Arc<AtomicBool>,
    tasks: Vec<tokio::task::JoinHandle<()>>,
}

impl Writers {
    fn start(chat: &chat::Service, people: &[Viewer], channel: ChannelId) -> Self {
        let acknowledged = Arc::new(Mutex::new(Vec::new()));
        let stop = Arc::new(AtomicBool::new(false));
        let task = |viewer: &Viewer| {
            let (chat, viewer) = (chat.clone(), viewer.clone());
            let (acknowledged, stop) = (Arc::clone(&acknowledged), Arc::clone(&stop));
            tokio::spawn(async move {
                for n in 0.. {
                    if stop.load(Ordering::Relaxed) {
                        break;
                    }
                    let text = format!("{} {n}", viewer.username);
                    let send = Send {
                        channel_id: channel,
                        text: text.clone(),
                    };
                    let sent = chat.send(&viewer, &format!("n{n}"), send).await.unwrap();
                    acknowledged.lock().unwrap().push((sent, text));
                }
            })
        };
        Self {
            tasks: people.iter().map(task).collect(),
            acknowledged,
            stop,
        }
    }

    fn so_far(&self) -> Vec<(chat::Sent, String)> {
        self.acknowledged.lock().unwrap().clone()
    }

    async fn at_least(&self, count: usize) {
        let written = async {
            while self.so_far().len() < count {
                tokio::task::yield_now().await;
            }
        };
        let patience = Duration::from_secs(60);
        tokio::time::timeout(patience, written).await.unwrap();
    }

    async fn stop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        for task in self.tasks.drain(..) {
            task.await.unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_under_load_holds_what_was_acknowledged() {
    let data = tempfile::tempdir().unwrap();
    let house = TestHouse::open(data.path(), |_| {}).await;
    let [ada, bo] = house.users(["ada", "bo"]).await;
    let channel = house.general(&ada).await;
    let chat = house.chat();
    let mut writers = Writers::start(chat, &[ada.viewer.clone(), bo.viewer], channel);
    writers.at_least(100).await;

    let before = writers.so_far();
    let shelf = tempfile::tempdir().unwrap();
    let target = shelf.path().join("backup.tar.zst");
    let made = back_up(&config(data.path()), &target, false).await.unwrap();
    let meanwhile = writers.so_far().len();
    writers.at_least(meanwhile + 20).await;
    writers.stop().await;
    let all = writers.so_far();
    assert!(made.complete);
    assert!(last(data.path()).is_some_and(|last| last.bytes > 0));
    let refused = restore(&target, data.path(), true).await;
    assert!(matches!(refused, Err(BackupError::InUse(_))), "{refused:?}");
    house.close().await;

    let other = tempfile::tempdir().unwrap();
    restore(&target, other.path(), false).await.unwrap();
    let restored = TestHouse::open(other.path(), |_| {}).await;
    let verdict = texts(restored.db(), "PRAGMA integrity_check").await;
    assert_eq!(verdict, ["ok"]);
    assert_eq!(count(restored.db(), "pragma_foreign_key_check").await, 0);

    let chat = restored.chat();
    let heads = chat.heads().await.unwrap();
    let (_, head) = heads.iter().find(|(id, _)| *id == channel).unwrap();
    let mut messages = Vec::new();
    loop {
        let page = chat.messages_after(channel, messages.len() as i64, 100);
        let page = page.await.unwrap();
        if page.is_empty() {
            break;
        }
        messages.extend(page);
    }
    let count = messages.len();
    let numbers: Vec<_> = messages.iter().map(|message| message.seq).collect();
    assert_eq!(numbers, (1..=count as i64).collect::<Vec<_>>(), "no gaps");
    assert_eq!((head.seq, head.rev), (count as i64, count as i64));
    assert!((before.len()..=all.len()).contains(&count));
    for (sent, text) in &before {
        let message = &messages[sent.seq as usize - 1];
        assert_eq!((message.id, &message.body), (sent.id, text));
    }
    for (sent, text) in &all {
        if let Some(message) = messages.get(sent.seq as usize - 1) {
            assert_eq!((message.id, &message.body), (sent.id, text));
        }
    }

    let me = restored
        .request("GET", "/api/auth/me", Some(&ada.token), None)
        .await;
    assert_eq!(me.is(200)["user"]["username"], "ada", "the key is the same");
    let send = Send {
        channel_id: channel,
        text: "it goes on".into(),
    };
    let sent = chat.send(&ada, "after", send).await.unwrap();
    assert_eq!(sent.seq, head.seq + 1);
    restored.close().await;
}

#[tokio::test]
async fn an_archive_is_private_and_does_not_replace_another() {
    let (data, shelf, target) = backed_up().await;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(&target).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    assert_eq!(
        everything(shelf.path()).len(),
        1,
        "nothing is left beside it"
    );
    let first = fs::read(&target).unwrap();
    let again = back_up(&config(data.path()), &target, false).await;
    assert!(matches!(again, Err(BackupError::Exists(_))), "{again:?}");
    assert_eq!(fs::read(&target).unwrap(), first);
    back_up(&config(data.path()), &target, true).await.unwrap();
    let inside = data.path().join("backup.tar.zst");
    let refused = back_up(&config(data.path()), &inside, false).await;
    assert!(
        matches!(refused, Err(BackupError::Inside(_))),
        "{refused:?}"
    );
    let nowhere = config(&data.path().join("nothing"));
    assert!(
        back_up(&nowhere, &shelf.path().join("x"), false)
            .await
            .is_err()
    );
    assert_eq!(everything(shelf.path()).len(), 1);
}

#[tokio::test]
async fn what_is_there_is_kept_aside() {
    let (data, _shelf, target) = backed_up().await;
    let before = fs::read(data.path().join("signing.key")).unwrap();
    fs::write(data.path().join("signing.key"), "another key than before").unwrap();
    fs::write(data.path().join("files/picture"), "another picture").unwrap();
    let refused = restore(&target, data.path(), false).await;
    assert!(
        matches!(refused, Err(BackupError::NotEmpty(_))),
        "{refused:?}"
    );
    assert_eq!(
        fs::read_to_string(data.path().join("signing.key")).unwrap(),
        "another key than before"
    );

    restore(&target, data.path(), true).await.unwrap();
    assert_eq!(fs::read(data.path().join("signing.key")).unwrap(), before);
    let names: Vec<_> = fs::read_dir(data.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    let aside = names
        .iter()
        .find(|name| name.starts_with("before-restore-"))
        .unwrap();
    let read = |path: &str| fs::read_to_string(data.path().join(path)).unwrap();
    assert_eq!(read("files/picture"), "a picture");
    assert_eq!(read(&format!("{aside}/files/picture")), "another picture");
    assert_eq!(
        read(&format!("{aside}/signing.key")),
        "another key than before"
    );
    assert!(!data.path().join("files/half.part").exists());
    let house = TestHouse::open(data.path(), |_| {}).await;
    house.close().await;
}

/// After a crash in the middle of a restore the next start completes it.
#[tokio::test]
async fn an_interrupted_restore_is_finished_by_the_next_start() {
    let (data, _shelf, target) = backed_up().await;
    for done in 0..4 {
        let other = tempfile::tempdir().unwrap();
        fs::write(
            other.path().join("signing.key"),
            "an old key of an old house",
        )
        .unwrap();
        fs::write(other.path().join("rialto.db"), "an old database").unwrap();
        fs::write(other.path().join("rialto.db-wal"), "its journal").unwrap();
        let staged = switch::Staged::new(other.path()).unwrap();
        unpack::unpack(&target, staged.path()).unwrap();
        staged.commit().unwrap();
        let ready = other.path().join(".restore");
        let moved = [
            ("rialto.db", "old/rialto.db"),
            ("signing.key", "old/signing.key"),
        ];
        for (from, to) in moved.iter().take(done) {
            fs::rename(other.path().join(from), ready.join(to)).unwrap();
        }
        if done == 3 {
            let arrived = ready.join("new/rialto.db");
            fs::rename(arrived, other.path().join("rialto.db")).unwrap();
        }
        assert!(is_unfinished(other.path()));
        let house = TestHouse::open(other.path(), |_| {}).await;
        assert!(!is_unfinished(other.path()));
        let key = |folder: &Path| fs::read(folder.join("signing.key")).unwrap();
        assert_eq!(key(other.path()), key(data.path()));
        assert!(
            house
                .accounts()
                .sign_in("ada", PASSWORD, &device())
                .await
                .is_ok()
        );
        house.close().await;
    }
}

/// Writes an archive with any contents.
fn archive(path: &Path, entries: &[(&str, &[u8])]) {
    let mut encoder = zstd::Encoder::new(fs::File::create(path).unwrap(), 1).unwrap();
    for (name, bytes) in entries {
        // Built by hand, because the library refuses to write these invalid names.
        let mut header = tar::Header::new_gnu();
        header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
        header.set_size(bytes.len() as u64);
        header.set_mode(0o600);
        header.set_cksum();
        io::Write::write_all(&mut encoder, header.as_bytes()).unwrap();
        io::Write::write_all(&mut encoder, bytes).unwrap();
        let padding = vec![0; bytes.len().next_multiple_of(512) - bytes.len()];
        io::Write::write_all(&mut encoder, &padding).unwrap();
    }
    io::Write::write_all(&mut encoder, &[0; 1024]).unwrap();
    encoder.finish().unwrap();
}

fn manifest(entries: &[(&str, &[u8])], change: impl FnOnce(&mut Manifest)) -> Vec<u8> {
    let entry = |(name, bytes): &(&str, &[u8])| {
        let mut content = crate::platform::hash::Hashing::new(*bytes);
        io::copy(&mut content, &mut io::sink()).unwrap();
        let (sha256, size) = content.finish();
        Entry {
            path: (*name).into(),
            size,
            sha256,
        }
    };
    let mut manifest = Manifest {
        format: FORMAT,
        version: "9.9.9".into(),
        created_at: now(),
        database: "sqlite".into(),
        complete: true,
        schema: vec!["m20261121_000001_accounts".into()],
        files: entries.iter().map(entry).collect(),
    };
    change(&mut manifest);
    serde_json::to_vec(&manifest).unwrap()
}

#[tokio::test]
async fn what_is_no_backup_changes_nothing() {
    let (_data, shelf, good) = backed_up().await;
    let bad = shelf.path().join("bad");
    let home = tempfile::tempdir().unwrap();
    fs::write(home.path().join("rialto.db"), "precious").unwrap();
    let before = everything(home.path());
    let refused = async |what: &str| {
        let error = restore(&bad, home.path(), true).await.unwrap_err();
        let mut after = everything(home.path());
        after.retain(|(path, _)| !path.ends_with("rialto.lock"));
        assert_eq!(after, before, "{what}");
        assert!(!shelf.path().join("escaped").exists(), "{what}");
        error.to_string()
    };

    let bytes = fs::read(&good).unwrap();
    for (what, content) in [
        ("nothing", Vec::new()),
        ("a text", b"not an archive".to_vec()),
        ("half of it", bytes[..bytes.len() / 2].to_vec()),
        ("nearly all of it", bytes[..bytes.len() - 8].to_vec()),
        ("a changed byte", {
            let mut bytes = bytes.clone();
            let at = bytes.len() / 2;
            bytes[at] ^= 1;
            bytes
        }),
    ] {
        fs::write(&bad, content).unwrap();
        assert!(refused(what).await.contains("damaged"), "{what}");
    }

    let db: (&str, &[u8]) = (SQLITE, b"not a database");
    let stray: (&str, &[u8]) = ("../escaped", b"x");
    let absolute: (&str, &[u8]) = ("/tmp/escaped", b"x");
    let kept: (&str, &[u8]) = ("rialto.lock", b"x");
    for entry in [stray, absolute, kept] {
        let listed = manifest(&[db, entry], |_| {});
        archive(&bad, &[db, entry, (MANIFEST, &listed)]);
        assert!(refused(entry.0).await.contains("damaged"), "{}", entry.0);
    }
    let listed = manifest(&[db], |_| {});
    archive(&bad, &[db, (MANIFEST, &listed)]);
    assert!(refused("no database").await.contains("damaged"));
    archive(&bad, &[db]);
    assert!(refused("no manifest").await.contains("no manifest"));
    archive(&bad, &[(MANIFEST, &listed)]);
    assert!(refused("missing").await.contains("rialto.db is missing"));
    archive(&bad, &[(SQLITE, b"another one"), (MANIFEST, &listed)]);
    assert!(refused("changed").await.contains("not what it was"));
    archive(&bad, &[db, ("more", b"x"), (MANIFEST, &listed)]);
    assert!(refused("more").await.contains("does not list"));
    archive(&bad, &[db, db, (MANIFEST, &listed)]);
    refused("twice").await;
    let later = manifest(&[db], |manifest| {
        manifest.schema.push("m20991231_000001_later".into());
    });
    archive(&bad, &[db, (MANIFEST, &later)]);
    let error = refused("newer").await;
    assert!(
        error.contains("9.9.9") && error.contains("later"),
        "{error}"
    );

    // A folder that did not exist before a failed restore does not exist after it.
    let new = shelf.path().join("new");
    assert!(restore(&bad, &new, false).await.is_err());
    assert!(!new.exists());
}
