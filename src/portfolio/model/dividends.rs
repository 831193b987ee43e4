//! Dividend types shared by server and browser: received ones, and ones that may be missing.

use crate::shared::{Error, ImportId};
use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// Dividends that a portfolio received, and dividends missing in it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Dividends {
    /// Totals of the dividends entered, with the cost basis of all holdings.
    pub paid: PaidDividends,
    /// The same per symbol, highest total first.
    pub holdings: Vec<HoldingDividends>,
    /// Last of the 365 days of `last_year`: the date of the latest price or transaction.
    pub until: Option<NaiveDate>,
    /// Dividends that data sources report and the portfolio lacks, latest ex-date first.
    pub offered: Vec<OfferedDividend>,
    /// Number of missing dividends beyond `offered`; they appear once these are added.
    pub more: usize,
    /// Number of dividends that data sources report and the portfolio has.
    pub known: usize,
    /// Symbols without dividend data in any data source.
    pub untold: Vec<String>,
    /// Symbols whose data source is unavailable now.
    pub away: Vec<String>,
}

impl Dividends {
    /// Maximum number of dividends in `offered`.
    pub const OFFERED: usize = 500;
}

/// Totals of dividends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct PaidDividends {
    /// Sum of all dividends.
    #[cfg_attr(feature = "ssr", schema(value_type = String))]
    pub total: Decimal,
    /// Dividends of the last 365 days.
    #[cfg_attr(feature = "ssr", schema(value_type = String))]
    pub last_year: Decimal,
    /// Dividends of the last 365 days per share, times the shares held now.
    #[cfg_attr(feature = "ssr", schema(value_type = String))]
    pub held: Decimal,
    /// Cost basis of the shares held now.
    #[cfg_attr(feature = "ssr", schema(value_type = String))]
    pub cost: Decimal,
    /// `held / cost`, as a fraction. None: nothing is held, or its cost is zero.
    pub yield_on_cost: Option<f64>,
}

/// Totals of the dividends of one symbol.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct HoldingDividends {
    /// Symbol, upper case.
    pub symbol: String,
    #[serde(flatten)]
    pub paid: PaidDividends,
}

/// A dividend that was paid and is missing in the portfolio.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct OfferedDividend {
    /// Symbol, upper case.
    pub symbol: String,
    /// First day on which a buy does not receive the dividend.
    pub ex_date: NaiveDate,
    /// Date of the transaction: the payment date if known, else the ex-date.
    pub date: NaiveDate,
    /// Dividend per share, not adjusted for later splits.
    #[cfg_attr(feature = "ssr", schema(value_type = String))]
    pub per_share: Decimal,
    /// Shares held at the end of the day before the ex-date.
    #[cfg_attr(feature = "ssr", schema(value_type = String))]
    pub quantity: Decimal,
    /// Amount before taxes.
    #[cfg_attr(feature = "ssr", schema(value_type = String))]
    pub amount: Decimal,
}

impl OfferedDividend {
    /// Returns the key that selects this dividend.
    pub fn choice(&self) -> ChosenDividend {
        ChosenDividend {
            symbol: self.symbol.clone(),
            ex_date: self.ex_date,
            per_share: self.per_share,
        }
    }
}

/// A selected dividend, to be added.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct ChosenDividend {
    #[cfg_attr(feature = "ssr", schema(example = "IBM"))]
    pub symbol: String,
    pub ex_date: NaiveDate,
    /// Dividend per share.
    #[cfg_attr(feature = "ssr", schema(value_type = String, example = "0.85"))]
    pub per_share: Decimal,
}

/// Format of the form field: `<ex-date>_<per share>_<symbol>`.
impl fmt::Display for ChosenDividend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let each = self.per_share.normalize();
        write!(f, "{}_{each}_{}", self.ex_date, self.symbol)
    }
}

impl FromStr for ChosenDividend {
    type Err = Error;

    fn from_str(written: &str) -> Result<Self, Error> {
        let read = || {
            let (ex_date, rest) = written.split_once('_')?;
            let (per_share, symbol) = rest.split_once('_')?;
            Some(Self {
                symbol: symbol.to_owned(),
                ex_date: ex_date.parse().ok()?,
                per_share: per_share.parse().ok()?,
            })
        };
        read().ok_or_else(|| Error::bad_request("malformed", "Invalid dividend"))
    }
}

/// Result of adding dividends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct TakenDividends {
    /// Import that contains the added dividends; undo it to delete them.
    pub import_id: ImportId,
    pub taken: usize,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sent_is_what_was_there() {
        let exact = |text: &str| text.parse::<Decimal>().unwrap();
        let paid = PaidDividends {
            total: exact("34.00"),
            last_year: exact("34.00"),
            held: exact("25.50"),
            cost: exact("5909.4"),
            yield_on_cost: Some(0.004_315_15),
        };
        let all = Dividends {
            paid,
            holdings: vec![HoldingDividends {
                symbol: "IBM".into(),
                paid: PaidDividends {
                    yield_on_cost: None,
                    ..paid
                },
            }],
            more: 3,
            untold: vec!["XOM".into()],
            ..Dividends::default()
        };
        let sent = serde_json::to_string(&all).unwrap();
        assert_eq!(serde_json::from_str::<Dividends>(&sent).unwrap(), all);
    }

    #[test]
    fn a_choice_comes_back_from_a_form() {
        let chosen = ChosenDividend {
            symbol: "BRK_B.US".into(),
            ex_date: "2012-05-08".parse().unwrap(),
            per_share: "0.850".parse().unwrap(),
        };
        let written = chosen.to_string();
        assert_eq!(written, "2012-05-08_0.85_BRK_B.US");
        assert_eq!(written.parse(), Ok(chosen));
        for wrong in [
            "",
            "_",
            "2012-05-08_x_IBM",
            "2012-13-08_1_IBM",
            "2012-05-08",
        ] {
            assert_eq!(
                wrong.parse::<ChosenDividend>().unwrap_err().code,
                "malformed"
            );
        }
    }
}
