//! Problems around the server. For each one: the admin gets one sentence, stored data stays intact,
//! and the server recovers when the cause is gone.

use super::instance::{Ended, Instance, PATIENCE, Server};
use serde_json::{Value, json};
use std::{
    fs,
    net::TcpListener,
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

/// Runs a server that cannot start; returns its exit code and its only log line.
#[track_caller]
fn refused(command: Command) -> (i32, String) {
    let Err(Ended { status, log }) = Server::start(command) else {
        panic!("it started");
    };
    assert_eq!(log.lines().count(), 1, "one sentence: {log}");
    assert!(
        log.starts_with("rialto: ") && !log.contains("panicked"),
        "{log}"
    );
    (status.code().expect("it ended by itself"), log)
}

#[tokio::test]
async fn bad_input_a_port_in_use() {
    let instance = Instance::new(String::new());
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let command = instance.command_at(&address);
    let (code, told) = refused(command);
    assert_eq!(code, 1);
    assert!(told.contains(&address) && told.contains("--addr"), "{told}");
    assert!(!instance.data().exists(), "nothing was made");
}

#[tokio::test]
async fn bad_input_a_broken_configuration() {
    let instance = Instance::new(String::new());
    for (text, place) in [
        ("[server\n", "line 1"),
        ("[server]\n\ncolor = 1\n", "line 3"),
        (
            "[limits]\nchannels = { count = 0, seconds = 1 }\n",
            "limits.channels",
        ),
        ("\u{0}\u{1}\u{2}", "line 1"),
        ("[log]\nfilter = \"=[\"\n", "log.filter"),
    ] {
        fs::write(instance.path().join("Leptos.toml"), text).unwrap();
        let mut command = instance.command();
        command.env_remove("RIALTO__LOG__FILTER");
        let Err(Ended { status, log }) = Server::start(command) else {
            panic!("it started with {text:?}");
        };
        assert_eq!(status.code(), Some(2), "{log}");
        assert!(
            log.starts_with("rialto: ") && log.contains(place),
            "{text:?}: {log}"
        );
    }
    fs::write(instance.path().join("Leptos.toml"), b"\xff\xfe[server]").unwrap();
    let (code, told) = refused(instance.command());
    assert_eq!(code, 2);
    assert!(told.contains("Leptos.toml"), "{told}");
    assert!(!instance.data().exists(), "nothing was made");
}

#[tokio::test]
async fn bad_input_a_damaged_database() {
    let instance = Instance::new(String::new());
    instance.populate(2, 2).await;
    let file = instance.data().join("rialto.db");
    let good = fs::read(&file).unwrap();
    let page = 4_096;
    assert!(good.len() > 8 * page);
    let mut no_header = good.clone();
    no_header[..100].fill(b'?');
    let mut no_pages = good.clone();
    no_pages[page..].fill(0xff);
    for damaged in [no_header, no_pages, good[..3 * page].to_vec()] {
        fs::write(&file, &damaged).unwrap();
        let (code, told) = refused(instance.command());
        assert_eq!(code, 1);
        assert!(
            told.contains("damaged") && told.contains("backup"),
            "{told}"
        );
        assert_eq!(
            fs::read(&file).unwrap(),
            damaged,
            "what is left of it is left alone"
        );
    }
    fs::write(&file, &good).unwrap();
    assert_eq!(instance.start().request("GET", "/health", "", "").0, 200);
}

/// Runs the instance's server in its own mount namespace, after the mount commands in `prepare`.
fn in_own_world(instance: &Instance, prepare: &str) -> Command {
    let mut command = Command::new("unshare");
    command.args(["--user", "--map-root-user", "--mount", "sh", "-ec"]);
    command.arg(format!("{prepare}; exec \"$0\" \"$@\""));
    command.arg(super::instance::binary());
    instance.arguments(&mut command, "127.0.0.1:0");
    command.env("DATA", instance.data());
    command
}

#[tokio::test]
async fn bad_input_a_read_only_folder() {
    let instance = Instance::new(String::new());
    instance.populate(1, 1).await;
    let read_only = r#"mount --bind "$DATA" "$DATA"; mount -o remount,bind,ro "$DATA""#;
    let (code, told) = refused(in_own_world(&instance, read_only));
    assert_eq!(code, 1);
    let data = instance.data().display().to_string();
    assert!(told.contains(&data) && told.contains("--data"), "{told}");
    assert!(told.contains("Read-only"), "{told}");
}

/// A data folder of 8 MB, more than half of which another file occupies.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bad_input_a_full_disk() {
    let instance = Instance::new(String::new());
    fs::create_dir(instance.data()).unwrap();
    let small =
        r#"mount -t tmpfs -o size=8m tmpfs "$DATA"; head -c 5000000 /dev/zero > "$DATA/ballast""#;
    let server = Server::start(in_own_world(&instance, small)).unwrap();
    let person =
        json!({ "name": "Ada", "email": "ada@rialto.example", "password": "lantern-7-water" });
    let (status, answer) = server.request("POST", "/api/auth/register", "", &person.to_string());
    assert_eq!(status, 201, "{answer}");
    let token = read(&answer)["token"].as_str().unwrap().to_owned();
    let (_, rooms) = server.request("GET", "/api/rooms", &token, "");
    let room = read(&rooms)["rooms"][0]["room_id"]
        .as_str()
        .unwrap()
        .to_owned();
    let path = format!("/api/channels/{room}/messages");
    let say = |length| {
        let body = json!({ "text": "x".repeat(length) }).to_string();
        server.request("POST", &path, &token, &body)
    };
    let (mut kept, mut rooms) = (0, 0);
    // Large writes fail before small ones, and a checkpoint of SQLite's log makes room again. So
    // the disk counts as full only after several refusals in a row.
    let mut refused = 0;
    while refused < 5 {
        refused += 1;
        for length in [4_000, 1] {
            let refusal = loop {
                match say(length) {
                    (201, _) => (kept, refused) = (kept + 1, 0),
                    refusal => break refusal,
                }
                assert!(kept < 5_000, "the disk is not full");
            };
            assert_eq!(refusal.0, 507, "{refusal:?}");
            assert_eq!(read(&refusal.1)["code"], "storage-full");
        }
        let name = format!(r#"{{"room_name":"more-{rooms}"}}"#);
        if server.request("POST", "/api/rooms", &token, &name).0 == 201 {
            (rooms, refused) = (rooms + 1, 0);
        }
    }
    // Every kind of write keeps failing; reads still work.
    assert_eq!(say(4_000).0, 507);
    // Requests that share a transaction fail too.
    std::thread::scope(|scope| {
        let together: Vec<_> = (0..12).map(|_| scope.spawn(|| say(4_000))).collect();
        for one in together {
            let (status, answer) = one.join().unwrap();
            assert_eq!(status, 507, "{answer}");
        }
    });
    let room_too = server.request("POST", "/api/rooms", &token, r#"{"room_name":"more"}"#);
    assert_eq!(room_too.0, 507, "{room_too:?}");
    // Health reports the full disk without a request, as long as it lasts.
    becomes(&server, 503);
    assert_eq!(say(4_000).0, 507);
    assert_eq!(server.request("GET", "/health", "", "").0, 503);
    assert_eq!(newest(&server, &path, &token), kept);
    assert_eq!(server.request("GET", "/api/auth/me", &token, "").0, 200);
    assert_eq!(server.request("GET", "/", &token, "").0, 200);
    // With free space again, no restart is needed.
    let inside = format!("/proc/{}/root{}", server.pid(), instance.data().display());
    fs::remove_file(format!("{inside}/ballast")).unwrap();
    let started = Instant::now();
    let (status, answer) = loop {
        match say(1) {
            (507, _) if started.elapsed() < PATIENCE => {}
            other => break other,
        }
    };
    assert_eq!(status, 201, "{answer}");
    assert_eq!(
        read(&answer)["seq"],
        kept + 1,
        "refused messages took no number"
    );
    assert_eq!(newest(&server, &path, &token), kept + 1);
    becomes(&server, 200);
    assert_eq!(verdict(Path::new(&inside)).await, "ok");
    let log = server.log();
    assert!(
        !log.contains("panicked") && !log.contains("internal error"),
        "{log}"
    );
    assert!(log.contains("disk full"), "{log}");
    let ended = tokio::task::spawn_blocking(|| server.terminate())
        .await
        .unwrap();
    assert!(ended.status.success(), "{ended:?}");
}

/// Waits until the server's health has this status.
#[track_caller]
fn becomes(server: &Server, status: u16) {
    let started = Instant::now();
    while server.request("GET", "/health", "", "").0 != status {
        assert!(started.elapsed() < PATIENCE, "health is not {status}");
        std::thread::sleep(Duration::from_millis(200));
    }
}

fn newest(server: &Server, path: &str, token: &str) -> i64 {
    let (status, page) = server.request("GET", &format!("{path}?limit=1"), token, "");
    assert_eq!(status, 200, "{page}");
    read(&page)["messages"][0]["seq"].as_i64().unwrap()
}

fn read(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| panic!("{text}"))
}

/// Returns the result of SQLite's integrity check, while nothing is written. Checks a copy: SQLite
/// would look for the folder in this mount namespace, where it is a different one.
async fn verdict(data: &Path) -> String {
    use sea_orm::{ConnectionTrait, DbBackend, Statement};
    let copy = tempfile::tempdir().unwrap();
    for name in ["rialto.db", "rialto.db-wal"] {
        fs::copy(data.join(name), copy.path().join(name)).unwrap();
    }
    let url = format!("sqlite://{}", copy.path().join("rialto.db").display());
    let db = sea_orm::Database::connect(url).await.unwrap();
    let check = Statement::from_string(DbBackend::Sqlite, "PRAGMA integrity_check");
    let row = db.query_one_raw(check).await.unwrap().unwrap();
    row.try_get("", "integrity_check").unwrap()
}
