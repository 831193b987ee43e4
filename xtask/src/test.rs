//! Runs all checks and tests in stages.

use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::fuzz::Length;
use crate::layout::{Layout, Profile};
use crate::postgres::Postgres;
use crate::process::{command, output, run};
use crate::stages::Stages;
use crate::toolchain;
use crate::{build, deny, dist, fuzz, install, setup, tidy};

/// Size limit of what a page loads first: module, JavaScript, styles and texts, as brotli.
const BUDGET_KIB: u64 = 460;

/// The packages besides `rialto`, with the features of all their binaries.
const MEMBERS: [&str; 6] = [
    "-p",
    "xtask",
    "-p",
    "migrations",
    "--features",
    "xtask/pack",
];

/// The options of a test run.
struct Run<'a> {
    layout: &'a Layout,
    filter: Option<&'a str>,
    length: Length,
    /// URL of the PostgreSQL where tests create databases, once it runs.
    postgres: Option<String>,
}

/// Runs all stages, or with a filter only the matching tests. Returns true if all pass. The last
/// printed line contains the test counts.
pub fn test(
    layout: &Layout,
    filter: Option<&str>,
    length: Length,
    keep_going: bool,
) -> Result<bool> {
    let mut stages = Stages::new(layout, filter.is_some(), keep_going);
    stages.check("setup", setup::everything)?;
    if filter.is_none() {
        stages.check("format", format)?;
        stages.check("tidy", tidy::tidy)?;
        stages.check("licences and advisories", deny::deny)?;
        stages.check("types of scripts", types_of_scripts)?;
        stages.check("clippy", clippy)?;
    }
    // Kept until the end of the run: the cluster stops when it is dropped.
    let mut postgres = None;
    stages.check("postgres", |_| {
        postgres = Some(Postgres::start()?);
        Ok(())
    })?;
    let run = Run {
        layout,
        filter,
        length,
        postgres: postgres.as_ref().map(Postgres::url),
    };
    // The tests of the real binary run with the release server, below.
    let own: &[&str] = if filter.is_none() {
        &["--features", "ssr", "--lib", "--bins"]
    } else {
        &["--features", "ssr", "--tests"]
    };
    stages.tests("rialto", || run.rust_tests(own))?;
    stages.tests("xtask and migrations", || {
        run.rust_tests(&[&MEMBERS[..], &["--tests"]].concat())
    })?;
    // A release build takes minutes, so it is skipped if no browser test matches the filter.
    if filter.is_none_or(|filter| end2end_has(layout, filter)) {
        let mut built = false;
        stages.check("release build", |layout| {
            build::everything(layout, Profile::Release)?;
            built = true;
            Ok(())
        })?;
        // Prevents testing the output of an earlier build.
        let fresh = || {
            if built {
                Ok(())
            } else {
                bail!("there is no release build")
            }
        };
        if filter.is_none() {
            stages.check("browser side without warnings", |layout| {
                fresh().and_then(|()| browser_side(layout))
            })?;
            stages.check("size", |layout| fresh().and_then(|()| size(layout)))?;
            stages.check("release archive", |layout| {
                fresh().and_then(|()| dist::trial(layout))
            })?;
            stages.tests("hardening", || {
                fresh().and_then(|()| run.hardening(&["--skip", "cost::", "--skip", "flood::"]))
            })?;
            // Runs one test at a time, because they measure latencies of the chat.
            stages.tests("cost and floods", || {
                fresh().and_then(|()| run.hardening(&["cost::", "flood::", "--test-threads=1"]))
            })?;
            stages.check("fuzz of REST", |layout| {
                fresh().and_then(|()| fuzz::rest(layout, Profile::Release, length))
            })?;
        }
        stages.tests("end2end", || fresh().and_then(|()| run.end2end()))?;
    }
    drop(postgres);
    Ok(stages.close())
}

impl Run<'_> {
    /// `args` select the kinds of tests. Doc tests are excluded: the compiler runs them and reports
    /// no times.
    fn rust_tests(&self, args: &[&str]) -> Result<Command> {
        let postgres = self.postgres.as_ref();
        let postgres = postgres.context("there is no PostgreSQL to test with")?;
        let mut cargo = self.layout.cargo();
        cargo
            .arg("test")
            .args(args)
            .arg("--no-fail-fast")
            .args(self.filter);
        cargo.env("RIALTO_TEST_POSTGRES", postgres);
        if self.length == Length::Long {
            // The counts that the documentation promises.
            cargo.env("RIALTO_CHAOS_KILLS", "100");
            cargo.env("RIALTO_FUZZ_FRAMES", "100000");
        }
        // Test times are an unstable option. RUSTC_BOOTSTRAP is set for the test binaries, not for
        // the compiler.
        let host = toolchain::host()?.to_uppercase().replace('-', "_");
        cargo.env(
            format!("CARGO_TARGET_{host}_RUNNER"),
            "env RUSTC_BOOTSTRAP=1",
        );
        cargo.args(["--", "-Zunstable-options", "--report-time"]);
        Ok(cargo)
    }

    /// Runs the tests that send invalid input to the release server, kill it, fill its disk or
    /// overload it.
    fn hardening(&self, which: &[&str]) -> Result<Command> {
        let mut tests = self.rust_tests(&["--features", "ssr", "--test", "hardening"])?;
        tests.args(which);
        tests.env("RIALTO_BIN", self.layout.server(Profile::Release));
        Ok(tests)
    }

    fn end2end(&self) -> Result<Command> {
        let dir = self.layout.end2end();
        install::require(
            &dir.join("node_modules/.bin/playwright"),
            "the browser test runner",
        )?;
        let chromium = setup::chromium().context("Chromium is missing: run `cargo xtask setup`")?;
        let mut tests = command("node");
        tests.args(["node_modules/.bin/playwright", "test"]);
        if let Some(filter) = self.filter {
            tests.args(["--pass-with-no-tests", "--grep", filter]);
        }
        tests
            .env("CHROMIUM", chromium)
            .env("RIALTO_BIN", self.layout.server(Profile::Release))
            .env("RIALTO_SITE", self.layout.site())
            .env_remove("LD_LIBRARY_PATH")
            .current_dir(dir);
        if let Some(postgres) = &self.postgres {
            tests.env("RIALTO_TEST_POSTGRES", postgres);
        }
        Ok(tests)
    }
}

fn format(layout: &Layout) -> Result<()> {
    run(layout.cargo().args(["fmt", "--all", "--check"]))
}

fn clippy(layout: &Layout) -> Result<()> {
    for what in [&["--features", "ssr"][..], &MEMBERS] {
        let mut clippy = layout.cargo();
        clippy.args(["clippy", "--all-targets"]).args(what);
        run(clippy.args(["--", "-D", "warnings"]))?;
    }
    Ok(())
}

/// Fails on compiler warnings: the module was just built, and cargo repeats its warnings.
fn browser_side(layout: &Layout) -> Result<()> {
    build::wasm(layout, Profile::Release, |cargo| {
        let output = cargo.output()?;
        let said = String::from_utf8_lossy(&output.stderr);
        if !output.status.success() || said.contains("warning: ") {
            bail!("the compiler warns:\n{said}");
        }
        Ok(())
    })
    .map(drop)
}

/// Checks the total size of what a page loads first.
fn size(layout: &Layout) -> Result<()> {
    let site = layout.site();
    let manifest: serde_json::Value =
        serde_json::from_slice(&std::fs::read(site.join("manifest.json"))?)?;
    let compressed = |name: Option<&serde_json::Value>| {
        let name = name
            .and_then(serde_json::Value::as_str)
            .context("manifest.json lacks a part")?;
        let file = site.join(format!("{name}.br"));
        let facts = std::fs::metadata(&file).with_context(|| file.display().to_string())?;
        Ok::<_, anyhow::Error>(facts.len())
    };
    let mut sum = 0;
    for part in ["wasm", "js", "css"] {
        let bytes = compressed(manifest.get(part))?;
        println!("test: size of {part}: {:.1} KiB as brotli", kib(bytes));
        sum += bytes;
    }
    // A page loads the texts of one language: the largest counts.
    let mut texts = 0;
    for (_, name) in manifest
        .get("texts")
        .and_then(serde_json::Value::as_object)
        .context("manifest.json lacks the texts")?
    {
        texts = texts.max(compressed(Some(name))?);
    }
    println!("test: size of texts: {:.1} KiB as brotli", kib(texts));
    sum += texts;
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

/// Checks the types of the browser tests and of the JavaScript that pages load.
fn types_of_scripts(layout: &Layout) -> Result<()> {
    let dir = layout.end2end();
    install::require(
        &dir.join("node_modules/.bin/tsc"),
        "the TypeScript compiler",
    )?;
    for project in [".", "../src/offline", "../src/offline/tsconfig.worker.json"] {
        run(command("node")
            .args(["node_modules/.bin/tsc", "--noEmit", "-p", project])
            .current_dir(&dir))?;
    }
    Ok(())
}

/// True if a browser test matches, or if listing them fails, so that the stage reports why.
fn end2end_has(layout: &Layout, filter: &str) -> bool {
    let mut list = command("node");
    list.args([
        "node_modules/.bin/playwright",
        "test",
        "--list",
        "--pass-with-no-tests",
    ]);
    list.args(["--grep", filter]).current_dir(layout.end2end());
    output(&mut list).is_none_or(|text| !text.contains("Total: 0 tests"))
}
