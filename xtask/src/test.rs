//! Everything that must hold, in stages.

use std::path::PathBuf;
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result, bail};

use crate::fuzz::Length;
use crate::layout::{Layout, Profile};
use crate::postgres::Postgres;
use crate::process::{command, output, run};
use crate::report::elapsed;
use crate::stages::Stages;
use crate::toolchain::{Toolchain, WASM};
use crate::{build, deny, dist, fuzz, setup, tidy};

/// What a page may load at first: module, JavaScript, styles and texts, as brotli.
const BUDGET_KIB: u64 = 345;

/// Runs all stages, or with a filter only the tests that match; answers whether all is well. The
/// last line that is printed counts the tests.
pub fn test(layout: &Layout, filter: Option<&str>, keep_going: bool) -> Result<bool> {
    let mut stages = Stages::new(layout, filter.is_some(), keep_going);
    let start = Instant::now();
    if filter.is_none() {
        stages.check("format", format)?;
        stages.check("tidy", tidy::tidy)?;
        stages.check("clippy", clippy)?;
        stages.check("browser side without warnings", browser_side)?;
        stages.check("licences and advisories", deny::deny)?;
    }
    // Kept to the end of the run: when it is dropped the cluster stops.
    let mut postgres = None;
    stages.check("postgres", |_| {
        postgres = Some(Postgres::start()?);
        Ok(())
    })?;
    let url = postgres.as_ref().map(Postgres::url);
    stages.tests("rialto", || {
        rust_tests(layout, filter, url.as_deref(), &["--features", "ssr"])
    })?;
    stages.tests("xtask and migrations", || {
        rust_tests(
            layout,
            filter,
            url.as_deref(),
            &[
                "-p",
                "xtask",
                "-p",
                "migrations",
                "--features",
                "xtask/pack",
            ],
        )
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
            stages.check("size", |layout| fresh().and_then(|()| size(layout)))?;
            stages.check("types of scripts", types_of_scripts)?;
            stages.check("release archive", |layout| {
                fresh().and_then(|()| dist::trial(layout))
            })?;
        }
        if filter.is_none() {
            stages.tests("fuzz and chaos", || {
                fresh().and_then(|()| hardening(layout, url.as_deref(), &["fuzz", "chaos"]))
            })?;
            // One after the other: they measure how long the chat waits.
            let measured = ["cost", "flood", "--test-threads=1"];
            stages.tests("cost and floods", || {
                fresh().and_then(|()| hardening(layout, url.as_deref(), &measured))
            })?;
            stages.check("fuzz of REST", |layout| {
                fresh().and_then(|()| fuzz::rest(layout, Profile::Release, Length::Usual))
            })?;
        }
        stages.tests("end2end", || {
            fresh().and_then(|()| end2end(layout, filter, url.as_deref()))
        })?;
    }
    drop(postgres);
    println!("\ntest: {} in all", elapsed(start.elapsed()));
    Ok(stages.close())
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
        cargo = at_length(cargo);
    }
    cargo.env(
        "RIALTO_TEST_POSTGRES",
        postgres.context("there is no PostgreSQL to test with")?,
    );
    Ok(cargo)
}

/// The tests that throw rubbish at the server, kill it or flood it, at length and with the release
/// server. The stage of all Rust tests runs a few rounds of them with the debug server.
fn hardening(layout: &Layout, postgres: Option<&str>, which: &[&str]) -> Result<Command> {
    let args = ["--features", "ssr", "--test", "hardening"];
    let mut tests = rust_tests(layout, None, postgres, &args)?;
    tests.arg("--").args(which).arg("--nocapture");
    tests.env("RIALTO_BIN", layout.server(Profile::Release));
    Ok(at_length(tests))
}

/// As often as is promised: 100 kills, 100,000 frames.
fn at_length(mut tests: Command) -> Command {
    tests.env("RIALTO_CHAOS_KILLS", "100");
    tests.env("RIALTO_FUZZ_FRAMES", "100000");
    tests
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
