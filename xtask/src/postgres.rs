//! Starts a temporary PostgreSQL for the tests, on a free port and in a temporary folder.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::process::{command, is_root, on_path, output};

/// A running cluster; on drop it stops and its folder is removed.
#[derive(Debug)]
pub struct Postgres {
    programs: PathBuf,
    dir: PathBuf,
    port: u16,
}

/// Returns the folder with `initdb` and `pg_ctl` of the newest installed version.
pub fn programs() -> Option<PathBuf> {
    let version = |dir: &Path| dir.file_name()?.to_str()?.parse::<u32>().ok();
    let debian = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .filter(|dir| dir.join("bin/initdb").is_file())
        .max_by_key(|dir| version(dir));
    if let Some(dir) = debian {
        return Some(dir.join("bin"));
    }
    if !on_path("pg_config") {
        return None;
    }
    let dir = PathBuf::from(output(command("pg_config").arg("--bindir"))?);
    dir.join("initdb").is_file().then_some(dir)
}

impl Postgres {
    /// Starts an empty cluster that trusts all connections from this machine.
    pub fn start() -> Result<Self> {
        let programs = programs().context("PostgreSQL is missing: run `cargo xtask setup`")?;
        // Under root the cluster runs as another user, who may not have access to our temporary
        // folder.
        let parent = if is_root() {
            PathBuf::from("/tmp")
        } else {
            std::env::temp_dir()
        };
        let dir = parent.join(format!("rialto-postgres-{}", std::process::id()));
        // The port is free now; a collision before the server binds it is unlikely enough for a
        // test.
        let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
        let cluster = Self {
            programs,
            dir,
            port,
        };
        finish(
            cluster
                .person("mkdir")
                .arg("-m")
                .arg("700")
                .arg(&cluster.dir),
        )?;
        let mut initdb = cluster.program("initdb");
        initdb.args([
            "-A",
            "trust",
            "-U",
            "postgres",
            "-E",
            "UTF8",
            "--locale=C",
            "--no-sync",
        ]);
        finish(initdb.arg("-D").arg(&cluster.dir))?;
        let options = format!(
            "-p {port} -k {} -c listen_addresses=127.0.0.1 -c fsync=off -c max_connections=300",
            cluster.dir.display()
        );
        let mut start = cluster.program("pg_ctl");
        start.arg("-D").arg(&cluster.dir);
        // Without a log file the server would keep our output open and we would wait forever.
        start
            .arg("-l")
            .arg(cluster.dir.join("log"))
            .args(["-o", &options, "-w", "start"]);
        finish(&mut start)?;
        Ok(cluster)
    }

    /// Returns the URL for tests, which create their own databases.
    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    fn program(&self, name: &str) -> Command {
        self.person(&self.programs.join(name).to_string_lossy())
    }

    /// Returns a command that runs as a user that PostgreSQL accepts: it refuses to run as root.
    fn person(&self, program: &str) -> Command {
        let mut command = if is_root() {
            let mut runuser = command("runuser");
            runuser.args(["-u", "postgres", "--", program]);
            runuser
        } else {
            command(program)
        };
        // That user may not have access to the current folder.
        command.current_dir("/");
        command
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let mut stop = self.program("pg_ctl");
        let stopped = finish(
            stop.arg("-D")
                .arg(&self.dir)
                .args(["-m", "fast", "-w", "stop"]),
        );
        if let (Err(error), true) = (stopped, self.dir.join("postmaster.pid").exists()) {
            eprintln!(
                "PostgreSQL in {} did not stop: {error:#}",
                self.dir.display()
            );
        }
        let _ = std::fs::remove_dir_all(&self.dir);
    }
}

/// Runs a command without output; on failure the output is the error message.
fn finish(command: &mut Command) -> Result<()> {
    let name = crate::process::display(command);
    let output = command
        .output()
        .with_context(|| format!("starting `{name}`"))?;
    if !output.status.success() {
        bail!(
            "`{name}` failed: {}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
    }
    Ok(())
}
