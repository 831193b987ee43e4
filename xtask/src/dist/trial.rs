//! Runs the archive without the checkout: in another folder and in an empty environment.

use std::fs::{self, File};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Child;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::http::request;
use crate::layout::Layout;
use crate::process::{command, run, start, stop};

/// Time limit for the server's start.
const START: Duration = Duration::from_secs(20);
const ADA: &str =
    r#"{"name":"Ada","email":"ada@rialto.example","password":"lantern-over-water-7"}"#;

/// Packs the release build, unpacks it and runs it.
pub fn trial(layout: &Layout) -> Result<()> {
    let archive = super::pack(layout)?;
    let sum = archive.with_added_extension("sha256");
    let parent = archive.parent().context("the archive has no folder")?;
    run(command("sha256sum")
        .args(["--check", "--quiet"])
        .arg(sum)
        .current_dir(parent))?;
    let elsewhere = std::env::temp_dir().join(format!("rialto-archive-{}", std::process::id()));
    fs::create_dir_all(&elsewhere)?;
    let result = unpack_and_run(&archive, &elsewhere);
    fs::remove_dir_all(&elsewhere)?;
    result
}

fn unpack_and_run(archive: &Path, elsewhere: &Path) -> Result<()> {
    let mut tar = command("tar");
    tar.arg("--extract").arg("--file").arg(archive);
    run(tar.arg("--directory").arg(elsewhere))?;
    let name = archive.file_name().and_then(|name| name.to_str());
    let name = name.and_then(|name| name.strip_suffix(".tar.zst"));
    let folder = elsewhere.join(name.context("the archive has another name")?);
    let printed = elsewhere.join("printed");
    let mut server = command(folder.join("rialto"));
    server.args(["serve", "--addr", "127.0.0.1:0"]);
    server.env_clear().env("PATH", "/usr/bin:/bin");
    let log = elsewhere.join("log");
    server.stdout(File::create(&printed)?);
    server.stderr(File::create(&log)?);
    let mut child = start(server.current_dir(&folder))?;
    let result = address_of(&mut child, &printed).and_then(|address| ask(address, &folder));
    let status = stop(&mut child);
    result.with_context(|| fs::read_to_string(log).unwrap_or_default())?;
    if !status.is_some_and(|status| status.success()) {
        bail!("the server was told to stop and ended with {status:?}");
    }
    if !folder.join("data").is_dir() {
        bail!("the server made no data folder");
    }
    Ok(())
}

/// Waits for the address that the server prints once it listens.
fn address_of(child: &mut Child, printed: &PathBuf) -> Result<SocketAddr> {
    let begun = Instant::now();
    loop {
        let text = fs::read_to_string(printed)?;
        if let Some((_, rest)) = text.split_once("http://")
            && let Some((address, _)) = rest.split_once('\n')
        {
            return address.parse().with_context(|| text.clone());
        }
        if let Some(status) = child.try_wait()? {
            bail!("the server ended by itself ({status})");
        }
        if begun.elapsed() > START {
            bail!("the server does not start: {text}");
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Requests the health, a page and the files that it loads, and registers an account.
fn ask(address: SocketAddr, folder: &Path) -> Result<()> {
    let get = |path: &str, header: &str| request(address, "GET", path, header, "")?.successful();
    let health = get("/health", "")?.json()?;
    if health.get("status") != Some(&"healthy".into()) {
        bail!("the server is not healthy: {health}");
    }
    let page = String::from_utf8(get("/sign-in", "Accept: text/html\r\n")?.body)?;
    let manifest: Value = serde_json::from_slice(&fs::read(folder.join("site/manifest.json"))?)?;
    for part in ["wasm", "js", "css"] {
        let name = manifest.get(part).and_then(Value::as_str);
        let name = name.with_context(|| format!("manifest.json lacks {part}"))?;
        if !page.contains(name) {
            bail!("the page does not name {name}:\n{page}");
        }
        let file = get(&format!("/{name}"), "Accept-Encoding: br\r\n")?;
        if !file.head.contains("\r\ncontent-encoding: br\r\n") || file.body.is_empty() {
            bail!("{name} does not come as brotli:\n{}", file.head);
        }
    }
    let account = request(address, "POST", "/api/auth/register", "", ADA)?;
    let account = account.successful()?.json()?;
    let token = account.get("token").and_then(Value::as_str);
    let token = token.with_context(|| format!("no token: {account}"))?;
    get(
        "/api/auth/me",
        &format!("Authorization: Bearer {token}\r\n"),
    )?;
    Ok(())
}
