//! Files of transactions as both sides see them.

use super::Kind;
use crate::shared::{Error, ImportId, Timestamp};
use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// What a file of transactions comes to, before or after it was taken in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Import {
    /// What takes it back; none: nothing was taken in.
    pub id: Option<ImportId>,
    /// Transactions that are new; after taking in, those that were taken.
    pub fresh: usize,
    /// Those that the portfolio has already.
    pub known: usize,
    /// Those that cannot be.
    pub refused: usize,
    /// Instruments of which no prices were asked for yet: a source counts what it is asked.
    #[serde(default)]
    pub unasked: usize,
    /// The first of those that are new.
    pub additions: Vec<Planned>,
    /// The first of those that the portfolio has already.
    pub duplicates: Vec<Planned>,
    /// What is wrong with the first that cannot be.
    pub problems: Vec<Problem>,
    /// Why those that are new could not be taken in as they are, the first reason; none: they could.
    #[cfg_attr(feature = "ssr", schema(value_type = Option<Object>))]
    pub conflict: Option<Error>,
    /// All that stands against those that are new.
    pub hindrance: Hindrance,
    /// The same where duplicates are taken in too; told in a preview.
    pub hindrance_with_duplicates: Hindrance,
    /// Lines that were left out because their instruments could not be taken in.
    pub left_out: usize,
}

/// What stands against taking in a file; nothing in it: nothing does.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "ssr", schema(as = ImportHindrance))]
pub struct Hindrance {
    /// What stands against all of it.
    #[cfg_attr(feature = "ssr", schema(value_type = Option<Object>))]
    pub whole: Option<Error>,
    /// The first instruments that cannot be taken in. Without their lines the rest can.
    pub instruments: Vec<Hindered>,
    /// How many instruments there are.
    pub count: usize,
    /// How many lines they have together.
    pub lines: usize,
}

impl Hindrance {
    /// Is nothing in the way?
    pub const fn is_none(&self) -> bool {
        self.whole.is_none() && self.count == 0
    }

    /// The first reason.
    pub fn reason(&self) -> Option<&Error> {
        let first = self.instruments.first();
        self.whole.as_ref().or(first.map(|one| &one.error))
    }
}

/// An instrument of a file that cannot be taken in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "ssr", schema(as = ImportHindered))]
pub struct Hindered {
    /// The instrument, upper case.
    pub symbol: String,
    /// The line that cannot be, from 1; none: it is one that the portfolio has already.
    pub line: Option<usize>,
    /// How many of the lines to be taken in are of this instrument.
    pub lines: usize,
    #[cfg_attr(feature = "ssr", schema(value_type = Object))]
    pub error: Error,
}

impl Import {
    /// Most bytes of a file.
    pub const MOST_BYTES: usize = 16 * 1024 * 1024;
    /// So many lines of each sort are told.
    pub const TOLD: usize = 100;
}

/// A transaction of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Planned {
    /// Its line, from 1; of JSON the number of the entry.
    pub line: usize,
    /// What it is.
    pub kind: Kind,
    /// The instrument, upper case.
    pub symbol: Option<String>,
    /// The day.
    pub date: NaiveDate,
    /// Units of a trade.
    #[cfg_attr(feature = "ssr", schema(value_type = Option<String>))]
    pub quantity: Option<Decimal>,
    /// Money for each.
    #[cfg_attr(feature = "ssr", schema(value_type = Option<String>))]
    pub price: Option<Decimal>,
    /// Money of what is no trade.
    #[cfg_attr(feature = "ssr", schema(value_type = Option<String>))]
    pub amount: Option<Decimal>,
    /// Old and new units of a split.
    pub ratio: Option<(u32, u32)>,
}

/// What is wrong with a line of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Problem {
    /// Its number, from 1; of JSON the number of the entry.
    pub line: usize,
    /// The column that it is in, as the file names it; none: it is missing, or the whole line is
    /// meant.
    pub column: Option<String>,
    /// What stands there, cut to what can be shown.
    pub written: Option<String>,
    /// What is wrong.
    #[cfg_attr(feature = "ssr", schema(value_type = Object))]
    pub error: Error,
}

/// The files that were taken into a portfolio, and the one that is on its way.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Imports {
    /// Files, the latest first.
    pub imports: Vec<PastImport>,
    /// Where the next page begins.
    pub next: Option<ImportId>,
    /// How many transactions of the file that is being taken in are written, and of how many; none:
    /// no file is.
    pub running: Option<(usize, usize)>,
}

/// Where transactions came from that were written down together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "ssr", schema(as = ImportOrigin))]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// A file.
    #[default]
    File,
    /// Dividends that a source told of.
    Dividends,
}

/// A file that was taken in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct PastImport {
    /// What takes it back.
    pub id: ImportId,
    /// What the file was called, where it is known.
    pub name: String,
    /// What it was.
    #[serde(default)]
    pub origin: Origin,
    /// Transactions that it brought.
    pub brought: i64,
    #[cfg_attr(feature = "ssr", schema(value_type = String, format = DateTime))]
    pub at: Timestamp,
}
