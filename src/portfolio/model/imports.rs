//! Types of transaction files (imports), shared by server and browser.

use super::Kind;
use crate::shared::{Error, ImportId, Timestamp, text_enum};
use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// Preview or result of an import.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Import {
    /// Id of the import, used to undo it. None: nothing was imported.
    pub id: Option<ImportId>,
    /// Number of new transactions; after the import, number of transactions imported.
    pub fresh: usize,
    /// Number of duplicates: transactions that the portfolio already has.
    pub known: usize,
    /// Number of lines with errors.
    pub refused: usize,
    /// Number of symbols whose prices were not requested, because the data source limits requests.
    #[serde(default)]
    pub unasked: usize,
    /// The first new transactions.
    pub additions: Vec<Planned>,
    /// The first duplicates.
    pub duplicates: Vec<Planned>,
    /// Errors of the first invalid lines.
    pub problems: Vec<Problem>,
    /// First reason why the new transactions cannot be imported as they are. None: they can.
    #[cfg_attr(feature = "ssr", schema(value_type = Option<Object>))]
    pub conflict: Option<Error>,
    /// Everything that prevents importing the new transactions.
    pub hindrance: Hindrance,
    /// The same if duplicates are imported too. Set in a preview.
    pub hindrance_with_duplicates: Hindrance,
    /// Number of lines skipped because their symbols cannot be imported.
    pub left_out: usize,
}

/// What prevents an import. Empty: nothing does.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "ssr", schema(as = ImportHindrance))]
pub struct Hindrance {
    /// Error that prevents the whole import.
    #[cfg_attr(feature = "ssr", schema(value_type = Option<Object>))]
    pub whole: Option<Error>,
    /// The first symbols that cannot be imported. Without their lines the rest can.
    pub instruments: Vec<Hindered>,
    /// Number of symbols that cannot be imported.
    pub count: usize,
    /// Number of lines of these symbols.
    pub lines: usize,
}

impl Hindrance {
    /// true if nothing prevents the import.
    pub const fn is_none(&self) -> bool {
        self.whole.is_none() && self.count == 0
    }

    /// Returns the first error.
    pub fn reason(&self) -> Option<&Error> {
        let first = self.instruments.first();
        self.whole.as_ref().or(first.map(|one| &one.error))
    }
}

/// A symbol of a file that cannot be imported.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "ssr", schema(as = ImportHindered))]
pub struct Hindered {
    /// Symbol, upper case.
    pub symbol: String,
    /// Number of the invalid line, from 1. None: the conflict is with an existing transaction, or
    /// with no single line.
    pub line: Option<usize>,
    /// Number of lines of this symbol that were to be imported.
    pub lines: usize,
    #[cfg_attr(feature = "ssr", schema(value_type = Object))]
    pub error: Error,
}

impl Import {
    /// Maximum size of a file, in bytes.
    pub const MOST_BYTES: usize = 16 * 1024 * 1024;
    /// Maximum number of lines of each sort listed in a preview.
    pub const TOLD: usize = 100;
}

/// A transaction of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Planned {
    /// Line number, from 1; in JSON the number of the entry.
    pub line: usize,
    pub kind: Kind,
    /// Symbol, upper case.
    pub symbol: Option<String>,
    pub date: NaiveDate,
    /// Shares bought or sold.
    #[cfg_attr(feature = "ssr", schema(value_type = Option<String>))]
    pub quantity: Option<Decimal>,
    /// Price per share.
    #[cfg_attr(feature = "ssr", schema(value_type = Option<String>))]
    pub price: Option<Decimal>,
    /// Amount of a dividend, fee, deposit or withdrawal.
    #[cfg_attr(feature = "ssr", schema(value_type = Option<String>))]
    pub amount: Option<Decimal>,
    /// Old and new shares of a split.
    pub ratio: Option<(u32, u32)>,
}

/// An error in a line of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Problem {
    /// Line number, from 1; in JSON the number of the entry.
    pub line: usize,
    /// Column with the error, as named in the file. None: the column is missing, or the error
    /// concerns the whole line.
    pub column: Option<String>,
    /// Content of the cell, shortened for display.
    pub written: Option<String>,
    #[cfg_attr(feature = "ssr", schema(value_type = Object))]
    pub error: Error,
}

/// Past imports of a portfolio, and the progress of the running one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Imports {
    /// Latest first.
    pub imports: Vec<PastImport>,
    /// Cursor of the next page.
    pub next: Option<ImportId>,
    /// Transactions written by the running import, and their total number. None: no import is
    /// running.
    pub running: Option<(usize, usize)>,
}

text_enum! {
    /// Source of the transactions of an import.
    #[derive(Default)]
    #[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
    #[cfg_attr(feature = "ssr", schema(as = ImportOrigin))]
    pub enum Origin {
        #[default]
        File = "file",
        /// Dividends reported by a data source.
        Dividends = "dividends",
    }
}

/// A past import.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct PastImport {
    /// Id, used to undo the import.
    pub id: ImportId,
    /// Name of the file, if known.
    pub name: String,
    #[serde(default)]
    pub origin: Origin,
    /// Number of transactions imported.
    pub brought: i64,
    #[cfg_attr(feature = "ssr", schema(value_type = String, format = DateTime))]
    pub at: Timestamp,
}
