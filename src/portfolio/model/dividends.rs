//! Dividends as both sides see them: what was paid, and what may be missing in the history.

use crate::shared::{Error, ImportId};
use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// What a portfolio was paid, and what its instruments paid beside.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Dividends {
    /// What is in the history; with the cost of all that is held.
    pub paid: PaidDividends,
    /// The same for each instrument that paid, the most first.
    pub holdings: Vec<HoldingDividends>,
    /// The last day of the twelve months: that of the last price or transaction.
    pub until: Option<NaiveDate>,
    /// What was paid by what sources tell and is not in the history, the latest ex-date first.
    pub offered: Vec<OfferedDividend>,
    /// How many more there are; they come when these are taken over.
    pub more: usize,
    /// How many that sources tell are in the history.
    pub known: usize,
    /// Instruments of which no source tells whether they paid.
    pub untold: Vec<String>,
    /// Instruments of which nobody could be asked now.
    pub away: Vec<String>,
}

impl Dividends {
    /// So many are offered at once.
    pub const OFFERED: usize = 500;
}

/// What dividends come to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct PaidDividends {
    /// All of them.
    #[cfg_attr(feature = "ssr", schema(value_type = String))]
    pub total: Decimal,
    /// Those of the last 365 days.
    #[cfg_attr(feature = "ssr", schema(value_type = String))]
    pub last_year: Decimal,
    /// What the shares that are held now were paid in the last 365 days: what each share was paid,
    /// times the shares.
    #[cfg_attr(feature = "ssr", schema(value_type = String))]
    pub held: Decimal,
    /// What the shares that are held now have cost.
    #[cfg_attr(feature = "ssr", schema(value_type = String))]
    pub cost: Decimal,
    /// `held / cost`, as a part of one; none: nothing is held, or it has cost nothing.
    pub yield_on_cost: Option<f64>,
}

/// What dividends of an instrument come to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct HoldingDividends {
    /// The instrument, upper case.
    pub symbol: String,
    /// What it paid.
    #[serde(flatten)]
    pub paid: PaidDividends,
}

/// A dividend that was paid and is not in the history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct OfferedDividend {
    /// The instrument, upper case.
    pub symbol: String,
    /// The first day on which whoever bought got none of it.
    pub ex_date: NaiveDate,
    /// The day with which it would be written down: that of the payment, else the ex-date.
    pub date: NaiveDate,
    /// So much for each share as it was then.
    #[cfg_attr(feature = "ssr", schema(value_type = String))]
    pub per_share: Decimal,
    /// Shares that were held at the end of the day before the ex-date.
    #[cfg_attr(feature = "ssr", schema(value_type = String))]
    pub quantity: Decimal,
    /// Money, before taxes.
    #[cfg_attr(feature = "ssr", schema(value_type = String))]
    pub amount: Decimal,
}

impl OfferedDividend {
    /// What it is chosen by.
    pub fn choice(&self) -> ChosenDividend {
        ChosenDividend {
            symbol: self.symbol.clone(),
            ex_date: self.ex_date,
            per_share: self.per_share,
        }
    }
}

/// A dividend that is to be taken over, of those that were offered.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct ChosenDividend {
    /// The instrument.
    #[cfg_attr(feature = "ssr", schema(example = "IBM"))]
    pub symbol: String,
    /// Its ex-date.
    pub ex_date: NaiveDate,
    /// What each share was paid.
    #[cfg_attr(feature = "ssr", schema(value_type = String, example = "0.85"))]
    pub per_share: Decimal,
}

/// As a form sends it.
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

/// Dividends that were taken over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct TakenDividends {
    /// What takes them back, as a file.
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
