//! Figures as people write them.

use rust_decimal::Decimal;

/// Reads a figure: `1234.5`, `1,234.50`, `1.234,50`, `1 234,5`. Groups have three digits. A single
/// comma is one of decimals, but `1,234` can be two things and is none; a single point is always
/// one of decimals, as programs write it. `None`: this is no figure, or has more digits than are
/// kept exactly.
#[must_use]
pub fn figure(text: &str) -> Option<Decimal> {
    let mut text: String = text
        .trim()
        .chars()
        .filter(|c| !matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '\''))
        .collect();
    let negative = text.starts_with(['-', '\u{2212}']);
    if text.starts_with(['-', '\u{2212}', '+']) {
        text.remove(0);
    }
    let (points, commas) = (text.matches('.').count(), text.matches(',').count());
    let decimal = match (points, commas) {
        (0, 0) => None,
        // The last one is that of decimals.
        (_, 1) if points > 0 && text.rfind(',') > text.rfind('.') => Some(','),
        (1, _) if commas > 0 && text.rfind('.') > text.rfind(',') => Some('.'),
        (1, 0) => Some('.'),
        (0, 1) if !could_be_a_group(&text) => Some(','),
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

/// `1,234`: a thousand and more, or one and a part?
fn could_be_a_group(text: &str) -> bool {
    text.split_once(',').is_some_and(|(before, after)| {
        after.len() == 3 && before.len() < 4 && !matches!(before, "" | "0")
    })
}

/// The digits without the marks between groups of three.
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
