//! Everything that must hold, in stages.

use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::fuzz::Length;
use crate::layout::{Layout, Profile};
use crate::postgres::Postgres;
use crate::process::{command, output, run};
use crate::stages::Stages;
use crate::toolchain;
use crate::{build, deny, dist, fuzz, setup, tidy};

/// What a page may load at first: module, JavaScript, styles and texts, as brotli.
const BUDGET_KIB: u64 = 460;

/// The packages beside `rialto`, with the features of all their programs.
const MEMBERS: [&str; 6] = [
    "-p",
    "xtask",
    "-p",
    "migrations",
    "--features",
    "xtask/pack",
];

/// What a run of the tests is about.
struct Run<'a> {
    layout: &'a Layout,
    filter: Option<&'a str>,
    length: Length,
    /// Where tests may make databases, once there is such a place.
    postgres: Option<String>,
}

/// Runs all stages, or with a filter only the tests that match; answers whether all is well. The
/// last line that is printed counts the tests.
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
    // Kept to the end of the run: when it is dropped the cluster stops.
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
    // The tests of the real binary are run with the release server, below.
    let own: &[&str] = if filter.is_none() {
        &["--features", "ssr", "--lib", "--bins"]
    } else {
        &["--features", "ssr", "--tests"]
    };
    stages.tests("rialto", || run.rust_tests(own))?;
    stages.tests("xtask and migrations", || {
        run.rust_tests(&[&MEMBERS[..], &["--tests"]].concat())
    })?;
    // A release build takes minutes: not for a filter that no browser test matches.
    if filter.is_none_or(|filter| end2end_has(layout, filter)) {
        let mut built = false;
        stages.check("release build", |layout| {
            build::everything(layout, Profile::Release)?;
            built = true;
            Ok(())
        })?;
        // What an earlier build left must not pass for this one.
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
            // One after the other: they measure how long the chat waits.
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
    /// `args` name the kinds of tests, without those in examples: their program is the compiler's
    /// and tells no times.
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
            // As often as is promised.
            cargo.env("RIALTO_CHAOS_KILLS", "100");
            cargo.env("RIALTO_FUZZ_FRAMES", "100000");
        }
        // Tests tell their times when they are asked to, which stable Rust takes for unstable: the
        // programs are told, not the compiler.
        let host = toolchain::host()?.to_uppercase().replace('-', "_");
        cargo.env(
            format!("CARGO_TARGET_{host}_RUNNER"),
            "env RUSTC_BOOTSTRAP=1",
        );
        cargo.args(["--", "-Zunstable-options", "--report-time"]);
        Ok(cargo)
    }

    /// The tests that throw rubbish at the release server, kill it, fill its disk or flood it.
    fn hardening(&self, which: &[&str]) -> Result<Command> {
        let mut tests = self.rust_tests(&["--features", "ssr", "--test", "hardening"])?;
        tests.args(which);
        tests.env("RIALTO_BIN", self.layout.server(Profile::Release));
        Ok(tests)
    }

    fn end2end(&self) -> Result<Command> {
        let dir = self.layout.end2end();
        setup::require(
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

/// The module was built just before: cargo repeats what the compiler said of it.
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

/// Adds up what a page loads at first.
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
    // A page loads the texts of one language: the longest count.
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

/// The stories, and the JavaScript that pages load.
fn types_of_scripts(layout: &Layout) -> Result<()> {
    let dir = layout.end2end();
    setup::require(
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

/// Whether a browser test matches; also when that cannot be told, so that the stage says why.
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
