//! Counts tests by the summary lines of the test runners.

use std::time::Duration;

/// Test counts of a stage, or of all stages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub passed: usize,
    pub failed: usize,
    /// Tests that passed only after a retry.
    pub flaky: usize,
    /// Tests that a runner skipped; a stage that has any fails.
    pub skipped: usize,
}

impl Counts {
    /// Adds the counts in a line of a runner's output: cargo's `test result: ...`, Playwright's ` 3
    /// passed (5.2s)`. Ignores other lines.
    pub fn read(&mut self, line: &str) {
        let line = without_colors(line);
        let line = line.trim();
        if let Some((_, rest)) = line.split_once("test result: ") {
            for part in rest.split(['.', ';']) {
                self.add(part.trim());
            }
        } else if line
            .chars()
            .next()
            .is_some_and(|first| first.is_ascii_digit())
        {
            self.add(line);
        }
    }

    fn add(&mut self, part: &str) {
        let Some((number, what)) = part.split_once(' ') else {
            return;
        };
        let Ok(number) = number.parse::<usize>() else {
            return;
        };
        // Playwright adds the time in parentheses.
        match what.split(" (").next() {
            Some("passed") => self.passed += number,
            Some("flaky") => self.flaky += number,
            Some("failed" | "interrupted") => self.failed += number,
            Some("ignored" | "skipped" | "did not run") => self.skipped += number,
            _ => {}
        }
    }

    /// Adds the counts of another stage.
    pub fn merge(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.flaky += other.flaky;
        self.skipped += other.skipped;
    }
}

/// The slowest tests.
#[derive(Clone, Debug, Default)]
pub struct Slowest(Vec<(Duration, String)>);

impl Slowest {
    /// Number of tests that are listed.
    const MOST: usize = 12;

    /// Reads a line of a runner's output: cargo's `test NAME ... ok <1.234s>`, Playwright's ` ✓ 1
    /// [chromium] › NAME (5.2s)`. Ignores other lines.
    pub fn read(&mut self, line: &str) {
        let line = without_colors(line);
        let Some((time, name)) = of_cargo(&line).or_else(|| of_playwright(&line)) else {
            return;
        };
        let place = self.0.partition_point(|(other, _)| *other >= time);
        self.0.insert(place, (time, name.to_owned()));
        self.0.truncate(Self::MOST);
    }

    /// Returns the tests, slowest first.
    pub fn list(&self) -> &[(Duration, String)] {
        &self.0
    }
}

fn of_cargo(line: &str) -> Option<(Duration, &str)> {
    let (name, rest) = line.strip_prefix("test ")?.split_once(" ... ")?;
    let (_, time) = rest.strip_suffix("s>")?.split_once('<')?;
    Some((seconds(time, 1.0)?, name))
}

fn of_playwright(line: &str) -> Option<(Duration, &str)> {
    let (_, test) = line.split_once("] › ")?;
    let (name, time) = test.strip_suffix(')')?.rsplit_once(" (")?;
    let units = [("ms", 0.001), ("s", 1.0), ("m", 60.0)];
    let (number, unit) = units
        .iter()
        .find_map(|(unit, factor)| Some((time.strip_suffix(unit)?, factor)))?;
    Some((seconds(number, *unit)?, name))
}

fn seconds(number: &str, unit: f64) -> Option<Duration> {
    Duration::try_from_secs_f64(number.parse::<f64>().ok()? * unit).ok()
}

/// Formats as minutes and seconds, or as seconds with one decimal.
pub fn elapsed(time: Duration) -> String {
    let seconds = time.as_secs();
    if seconds >= 60 {
        format!("{} min {:02} s", seconds / 60, seconds % 60)
    } else {
        format!("{:.1} s", time.as_secs_f64())
    }
}

fn without_colors(line: &str) -> String {
    let mut text = String::with_capacity(line.len());
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        if c == '\u{1b}' {
            // A color is ESC [ digits m.
            chars.by_ref().find(char::is_ascii_alphabetic);
        } else {
            text.push(c);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(lines: &[&str]) -> Counts {
        let mut counts = Counts::default();
        for line in lines {
            counts.read(line);
        }
        counts
    }

    #[test]
    fn cargo_test() {
        let counts = read(&[
            "running 13 tests",
            "test a ... ok",
            "test result: \u{1b}[32mok\u{1b}[0m. 12 passed; 1 failed; 2 ignored; 0 measured; 7 filtered out; finished in 0.01s",
            "test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s",
        ]);
        assert_eq!(
            counts,
            Counts {
                passed: 15,
                failed: 1,
                flaky: 0,
                skipped: 2
            }
        );
    }

    #[test]
    fn playwright() {
        let counts = read(&[
            "Running 6 tests using 1 worker",
            "  ✓  1 [chromium] › smoke.spec.ts:3:1 › 4 passed things (85ms)",
            "  1 failed",
            "    [chromium] › a.spec.ts:1:1 › b",
            "  2 flaky",
            "  2 did not run",
            "  3 passed (5.2s)",
        ]);
        assert_eq!(
            counts,
            Counts {
                passed: 3,
                failed: 1,
                flaky: 2,
                skipped: 2
            }
        );
    }

    #[test]
    fn the_slowest_come_first() {
        let mut slowest = Slowest::default();
        for line in [
            "test a::b ... ok <1.500s>",
            "test a::c ... \u{1b}[32mok\u{1b}[0m <0.010s>",
            "test a::d ... ok",
            "  ✓  1 [chromium] › smoke.spec.ts:3:1 › things (twice) (1.2m)",
            "  ✘  2 [chromium] › smoke.spec.ts:9:1 › more (850ms)",
            "test result: ok. 3 passed; 0 failed; finished in 9.00s",
        ] {
            slowest.read(line);
        }
        let list: Vec<_> = slowest
            .list()
            .iter()
            .map(|(time, name)| (time.as_millis(), name.as_str()))
            .collect();
        assert_eq!(
            list,
            [
                (72_000, "smoke.spec.ts:3:1 › things (twice)"),
                (1_500, "a::b"),
                (850, "smoke.spec.ts:9:1 › more"),
                (10, "a::c"),
            ]
        );
        for n in 0..20 {
            slowest.read(&format!("test t{n} ... ok <2.0s>"));
        }
        assert_eq!(slowest.list().len(), Slowest::MOST);
    }

    #[test]
    fn times() {
        assert_eq!(elapsed(Duration::from_millis(1540)), "1.5 s");
        assert_eq!(elapsed(Duration::from_secs(125)), "2 min 05 s");
    }
}
