//! Everything that must hold, in stages.

use std::path::PathBuf;
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result, anyhow, bail};

use crate::layout::{Layout, Profile};
use crate::postgres::Postgres;
use crate::process::{command, run, tee};
use crate::report::{Counts, elapsed};
use crate::toolchain::{Toolchain, WASM};
use crate::{build, setup, tidy};

/// What a page may load at first: module, JavaScript and styles, as brotli.
const BUDGET_KIB: u64 = 400;

/// Runs all stages, or with a filter only the tests that match; answers whether all is well. The
/// last line that is printed counts the tests.
pub fn test(layout: &Layout, filter: Option<&str>, keep_going: bool) -> Result<bool> {
    let mut run = Run {
        layout,
        filter,
        keep_going,
        counts: Counts::default(),
        stages: Vec::new(),
    };
    let start = Instant::now();
    if filter.is_none() {
        run.check("format", format)?;
        run.check("tidy", tidy::tidy)?;
        run.check("clippy", clippy)?;
        run.check("browser side without warnings", browser_side)?;
    }
    // Kept to the end of the run: when it is dropped the cluster stops.
    let mut postgres = None;
    run.check("postgres", |_| {
        postgres = Some(Postgres::start()?);
        Ok(())
    })?;
    let url = postgres.as_ref().map(Postgres::url);
    run.tests("rialto", || {
        rust_tests(layout, filter, url.as_deref(), &["--features", "ssr"])
    })?;
    run.tests("xtask and migrations", || {
        rust_tests(
            layout,
            filter,
            url.as_deref(),
            &["-p", "xtask", "-p", "migrations"],
        )
    })?;
    run.check("release build", |layout| {
        build::everything(layout, Profile::Release)
    })?;
    if filter.is_none() {
        run.check("size", size)?;
        run.check("types of end2end", types_of_end2end)?;
    }
    run.tests("end2end", || end2end(layout, filter, url.as_deref()))?;
    drop(postgres);
    if filter.is_some() && run.counts == Counts::default() && run.ok() {
        run.stages
            .push(("filter", Some("no test has that in its name".into())));
    }
    println!("\ntest: {} in all", elapsed(start.elapsed()));
    Ok(run.close())
}

/// A run as far as it got.
struct Run<'a> {
    layout: &'a Layout,
    filter: Option<&'a str>,
    keep_going: bool,
    counts: Counts,
    /// What ran, with what went wrong.
    stages: Vec<(&'static str, Option<String>)>,
}

impl Run<'_> {
    fn ok(&self) -> bool {
        self.stages.iter().all(|(_, problem)| problem.is_none())
    }

    /// A stage that holds or not.
    fn check(
        &mut self,
        name: &'static str,
        work: impl FnOnce(&Layout) -> Result<()>,
    ) -> Result<()> {
        let layout = self.layout;
        self.stage(name, |_| work(layout))
    }

    /// A stage of tests.
    fn tests(
        &mut self,
        name: &'static str,
        command: impl FnOnce() -> Result<Command>,
    ) -> Result<()> {
        let filtered = self.filter.is_some();
        self.stage(name, |counts| {
            let mut command = command()?;
            let mut own = Counts::default();
            let status = tee(&mut command, |line| own.read(line))?;
            let result = if !status.success() {
                Err(anyhow!(
                    "{} failed ({status})",
                    crate::process::display(&command)
                ))
            } else if own.skipped > 0 {
                Err(anyhow!("{} tests were left out", own.skipped))
            } else if own.passed == 0 && !filtered {
                Err(anyhow!("no test was run"))
            } else {
                Ok(())
            };
            if result.is_err() {
                // What fails without naming a test (it did not compile) must show in the sum too.
                own.failed = own.failed.max(1);
            }
            counts.merge(own);
            result
        })
    }

    fn stage(
        &mut self,
        name: &'static str,
        work: impl FnOnce(&mut Counts) -> Result<()>,
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
        let result = work(&mut self.counts);
        if result.is_err() && self.counts.failed == failed {
            self.counts.failed += 1;
        }
        let time = elapsed(start.elapsed());
        match &result {
            Ok(()) => println!("test: {name}: {time}"),
            Err(error) => println!("test: {name} FAILED after {time}: {error:#}"),
        }
        self.stages
            .push((name, result.err().map(|error| format!("{error:#}"))));
        Ok(())
    }

    /// Prints what went wrong and the closing line.
    fn close(&self) -> bool {
        for (name, problem) in &self.stages {
            if let Some(problem) = problem {
                println!("test: {name} FAILED: {problem}");
            }
        }
        println!(
            "{} passed, {} failed",
            self.counts.passed, self.counts.failed
        );
        self.ok()
    }
}

/// Cargo on the usual toolchain, in the checkout, coloured as this output is.
fn cargo(layout: &Layout, args: &[&str]) -> Command {
    let mut cargo = command("cargo");
    cargo
        .args(args)
        .env("CARGO_TARGET_DIR", &layout.target)
        .current_dir(&layout.root);
    cargo
}

fn format(layout: &Layout) -> Result<()> {
    run(&mut cargo(layout, &["fmt", "--all", "--check"]))
}

fn clippy(layout: &Layout) -> Result<()> {
    run(&mut cargo(
        layout,
        &[
            "clippy",
            "--all-targets",
            "--features",
            "ssr",
            "--",
            "-D",
            "warnings",
        ],
    ))?;
    let members = [
        "clippy",
        "--all-targets",
        "-p",
        "xtask",
        "-p",
        "migrations",
        "--features",
        "xtask/pack",
    ];
    run(cargo(layout, &members).args(["--", "-D", "warnings"]))
}

/// The compiler for the browser may be one without clippy, so this asks for its own warnings only.
fn browser_side(layout: &Layout) -> Result<()> {
    let toolchain = Toolchain::find()
        .with_context(|| format!("no compiler for {WASM}: run `cargo xtask setup`"))?;
    let mut cargo = toolchain.cargo(&layout.target);
    cargo.args(["rustc", "--profile", "check", "--lib", "--target", WASM]);
    cargo.args([
        "--no-default-features",
        "--features",
        "hydrate",
        "--",
        "-D",
        "warnings",
    ]);
    run(cargo.current_dir(&layout.root))
}

fn rust_tests(
    layout: &Layout,
    filter: Option<&str>,
    postgres: Option<&str>,
    args: &[&str],
) -> Result<Command> {
    let mut cargo = cargo(layout, &["test"]);
    cargo.args(args).arg("--no-fail-fast");
    if let Some(filter) = filter {
        cargo.arg(filter);
    }
    cargo.env(
        "RIALTO_TEST_POSTGRES",
        postgres.context("there is no PostgreSQL to test with")?,
    );
    Ok(cargo)
}

/// Adds up what a page loads at first.
fn size(layout: &Layout) -> Result<()> {
    let site = layout.site();
    let manifest: serde_json::Value =
        serde_json::from_slice(&std::fs::read(site.join("manifest.json"))?)?;
    let mut sum = 0;
    for part in ["wasm", "js", "css"] {
        let name = manifest
            .get(part)
            .and_then(serde_json::Value::as_str)
            .context("manifest.json lacks a part")?;
        let file = site.join(format!("{name}.br"));
        let bytes = std::fs::metadata(&file)
            .with_context(|| file.display().to_string())?
            .len();
        println!("test: size of {part}: {:.1} KiB as brotli", kib(bytes));
        sum += bytes;
    }
    println!("test: size in all: {:.1} of {BUDGET_KIB} KiB", kib(sum));
    if sum > BUDGET_KIB * 1024 {
        bail!(
            "the page loads {:.1} KiB, more than the budget of {BUDGET_KIB} KiB",
            kib(sum)
        );
    }
    Ok(())
}

#[expect(
    clippy::cast_precision_loss,
    reason = "for people, and files are smaller than that"
)]
fn kib(bytes: u64) -> f64 {
    bytes as f64 / 1024.0
}

fn types_of_end2end(layout: &Layout) -> Result<()> {
    let dir = layout.end2end();
    setup::require(
        &dir.join("node_modules/.bin/tsc"),
        "the TypeScript compiler",
    )?;
    run(command("node")
        .args(["node_modules/.bin/tsc", "--noEmit"])
        .current_dir(dir))
}

fn end2end(layout: &Layout, filter: Option<&str>, postgres: Option<&str>) -> Result<Command> {
    let dir = layout.end2end();
    setup::require(
        &dir.join("node_modules/.bin/playwright"),
        "the browser test runner",
    )?;
    let chromium: PathBuf =
        setup::chromium().context("Chromium is missing: run `cargo xtask setup`")?;
    let mut tests = command("node");
    tests.args(["node_modules/.bin/playwright", "test"]);
    if let Some(filter) = filter {
        tests.args(["--pass-with-no-tests", "--grep", filter]);
    }
    tests
        .env("CHROMIUM", chromium)
        .env("RIALTO_BIN", layout.server(Profile::Release))
        .env("RIALTO_SITE", layout.site())
        .env_remove("LD_LIBRARY_PATH")
        .current_dir(dir);
    if let Some(postgres) = postgres {
        tests.env("RIALTO_TEST_POSTGRES", postgres);
    }
    Ok(tests)
}
