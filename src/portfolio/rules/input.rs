//! Validates transactions.

use super::{figure, ledger::What};
use crate::markets::Symbol;
use crate::portfolio::{Kind, TransactionInput};
use crate::shared::{Error, Result};
use chrono::{Days, NaiveDate};
use rust_decimal::Decimal;

/// Maximum length of a note, in characters.
pub const MAX_NOTE: usize = 500;
/// Maximum decimals of quantities and prices.
pub const DIGITS: u32 = 10;
/// Maximum quantity of a trade.
const MOST_UNITS: Decimal = Decimal::from_parts(3_567_587_328, 232, 0, false, 0);
/// Maximum price and fee.
const HIGHEST_PRICE: Decimal = Decimal::from_parts(1_410_065_408, 2, 0, false, 0);
/// Maximum amount of a transaction.
const MOST_MONEY: Decimal = Decimal::from_parts(0xA4C6_8000, 0x0003_8D7E, 0, false, 0);
/// Maximum of either number of a split ratio.
const MOST_RATIO: u32 = 10_000;

/// A valid transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    pub kind: Kind,
    /// Canonical symbol. None: the transaction concerns only cash.
    pub symbol: Option<Symbol>,
    pub date: NaiveDate,
    /// Kind with its numbers.
    pub what: What,
    /// Note for the owner.
    pub note: String,
}

/// Validates an input. `today` is the market's day; the owner's date may be one day later.
///
/// # Errors
/// Each names its `field`: `bad-kind`, `bad-symbol`, `symbol-missing`, `bad-date`, `future-date`,
/// `bad-number` (not a number, negative, zero where that is not allowed, too many decimals, too
/// large), `bad-ratio`, `split-changes-nothing`, `note-too-long`.
pub fn check(input: &TransactionInput, today: NaiveDate) -> Result<Checked> {
    let kind = Kind::named(&input.kind.trim().to_ascii_uppercase()).ok_or_else(|| {
        Error::bad_request(
            "bad-kind",
            "Invalid type: use BUY, SELL, DIVIDEND, FEE, SPLIT, DEPOSIT or WITHDRAWAL",
        )
        .with("field", "kind")
    })?;
    let symbol = symbol(input, kind)?;
    let date = date(&input.date, today)?;
    let what = what(input, kind)?;
    let note = input.note.trim().to_owned();
    if note.chars().count() > MAX_NOTE {
        return Err(Error::bad_request(
            "note-too-long",
            format!("Note too long: at most {MAX_NOTE} characters"),
        )
        .with("max", MAX_NOTE)
        .with("field", "note"));
    }
    Ok(Checked {
        kind,
        symbol,
        date,
        what,
        note,
    })
}

fn symbol(input: &TransactionInput, kind: Kind) -> Result<Option<Symbol>> {
    let written = input.symbol.trim();
    if !kind.takes_symbol() || (kind == Kind::Fee && written.is_empty()) {
        return Ok(None);
    }
    if written.is_empty() {
        return Err(Error::bad_request("symbol-missing", "Symbol missing").with("field", "symbol"));
    }
    let symbol = written
        .strip_prefix('$')
        .unwrap_or(written)
        .parse::<Symbol>()
        .map_err(|error| error.with("field", "symbol"))?;
    // All spellings of a symbol are one holding.
    Ok(Some(symbol.canonical()))
}

fn date(written: &str, today: NaiveDate) -> Result<NaiveDate> {
    let bad = || {
        Error::bad_request(
            "bad-date",
            "Invalid date: use the form 2024-12-31, from 1900 on",
        )
        .with("field", "date")
    };
    let date: NaiveDate = written.trim().parse().map_err(|_| bad())?;
    if NaiveDate::from_ymd_opt(1900, 1, 1).is_some_and(|first| date < first) {
        return Err(bad());
    }
    // In the owner's time zone it may already be tomorrow.
    if today
        .checked_add_days(Days::new(1))
        .is_some_and(|tomorrow| date > tomorrow)
    {
        return Err(Error::bad_request("future-date", "Date in the future").with("field", "date"));
    }
    Ok(date)
}

fn what(input: &TransactionInput, kind: Kind) -> Result<What> {
    Ok(match kind {
        Kind::Buy | Kind::Sell => {
            let quantity = above_zero("quantity", &input.quantity, MOST_UNITS)?;
            let price = from_zero("price", &input.price, HIGHEST_PRICE)?;
            let fee = if input.fee.trim().is_empty() {
                Decimal::ZERO
            } else {
                from_zero("fee", &input.fee, HIGHEST_PRICE)?
            };
            if quantity
                .checked_mul(price)
                .is_none_or(|money| money > MOST_MONEY)
            {
                return Err(bad_number("price", MOST_MONEY));
            }
            if kind == Kind::Buy {
                What::Buy {
                    quantity,
                    price,
                    fee,
                }
            } else {
                What::Sell {
                    quantity,
                    price,
                    fee,
                }
            }
        }
        Kind::Split => split(input)?,
        Kind::Dividend => What::Dividend(amount(input)?),
        Kind::Fee => What::Fee(amount(input)?),
        Kind::Deposit => What::Deposit(amount(input)?),
        Kind::Withdrawal => What::Withdrawal(amount(input)?),
    })
}

fn amount(input: &TransactionInput) -> Result<Decimal> {
    above_zero("amount", &input.amount, MOST_MONEY)
}

/// Parses the quantity of a trade.
///
/// # Errors
/// `bad-number` with the field `quantity`.
pub fn units(written: &str) -> Result<Decimal> {
    above_zero("quantity", written, MOST_UNITS)
}

/// Parses a price above zero.
///
/// # Errors
/// `bad-number` with that field.
pub fn price_above_zero(field: &'static str, written: &str) -> Result<Decimal> {
    above_zero(field, written, HIGHEST_PRICE)
}

fn above_zero(field: &'static str, written: &str, most: Decimal) -> Result<Decimal> {
    let read = from_zero(field, written, most)?;
    if read.is_zero() {
        return Err(bad_number(field, most));
    }
    Ok(read)
}

fn from_zero(field: &'static str, written: &str, most: Decimal) -> Result<Decimal> {
    figure(written)
        .filter(|read| !read.is_sign_negative() || read.is_zero())
        .filter(|read| *read <= most && read.scale() <= DIGITS)
        .ok_or_else(|| bad_number(field, most))
}

fn bad_number(field: &'static str, most: Decimal) -> Error {
    Error::bad_request(
        "bad-number",
        format!(
            "The {field} must be a number such as 1234.56, at most {most}, with at most {DIGITS} \
             decimals"
        ),
    )
    .with("field", field)
    .with("max", most)
    .with("digits", DIGITS)
}

/// Parses a split. One that changes nothing, such as 2:2, is an error of typing.
fn split(input: &TransactionInput) -> Result<What> {
    let (from, to) = (ratio("from", &input.from)?, ratio("to", &input.to)?);
    if from == to {
        return Err(Error::bad_request(
            "split-changes-nothing",
            "The split changes nothing: old and new shares must differ",
        )
        .with("field", "to"));
    }
    Ok(What::Split { from, to })
}

fn ratio(field: &'static str, written: &str) -> Result<u32> {
    let read = written.trim().parse::<u32>().ok();
    read.filter(|units| (1..=MOST_RATIO).contains(units))
        .ok_or_else(|| {
            Error::bad_request(
                "bad-ratio",
                format!("Invalid split: whole numbers from 1 to {MOST_RATIO}"),
            )
            .with("field", field)
            .with("max", MOST_RATIO)
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn today() -> NaiveDate {
        NaiveDate::from_ymd_opt(2024, 6, 30).unwrap()
    }

    fn trade() -> TransactionInput {
        TransactionInput {
            kind: "buy".into(),
            symbol: " $aapl.us ".into(),
            date: "2012-06-01".into(),
            quantity: "10".into(),
            price: "561,12".into(),
            ..TransactionInput::default()
        }
    }

    fn code(input: &TransactionInput) -> (String, String) {
        let error = check(input, today()).unwrap_err();
        let field = error.details.get("field").cloned().unwrap_or_default();
        (error.code.into_owned(), field)
    }

    #[test]
    fn the_bounds_are_what_they_say() {
        assert_eq!(MOST_UNITS.to_string(), "1000000000000");
        assert_eq!(HIGHEST_PRICE.to_string(), "10000000000");
        assert_eq!(MOST_MONEY.to_string(), "1000000000000000");
    }

    #[test]
    fn each_kind_asks_for_its_own() {
        let checked = check(&trade(), today()).unwrap();
        assert_eq!(checked.symbol.unwrap().as_str(), "AAPL");
        let What::Buy { price, fee, .. } = checked.what else {
            panic!("{:?}", checked.what)
        };
        assert_eq!((price.to_string(), fee), ("561.12".into(), Decimal::ZERO));
        let deposit = TransactionInput {
            kind: "DEPOSIT".into(),
            amount: "1.500,00".into(),
            ..trade()
        };
        let checked = check(&deposit, today()).unwrap();
        assert_eq!(checked.symbol, None);
        assert_eq!(checked.what, What::Deposit(1500.into()));
        let split = TransactionInput {
            kind: "SPLIT".into(),
            from: "1".into(),
            to: "7".into(),
            ..trade()
        };
        assert_eq!(
            check(&split, today()).unwrap().what,
            What::Split { from: 1, to: 7 }
        );
        let nothing = TransactionInput {
            from: "2".into(),
            to: "2".into(),
            ..split
        };
        assert_eq!(
            code(&nothing),
            ("split-changes-nothing".into(), "to".into())
        );
        let charge = TransactionInput {
            kind: "FEE".into(),
            symbol: String::new(),
            amount: "3".into(),
            ..trade()
        };
        assert_eq!(check(&charge, today()).unwrap().symbol, None);
    }

    #[test]
    fn all_spellings_are_one_symbol() {
        for (written, symbol) in [
            ("IBM.US", "IBM"),
            ("$fb", "META"),
            ("fb.us", "META"),
            ("sap.de", "SAP.DE"),
        ] {
            let input = TransactionInput {
                symbol: written.into(),
                ..trade()
            };
            let checked = check(&input, today()).unwrap();
            assert_eq!(checked.symbol.unwrap().as_str(), symbol);
        }
    }

    #[test]
    fn what_cannot_be_names_its_field() {
        let of = |change: fn(&mut TransactionInput)| {
            let mut input = trade();
            change(&mut input);
            code(&input)
        };
        let named = |code: &str, field: &str| (code.to_owned(), field.to_owned());
        assert_eq!(of(|d| d.kind = "SHORT".into()), named("bad-kind", "kind"));
        assert_eq!(of(|d| d.symbol.clear()), named("symbol-missing", "symbol"));
        assert_eq!(
            of(|d| d.symbol = "a b".into()),
            named("bad-symbol", "symbol")
        );
        assert_eq!(
            of(|d| d.date = "01/06/2012".into()),
            named("bad-date", "date")
        );
        assert_eq!(
            of(|d| d.date = "1899-12-31".into()),
            named("bad-date", "date")
        );
        assert_eq!(
            of(|d| d.date = "2024-07-02".into()),
            named("future-date", "date")
        );
        for bad in [
            "",
            "0",
            "-1",
            "NaN",
            "1,234",
            "1000000000001",
            "0.00000000001",
        ] {
            let input = TransactionInput {
                quantity: bad.into(),
                ..trade()
            };
            assert_eq!(code(&input), named("bad-number", "quantity"), "{bad}");
        }
        assert_eq!(
            of(|d| d.price = "-0.01".into()),
            named("bad-number", "price")
        );
        assert_eq!(of(|d| d.fee = "x".into()), named("bad-number", "fee"));
        assert_eq!(
            of(|d| {
                d.quantity = "1000000000".into();
                d.price = "1000001".into();
            }),
            named("bad-number", "price")
        );
        assert_eq!(
            of(|d| d.note = "x".repeat(501)),
            named("note-too-long", "note")
        );
        for bad in ["0", "", "10001", "1.5"] {
            let input = TransactionInput {
                kind: "SPLIT".into(),
                from: bad.into(),
                to: "1".into(),
                ..trade()
            };
            assert_eq!(code(&input), named("bad-ratio", "from"), "{bad}");
        }
        // Zero is a valid price, for shares received as a gift.
        assert!(
            check(
                &TransactionInput {
                    price: "0".into(),
                    ..trade()
                },
                today()
            )
            .is_ok()
        );
        assert!(
            check(
                &TransactionInput {
                    date: "2024-07-01".into(),
                    ..trade()
                },
                today()
            )
            .is_ok()
        );
    }

    proptest! {
        #[test]
        fn whatever_is_written_is_read_or_refused(
            kind in "BUY|SELL|SPLIT|FEE|x", symbol in ".{0,8}", date in ".{0,10}|2012-06-0[1-9]",
            figures in prop::collection::vec(".{0,8}|[0-9]{1,4}([.,][0-9]{1,3})?", 6), note in ".{0,20}",
        ) {
            let [quantity, price, fee, amount, from, to] = figures.try_into().unwrap();
            let input = TransactionInput { kind, symbol, date, quantity, price, fee, amount, from, to, note };
            if let Err(error) = check(&input, today()) {
                prop_assert!(error.details.contains_key("field"));
            }
        }
    }
}
