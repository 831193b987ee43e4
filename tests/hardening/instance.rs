//! A data folder with accounts, and the real server on it.

use rialto::{
    accounts::{Device, DeviceKind, NewPerson, Viewer},
    platform::config::Config,
    server::House,
    shared::ChannelId,
};
use std::{
    fs,
    io::{self, BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    sync::{Arc, Mutex, mpsc},
    thread,
    time::{Duration, Instant},
};
use tempfile::TempDir;

/// Time limit of everything that these tests wait for.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// A member with an account.
#[derive(Clone)]
pub struct Somebody {
    pub viewer: Viewer,
    /// The access token of an API client.
    pub token: String,
}

/// A data folder and the server's other files.
pub struct Instance {
    folder: TempDir,
    /// The URL of a Postgres database; empty: the file in the data folder.
    pub database: String,
}

impl Instance {
    /// Creates an empty instance.
    pub fn new(database: String) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("site/pkg")).unwrap();
        let manifest = r#"{ "js": "pkg/r.js", "wasm": "pkg/r.wasm", "css": "pkg/r.css",
            "scripts": "pkg/offline.1" }"#;
        fs::write(folder.path().join("site/manifest.json"), manifest).unwrap();
        Self { folder, database }
    }

    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    pub fn site(&self) -> PathBuf {
        self.folder.path().join("site")
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Opens the services on this folder, while no server runs.
    pub async fn house(&self) -> House {
        let mut config = Config::default();
        config.server.data = self.data();
        config.database.url.clone_from(&self.database);
        config.limits.registrations.count = 1_000;
        House::visit(&config).await.unwrap()
    }

    /// Creates accounts, and as many channels as `channels`, counting the first one.
    pub async fn populate(
        &self,
        people: usize,
        channels: usize,
    ) -> (Vec<Somebody>, Vec<ChannelId>) {
        let house = self.house().await;
        let services = &house.services;
        let device = Device {
            kind: DeviceKind::Program,
            address: "192.0.2.1".into(),
            user_agent: "a test".into(),
            forwarded: false,
        };
        let mut made = Vec::new();
        for n in 0..people {
            let person = NewPerson {
                invite: None,
                setup_token: None,
                username: Some(format!("person{n}")),
                display_name: None,
                email: format!("person{n}@rialto.example"),
                password: "lantern-over-water-7".into(),
            };
            let account = services
                .get::<rialto::accounts::Service>()
                .unwrap()
                .register(person, &device)
                .await
                .unwrap();
            let session = services
                .get::<rialto::accounts::Service>()
                .unwrap()
                .open_session(account, &device)
                .await
                .unwrap();
            made.push(Somebody {
                viewer: session.viewer,
                token: session.access,
            });
        }
        let first = &made[0].viewer;
        let lobby = services
            .get::<rialto::communities::Service>()
            .unwrap()
            .lobby();
        for n in 1..channels {
            let name = format!("channel-{n}");
            let by = &made[n % made.len()].viewer;
            let communities = services.get::<rialto::communities::Service>().unwrap();
            let made = communities.create_channel(by, lobby, &name);
            made.await.unwrap();
        }
        let overview = services
            .get::<rialto::communities::Service>()
            .unwrap()
            .overview(first)
            .await
            .unwrap();
        let channels = overview.channels.iter().map(|channel| channel.id).collect();
        house.close().await;
        (made, channels)
    }

    /// Returns the command that serves this instance on a free port, with limits that no test
    /// reaches.
    pub fn command(&self) -> Command {
        self.command_at("127.0.0.1:0")
    }

    /// Returns the same command for a given address.
    pub fn command_at(&self, address: &str) -> Command {
        let mut command = Command::new(binary());
        self.arguments(&mut command, address);
        command
    }

    /// Adds arguments and environment to the command of the server, or of a program that runs it.
    pub fn arguments(&self, command: &mut Command, address: &str) {
        command
            .arg("serve")
            .args(["--addr", address])
            .arg("--data")
            .arg(self.data())
            .arg("--site")
            .arg(self.site())
            .current_dir(self.path())
            .env_remove("DATABASE_URL")
            // Uses no network, even if API keys are set.
            .env("RIALTO__MARKET__SOURCE", "sample")
            .env("RIALTO__LOG__FILTER", "warn");
        if !self.database.is_empty() {
            command.env("DATABASE_URL", &self.database);
        }
        for limit in [
            "MESSAGES",
            "COMMANDS",
            "REQUESTS",
            "NETWORK_REQUESTS",
            "PAGES",
            "NETWORK_PAGES",
            "SUBSCRIPTIONS",
        ] {
            command.env(format!("RIALTO__LIMITS__{limit}__COUNT"), "1000000");
        }
    }

    pub fn start(&self) -> Server {
        Server::start(self.command()).unwrap_or_else(|ended| panic!("{ended:?}"))
    }
}

/// Returns the path of the server's binary.
pub fn binary() -> PathBuf {
    std::env::var_os("RIALTO_BIN").map_or_else(|| env!("CARGO_BIN_EXE_rialto").into(), Into::into)
}

/// A running server; killed on drop.
pub struct Server {
    child: Child,
    pub address: SocketAddr,
    log: Arc<Mutex<String>>,
}

/// How a server ended.
#[derive(Debug)]
pub struct Ended {
    pub status: ExitStatus,
    /// Its standard error.
    pub log: String,
}

impl Server {
    /// Starts a server and waits until it prints its address. Error: how it ended.
    pub fn start(mut command: Command) -> Result<Self, Ended> {
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let log = Arc::new(Mutex::new(String::new()));
        let errors = BufReader::new(child.stderr.take().unwrap());
        let written = Arc::clone(&log);
        let reading = thread::spawn(move || {
            for line in errors.lines().map_while(Result::ok) {
                let mut log = written.lock().unwrap();
                log.push_str(&line);
                log.push('\n');
            }
        });
        let (told, address) = mpsc::channel();
        let output = BufReader::new(child.stdout.take().unwrap());
        thread::spawn(move || {
            for line in output.lines().map_while(Result::ok) {
                if let Some((_, address)) = line.split_once("http://") {
                    let _nobody_waits = told.send(address.trim().parse().unwrap());
                }
            }
        });
        match address.recv_timeout(PATIENCE) {
            Ok(address) => Ok(Self {
                child,
                address,
                log,
            }),
            Err(mpsc::RecvTimeoutError::Timeout) => panic!("neither started nor ended"),
            Err(mpsc::RecvTimeoutError::Disconnected) => {
                let status = child.wait().unwrap();
                reading.join().unwrap();
                let log = log.lock().unwrap().clone();
                Err(Ended { status, log })
            }
        }
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Returns its standard error so far.
    pub fn log(&self) -> String {
        self.log.lock().unwrap().clone()
    }

    /// Kills it at once, like a power failure.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Sends SIGTERM and waits until it has ended.
    pub fn terminate(mut self) -> Ended {
        let pid = self.child.id().to_string();
        let asked = Command::new("kill").args(["-TERM", &pid]).status().unwrap();
        assert!(asked.success());
        let asked = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return Ended {
                    status,
                    log: self.log(),
                };
            }
            assert!(asked.elapsed() < PATIENCE, "it does not end");
            thread::sleep(Duration::from_millis(10));
        }
    }

    /// Returns the resident memory in KiB.
    pub fn memory(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.pid())).unwrap();
        let line = status
            .lines()
            .find(|line| line.starts_with("VmRSS:"))
            .unwrap();
        line.split_whitespace().nth(1).unwrap().parse().unwrap()
    }

    /// Returns the number of open files and sockets.
    pub fn files(&self) -> usize {
        fs::read_dir(format!("/proc/{}/fd", self.pid()))
            .unwrap()
            .count()
    }

    /// Sends an HTTP request and returns status and body.
    pub fn request(&self, method: &str, path: &str, token: &str, body: &str) -> (u16, String) {
        let (status, body) = self
            .try_request(method, path, token, body.as_bytes())
            .unwrap();
        (status, String::from_utf8(body).unwrap())
    }

    /// Same with a binary body; fails if the connection ends too early.
    pub fn try_request(
        &self,
        method: &str,
        path: &str,
        token: &str,
        body: &[u8],
    ) -> io::Result<(u16, Vec<u8>)> {
        let mut stream = TcpStream::connect(self.address)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        let length = body.len();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\
             Authorization: Bearer {token}\r\nContent-Type: application/json\r\n\
             Content-Length: {length}\r\n\r\n"
        );
        stream.write_all(&[head.as_bytes(), body].concat())?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer)?;
        let end = answer.windows(4).position(|four| four == b"\r\n\r\n");
        let end = end.ok_or(io::ErrorKind::UnexpectedEof)?;
        let status = str::from_utf8(&answer[9..12]).map_err(io::Error::other)?;
        let status = status.parse().map_err(io::Error::other)?;
        Ok((status, answer.split_off(end + 4)))
    }

    /// Waits until the gateway has no connections, according to the admin health endpoint.
    pub fn deserted(&self, admin: &str) {
        let started = Instant::now();
        loop {
            let (status, health) = self.request("GET", "/api/admin/health", admin, "");
            assert_eq!(status, 200, "{health}");
            let health: serde_json::Value = serde_json::from_str(&health).unwrap();
            if health["connections"] == 0 {
                return;
            }
            assert!(started.elapsed() < PATIENCE, "connections stay: {health}");
            thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
