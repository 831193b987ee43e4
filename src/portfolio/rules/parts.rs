//! The return of a day, time-weighted: each flow of money divides it, and the parts are linked.

use super::moves::Moved;
use chrono::NaiveDate;

/// Amounts of money below this count as zero.
pub const HALF_A_CENT: f64 = 0.005;

/// Money that moved on a day; all are positive but `kept`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Money {
    pub deposits: f64,
    pub withdrawals: f64,
    pub dividends: f64,
    pub fees: f64,
    /// Change of the cash.
    pub kept: f64,
}

impl Money {
    pub fn take(&mut self, what: Moved) {
        let money = what.cash();
        self.kept += money;
        match what {
            Moved::Outside(_) if money > 0.0 => self.deposits += money,
            Moved::Outside(_) => self.withdrawals -= money,
            Moved::Inside(_) if money > 0.0 => self.dividends += money,
            Moved::Inside(_) => self.fees -= money,
            Moved::Units { .. } | Moved::Split { .. } => {}
        }
    }
}

/// A trade on one of the days of a history.
#[derive(Clone, Copy, Debug)]
pub struct Trade {
    /// Index of the day.
    pub day: usize,
    pub date: NaiveDate,
    /// How much the value of the shares held before changes by the price of the trade.
    pub mark: f64,
    /// Value of the shares bought; negative: sold.
    pub worth: f64,
    /// Change of cash.
    pub cash: f64,
}

/// A day in parts: each flow ends one and begins the next.
pub struct Parts {
    /// Value now.
    value: f64,
    /// Value at the start of the part.
    start: f64,
    /// Product of the parts that ended. None: nothing was held in any of them.
    pub growth: Option<f64>,
}

impl Parts {
    /// A day that begins with this value.
    pub fn of(value: f64) -> Self {
        Self {
            value,
            start: value,
            growth: None,
        }
    }

    fn end(&mut self) {
        if self.start > HALF_A_CENT {
            let grown = (self.value / self.start).max(0.0);
            self.growth = Some(self.growth.unwrap_or(1.0) * grown);
        }
    }

    /// An external flow; negative: out.
    fn flow(&mut self, money: f64) {
        if money != 0.0 {
            self.end();
            self.value += money;
            self.start = self.value;
        }
    }

    /// The end of the day, with this value before the last flows out.
    fn close(&mut self, value: f64) {
        self.value = value;
        self.end();
    }

    /// A day of a portfolio without cash: each trade is an external flow, dividends go out at its
    /// end, and money for fees comes in before. `end` is its value at the end of the day.
    pub fn without_cash(&mut self, end: f64, moved: Money, trades: impl Iterator<Item = Trade>) {
        let value = end + moved.dividends;
        let mut held = self.value > HALF_A_CENT || value > HALF_A_CENT;
        for trade in trades {
            held = true;
            self.value += trade.mark;
            self.flow((-trade.cash).max(0.0));
            self.value += trade.worth + trade.cash;
            self.flow((-trade.cash).min(0.0));
        }
        // A fee alone is not a loss of 100%.
        if held {
            self.flow(moved.fees);
            self.close(value);
        }
    }

    /// A day of a portfolio with cash: deposits come in at its start, withdrawals go out at its end.
    /// A shortfall is filled when a trade needs it. `purse` is the cash at the start, `more` the
    /// change of the shortfall.
    pub fn with_cash(
        &mut self,
        end: f64,
        moved: Money,
        trades: impl Iterator<Item = Trade>,
        (mut purse, more): (f64, f64),
    ) {
        let (mut needed, repaid) = (more.max(0.0), (-more).max(0.0));
        // Money that comes in and goes out on the same day does neither.
        let deposits = (moved.deposits - repaid).max(0.0);
        let repaid = (repaid - moved.deposits).max(0.0);
        let withdrawals = (moved.withdrawals - needed).max(0.0);
        needed = (needed - moved.withdrawals).max(0.0);
        self.flow(deposits);
        purse += deposits;
        for trade in trades {
            self.value += trade.mark;
            let short = (-(purse + trade.cash)).clamp(0.0, needed);
            self.flow(short);
            needed -= short;
            purse += short + trade.cash;
            self.value += trade.worth + trade.cash;
        }
        self.flow(needed);
        self.close(end + withdrawals + repaid);
    }
}
