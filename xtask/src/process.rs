//! Running other programs: with a time limit, ended with us, their output read or handed on.

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
/// How long a program may take to end after it was asked to.
const GRACE: Duration = Duration::from_secs(8);

static INTERRUPTED: OnceLock<Arc<AtomicBool>> = OnceLock::new();

/// From now on Ctrl-C and SIGTERM are noted instead of ending us at once, so that what was started
/// can be stopped and cleaned up first.
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

/// Whether we were asked to end.
pub fn interrupted() -> bool {
    INTERRUPTED
        .get()
        .is_some_and(|flag| flag.load(Ordering::Relaxed))
}

/// A command without what cargo tells about the package `xtask`, which would look to the program
/// as if it was about itself.
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

/// The command as one would type it, for messages.
pub fn display(command: &Command) -> String {
    std::iter::once(command.get_program())
        .chain(command.get_args())
        .map(OsStr::to_string_lossy)
        .collect::<Vec<_>>()
        .join(" ")
}

/// Starts a program in a process group of its own, so that it can be ended with all it started.
pub fn start(command: &mut Command) -> Result<Child> {
    command
        .stdin(Stdio::null())
        .process_group(0)
        .spawn()
        .with_context(|| format!("starting `{}`", display(command)))
}

/// Asks a program and all it started to end, and makes it after a few seconds. Answers the status of
/// one that ended when it was asked to.
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

/// Runs to the end and answers its status. Ends it when it takes longer than `limit` or when we
/// are asked to end, which are errors.
pub fn status_within(command: &mut Command, limit: Option<Duration>) -> Result<ExitStatus> {
    let end = limit.map(|limit| Instant::now() + limit);
    status_unless(command, |command| {
        if end.is_some_and(|end| Instant::now() >= end) {
            bail!("`{}` took too long", display(command));
        }
        Ok(())
    })
}

/// Runs to the end and answers its status, or ends it with an error of `check`.
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

/// Runs to the end; anything but success is an error.
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

/// Steps that run at the same time: the first that fails ends the programs of the others.
#[derive(Debug, Default)]
pub struct Together {
    failure: OnceLock<anyhow::Error>,
}

impl Together {
    /// Runs a program to the end; anything but success is an error, a failure elsewhere too.
    pub fn run(&self, command: &mut Command) -> Result<()> {
        let status = status_unless(command, |_| self.check())?;
        succeed(command, status)
    }

    /// An error when another step has failed.
    fn check(&self) -> Result<()> {
        if self.failure.get().is_some() {
            bail!("another step failed");
        }
        Ok(())
    }

    /// Keeps the error of a step; the first one counts.
    pub fn step<T>(&self, result: Result<T>) -> Option<T> {
        result.map_err(|error| self.failure.set(error)).ok()
    }

    /// The first error.
    pub fn result(self) -> Result<()> {
        self.failure.into_inner().map_or(Ok(()), Err)
    }
}

/// The same command, which leaves the processor to others that want it.
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

/// What a quick command prints, when there is such a program and it succeeds.
pub fn output(command: &mut Command) -> Option<String> {
    let output = command
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim().to_owned())
}

/// Runs to the end; every line of its standard output is shown and given to `on_line`.
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
            // A grandchild that outlives the program may hold the pipe open.
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

/// Whether a program of this name is on the search path.
pub fn on_path(program: &str) -> bool {
    let Some(path) = std::env::var_os("PATH") else {
        return false;
    };
    std::env::split_paths(&path).any(|dir| dir.join(program).is_file())
}

/// Whether we may install packages for the whole machine.
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
