//! Parses price files. Almost all lines are plain (digits, points and commas) and are read in
//! place, four times as fast as by a general CSV parser. Other lines are split and parsed one by
//! one, and a file with quotation marks goes to the CSV parser as a whole.

use super::{Bar, checks};
use chrono::NaiveDate;
use csv::StringRecord;
use rust_decimal::{Decimal, prelude::ToPrimitive};
use std::{
    io::{Read, Seek},
    str,
};

/// Maximum size of a file in bytes: more than the days of a century.
pub const MAX_FILE: u64 = 16 * 1024 * 1024;
/// Maximum number of lines that the log names.
const MAX_NAMED: usize = 5;
/// Bytes of a file in memory at a time; no plain line is longer.
const PART: usize = 64 * 1024;

/// Content of a file, in the order of its lines.
pub struct Found<T> {
    /// Valid days.
    pub days: Vec<T>,
    /// Number of lines, without the header.
    pub lines: usize,
    /// Numbers of the first invalid lines.
    pub bad: Vec<usize>,
}

impl<T> Found<T> {
    fn new() -> Self {
        Self {
            days: Vec::new(),
            lines: 0,
            bad: Vec::new(),
        }
    }

    #[inline]
    fn take(&mut self, bar: Option<Bar>, of: impl Fn(Bar) -> T) {
        self.lines += 1;
        match bar.filter(checks::is_bar) {
            Some(bar) => self.days.push(of(bar)),
            // The header is line 1.
            None if self.bad.len() < MAX_NAMED => self.bad.push(self.lines + 1),
            None => {}
        }
    }
}

/// Reads a file; `of` converts each day.
pub fn read<T>(
    mut file: impl Read + Seek,
    of: impl Fn(Bar) -> T + Copy,
) -> Result<Found<T>, &'static str> {
    if let Some(found) = plain(file.by_ref().take(MAX_FILE), of) {
        return Ok(found);
    }
    file.rewind().map_err(|_| "no beginning")?;
    by_rules(file.take(MAX_FILE), of)
}

/// Reads a file with the CSV parser.
fn by_rules<T>(file: impl Read, of: impl Fn(Bar) -> T + Copy) -> Result<Found<T>, &'static str> {
    let mut lines = csv::ReaderBuilder::new().flexible(true).from_reader(file);
    let header = lines.headers().map_err(|_| "no header")?;
    let columns = Columns::find(&header.iter()).ok_or("no column date or close")?;
    let mut found = Found::new();
    for line in lines.records() {
        let bar = line
            .ok()
            .and_then(|line: StringRecord| columns.bar(|at| line.get(at)));
        found.take(bar, of);
    }
    Ok(found)
}

/// Reads a file in which every line break ends a row; `None`: it may not be such a file.
fn plain<T>(mut file: impl Read, of: impl Fn(Bar) -> T + Copy) -> Option<Found<T>> {
    let mut part = vec![0; PART];
    let mut filled = 0;
    let mut columns: Option<(Columns, Vec<Column>)> = None;
    let mut found = Found::new();
    loop {
        let more = file.read(part.get_mut(filled..)?).ok()?;
        filled += more;
        let there = part.get(..filled)?;
        // The last line may continue in the next part.
        let whole = if more == 0 {
            filled
        } else {
            let end = there.iter().rposition(|byte| *byte == b'\n');
            end.map_or(0, |end| end + 1)
        };
        if whole == 0 && filled == part.len() {
            return None;
        }
        let mut rest = there.get(..whole)?;
        while !rest.is_empty() {
            if let Some((_, order)) = &columns
                && let Some((bar, after)) = plain_bar(rest, order)
            {
                found.take(Some(bar), of);
                rest = after;
                continue;
            }
            let end = rest.iter().position(|byte| *byte == b'\n');
            let (line, after) = rest.split_at_checked(end.unwrap_or(rest.len()))?;
            rest = after.strip_prefix(b"\n").unwrap_or(after);
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            if line.is_empty() {
                continue;
            }
            let text = as_it_stands(line)?;
            if let Some((columns, _)) = &columns {
                let fields: Option<Vec<&str>> = text.map(|text| text.split(',').collect());
                let field = |at: usize| fields.as_ref()?.get(at).copied();
                found.take(columns.bar(field), of);
            } else {
                let named = Columns::find(&text?.split(','))?;
                let order = named.order();
                columns = Some((named, order));
            }
        }
        if more == 0 {
            return columns.map(|_| found);
        }
        part.copy_within(whole..filled, 0);
        filled -= whole;
    }
}

/// Returns the text of a line; `Some(None)`: not UTF-8; `None`: it may not be a whole row.
fn as_it_stands(line: &[u8]) -> Option<Option<&str>> {
    let plain = !line.iter().any(|byte| matches!(byte, b'"' | b'\r'));
    plain.then(|| str::from_utf8(line).ok())
}

/// Positions of the columns.
struct Columns {
    date: usize,
    close: usize,
    open: Option<usize>,
    high: Option<usize>,
    low: Option<usize>,
    volume: Option<usize>,
}

/// Content of a column.
#[derive(Clone, Copy)]
enum Column {
    Date,
    Open,
    High,
    Low,
    Close,
    Volume,
    Other,
}

impl Columns {
    fn find<'a>(header: &(impl Iterator<Item = &'a str> + Clone)) -> Option<Self> {
        let at = |name: &str| {
            let mut names = header.clone();
            names.position(|column| {
                column
                    .trim_start_matches('\u{feff}')
                    .trim()
                    .eq_ignore_ascii_case(name)
            })
        };
        Some(Self {
            date: at("date")?,
            close: at("close")?,
            open: at("open"),
            high: at("high"),
            low: at("low"),
            volume: at("volume"),
        })
    }

    /// Returns the content of the columns in order, up to the last one needed.
    fn order(&self) -> Vec<Column> {
        let wanted = [
            (Some(self.date), Column::Date),
            (Some(self.close), Column::Close),
            (self.open, Column::Open),
            (self.high, Column::High),
            (self.low, Column::Low),
            (self.volume, Column::Volume),
        ];
        let last = wanted.iter().filter_map(|(at, _)| *at).max();
        let of = |place| {
            let here = wanted.iter().find(|(at, _)| *at == Some(place));
            here.map_or(Column::Other, |(_, column)| *column)
        };
        last.map_or_else(Vec::new, |last| (0..=last).map(of).collect())
    }

    fn bar<'a>(&self, field: impl Fn(usize) -> Option<&'a str>) -> Option<Bar> {
        let text = |at: usize| field(at).map(str::trim);
        let price = |at: usize| text(at)?.parse::<Decimal>().ok();
        let close = price(self.close)?;
        // In a file with closes only, a day has no range.
        let other = |at: Option<usize>| at.map_or(Some(close), price);
        Some(Bar {
            date: NaiveDate::parse_from_str(text(self.date)?, "%Y-%m-%d").ok()?,
            open: other(self.open)?,
            high: other(self.high)?,
            low: other(self.low)?,
            close,
            volume: self.volume.and_then(text).map_or(Some(0), volume)?,
        })
    }
}

/// Parses a volume. Text that is not a number, such as a dash, means that there is none: zero.
/// `None`: a number that is no volume, negative or above 64 bits.
fn volume(text: &str) -> Option<u64> {
    /// The first `f64` above all volumes.
    const END: f64 = 18_446_744_073_709_551_616.0;
    match text.parse::<Decimal>() {
        Ok(volume) => volume.to_u64(),
        // Too many digits for a decimal, or an exponent.
        Err(_) => match text.parse::<f64>() {
            Ok(volume) if volume.is_finite() => {
                (0.0..END).contains(&volume).then_some(volume as u64)
            }
            _ => Some(0),
        },
    }
}

/// Parses a line of digits, points and commas at the start exactly as [`Columns::bar`] does, and
/// returns the rest; `None`: [`Columns::bar`] has to parse it.
#[inline]
fn plain_bar<'a>(mut rest: &'a [u8], order: &[Column]) -> Option<(Bar, &'a [u8])> {
    let (mut date, mut close, mut volume) = (None, None, 0);
    let (mut open, mut high, mut low) = (None, None, None);
    let mut columns = order.iter();
    let mut column = columns.next()?;
    loop {
        match column {
            Column::Date => {
                let (day, after) = rest.split_at_checked(10)?;
                date = Some(plain_date(day)?);
                rest = after;
            }
            Column::Other => rest = after_other(rest)?,
            figure => {
                let (digits, scale, after) = plain_number(rest)?;
                let number = || Decimal::new(digits, scale);
                rest = after;
                match figure {
                    Column::Open => open = Some(number()),
                    Column::High => high = Some(number()),
                    Column::Low => low = Some(number()),
                    Column::Volume if scale == 0 => volume = digits.unsigned_abs(),
                    Column::Volume => volume = number().to_u64()?,
                    _ => close = Some(number()),
                }
            }
        }
        let Some(next) = columns.next() else { break };
        column = next;
        rest = rest.strip_prefix(b",")?;
    }
    while let Some(more) = rest.strip_prefix(b",") {
        rest = after_other(more)?;
    }
    rest = match rest {
        [b'\n', after @ ..] | [b'\r', b'\n', after @ ..] => after,
        [] => rest,
        _ => return None,
    };
    let close = close?;
    let bar = Bar {
        date: date?,
        open: open.unwrap_or(close),
        high: high.unwrap_or(close),
        low: low.unwrap_or(close),
        close,
        volume,
    };
    Some((bar, rest))
}

/// Returns the rest after a field that is not needed.
fn after_other(rest: &[u8]) -> Option<&[u8]> {
    let ends = |byte: &u8| matches!(byte, b',' | b'\n' | b'\r' | b'"') || !byte.is_ascii();
    let end = rest.iter().position(ends).unwrap_or(rest.len());
    rest.get(end..)
}

/// Parses a day such as 2024-01-03.
#[inline]
fn plain_date(day: &[u8]) -> Option<NaiveDate> {
    let &[a, b, c, d, b'-', e, f, b'-', g, h] = day else {
        return None;
    };
    let digits = [a, b, c, d, e, f, g, h];
    if !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let [a, b, c, d, e, f, g, h] = digits.map(|digit| u32::from(digit - b'0'));
    let year = a * 1_000 + b * 100 + c * 10 + d;
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, e * 10 + f, g * 10 + h)
}

/// Parses a number at the start, such as 12 or 12.50: returns its digits, the number of decimals,
/// and the rest.
#[inline]
fn plain_number(field: &[u8]) -> Option<(i64, u32, &[u8])> {
    /// This many digits always fit in 64 bits.
    const MOST: usize = 18;
    let (whole, after) = digits(field, 0);
    if after.len() == field.len() {
        return None;
    }
    let (number, scale, after) = match after {
        [b'.', behind @ ..] => {
            let (number, after) = digits(behind, whole);
            let scale = behind.len() - after.len();
            if scale == 0 {
                return None;
            }
            (number, scale, after)
        }
        _ => (whole, 0, after),
    };
    let short = field.len() - after.len() <= MOST;
    short.then_some((number, u32::try_from(scale).ok()?, after))
}

/// Appends the digits at the start to a number; returns it with the rest.
#[inline]
fn digits(mut field: &[u8], mut number: i64) -> (i64, &[u8]) {
    while let [digit @ b'0'..=b'9', after @ ..] = field {
        number = number
            .wrapping_mul(10)
            .wrapping_add(i64::from(digit - b'0'));
        field = after;
    }
    (number, field)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::io::Cursor;

    type Said = Result<(Vec<Bar>, usize, Vec<usize>), &'static str>;

    fn said(found: Result<Found<Bar>, &'static str>) -> Said {
        found.map(|found| (found.days, found.lines, found.bad))
    }

    fn both(text: &[u8]) -> (Said, Said) {
        let read = read(Cursor::new(text), |bar| bar);
        (said(read), said(by_rules(text, |bar| bar)))
    }

    #[test]
    fn what_is_plain_and_what_is_not() {
        let is_plain = |text: &str| plain(text.as_bytes(), |bar| bar).is_some();
        assert!(is_plain("Date,Close\n2024-01-02,10\r\n\n2024-01-03,x\n"));
        assert!(is_plain("\u{feff}Date,Name,Close\n2024-01-02,Zoë,10"));
        assert!(!is_plain("Date,Close\n\"2024-01-02\",10\n"));
        assert!(!is_plain("Date,Close,Name\n2024-01-02,10,a \"b\n"));
        assert!(!is_plain("Date,Close\r2024-01-02,10\r"));
        assert!(!is_plain("Close\n10\n"));
        assert!(!is_plain(""));
        let long = format!("Date,Close\n2024-01-02,{}\n", "1".repeat(PART));
        assert!(!is_plain(&long));
    }

    #[test]
    fn volumes_are_not_negative() {
        for (text, expected) in [
            ("", Some(0)),
            ("-", Some(0)),
            ("nan", Some(0)),
            ("7.9", Some(7)),
            ("1.5e3", Some(1_500)),
            ("18446744073709551615", Some(u64::MAX)),
            ("18446744073709551616", None),
            ("9999999999999999999999999999999999", None),
            ("1e30", None),
            ("-7", None),
            ("-1e3", None),
        ] {
            assert_eq!(volume(text), expected, "{text}");
            let days = format!("date,close,volume\n2024-01-02,10,{text}\n2024-01-03,11,5\n");
            let (read, by_rules) = both(days.as_bytes());
            let (bars, lines, bad) = read.clone().unwrap();
            assert_eq!(
                (bars.len(), lines),
                (1 + usize::from(expected.is_some()), 2)
            );
            assert_eq!(bad.is_empty(), expected.is_some(), "{text}");
            assert_eq!(read, by_rules);
        }
    }

    /// Lines across the ends of parts stay whole.
    #[test]
    fn many_parts() {
        let mut text = String::from("date,open,high,low,close,volume\n");
        let mut expected = 0;
        while text.len() < 3 * PART {
            let price = 10 + expected % 90;
            text += &format!("2024-01-02,{price}.50,{price}.750,{price}.1,{price}.25,{expected}\n");
            expected += 1;
        }
        let plain = plain(text.as_bytes(), |bar| bar).unwrap();
        assert_eq!(plain.days.len(), expected);
        let (read, by_rules) = both(text.as_bytes());
        assert_eq!(read, by_rules);
        let written = |found: Said| format!("{:?}", found.unwrap());
        assert_eq!(
            written(read),
            written(by_rules),
            "to the digit behind the point"
        );
    }

    fn field() -> impl Strategy<Value = String> {
        prop_oneof![
            8 => "[0-9]{1,4}(\\.[0-9]{1,3})?",
            4 => "20[0-2][0-9]-[01][0-9]-[0-3][0-9]",
            1 => "[-+. 0-9eE_]{0,22}",
            1 => "[0-9]{1,22}\\.[0-9]{0,22}",
            1 => "[ \"\r\u{feff}é;a]{0,3}",
        ]
    }

    proptest! {
        /// The fast way returns the same as the CSV parser.
        #[test]
        fn quick_is_right(
            header in prop::sample::select(vec![
                "Date,Open,High,Low,Close,Volume",
                "close,date",
                "\u{feff}date,x,close,volume,y",
                "Date,Close,Adj Close\r",
                "\ndate,low,high,open,close",
            ]),
            lines in prop::collection::vec((prop::collection::vec(field(), 0..8), "[\r\n]{1,2}|\n"), 0..12),
            days in prop::collection::vec(("20[0-2][0-9]-[01][0-9]-[0-3][0-9]", "[0-9]{1,3}(\\.[0-9]{1,2})?"), 0..6),
            junk in prop::collection::vec(any::<u8>(), 0..4),
        ) {
            let mut text = format!("{header}\n").into_bytes();
            for (fields, end) in lines {
                text.extend(fields.join(",").bytes().chain(end.bytes()));
            }
            for (day, price) in days {
                text.extend(format!("{day},{price},{price},{price},{price},7\r\n").bytes());
                text.extend(format!("{price},{day}\n").bytes());
            }
            text.extend(junk);
            let (read, by_rules) = both(&text);
            prop_assert_eq!(format!("{:?}", read), format!("{:?}", by_rules));
        }
    }
}
