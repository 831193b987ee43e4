//! Moving averages.

use super::window::Window;

/// Simple moving average (SMA): the mean of the last values.
#[derive(Clone, Debug)]
pub struct Sma {
    window: Window,
    sum: f64,
}

impl Sma {
    pub fn new(period: usize) -> Self {
        Self {
            window: Window::new(period),
            sum: 0.0,
        }
    }

    /// Adds the next value.
    #[inline(always)]
    pub fn next(&mut self, value: f64) -> Option<f64> {
        let out = self.window.push(value);
        self.sum += value - out.unwrap_or(0.0);
        if self.window.is_new_round() {
            self.sum = self.window.sum();
        }
        self.window
            .is_full()
            .then(|| self.sum / self.window.length() as f64)
    }

    /// Forgets all values.
    pub fn clear(&mut self) {
        self.window.clear();
        self.sum = 0.0;
    }
}

/// Weighted moving average (WMA): the newest value has the greatest weight, which falls by one
/// each.
#[derive(Clone, Debug)]
pub struct Wma {
    window: Window,
    sum: f64,
    weighted: f64,
}

impl Wma {
    pub fn new(period: usize) -> Self {
        Self {
            window: Window::new(period),
            sum: 0.0,
            weighted: 0.0,
        }
    }

    /// Adds the next value.
    #[inline(always)]
    pub fn next(&mut self, value: f64) -> Option<f64> {
        let length = self.window.length() as f64;
        let out = self.window.push(value);
        if self.window.is_new_round() {
            let weighed = self.window.in_order().zip(1_u32..);
            self.weighted = weighed
                .map(|(value, weight)| value * f64::from(weight))
                .sum();
            self.sum = self.window.sum();
        } else if let Some(out) = out {
            self.weighted += length * value - self.sum;
            self.sum += value - out;
        }
        self.window
            .is_full()
            .then(|| self.weighted / (length * (length + 1.0) / 2.0))
    }
}

/// Average in which each value replaces a fixed share of it; it starts with the mean of the first
/// values.
#[derive(Clone, Debug)]
struct Forgetting {
    period: usize,
    share: f64,
    kept: f64,
    count: usize,
    value: f64,
}

impl Forgetting {
    fn new(period: usize, share: f64) -> Self {
        Self {
            period: period.max(1),
            share,
            kept: 1.0 - share,
            count: 0,
            value: 0.0,
        }
    }

    #[inline(always)]
    fn next(&mut self, value: f64) -> Option<f64> {
        if self.count < self.period {
            self.count += 1;
            self.value += value;
            if self.count < self.period {
                return None;
            }
            self.value /= self.period as f64;
        } else {
            // Each step waits for the one before, so it does as little as possible.
            self.value = self.value * self.kept + self.share * value;
        }
        Some(self.value)
    }
}

/// Exponential moving average (EMA) with a = 2 / (n + 1), started with the mean of the first n
/// values.
#[derive(Clone, Debug)]
pub struct Ema(Forgetting);

impl Ema {
    pub fn new(period: usize) -> Self {
        Self(Forgetting::new(period, 2.0 / (period.max(1) as f64 + 1.0)))
    }

    /// Adds the next value.
    #[inline(always)]
    pub fn next(&mut self, value: f64) -> Option<f64> {
        self.0.next(value)
    }
}

/// Wilder's moving average (RMA): a = 1 / n, started with the mean of the first n values.
#[derive(Clone, Debug)]
pub struct Wilder(Forgetting);

impl Wilder {
    pub fn new(period: usize) -> Self {
        Self(Forgetting::new(period, 1.0 / period.max(1) as f64))
    }

    /// Adds the next value.
    #[inline(always)]
    pub fn next(&mut self, value: f64) -> Option<f64> {
        self.0.next(value)
    }
}

/// Kaufman's adaptive moving average (KAMA): fast in a trend, slow where the price wavers.
#[derive(Clone, Debug)]
pub struct Kama {
    closes: Window,
    changes: Window,
    /// Sum of absolute changes.
    way: f64,
    before: Option<f64>,
    value: Option<f64>,
}

impl Kama {
    /// Over `period` values; between an exponential average of 2 and one of 30.
    pub fn new(period: usize) -> Self {
        Self {
            closes: Window::new(period),
            changes: Window::new(period),
            way: 0.0,
            before: None,
            value: None,
        }
    }

    /// Adds the next value.
    #[inline(always)]
    pub fn next(&mut self, value: f64) -> Option<f64> {
        const FAST: f64 = 2.0 / 3.0;
        const SLOW: f64 = 2.0 / 31.0;
        let first = self.closes.push(value);
        let before = self.before.replace(value)?;
        let change = (value - before).abs();
        let out = self.changes.push(change);
        self.way += change - out.unwrap_or(0.0);
        if self.changes.is_new_round() {
            self.way = self.changes.sum();
        }
        let straight = (value - first?).abs();
        // Efficiency is 1 where nothing moved.
        let efficiency = if straight < self.way {
            straight / self.way
        } else {
            1.0
        };
        let share = (efficiency * (FAST - SLOW) + SLOW).powi(2);
        let kama = self.value.unwrap_or(before);
        self.value = Some(kama + share * (value - kama));
        self.value
    }
}
