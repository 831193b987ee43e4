//! Runs other programs: with a time limit, stopped together with this one, with output captured or
//! passed on.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Read};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail};
use rustix::process::{Pid, Signal};

const POLL: Duration = Duration::from_millis(20);
/// Time that a program has to stop after SIGTERM.
const GRACE: Duration = Duration::from_secs(8);

static INTERRUPTED: OnceLock<Arc<AtomicBool>> = OnceLock::new();

/// Records Ctrl-C and SIGTERM from now on instead of exiting at once, so that started programs can
/// be stopped and cleaned up first.
pub fn note_interrupts() -> Result<()> {
    let flag = INTERRUPTED.get_or_init(Arc::default);
    for signal in [
        signal_hook::consts::SIGINT,
        signal_hook::consts::SIGTERM,
        signal_hook::consts::SIGHUP,
    ] {
        signal_hook::flag::register(signal, Arc::clone(flag))?;
    }
    Ok(())
}

/// True after Ctrl-C or SIGTERM.
pub fn interrupted() -> bool {
    INTERRUPTED
        .get()
        .is_some_and(|flag| flag.load(Ordering::Relaxed))
}

/// Returns a command without the variables that cargo sets for the package `xtask`, which the
/// program would mistake for its own.
pub fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
            command.env_remove(name);
        }
    }
    command
}

/// Returns the command as typed in a shell, for messages.
pub fn display(command: &Command) -> String {
    std::iter::once(command.get_program())
        .chain(command.get_args())
        .map(OsStr::to_string_lossy)
        .collect::<Vec<_>>()
        .join(" ")
}

/// Starts a program in its own process group, so that it can be stopped with all its children.
pub fn start(command: &mut Command) -> Result<Child> {
    command
        .stdin(Stdio::null())
        .process_group(0)
        .spawn()
        .with_context(|| format!("starting `{}`", display(command)))
}

/// Sends SIGTERM to a program and its children, and SIGKILL after a few seconds. Returns the status
/// if the program stopped before SIGKILL.
pub fn stop(child: &mut Child) -> Option<ExitStatus> {
    let group = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
    let signal = |signal| group.map(|group| rustix::process::kill_process_group(group, signal));
    let _ = signal(Signal::TERM);
    let end = Instant::now() + GRACE;
    let mut status = None;
    while status.is_none() && Instant::now() < end {
        status = child.try_wait().ok().flatten();
        std::thread::sleep(POLL);
    }
    let _ = signal(Signal::KILL);
    let _ = child.wait();
    status
}

/// Runs to the end and returns the status. Stops the program and fails after `limit` or an
/// interrupt.
pub fn status_within(command: &mut Command, limit: Option<Duration>) -> Result<ExitStatus> {
    let end = limit.map(|limit| Instant::now() + limit);
    status_unless(command, |command| {
        if end.is_some_and(|end| Instant::now() >= end) {
            bail!("`{}` took too long", display(command));
        }
        Ok(())
    })
}

/// Runs to the end and returns the status, or stops the program with an error of `check`.
fn status_unless(
    command: &mut Command,
    check: impl Fn(&Command) -> Result<()>,
) -> Result<ExitStatus> {
    let mut child = start(command)?;
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status);
        }
        let go_on = if interrupted() {
            Err(anyhow!("interrupted"))
        } else {
            check(command)
        };
        if let Err(error) = go_on {
            stop(&mut child);
            return Err(error);
        }
        std::thread::sleep(POLL);
    }
}

/// Runs to the end; fails unless the program succeeds.
pub fn run(command: &mut Command) -> Result<()> {
    let status = status_within(command, None)?;
    succeed(command, status)
}

fn succeed(command: &Command, status: ExitStatus) -> Result<()> {
    if !status.success() {
        bail!("`{}` failed ({status})", display(command));
    }
    Ok(())
}

/// Steps that run in parallel: the first failure stops the programs of the others.
#[derive(Debug, Default)]
pub struct Together {
    failure: OnceLock<anyhow::Error>,
}

impl Together {
    /// Runs a program to the end; fails unless it succeeds, or if another step fails.
    pub fn run(&self, command: &mut Command) -> Result<()> {
        let status = status_unless(command, |_| self.check())?;
        succeed(command, status)
    }

    /// Fails if another step has failed.
    fn check(&self) -> Result<()> {
        if self.failure.get().is_some() {
            bail!("another step failed");
        }
        Ok(())
    }

    /// Stores the error of a step; only the first one counts.
    pub fn step<T>(&self, result: Result<T>) -> Option<T> {
        result.map_err(|error| self.failure.set(error)).ok()
    }

    /// Returns the first error.
    pub fn result(self) -> Result<()> {
        self.failure.into_inner().map_or(Ok(()), Err)
    }
}

/// Returns the same command with the lowest CPU priority.
pub fn in_the_background(wanted: &Command) -> Command {
    let mut nice = Command::new("nice");
    nice.args(["-n", "19"]).arg(wanted.get_program());
    nice.args(wanted.get_args());
    for (name, value) in wanted.get_envs() {
        match value {
            Some(value) => nice.env(name, value),
            None => nice.env_remove(name),
        };
    }
    if let Some(dir) = wanted.get_current_dir() {
        nice.current_dir(dir);
    }
    nice
}

/// Returns the output of a quick command; None: the program is missing or fails.
pub fn output(command: &mut Command) -> Option<String> {
    let output = command
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim().to_owned())
}

/// Runs to the end; prints every line of standard output and passes it to `on_line`.
pub fn tee(command: &mut Command, mut on_line: impl FnMut(&str)) -> Result<ExitStatus> {
    let mut child = start(command.stdout(Stdio::piped()))?;
    let Some(stdout) = child.stdout.take() else {
        bail!("no output to read")
    };
    let (sender, lines) = channel::<String>();
    let reader = std::thread::spawn(move || read_lines(stdout, |line| sender.send(line).is_ok()));
    loop {
        match lines.recv_timeout(Duration::from_millis(100)) {
            Ok(line) => {
                println!("{line}");
                on_line(&line);
            }
            Err(RecvTimeoutError::Disconnected) => break,
            Err(RecvTimeoutError::Timeout) if interrupted() => {
                stop(&mut child);
                bail!("interrupted");
            }
            // A grandchild that outlives the program can keep the pipe open.
            Err(RecvTimeoutError::Timeout) => {
                if let Some(status) = child.try_wait()? {
                    return Ok(status);
                }
            }
        }
    }
    let _ = reader.join();
    if interrupted() {
        stop(&mut child);
        bail!("interrupted");
    }
    Ok(child.wait()?)
}

fn read_lines(from: impl Read, mut each: impl FnMut(String) -> bool) {
    let mut reader = BufReader::new(from);
    let mut line = Vec::new();
    while reader
        .read_until(b'\n', &mut line)
        .is_ok_and(|read| read > 0)
    {
        let text = String::from_utf8_lossy(&line)
            .trim_end_matches(['\r', '\n'])
            .to_owned();
        if !each(text) {
            return;
        }
        line.clear();
    }
}

/// True if a program of this name is on the search path.
pub fn on_path(program: &str) -> bool {
    let Some(path) = std::env::var_os("PATH") else {
        return false;
    };
    std::env::split_paths(&path).any(|dir| dir.join(program).is_file())
}

/// True if we run as root and can install system packages.
pub fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_limit_ends_the_whole_group() {
        let started = Instant::now();
        let mut command = command("sh");
        command.args(["-c", "sleep 30 & sleep 30"]);
        let error = status_within(&mut command, Some(Duration::from_millis(100))).unwrap_err();
        assert!(error.to_string().contains("took too long"), "{error}");
        assert!(started.elapsed() < Duration::from_secs(5));
    }

    #[test]
    fn the_first_failure_ends_the_others() {
        let together = Together::default();
        let shell = |script: &str| {
            let mut sh = command("sh");
            sh.args(["-c", script]);
            sh
        };
        let started = Instant::now();
        std::thread::scope(|scope| {
            scope.spawn(|| together.step(together.run(&mut shell("sleep 30"))));
            together.step(together.run(&mut in_the_background(&shell("exit 7"))));
        });
        assert!(started.elapsed() < Duration::from_secs(20));
        let error = together.result().unwrap_err().to_string();
        assert!(error.contains("exit 7"), "{error}");
    }

    #[test]
    fn tee_hands_on_every_line() {
        let mut seen = Vec::new();
        let mut command = command("sh");
        command.args(["-c", "echo one; echo two; exit 3"]);
        let status = tee(&mut command, |line| seen.push(line.to_owned())).unwrap();
        assert_eq!(seen, ["one", "two"]);
        assert_eq!(status.code(), Some(3));
    }

    #[test]
    fn missing_program_is_an_error_that_names_it() {
        let error = run(&mut command("no-such-program-here")).unwrap_err();
        assert!(
            error.to_string().contains("no-such-program-here"),
            "{error}"
        );
        assert!(output(&mut command("no-such-program-here")).is_none());
    }
}
