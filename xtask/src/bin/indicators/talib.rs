//! Runs TA-Lib in its own process, which takes commands line by line.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::prices;

/// A running TA-Lib process.
pub struct Talib {
    child: Child,
    tasks: ChildStdin,
    answers: BufReader<ChildStdout>,
    folder: PathBuf,
    /// The version that TA-Lib reports.
    pub version: String,
}

impl Talib {
    /// Starts it with the columns of a folder.
    pub fn start(python: &Path, script: &Path, folder: &Path) -> Result<Self> {
        let mut child = Command::new(python)
            .arg(script)
            .arg(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("starting {}", python.display()))?;
        let (Some(tasks), Some(answers)) = (child.stdin.take(), child.stdout.take()) else {
            bail!("no pipes to TA-Lib");
        };
        let mut talib = Self {
            child,
            tasks,
            answers: BufReader::new(answers),
            folder: folder.to_owned(),
            version: String::new(),
        };
        talib.version = talib.answer().context("is TA-Lib there?")?;
        Ok(talib)
    }

    /// Returns the time that an indicator takes.
    pub fn time(&mut self, name: &str) -> Result<Duration> {
        let nanos = self.ask("time", name)?;
        Ok(Duration::from_nanos(nanos))
    }

    /// Returns the lines of an indicator.
    pub fn save(&mut self, name: &str) -> Result<Vec<Vec<f64>>> {
        let lines = self.ask("save", name)?;
        (0..lines)
            .map(|at| {
                let path = self.folder.join(format!("{name}.{at}"));
                let values = prices::read(&path)?;
                std::fs::remove_file(path)?;
                Ok(values)
            })
            .collect()
    }

    fn ask(&mut self, task: &str, name: &str) -> Result<u64> {
        writeln!(self.tasks, "{task} {name}")?;
        let answer = self.answer()?;
        answer.parse().with_context(|| format!("{name}: {answer}"))
    }

    fn answer(&mut self) -> Result<String> {
        let mut line = String::new();
        if self.answers.read_line(&mut line)? == 0 {
            bail!("TA-Lib ended early");
        }
        Ok(line.trim().to_owned())
    }
}

impl Drop for Talib {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
