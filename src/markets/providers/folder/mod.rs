//! Price files of the admin: `AAPL.csv` contains the days of AAPL. Columns are found by their
//! names; an invalid line is dropped and logged. A changed file is read again.

mod lines;

use super::{
    Answered, Bar, Closes, History, MarketData, ProviderFailure, Quote, Source, Symbol, checks,
    spellings,
};
use crate::shared::sync::lock;
use crate::{
    platform::tasks::blocking,
    shared::{near::near, time::now},
};
use async_trait::async_trait;
use chrono::NaiveDate;
use lines::{Found, MAX_FILE};
use std::{
    cell::RefCell,
    collections::HashMap,
    fs::{self, File},
    io::{ErrorKind, Read, Seek},
    path::PathBuf,
    sync::{Arc, Mutex},
    time::SystemTime,
};

/// Maximum number of files whose bars are cached: twenty years take half a megabyte.
const MAX_KEPT: usize = 200;
/// Maximum number of files whose closes are cached: twenty years take 80 kB.
const MAX_CLOSES: usize = 1_000;
/// Maximum number of files whose last price is cached.
const MAX_QUOTES: usize = 10_000;

/// A folder of price files as a data source.
#[derive(Clone)]
pub struct Folder(Arc<Inner>);

struct Inner {
    path: PathBuf,
    histories: Memory<Arc<History>>,
    closes: Memory<Arc<Closes>>,
    quotes: Memory<Quote>,
}

/// State of a file when it was read: time of its last change, and its length.
type Look = (Option<SystemTime>, u64);

/// Cached content of files, valid while their state is the same.
struct Memory<T> {
    most: usize,
    kept: Mutex<HashMap<Symbol, (Look, T)>>,
}

impl<T: Clone> Memory<T> {
    fn new(most: usize) -> Self {
        Self {
            most,
            kept: Mutex::default(),
        }
    }

    fn get(&self, symbol: &Symbol, look: Look) -> Option<T> {
        let kept = lock(&self.kept);
        let (looked, said) = kept.get(symbol)?;
        (*looked == look).then(|| said.clone())
    }

    fn insert(&self, symbol: &Symbol, look: Look, said: T) {
        let mut kept = lock(&self.kept);
        if kept.len() >= self.most {
            kept.clear();
        }
        kept.insert(symbol.clone(), (look, said));
    }
}

impl Folder {
    /// Creates the data source of the files in `path`.
    pub fn new(path: PathBuf) -> Self {
        Self(Arc::new(Inner {
            path,
            histories: Memory::new(MAX_KEPT),
            closes: Memory::new(MAX_CLOSES),
            quotes: Memory::new(MAX_QUOTES),
        }))
    }

    /// Reads files in a blocking task, because a disk can be slow.
    async fn ask<T: Send + 'static>(
        &self,
        symbol: &Symbol,
        question: impl FnOnce(&Inner, &Symbol) -> Answered<T> + Send + 'static,
    ) -> Answered<T> {
        let (inner, symbol) = (Arc::clone(&self.0), symbol.clone());
        let read = blocking(move || question(&inner, &symbol)).await;
        read.unwrap_or(Err(ProviderFailure::Unusable(
            "a file that stops the reader",
        )))
    }
}

#[async_trait]
impl MarketData for Folder {
    async fn quote(&self, symbol: &Symbol) -> Answered<Quote> {
        self.ask(symbol, Inner::quote).await
    }

    async fn history(&self, symbol: &Symbol) -> Answered<Arc<History>> {
        self.ask(symbol, Inner::history).await
    }

    async fn closes(&self, symbol: &Symbol) -> Answered<Arc<Closes>> {
        self.ask(symbol, Inner::closes).await
    }

    fn source(&self) -> Source {
        Source::Folder
    }
}

impl Inner {
    fn quote(&self, symbol: &Symbol) -> Answered<Quote> {
        let Some(opened) = self.open(symbol)? else {
            return Ok(None);
        };
        if let Some(quote) = self.quotes.get(symbol, opened.look) {
            return Ok(Some(quote));
        }
        let look = opened.look;
        let latest = match self.histories.get(symbol, look) {
            Some(history) => Latest::of(&history.bars),
            // Does not cache the history: those of many instruments would take too much memory for
            // one price each.
            None => latest(opened.file, &opened.name)?,
        };
        let quote = latest.quote(symbol);
        if let Some(quote) = &quote {
            self.quotes.insert(symbol, look, quote.clone());
        }
        Ok(quote)
    }

    fn history(&self, symbol: &Symbol) -> Answered<Arc<History>> {
        match self.open(symbol)? {
            Some(opened) => self.read(symbol, opened),
            None => Ok(None),
        }
    }

    fn closes(&self, symbol: &Symbol) -> Answered<Arc<Closes>> {
        let Some(Opened { name, file, look }) = self.open(symbol)? else {
            return Ok(None);
        };
        if let Some(closes) = self.closes.get(symbol, look) {
            return Ok(Some(closes));
        }
        let close = |bar: Bar| (bar.date, near(bar.close));
        let Some(days) = read(file, &name, close, |(date, _)| *date)? else {
            return Ok(None);
        };
        let closes = Arc::new(Closes {
            days,
            splits: None,
            source: Source::Folder,
        });
        self.closes.insert(symbol, look, Arc::clone(&closes));
        Ok(Some(closes))
    }

    /// Opens the file of a symbol; `None`: no such file.
    fn open(&self, symbol: &Symbol) -> Answered<Opened> {
        for name in names(symbol) {
            match self.look(name) {
                Ok(opened) => return Ok(Some(opened)),
                Err(Unread::Io(_, error)) if error.kind() == ErrorKind::NotFound => {}
                Err(Unread::Io(name, error)) => {
                    tracing::warn!(market.file = name, error.cause = %error, "reading a price file failed");
                    return Err(ProviderFailure::File(name));
                }
                Err(Unread::Other(failure)) => return Err(failure),
            }
        }
        Ok(None)
    }

    fn look(&self, name: String) -> Result<Opened, Unread> {
        let opened =
            File::open(self.path.join(&name)).and_then(|file| Ok((file.metadata()?, file)));
        let (about, file) = match opened {
            Ok(opened) => opened,
            Err(error) => return Err(Unread::Io(name, error)),
        };
        if !about.is_file() || about.len() > MAX_FILE {
            return Err(Unread::Other(ProviderFailure::File(name)));
        }
        let look = (about.modified().ok(), about.len());
        Ok(Opened { name, file, look })
    }

    fn read(&self, symbol: &Symbol, Opened { name, file, look }: Opened) -> Answered<Arc<History>> {
        if let Some(history) = self.histories.get(symbol, look) {
            return Ok(Some(history));
        }
        let Some(bars) = bars(file, &name)? else {
            return Ok(None);
        };
        let history = Arc::new(History {
            bars,
            // Prices are taken as they are, and a file does not say which splits they are adjusted
            // for.
            splits: None,
            source: Source::Folder,
        });
        self.histories.insert(symbol, look, Arc::clone(&history));
        Ok(Some(history))
    }
}

/// An open file.
struct Opened {
    name: String,
    file: File,
    look: Look,
}

/// The last day of a file, and the day before.
#[derive(Default)]
struct Latest {
    day: Option<Bar>,
    before: Option<Bar>,
}

impl Latest {
    fn of(bars: &[Bar]) -> Self {
        let mut last = bars.iter().rev().cloned();
        Self {
            day: last.next(),
            before: last.next(),
        }
    }

    /// Adds a day; of two bars of the same day the first counts.
    fn take(&mut self, bar: Bar) {
        let later = |than: &Option<Bar>| than.as_ref().is_none_or(|than| bar.date > than.date);
        if later(&self.day) {
            self.before = self.day.replace(bar);
        } else if self.day.as_ref().is_some_and(|day| bar.date < day.date) && later(&self.before) {
            self.before = Some(bar);
        }
    }

    fn quote(self, symbol: &Symbol) -> Option<Quote> {
        let day = self.day?;
        Some(Quote {
            symbol: symbol.to_string(),
            price: day.close,
            open: Some(day.open),
            high: Some(day.high),
            low: Some(day.low),
            previous_close: self.before.map(|before| before.close),
            volume: Some(day.volume),
            date: day.date,
            time: None,
            source: Source::Folder,
        })
    }
}

/// Reads a whole file, with its days in any order, and keeps the last two.
fn latest(file: impl Read + Seek, name: &str) -> Result<Latest, ProviderFailure> {
    let found = RefCell::new(Latest::default());
    let limit = checks::latest(now().date_naive());
    let date = |bar: Bar| {
        let date = bar.date;
        if date <= limit {
            found.borrow_mut().take(bar);
        }
        date
    };
    let _all_told = read(file, name, date, |date| *date)?;
    Ok(found.into_inner())
}

/// Why a file has no data.
enum Unread {
    Io(String, std::io::Error),
    Other(ProviderFailure),
}

/// true if this folder can be read.
pub fn is_readable(path: &std::path::Path) -> bool {
    fs::read_dir(path).is_ok()
}

/// Returns the names that the file of a symbol can have: as written first, then its other
/// spellings. A symbol contains nothing that leads out of the folder.
fn names(symbol: &Symbol) -> Vec<String> {
    let code = symbol.as_str();
    let mut names = Vec::new();
    let plain = code.strip_suffix(".US").unwrap_or(code);
    let first = [code.to_owned(), plain.to_owned()];
    for code in first.into_iter().chain(spellings(code)) {
        for name in [
            format!("{code}.csv"),
            format!("{}.csv", code.to_lowercase()),
        ] {
            if !names.contains(&name) {
                names.push(name);
            }
        }
    }
    names
}

/// Returns the days of a file, oldest first, as `of` converts them; `None`: no line is valid, so the
/// file has no prices of its symbol.
fn read<T>(
    file: impl Read + Seek,
    name: &str,
    of: impl Fn(Bar) -> T + Copy,
    date: impl Fn(&T) -> NaiveDate + Copy,
) -> Answered<Vec<T>> {
    let Found { days, lines, bad } = lines::read(file, of).map_err(|why| unusable(name, why))?;
    let mut days = checks::in_order(days, date, now().date_naive());
    let dropped = lines - days.len();
    if dropped > 0 {
        tracing::warn!(market.file = name, dropped, lines = ?bad, "invalid lines skipped; the first are listed");
    }
    if lines == 0 {
        // It may be about to be written.
        return Err(unusable(name, "no line"));
    }
    if days.is_empty() {
        tracing::warn!(market.file = name, "price file: no valid line");
        return Ok(None);
    }
    // They may stay in the cache for long.
    days.shrink_to_fit();
    Ok(Some(days))
}

fn bars(file: impl Read + Seek, name: &str) -> Answered<Vec<Bar>> {
    read(file, name, |bar| bar, |bar| bar.date)
}

fn unusable(name: &str, why: &'static str) -> ProviderFailure {
    tracing::warn!(market.file = name, "price file: {why}");
    ProviderFailure::Unusable(why)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::{io::Cursor, path::Path};

    const DAYS: &str = "Date,Open,High,Low,Close,Adj Close,Volume\n\
        2024-01-03,11,13,10,12,12,70\n\
        2024-01-02,10,12,9,11,11,50\n";

    fn symbol(code: &str) -> Symbol {
        code.parse().unwrap()
    }

    fn folder(path: &Path) -> Folder {
        Folder::new(path.to_owned())
    }

    #[tokio::test]
    async fn a_file_for_each_symbol() {
        let data = tempfile::tempdir().unwrap();
        fs::write(data.path().join("AAPL.csv"), DAYS).unwrap();
        fs::write(data.path().join("cdr.pl.csv"), "\u{feff}close;date\n").unwrap();
        fs::write(
            data.path().join("X.csv"),
            " CLOSE , date \n 5.5 , 2024-01-02 \n",
        )
        .unwrap();
        let folder = folder(data.path());
        let quote = folder.quote(&symbol("aapl.us")).await.unwrap().unwrap();
        assert_eq!((quote.symbol.as_str(), quote.price), ("AAPL.US", 12.into()));
        assert_eq!(quote.previous_close, Some(11.into()));
        assert_eq!(quote.volume, Some(70));
        assert_eq!(quote.date.to_string(), "2024-01-03");
        assert_eq!(quote.source, Source::Folder);
        let history = folder.history(&symbol("X")).await.unwrap().unwrap();
        assert_eq!(history.bars[0].low.to_string(), "5.5");
        assert_eq!(folder.quote(&symbol("MSFT")).await, Ok(None));
        let outcome = folder.quote(&symbol("CDR.PL")).await;
        assert!(matches!(outcome, Err(ProviderFailure::Unusable(_))));
        assert_eq!(folder.quote(&symbol("..")).await, Ok(None));
    }

    #[tokio::test]
    async fn bad_lines_are_dropped() {
        let data = tempfile::tempdir().unwrap();
        let mut text = DAYS.as_bytes().to_vec();
        text.extend(b"2024-01-04,NaN,13,10,12,12,70\n");
        text.extend(b"2024-01-05,11,9,10,12,12,70\n2024-01-06,11\nnonsense\n");
        text.extend(b"2024-01-08,\xff\xfe,13,10,12,12,70\n2024-01-09,-1,13,-2,12,12,70\n");
        text.extend(b"2024-01-02,10,12,9,11,11,50\n2999-01-02,10,12,9,11,11,50\n");
        text.extend(b"2024-01-10,11,13,10,12,12,much\n");
        text.extend(b"2024-01-11,11,13,10,12,12,-7\n2024-01-12,11,1000000000,10,12,12,1\n");
        fs::write(data.path().join("A.csv"), text).unwrap();
        let folder = folder(data.path());
        let history = folder.history(&symbol("A")).await.unwrap().unwrap();
        let days: Vec<_> = history
            .bars
            .iter()
            .map(|bar| bar.date.to_string())
            .collect();
        assert_eq!(days, ["2024-01-02", "2024-01-03", "2024-01-10"]);
        assert_eq!(history.bars[2].volume, 0);
        let closes = folder.closes(&symbol("A")).await.unwrap().unwrap();
        assert_eq!(*closes, Closes::from(&*history));
    }

    /// Such a file does not get better by itself: its symbol is unknown, not unavailable.
    #[tokio::test]
    async fn a_file_without_a_valid_line_has_no_prices() {
        let data = tempfile::tempdir().unwrap();
        let text = "date,close\n2024-01-02,1000000000\n2024-01-03,2000000000.5\n";
        fs::write(data.path().join("A.csv"), text).unwrap();
        let (folder, a) = (folder(data.path()), symbol("A"));
        assert_eq!(folder.quote(&a).await, Ok(None));
        assert_eq!(folder.history(&a).await, Ok(None));
        assert_eq!(folder.closes(&a).await, Ok(None));
        let text = "date,close\n2024-01-02,1000000000\n2024-01-03,999999999.99\n";
        fs::write(data.path().join("A.csv"), text).unwrap();
        let quote = folder.quote(&a).await.unwrap().unwrap();
        assert_eq!(quote.price.to_string(), "999999999.99");
        fs::write(data.path().join("A.csv"), "date,close\n").unwrap();
        let half_written = folder.quote(&a).await;
        assert!(matches!(half_written, Err(ProviderFailure::Unusable(_))));
    }

    #[tokio::test]
    async fn a_changed_file_is_read_again() {
        let data = tempfile::tempdir().unwrap();
        let file = data.path().join("A.csv");
        fs::write(&file, DAYS).unwrap();
        let folder = folder(data.path());
        let a = symbol("A");
        let first = folder.history(&a).await.unwrap().unwrap();
        let again = folder.history(&a).await.unwrap().unwrap();
        assert!(Arc::ptr_eq(&first, &again));
        for _ in 0..2 {
            let quote = folder.quote(&a).await.unwrap().unwrap();
            assert_eq!(quote.price.to_string(), "12");
        }
        let closes = folder.closes(&a).await.unwrap().unwrap();
        let closes_again = folder.closes(&a).await.unwrap().unwrap();
        assert!(Arc::ptr_eq(&closes, &closes_again));
        fs::write(&file, format!("{DAYS}2024-01-04,11,13,10,12.5,12,70\n")).unwrap();
        let changed = folder.quote(&a).await.unwrap().unwrap();
        assert_eq!(changed.price.to_string(), "12.5");
        let closes = folder.closes(&a).await.unwrap().unwrap();
        assert_eq!(closes.days.last().unwrap().1, 12.5);
        fs::remove_file(&file).unwrap();
        assert_eq!(folder.quote(&a).await, Ok(None));
        fs::create_dir(&file).unwrap();
        let folder_as_file = folder.quote(&a).await;
        assert_eq!(folder_as_file, Err(ProviderFailure::File("A.csv".into())));
    }

    proptest! {
        #[test]
        fn any_file_is_survived(text in "(?s).{0,300}", lines in "([-0-9.,]{0,40}\n){0,8}") {
            drop(bars(Cursor::new(&text), "A.csv"));
            if let Ok(Some(bars)) = bars(Cursor::new(format!("date,open,high,low,close\n{lines}")), "A.csv") {
                prop_assert!(bars.iter().all(checks::is_bar));
            }
        }

        /// The last price is that of the whole history, in whatever order the days are, with and
        /// without days in the future.
        #[test]
        fn a_price_is_that_of_the_past(rows in prop::collection::vec((1_u32..12, 1_u32..99), 1..12), ahead: bool) {
            let mut text = String::from("date,close\n");
            for (day, price) in rows {
                text += &format!("2024-01-{day:02},{price}\n");
            }
            if ahead {
                text += "2999-01-01,7\n";
            }
            let a = symbol("A");
            let past = bars(Cursor::new(&text), "A.csv").unwrap().unwrap();
            let quick = latest(Cursor::new(&text), "A.csv").unwrap();
            prop_assert_eq!(quick.quote(&a), Latest::of(&past).quote(&a));
        }
    }
}
