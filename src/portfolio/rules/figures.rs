//! Parses numbers as people write them.

use rust_decimal::Decimal;
use std::borrow::Cow;

/// The decimal separator of a file, as far as its numbers reveal it. In a file with `163,55`,
/// `1.000` is one thousand; in a file with `163.55`, it is one.
#[derive(Clone, Copy, Debug, Default)]
pub struct Marks {
    comma: bool,
    point: bool,
    /// If no number decides, a single point is a decimal separator.
    points: bool,
}

impl Marks {
    /// `points`: the file was written by a program, which uses decimal points.
    pub fn new(points: bool) -> Self {
        Self {
            points,
            ..Self::default()
        }
    }

    /// Learns from a cell, if it is an unambiguous number.
    pub fn learn(&mut self, cell: &str) {
        if lone_group(cell).is_some() || figure(cell).is_none() {
            return;
        }
        let count = |mark: char| cell.matches(mark).count();
        let comma = match (count('.'), count(',')) {
            (0, 0) => return,
            // Several separators of one kind separate groups.
            (0, commas) => commas == 1,
            (points, 0) => points > 1,
            _ => cell.rfind(',') > cell.rfind('.'),
        };
        if comma {
            self.comma = true;
        } else {
            self.point = true;
        }
    }

    /// Returns the cell in a form that [`figure`] reads correctly for this file. An ambiguous
    /// number is returned in a form that [`figure`] rejects.
    pub fn plain<'a>(&self, cell: &'a str) -> Cow<'a, str> {
        let Some(mark) = lone_group(cell) else {
            return Cow::Borrowed(cell);
        };
        let decimal = match (self.comma, self.point) {
            (true, false) => ',',
            (false, true) => '.',
            (false, false) if self.points && mark == '.' => '.',
            _ => return Cow::Owned(cell.replace('.', ",")),
        };
        let instead = if mark == decimal { "." } else { "" };
        Cow::Owned(cell.replace(mark, instead))
    }
}

/// true for a number with a single comma that can be a decimal or a grouping separator.
pub fn could_be_two(text: &str) -> bool {
    lone_group(text) == Some(',')
}

/// Returns the only separator of a number, if three digits follow it.
fn lone_group(text: &str) -> Option<char> {
    let text = without_spaces(text);
    let text = text.trim_start_matches(['-', '\u{2212}', '+']);
    let mut marks = text.chars().filter(|c| matches!(c, '.' | ','));
    let mark = marks.next().filter(|_| marks.next().is_none())?;
    let digits = text.chars().all(|c| c == mark || c.is_ascii_digit());
    (digits && could_be_a_group(text, mark)).then_some(mark)
}

fn without_spaces(text: &str) -> String {
    text.trim()
        .chars()
        .filter(|c| !matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '\''))
        .collect()
}

/// Parses a number: `1234.5`, `1,234.50`, `1.234,50`, `1 234,5`. Groups have three digits. A single
/// comma is a decimal separator, but `1,234` is ambiguous and rejected; a single point is always a
/// decimal separator, as programs write it. `None`: not a number, or more digits than an exact
/// decimal can have.
pub fn figure(text: &str) -> Option<Decimal> {
    let mut text = without_spaces(text);
    let negative = text.starts_with(['-', '\u{2212}']);
    if text.starts_with(['-', '\u{2212}', '+']) {
        text.remove(0);
    }
    let (points, commas) = (text.matches('.').count(), text.matches(',').count());
    let decimal = match (points, commas) {
        (0, 0) => None,
        // The last separator is the decimal separator.
        (_, 1) if points > 0 && text.rfind(',') > text.rfind('.') => Some(','),
        (1, _) if commas > 0 && text.rfind('.') > text.rfind(',') => Some('.'),
        (1, 0) => Some('.'),
        (0, 1) if !could_be_a_group(&text, ',') => Some(','),
        (0, 1) => return None,
        (0, _) | (_, 0) => None,
        _ => return None,
    };
    let (whole, rest) = match decimal {
        Some(mark) => text.rsplit_once(mark)?,
        None => (text.as_str(), ""),
    };
    let whole = without_groups(whole)?;
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(&whole) || !digits(rest) || (whole.is_empty() && rest.is_empty()) {
        return None;
    }
    let figure = Decimal::from_str_exact(&format!("0{whole}.{rest}0")).ok()?;
    let figure = figure.normalize();
    Some(if negative { -figure } else { figure })
}

/// true if the separator can separate groups: `1,234` is 1234 or 1.234.
fn could_be_a_group(text: &str, mark: char) -> bool {
    text.split_once(mark).is_some_and(|(before, after)| {
        after.len() == 3 && before.len() < 4 && !matches!(before, "" | "0")
    })
}

/// Removes the separators between groups of three digits.
fn without_groups(text: &str) -> Option<String> {
    let mark = if text.contains('.') { '.' } else { ',' };
    let mut groups = text.split(mark);
    let first = groups.next()?;
    let mut digits = first.to_owned();
    for group in groups {
        if group.len() != 3 || digits.is_empty() || first.len() > 3 {
            return None;
        }
        digits.push_str(group);
    }
    Some(digits)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn figures_of_all_countries() {
        for (text, exact) in [
            ("1234.5", "1234.5"),
            (" 1,234.50 ", "1234.5"),
            ("1.234,50", "1234.5"),
            ("1 234,5", "1234.5"),
            ("1\u{202f}234\u{a0}567", "1234567"),
            ("1'234.5", "1234.5"),
            ("12,5", "12.5"),
            ("0,125", "0.125"),
            (",5", "0.5"),
            (".5", "0.5"),
            ("7.", "7"),
            ("1.234", "1.234"),
            ("1,234,567", "1234567"),
            ("1.234.567", "1234567"),
            ("-3", "-3"),
            ("\u{2212}3,5", "-3.5"),
            ("+3", "3"),
            ("0.00000001", "0.00000001"),
        ] {
            assert_eq!(figure(text), Some(exact.parse().unwrap()), "{text}");
        }
    }

    #[test]
    fn anything_else_is_none() {
        for text in [
            "",
            " ",
            "-",
            ".",
            ",",
            "1,234",
            "12,34,567",
            "1.23.456",
            "1,2.3,4",
            "1e5",
            "NaN",
            "inf",
            "0x10",
            "٣",
            "1-2",
            "--1",
            "$5",
            "1,234.5,6",
            "12345678901234567890123456789012",
            "0.12345678901234567890123456789012",
        ] {
            assert_eq!(figure(text), None, "{text}");
        }
    }

    #[test]
    fn a_file_tells_what_its_marks_are() {
        let read = |points: bool, learned: &[&str], cell: &str| {
            let mut marks = Marks::new(points);
            learned.iter().for_each(|cell| marks.learn(cell));
            figure(&marks.plain(cell)).map(|read| read.to_string())
        };
        let some = |text: &str| Some(text.to_owned());
        for comma in ["163,55", "1.000,5", "1.234.567", ",5", "0,125", "-1234,567"] {
            assert_eq!(read(true, &[comma], "1.000"), some("1000"), "{comma}");
            assert_eq!(read(false, &[comma], "1,234"), some("1.234"), "{comma}");
            assert_eq!(read(false, &[comma], "-12.345"), some("-12345"), "{comma}");
            assert_eq!(read(false, &[comma], "12.5"), some("12.5"), "{comma}");
        }
        for point in ["163.55", "1,000.5", "1,234,567", ".5", "0.125", "7."] {
            assert_eq!(read(false, &[point], "1.000"), some("1"), "{point}");
            assert_eq!(read(false, &[point], "1,234"), some("1234"), "{point}");
            // A file with both decides nothing.
            assert_eq!(read(true, &[point, "163,55"], "1.000"), None, "{point}");
            assert_eq!(read(true, &[point, "163,55"], "1,000"), None, "{point}");
        }
        for nothing in ["", "1000", "1.234", "1,234", "about 5,5", "1,2.3,4"] {
            assert_eq!(read(true, &[nothing], "1.000"), some("1"), "{nothing}");
            assert_eq!(read(true, &[nothing], "1,000"), None, "{nothing}");
            assert_eq!(read(false, &[nothing], "1.000"), None, "{nothing}");
            assert_eq!(read(false, &[nothing], "1 000"), some("1000"), "{nothing}");
        }
        assert!(could_be_two("+1,234") && !could_be_two("1.234") && !could_be_two("a,234"));
    }

    proptest! {
        #[test]
        fn never_anything_but_a_figure(text in ".{0,20}") {
            if let Some(read) = figure(&text) {
                prop_assert!(text.contains(|c: char| c.is_ascii_digit()) && read.scale() <= 28);
            }
        }

        #[test]
        fn what_a_program_writes_comes_back(units in any::<i64>(), scale in 0_u32..12) {
            let exact = Decimal::new(units, scale);
            prop_assert_eq!(figure(&exact.to_string()), Some(exact.normalize()));
        }
    }
}
