//! Number formats of the reader's language: 1,234.50 or 1.234,50.
//!
//! Contains only the separators of each language, not a library with the data of all of them: the
//! browser loads this.

use super::Language;

/// Separators of a language.
struct Marks {
    decimal: char,
    group: char,
    /// Minimum number of digits before the first group separator: Spanish writes 1000, but 10.000.
    lead: usize,
    /// Between a number and its percent sign.
    percent: &'static str,
    /// Behind thousands, millions, and so on, in the order of [`SIZES`].
    sizes: [&'static str; 4],
}

/// Sizes from which a number is written in short, the largest first.
const SIZES: [(f64, f64); 4] = [(1e12, 1e12), (1e9, 1e9), (1e6, 1e6), (1e5, 1e3)];

impl Marks {
    fn of(language: Language) -> Self {
        match language.tag() {
            "es" => Self {
                decimal: ',',
                group: '.',
                lead: 2,
                percent: "\u{a0}",
                sizes: ["\u{a0}billones", "\u{a0}mil\u{a0}M", "\u{a0}M", "\u{a0}mil"],
            },
            _ => Self {
                decimal: '.',
                group: ',',
                lead: 1,
                percent: "",
                sizes: ["T", "B", "M", "K"],
            },
        }
    }
}

/// Formats a plain number (`-1234567.50`) for the current reader. Returns any other text unchanged.
pub fn figure(plain: &str) -> String {
    figure_in(Language::current(), plain)
}

/// Formats a number with its percent sign for the current reader.
pub fn percent(plain: &str) -> String {
    let language = Language::current();
    let figure = figure_in(language, plain);
    format!("{figure}{}%", Marks::of(language).percent)
}

/// An amount with its currency behind a no-break space: `1,234.50 USD`. `None`: the currency is not
/// known.
pub fn with_currency(amount: String, currency: Option<&str>) -> String {
    match currency {
        Some(code) => format!("{amount}\u{a0}{code}"),
        None => amount,
    }
}

/// A size in bytes: `4.2 MB`.
pub fn bytes(bytes: u64) -> String {
    let (size, unit) = match bytes {
        0..1_000_000 => (bytes as f64 / 1e3, "kB"),
        1_000_000..1_000_000_000 => (bytes as f64 / 1e6, "MB"),
        _ => (bytes as f64 / 1e9, "GB"),
    };
    format!("{}\u{a0}{unit}", figure(&format!("{size:.1}")))
}

/// Formats a number on an axis, large ones in short: `1.5M`.
pub fn short(value: f64) -> String {
    short_in(Language::current(), value)
}

/// A number on an axis, in a language.
fn short_in(language: Language, value: f64) -> String {
    let mut sizes = SIZES.iter().zip(Marks::of(language).sizes);
    let (value, mark) = sizes
        .find(|((from, _), _)| value.abs() >= *from)
        .map_or((value, ""), |((_, unit), mark)| (value / unit, mark));
    let digits = match value.abs() {
        size if size >= 1.0 => 2,
        _ => 4,
    };
    let text = format!("{value:.digits$}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    format!(
        "{}{mark}",
        figure_in(language, &text.replace('-', "\u{2212}"))
    )
}

/// Formats a plain number in a language.
pub fn figure_in(language: Language, plain: &str) -> String {
    let marks = Marks::of(language);
    let start = plain
        .find(|c: char| c.is_ascii_digit())
        .unwrap_or(plain.len());
    let (sign, digits) = plain.split_at_checked(start).unwrap_or(("", plain));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let is_figure = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || !is_figure(whole) || !is_figure(fraction) {
        return plain.to_owned();
    }
    let mut text = sign.to_owned();
    let grouped = whole.len() >= 3 + marks.lead;
    for (at, digit) in whole.chars().enumerate() {
        if grouped && at > 0 && (whole.len() - at).is_multiple_of(3) {
            text.push(marks.group);
        }
        text.push(digit);
    }
    if !fraction.is_empty() {
        text.push(marks.decimal);
        text.push_str(fraction);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn language(tag: &str) -> Language {
        Language::parse(tag).unwrap()
    }

    /// From the Unicode CLDR (decimal pattern `#,##0.###`; `minimumGroupingDigits` 1 and 2).
    #[test]
    fn figures_as_the_languages_write_them() {
        for (plain, english, spanish) in [
            ("0", "0", "0"),
            ("7", "7", "7"),
            ("999", "999", "999"),
            ("1000", "1,000", "1000"),
            ("9999.5", "9,999.5", "9999,5"),
            ("1234.50", "1,234.50", "1234,50"),
            ("12345", "12,345", "12.345"),
            ("12345.67", "12,345.67", "12.345,67"),
            ("123456", "123,456", "123.456"),
            ("1234567.5", "1,234,567.5", "1.234.567,5"),
            ("19730300", "19,730,300", "19.730.300"),
            ("-1234567", "-1,234,567", "-1.234.567"),
            ("+0.000123", "+0.000123", "+0,000123"),
            ("\u{2212}10.93", "\u{2212}10.93", "\u{2212}10,93"),
            (
                "9223372036854775807",
                "9,223,372,036,854,775,807",
                "9.223.372.036.854.775.807",
            ),
        ] {
            assert_eq!(figure_in(language("en"), plain), english);
            assert_eq!(figure_in(language("es"), plain), spanish);
        }
        for other in ["", "-", "AAPL", "2013-03-01", "1.2.3", "1e9", "٣"] {
            assert_eq!(figure_in(language("en"), other), other);
        }
    }

    #[test]
    fn large_numbers_in_short() {
        for (value, english, spanish) in [
            (99_999.0, "99,999", "99.999"),
            (250_000.0, "250K", "250\u{a0}mil"),
            (1_500_000.0, "1.5M", "1,5\u{a0}M"),
            (-2_000_000_000.0, "\u{2212}2B", "\u{2212}2\u{a0}mil\u{a0}M"),
            (3.25e12, "3.25T", "3,25\u{a0}billones"),
        ] {
            assert_eq!(short_in(language("en"), value), english);
            assert_eq!(short_in(language("es"), value), spanish);
        }
    }

    #[test]
    fn amounts_have_their_currency() {
        let amount = |currency| with_currency("1,234.50".into(), currency);
        assert_eq!(amount(Some("USD")), "1,234.50\u{a0}USD");
        assert_eq!(amount(None), "1,234.50");
    }

    proptest! {
        #[test]
        fn only_marks_are_added(whole in any::<u64>(), fraction in "[0-9]{0,9}") {
            let plain = if fraction.is_empty() {
                whole.to_string()
            } else {
                format!("{whole}.{fraction}")
            };
            for tag in ["en", "es"] {
                let marks = Marks::of(language(tag));
                let written = figure_in(language(tag), &plain);
                let back = written.replace(marks.group, "").replace(marks.decimal, ".");
                prop_assert_eq!(&back, &plain);
                let groups: Vec<_> = written.split(marks.decimal).next().unwrap().split(marks.group).collect();
                prop_assert!(groups.iter().skip(1).all(|group| group.len() == 3));
                prop_assert!(groups[0].len() <= 3 || groups.len() == 1);
            }
        }
    }
}
