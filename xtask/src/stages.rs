//! Runs the stages of a test run: each has a name, a time and a count, and the first failure ends
//! the run.

use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Result, anyhow, bail};

use crate::layout::Layout;
use crate::process::tee;
use crate::report::{Counts, Slowest, elapsed};

/// A test run in progress.
#[derive(Debug)]
pub struct Stages<'a> {
    layout: &'a Layout,
    filtered: bool,
    keep_going: bool,
    counts: Counts,
    slowest: Slowest,
    stages: Vec<Stage>,
}

/// A stage that has run.
#[derive(Debug)]
struct Stage {
    name: &'static str,
    time: Duration,
    problem: Option<String>,
}

impl<'a> Stages<'a> {
    /// Starts a test run. After a failure the other stages are skipped unless `keep_going`; test
    /// stages may be empty if they are `filtered`.
    pub fn new(layout: &'a Layout, filtered: bool, keep_going: bool) -> Self {
        Self {
            layout,
            filtered,
            keep_going,
            counts: Counts::default(),
            slowest: Slowest::default(),
            stages: Vec::new(),
        }
    }

    /// True if no stage has failed so far.
    fn ok(&self) -> bool {
        self.stages.iter().all(|stage| stage.problem.is_none())
    }

    /// Runs a stage that passes or fails as a whole.
    pub fn check(
        &mut self,
        name: &'static str,
        work: impl FnOnce(&Layout) -> Result<()>,
    ) -> Result<()> {
        let layout = self.layout;
        self.stage(name, |_, _| work(layout))
    }

    /// Runs a stage of tests with a command whose output contains the counts.
    pub fn tests(
        &mut self,
        name: &'static str,
        command: impl FnOnce() -> Result<Command>,
    ) -> Result<()> {
        let filtered = self.filtered;
        self.stage(name, |counts, slowest| {
            let mut command = command()?;
            let mut own = Counts::default();
            let status = tee(&mut command, |line| {
                own.read(line);
                slowest.read(line);
            })?;
            let result = if !status.success() {
                Err(anyhow!(
                    "{} failed ({status})",
                    crate::process::display(&command)
                ))
            } else if own.skipped > 0 {
                Err(anyhow!("{} tests were left out", own.skipped))
            } else if own.passed + own.flaky == 0 && !filtered {
                Err(anyhow!("no test was run"))
            } else {
                Ok(())
            };
            if result.is_err() {
                // A failure that names no test (a compiler error) counts as one failed test.
                own.failed = own.failed.max(1);
            }
            counts.merge(own);
            result
        })
    }

    fn stage(
        &mut self,
        name: &'static str,
        work: impl FnOnce(&mut Counts, &mut Slowest) -> Result<()>,
    ) -> Result<()> {
        if crate::process::interrupted() {
            bail!("interrupted");
        }
        // Without --keep-going nothing runs after a failure.
        if !self.keep_going && !self.ok() {
            return Ok(());
        }
        println!("\ntest: {name} ...");
        let start = Instant::now();
        let failed = self.counts.failed;
        let result = work(&mut self.counts, &mut self.slowest);
        if result.is_err() && self.counts.failed == failed {
            self.counts.failed += 1;
        }
        let time = start.elapsed();
        let problem = result.err().map(|error| format!("{error:#}"));
        match &problem {
            None => println!("test: {name}: {}", elapsed(time)),
            Some(problem) => println!("test: {name} FAILED after {}: {problem}", elapsed(time)),
        }
        self.stages.push(Stage {
            name,
            time,
            problem,
        });
        Ok(())
    }

    /// Prints the total time, the failures and, as the last line, the test counts. Returns true if
    /// all stages passed.
    pub fn close(mut self) -> bool {
        if self.filtered && self.ok() && self.counts == Counts::default() {
            self.stages.push(Stage {
                name: "filter",
                time: Duration::ZERO,
                problem: Some("no test has that in its name".into()),
            });
            self.counts.failed = 1;
        }
        println!("\ntest: slowest tests");
        for (time, name) in self.slowest.list() {
            println!("  {:>8.1} s  {name}", time.as_secs_f64());
        }
        println!("\ntest: stages");
        for stage in &self.stages {
            println!("  {:>12}  {}", elapsed(stage.time), stage.name);
        }
        let sum = self.stages.iter().map(|stage| stage.time).sum();
        println!("  {:>12}  in all\n", elapsed(sum));
        for stage in &self.stages {
            if let Some(problem) = &stage.problem {
                println!("test: {} FAILED: {problem}", stage.name);
            }
        }
        let Counts {
            passed,
            failed,
            flaky,
            ..
        } = self.counts;
        if flaky > 0 {
            println!("test: {flaky} passed only when tried again");
        }
        println!("{} passed, {failed} failed", passed + flaky);
        self.ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::process::command;

    fn layout() -> Layout {
        Layout {
            root: "/".into(),
            target: "/".into(),
        }
    }

    fn shell(script: &str) -> Result<Command> {
        let mut sh = command("sh");
        sh.args(["-c", script]);
        Ok(sh)
    }

    #[test]
    fn a_failure_ends_the_run() {
        let layout = layout();
        for (keep_going, passed) in [(false, 2), (true, 5)] {
            let mut stages = Stages::new(&layout, false, keep_going);
            stages.tests("good", || shell("echo 2 passed")).unwrap();
            stages
                .tests("does not compile", || shell("exit 101"))
                .unwrap();
            stages.tests("more", || shell("echo 3 passed")).unwrap();
            assert_eq!((stages.counts.passed, stages.counts.failed), (passed, 1));
            assert!(!stages.close());
        }
    }

    #[test]
    fn nothing_is_left_out_in_silence() {
        let layout = layout();
        for script in [
            "echo 1 skipped; echo 3 passed",
            "true",
            "echo 1 flaky; echo 1 failed; exit 1",
        ] {
            let mut stages = Stages::new(&layout, false, true);
            stages.tests("tests", || shell(script)).unwrap();
            assert!(!stages.close(), "{script}");
        }
        let mut filtered = Stages::new(&layout, true, false);
        filtered.tests("tests", || shell("true")).unwrap();
        assert!(!filtered.close(), "nothing matched");
    }
}
