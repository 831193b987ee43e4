//! Results of a prediction with price histories of different length.

use super::*;
use crate::markets::{Bar, Source};
use crate::predictions::model::Direction;
use crate::shared::{AccountId, CommunityId, PredictionId};
use chrono::{Days, NaiveDate};
use rust_decimal::Decimal;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Prices that rise by one each day, from 100 on January 1, 2024.
fn history(source: Source) -> History {
    let bar = |(at, date): (i64, NaiveDate)| Bar {
        date,
        open: Decimal::from(100 + at),
        high: Decimal::from(101 + at),
        low: Decimal::from(100 + at),
        close: Decimal::from(101 + at),
        volume: 1,
    };
    let days = day("2024-01-01").iter_days().take(400);
    History {
        bars: (0..).zip(days).map(bar).collect(),
        splits: Some(Vec::new()),
        source,
    }
}

/// The history from this day on.
fn cut(history: &History, from: &str) -> History {
    let mut cut = history.clone();
    cut.bars.retain(|bar| bar.date >= day(from));
    cut
}

/// A prediction made on March 1, for half a year.
fn prediction() -> Row {
    Row {
        id: PredictionId::new(),
        community: CommunityId::new(),
        author: Some(AccountId::new()),
        mark: "test".into(),
        symbol: "A".into(),
        direction: Direction::Long,
        horizon: "6m".into(),
        reason: String::new(),
        source: Source::AlphaVantage,
        made_at: "2024-03-01T12:00:00Z".parse().unwrap(),
        known: Mark {
            date: day("2024-03-01"),
            price: 161.into(),
        },
        due: day("2024-09-01"),
        state: State::Open,
        look_at: "2024-03-02T12:00:00Z".parse().unwrap(),
        entry: None,
        exit: None,
        score: None,
    }
}

/// The prediction after a check on this day with these prices.
fn looked(row: &Row, history: Option<&History>, on: &str) -> Row {
    let now = day(on).and_hms_opt(12, 0, 0).unwrap().and_utc();
    let history = history.map(|history| {
        let mut history = history.clone();
        history.bars.retain(|bar| bar.date <= now.date_naive());
        Arc::new(history)
    });
    let bars = history.iter().flat_map(|history| &history.bars);
    let bars: Vec<Candle> = bars.map(Candle::from).collect();
    let moment = Moment {
        now,
        today: now.date_naive(),
        day: TimeDelta::days(1),
    };
    judged(row.clone(), &bars, history.as_ref(), moment)
}

const NOTED: Mark = Mark {
    date: NaiveDate::from_ymd_opt(2024, 3, 2).unwrap(),
    price: Decimal::from_parts(161, 0, 0, false, 0),
};

#[test]
fn a_past_that_is_cut_off_neither_scores_nor_voids() {
    let whole = history(Source::AlphaVantage);
    for missing in [
        None,
        Some(cut(&whole, "2024-03-02")),
        Some(cut(&whole, "2024-06-01")),
    ] {
        for on in ["2024-03-05", "2024-06-20", "2024-09-02", "2024-10-01"] {
            let row = looked(&prediction(), missing.as_ref(), on);
            assert_eq!((row.state, row.entry), (State::Open, None), "{on}");
            assert!(row.look_at > day(on).and_hms_opt(12, 0, 0).unwrap().and_utc());
            // When the prices are back, it is scored as usual.
            let row = looked(&row, Some(&whole), "2024-10-01");
            assert_eq!((row.state, row.entry), (State::Scored, Some(NOTED)));
            assert_eq!(row.exit.unwrap().date, day("2024-09-01"));
        }
        let row = looked(&prediction(), missing.as_ref(), "2024-10-02");
        assert_eq!(row.state, State::Void, "a month after its end");
    }
}

#[test]
fn what_began_is_not_forgotten_with_the_prices() {
    let whole = history(Source::AlphaVantage);
    let begun = looked(&prediction(), Some(&whole), "2024-03-02");
    assert_eq!((begun.state, begun.entry), (State::Open, Some(NOTED)));
    // For a moment the symbol is unknown, after its end.
    let lost = looked(&begun, None, "2024-09-03");
    assert_eq!((lost.state, lost.entry), (State::Open, Some(NOTED)));
    let expected = looked(&lost, Some(&whole), "2024-09-03");
    assert_eq!(expected.state, State::Scored);
    // The source has only the days since June.
    let short = cut(&whole, "2024-06-01");
    let scored = looked(&begun, Some(&short), "2024-09-03");
    assert_eq!(scored.state, State::Scored);
    assert_eq!((scored.entry, scored.exit), (Some(NOTED), expected.exit));
    let made = |row: &Row| row.score.unwrap().made;
    assert!((made(&scored) - made(&expected)).abs() < 1e-12);
    // Prices from before and after a split cannot be compared.
    let mut split = short;
    split.splits.get_or_insert_default().push(Split {
        date: day("2024-05-01"),
        from: 1,
        to: 4,
    });
    let waits = looked(&begun, Some(&split), "2024-09-03");
    assert_eq!((waits.state, waits.entry), (State::Open, Some(NOTED)));
    let over = looked(&begun, Some(&split), "2024-10-02");
    assert_eq!(over.state, State::Void);
}

#[test]
fn prices_of_something_else_score_nothing() {
    let whole = history(Source::AlphaVantage);
    let begun = looked(&prediction(), Some(&whole), "2024-03-02");
    let mut other = whole.clone();
    for bar in &mut other.bars {
        for price in [&mut bar.open, &mut bar.high, &mut bar.low, &mut bar.close] {
            *price /= Decimal::from(4);
        }
    }
    let waits = looked(&begun, Some(&other), "2024-09-03");
    assert_eq!((waits.state, waits.entry), (State::Open, Some(NOTED)));
    // The day of the entry is missing.
    let mut holed = whole.clone();
    holed.bars.retain(|bar| bar.date != NOTED.date);
    assert_eq!(
        looked(&begun, Some(&holed), "2024-09-03").state,
        State::Open
    );
    // The symbol was split, and the source reports it.
    other.splits.get_or_insert_default().push(Split {
        date: day("2024-05-01"),
        from: 1,
        to: 4,
    });
    let scored = looked(&begun, Some(&other), "2024-09-03");
    assert_eq!(scored.state, State::Scored);
    assert_eq!(scored.entry.unwrap().price, "40.25".parse().unwrap());
    let whole = looked(&begun, Some(&whole), "2024-09-03");
    assert!((scored.score.unwrap().made - whole.score.unwrap().made).abs() < 1e-12);
}

#[test]
fn what_does_not_come_is_asked_for_less_often() {
    let next = |on: &str| {
        let row = looked(&prediction(), None, on);
        row.look_at.date_naive() - day(on)
    };
    assert_eq!(next("2024-03-05").num_days(), 0);
    assert_eq!(next("2024-05-05").num_days(), 1);
    assert_eq!(next("2024-09-03").num_days(), 0);
    assert_eq!(next("2024-09-20").num_days(), 1);
    let begun = looked(
        &prediction(),
        Some(&history(Source::AlphaVantage)),
        "2024-03-02",
    );
    let after = day("2024-09-01") + Days::new(1);
    assert_eq!(begun.look_at.date_naive(), after);
}
