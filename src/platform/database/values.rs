//! Values that are stored as text, so that both databases keep them exactly and compare them alike.

use chrono::{NaiveDateTime, ParseError};
use rust_decimal::Decimal;
use sea_orm::DeriveValueType;
use std::{fmt, str::FromStr};

/// An exact number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, DeriveValueType)]
#[sea_orm(value_type = "String")]
pub struct Exact(pub Decimal);

impl fmt::Display for Exact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Exact {
    type Err = rust_decimal::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

impl From<Exact> for Decimal {
    fn from(exact: Exact) -> Self {
        exact.0
    }
}

/// A time in a market's time zone, to the second; the texts sort by time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, DeriveValueType)]
#[sea_orm(value_type = "String")]
pub struct LocalTime(pub NaiveDateTime);

const LOCAL: &str = "%Y-%m-%dT%H:%M:%S";

impl fmt::Display for LocalTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.format(LOCAL).fmt(f)
    }
}

impl FromStr for LocalTime {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        NaiveDateTime::parse_from_str(text, LOCAL).map(Self)
    }
}

impl From<LocalTime> for NaiveDateTime {
    fn from(time: LocalTime) -> Self {
        time.0
    }
}
