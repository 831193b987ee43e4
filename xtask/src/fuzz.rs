//! Fuzzes the REST API with schemathesis and the API's own OpenAPI description: without a token, as
//! a member and as an admin. Fails on a 5xx, on a response that the description does not list, on a
//! panic, and if memory grows.

use std::fs::{self, File};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::Child;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use crate::http::request;
use crate::layout::{Layout, Profile};
use crate::process::{command, run, start, status_within, stop};
use crate::{build, python};

/// How long to fuzz.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Length {
    /// A minute or two, always the same requests.
    Usual,
    /// At most half an hour, different requests each time.
    Long,
}

/// Memory that the last third of a run may add, in KiB.
const GROWTH: u64 = 48 * 1024;
const PASSWORD: &str = "lantern-over-water-7";
/// Paths that end the session of the run; they run separately.
const ENDING: &str = "logout|sessions/";

/// Builds the server and fuzzes the REST API and then the gateway.
pub fn fuzz(layout: &Layout, profile: Profile, length: Length) -> Result<()> {
    build::everything(layout, profile)?;
    rest(layout, profile, length)?;
    let mut gateway = layout.cargo();
    gateway.args(["test", "--features", "ssr", "--test", "hardening", "fuzz"]);
    gateway.args(["--", "--nocapture"]);
    if length == Length::Long {
        gateway.env("RIALTO_FUZZ_FRAMES", "1000000");
        gateway.env("RIALTO_FUZZ_SEED", seed(length));
    }
    gateway.env("RIALTO_BIN", layout.server(profile));
    run(&mut gateway)
}

/// Fuzzes the REST API of a server that is already built.
pub fn rest(layout: &Layout, profile: Profile, length: Length) -> Result<()> {
    let server = Server::start(layout, profile)?;
    let person = server.register("ada")?;
    server.register("grace")?;
    server.make_admin(layout, profile, "grace")?;
    // An admin needs a token that was issued after the promotion.
    let admin = server.sign_in("grace")?;
    let seed = seed(length);
    println!("test: seed {seed}");
    let run = |who: &str, token: Option<&str>, only: Option<&str>| {
        println!("test: the REST API as {who}");
        schemathesis(layout, &server, token, only, length, &seed)
    };
    server.write_settings(layout, &person)?;
    run("nobody", None, None)?;
    run("a person", Some(&person), None)?;
    let before = server.memory()?;
    run("an admin", Some(&admin), None)?;
    // The first of these requests ends the session; the others return 401, which is documented too.
    let leaving = server.sign_in("ada")?;
    run("somebody who leaves", Some(&leaving), Some(ENDING))?;
    server.look(before)
}

fn seed(length: Length) -> String {
    match length {
        Length::Usual => "2026".into(),
        Length::Long => {
            let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
            (now.unwrap_or_default().as_secs() % 1_000_000_007).to_string()
        }
    }
}

fn schemathesis(
    layout: &Layout,
    server: &Server,
    token: Option<&str>,
    only: Option<&str>,
    length: Length,
    seed: &str,
) -> Result<()> {
    let (examples, limit) = match length {
        Length::Usual => ("12", 180),
        Length::Long => ("400", 900),
    };
    let mut run = command(python::tool(layout, python::List::Tools, "schemathesis")?);
    run.arg("--config-file");
    run.arg(server.settings());
    run.arg("run")
        .arg(format!("http://{}/api/openapi.json", server.address));
    // Runs the checks that the settings choose. Checks named here would override the settings.
    run.args(["--warnings", "off", "--no-color"]);
    run.args(["--max-examples", examples, "--seed", seed]);
    if length == Length::Usual {
        run.arg("--generation-deterministic");
    }
    match only {
        Some(only) => run.args(["--include-path-regex", only]),
        None => run.args(["--exclude-path-regex", ENDING]),
    };
    if let Some(token) = token {
        run.args(["-H", &format!("Authorization: Bearer {token}")]);
    }
    let status = status_within(
        run.current_dir(&server.folder),
        Some(Duration::from_secs(limit)),
    )?;
    if !status.success() {
        bail!("the API does not do what its document says (see above)");
    }
    Ok(())
}

fn text_at<'a>(value: &'a Value, place: &str) -> Result<&'a str> {
    let text = value.pointer(place).and_then(Value::as_str);
    text.with_context(|| format!("nothing at {place} in {value}"))
}

/// A server with its own data folder; it stops on drop, and the next start replaces the folder.
struct Server {
    child: Child,
    address: SocketAddr,
    folder: PathBuf,
}

impl Server {
    fn start(layout: &Layout, profile: Profile) -> Result<Self> {
        let folder = layout.target.join("fuzz");
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        fs::create_dir_all(&folder)?;
        // The port is free now; a collision before the server binds it is unlikely enough for a
        // test.
        let address = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?;
        let mut server = command(layout.server(profile));
        server.args(["serve", "--addr", &address.to_string()]);
        server.arg("--data").arg(folder.join("data"));
        server.arg("--site").arg(layout.site());
        server
            .env_remove("LD_LIBRARY_PATH")
            .env_remove("DATABASE_URL");
        // Uses no network, even if API keys are set.
        server.env("RIALTO__MARKET__SOURCE", "sample");
        server.env("RIALTO__LOG__FILTER", "warn");
        server.env("RIALTO__ACCOUNTS__GUESTS", "true");
        for limit in [
            "MESSAGES",
            "SIGN_IN_ADDRESS",
            "SIGN_IN_ACCOUNT",
            "REGISTRATIONS",
            "CHANNELS",
            "REQUESTS",
            "NETWORK_REQUESTS",
            "PAGES",
            "NETWORK_PAGES",
        ] {
            server.env(format!("RIALTO__LIMITS__{limit}__COUNT"), "1000000");
        }
        server.stderr(File::create(folder.join("log"))?);
        server.stdout(File::create(folder.join("out"))?);
        let child = start(server.current_dir(&folder))?;
        let server = Self {
            child,
            address,
            folder,
        };
        let begun = Instant::now();
        while TcpStream::connect(server.address).is_err() {
            if begun.elapsed() > Duration::from_secs(30) {
                bail!("the server does not start: {}", server.log());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(server)
    }

    /// Creates an account and returns an API token for it.
    fn register(&self, name: &str) -> Result<String> {
        let email = format!("{name}@rialto.example");
        let person = json!({ "name": name, "email": email, "password": PASSWORD });
        self.token("/api/auth/register", &person)
    }

    fn sign_in(&self, name: &str) -> Result<String> {
        let email = format!("{name}@rialto.example");
        self.token(
            "/api/auth/login",
            &json!({ "email": email, "password": PASSWORD }),
        )
    }

    fn make_admin(&self, layout: &Layout, profile: Profile, name: &str) -> Result<()> {
        let mut add = command(layout.server(profile));
        add.args(["admin", "add", &format!("{name}@rialto.example"), "--data"]);
        run(add.arg(self.folder.join("data")).current_dir(&self.folder))
    }

    /// Writes the settings of schemathesis, with ids of a channel, a message, a portfolio and
    /// others that exist.
    fn write_settings(&self, layout: &Layout, token: &str) -> Result<()> {
        let rooms = self.ask("GET", "/api/rooms", token, "")?;
        let room = text_at(&rooms, "/rooms/0/room_id")?;
        let path = format!("/api/channels/{room}/messages");
        let said = self.ask("POST", &path, token, r#"{"text":"hello"}"#)?;
        let message = text_at(&said, "/message_id")?;
        let made = self.ask("POST", "/api/portfolios", token, r#"{"name":"Fuzzed"}"#)?;
        let portfolio = text_at(&made, "/id")?;
        let path = format!("/api/portfolios/{portfolio}/transactions");
        let paid = r#"{"kind":"DEPOSIT","date":"2012-06-01","amount":"100"}"#;
        let paid = self.ask("POST", &path, token, paid)?;
        let transaction = text_at(&paid, "/id")?;
        let made = self.ask("POST", "/api/watchlists", token, r#"{"name":"Fuzzed"}"#)?;
        let watchlist = text_at(&made, "/id")?;
        let waits = r#"{"symbol":"AAPL","kind":"price_above","value":"900"}"#;
        let made = self.ask("POST", "/api/alerts", token, waits)?;
        let alert = text_at(&made, "/id")?;
        let prediction = r#"{"symbol":"AAPL","direction":"long","horizon":"3m"}"#;
        let prediction = self.ask("POST", "/api/predictions", token, prediction)?;
        let prediction = text_at(&prediction, "/id")?;
        let common = fs::read_to_string(layout.root.join("xtask/python/schemathesis.toml"))?;
        let settings = format!(
            "{common}\n[parameters]\nchannel_id = {room:?}\nmessage_id = {message:?}\n\
                 portfolio = {portfolio:?}\ntransaction = {transaction:?}\n\
                 watchlist = {watchlist:?}\nalert = {alert:?}\n\
                 prediction = {prediction:?}\n"
        );
        fs::write(self.settings(), settings)?;
        Ok(())
    }

    fn settings(&self) -> PathBuf {
        self.folder.join("schemathesis.toml")
    }

    fn token(&self, path: &str, body: &Value) -> Result<String> {
        let answer = self.request("POST", path, &body.to_string())?;
        let token = answer.get("token").and_then(Value::as_str);
        Ok(token
            .with_context(|| format!("{path}: {answer}"))?
            .to_owned())
    }

    fn request(&self, method: &str, path: &str, body: &str) -> Result<Value> {
        self.ask(method, path, "", body)
    }

    /// Sends a request with a token; an empty token sends none.
    fn ask(&self, method: &str, path: &str, token: &str, body: &str) -> Result<Value> {
        let header = format!("Authorization: Bearer {token}\r\n");
        request(self.address, method, path, &header, body)?.json()
    }

    fn log(&self) -> String {
        fs::read_to_string(self.folder.join("log")).unwrap_or_default()
    }

    /// Returns the resident memory in KiB.
    fn memory(&self) -> Result<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kib = line.and_then(|line| line.split_whitespace().next());
        Ok(kib.context("the server's memory is not told")?.parse()?)
    }

    /// Checks health, log and memory after the run.
    fn look(&self, before: u64) -> Result<()> {
        let health = self.request("GET", "/api/health", "")?;
        if health.get("status") != Some(&"healthy".into()) {
            bail!("the server is not well: {health}");
        }
        let log = self.log();
        for bad in ["panicked", "internal error"] {
            if log.contains(bad) {
                bail!("the server's log holds {bad:?}:\n{log}");
            }
        }
        let after = self.memory()?;
        println!("test: memory {before} KiB, then {after} KiB");
        if after > before + GROWTH {
            bail!("the server's memory grows: {before} KiB, then {after} KiB");
        }
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        stop(&mut self.child);
    }
}
