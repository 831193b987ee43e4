//! Figures as the reader's language writes them: 1,234.50 or 1.234,50.
//!
//! A few marks for each language instead of a library with the data of all: the browser loads this.

use super::Language;

/// How a language writes figures.
struct Marks {
    /// Before the fraction.
    decimal: char,
    /// Between groups of three digits.
    group: char,
    /// Digits that must stand before the first group mark: Spanish writes 1000, but 10.000.
    lead: usize,
    /// Between a figure and its per cent sign.
    percent: &'static str,
}

impl Marks {
    fn of(language: Language) -> Self {
        match language.tag() {
            "es" => Self {
                decimal: ',',
                group: '.',
                lead: 2,
                percent: "\u{a0}",
            },
            _ => Self {
                decimal: '.',
                group: ',',
                lead: 1,
                percent: "",
            },
        }
    }
}

/// A figure that is written plainly (`-1234567.50`), for the present reader. Something else than a
/// figure stays as it is.
pub fn figure(plain: &str) -> String {
    figure_in(Language::current(), plain)
}

/// A figure with its per cent sign, for the present reader.
pub fn percent(plain: &str) -> String {
    let language = Language::current();
    let figure = figure_in(language, plain);
    format!("{figure}{}%", Marks::of(language).percent)
}

/// A figure on an axis, as short as its size lets it be.
pub fn short(value: f64) -> String {
    let size = value.abs();
    let (value, mark) = match size {
        s if s >= 1e9 => (value / 1e9, "B"),
        s if s >= 1e6 => (value / 1e6, "M"),
        s if s >= 1e5 => (value / 1e3, "k"),
        _ => (value, ""),
    };
    let digits = match value.abs() {
        size if size >= 1.0 => 2,
        _ => 4,
    };
    let text = format!("{value:.digits$}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    format!("{}{mark}", figure(&text.replace('-', "\u{2212}")))
}

/// A figure that is written plainly, in a language.
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

    /// As the Unicode CLDR has it (decimal pattern `#,##0.###`; `minimumGroupingDigits` 1 and 2).
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
