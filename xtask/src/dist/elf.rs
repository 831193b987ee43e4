//! Determines what the server needs from the system that it runs on.

use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::process::{command, output};

/// Prefixes of glibc's libraries and of the compiler's run-time library, which every distribution
/// has.
const SYSTEM: [&str; 4] = ["libc.so.", "libm.so.", "ld-linux", "libgcc_s.so."];

/// Returns the oldest glibc that a program runs on. Fails if the program needs any other library.
pub fn glibc_of(program: &Path) -> Result<String> {
    let mut readelf = command("readelf");
    readelf.args(["--dynamic", "--version-info", "--wide"]);
    let about = output(readelf.arg(program).env("LC_ALL", "C"));
    let about = about.with_context(|| format!("`readelf` cannot read {}", program.display()))?;
    let others: Vec<&str> = needed(&about)
        .filter(|name| !SYSTEM.iter().any(|begin| name.starts_with(begin)))
        .collect();
    if !others.is_empty() {
        bail!(
            "the server needs {}, which other machines may lack",
            others.join(", ")
        );
    }
    let (major, minor) = newest(&about).context("the server names no version of glibc")?;
    Ok(format!("{major}.{minor}"))
}

fn needed(about: &str) -> impl Iterator<Item = &str> {
    about
        .lines()
        .filter(|line| line.contains("(NEEDED)"))
        .filter_map(|line| Some(line.split_once('[')?.1.split_once(']')?.0))
}

fn newest(about: &str) -> Option<(u32, u32)> {
    about
        .split_whitespace()
        .filter_map(|word| {
            let mut parts = word.strip_prefix("GLIBC_")?.split('.');
            Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
        })
        .max()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn libraries_and_versions_are_read() {
        let about = "\
 0x0000000000000001 (NEEDED)             Shared library: [libm.so.6]
 0x0000000000000001 (NEEDED)             Shared library: [libssl.so.3]
  0x0010:   Name: GLIBC_2.9  Flags: none  Version: 3
  0x0020:   Name: GLIBC_2.34  Flags: none  Version: 2
  0x0030:   Name: GLIBC_2.2.5  Flags: none  Version: 4";
        assert_eq!(Vec::from_iter(needed(about)), ["libm.so.6", "libssl.so.3"]);
        assert_eq!(newest(about), Some((2, 34)));
        assert_eq!(newest(""), None);
    }

    #[test]
    fn our_own_program_needs_nothing_else() {
        let program = std::env::current_exe().unwrap();
        assert!(glibc_of(&program).unwrap().starts_with("2."));
        assert!(glibc_of(Path::new(file!())).is_err());
    }
}
