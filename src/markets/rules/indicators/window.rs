//! Sliding windows over the last bars: sums and extremes at the same cost for every period.

/// The last values, up to a fixed number.
#[derive(Clone, Debug)]
pub struct Window<T = f64> {
    /// Never grows, so that its address and length can stay in registers.
    values: Vec<T>,
    /// Index of the next value.
    at: usize,
    full: bool,
}

impl<T: Copy + Default> Window<T> {
    /// Creates an empty window. A length of zero counts as one.
    pub fn new(length: usize) -> Self {
        Self {
            values: vec![T::default(); length.max(1)],
            at: 0,
            full: false,
        }
    }

    /// Removes all values.
    pub fn clear(&mut self) {
        self.at = 0;
        self.full = false;
    }

    /// Adds a value; returns the one that drops out, once the window is full.
    #[inline(always)]
    pub fn push(&mut self, value: T) -> Option<T> {
        let place = self.values.get_mut(self.at)?;
        let out = std::mem::replace(place, value);
        let was_full = self.full;
        self.at += 1;
        if self.at == self.values.len() {
            self.at = 0;
            self.full = true;
        }
        was_full.then_some(out)
    }

    /// Returns the value that drops out with the next one.
    #[inline]
    pub fn next_out(&self) -> Option<T> {
        let out = self.values.get(self.at).copied()?;
        self.full.then_some(out)
    }

    #[inline]
    pub fn is_full(&self) -> bool {
        self.full
    }

    /// true if the next value starts a new round: the time to recompute running sums, so that
    /// rounding errors do not add up.
    #[inline]
    pub fn is_new_round(&self) -> bool {
        self.at == 0
    }

    /// Returns how many values it has when it is full.
    #[inline]
    pub fn length(&self) -> usize {
        self.values.len()
    }

    /// Returns the values, in no order.
    #[inline]
    pub fn values(&self) -> &[T] {
        let count = if self.full {
            self.values.len()
        } else {
            self.at
        };
        self.values.get(..count).unwrap_or_default()
    }

    /// Returns the values, oldest first.
    pub fn in_order(&self) -> impl Iterator<Item = T> + '_ {
        let values = self.values();
        let (newer, older) = values.split_at(self.at.min(values.len()));
        older.iter().chain(newer).copied()
    }
}

impl Window {
    #[inline]
    pub fn sum(&self) -> f64 {
        sum_of(self.values(), |value| value)
    }
}

impl Window<(f64, f64)> {
    /// Returns the sums of the first and of the second numbers.
    #[inline]
    pub fn sums(&self) -> (f64, f64) {
        let add = |sum: (f64, f64), one: &(f64, f64)| (sum.0 + one.0, sum.1 + one.1);
        self.values().iter().fold((0.0, 0.0), add)
    }
}

/// Returns the sum of `of` over the values. Four sums side by side do not wait for one another,
/// which is several times as fast as one.
#[inline]
pub fn sum_of(values: &[f64], of: impl Fn(f64) -> f64) -> f64 {
    let mut sums = [0.0; 4];
    let (fours, rest) = values.as_chunks::<4>();
    for four in fours {
        for (sum, value) in sums.iter_mut().zip(four) {
            *sum += of(*value);
        }
    }
    let [a, b, c, d] = sums;
    (a + b) + (c + d) + rest.iter().map(|value| of(*value)).sum::<f64>()
}

/// The highest of the last highs and the lowest of the last lows. Bars come in blocks as long as
/// the window, so the window is always the end of one block and the start of the next: when a block
/// is complete, the extremes of all its ends are computed once, and those of the start are updated
/// bar by bar. That takes three comparisons per value, whatever the length, and has no
/// unpredictable branch, unlike a queue of candidates.
#[derive(Clone, Debug)]
pub struct Range {
    /// High and negated low, so that greater is more extreme for both. Before `at`: bars of this
    /// block; from there: extremes of the ends of the previous one.
    values: Vec<[f64; 2]>,
    at: usize,
    /// Extremes of this block so far.
    extremes: [f64; 2],
    full: bool,
}

const NOTHING: [f64; 2] = [f64::NEG_INFINITY; 2];

#[inline(always)]
fn further([a, b]: [f64; 2], [c, d]: [f64; 2]) -> [f64; 2] {
    [if a > c { a } else { c }, if b > d { b } else { d }]
}

impl Range {
    /// Range over `length` bars. A length of zero counts as one.
    pub fn new(length: usize) -> Self {
        Self {
            values: vec![NOTHING; length.max(1)],
            at: 0,
            extremes: NOTHING,
            full: false,
        }
    }

    /// Adds a bar; returns the highest and the lowest, once there are enough bars.
    #[inline(always)]
    pub fn next(&mut self, high: f64, low: f64) -> Option<(f64, f64)> {
        let value = [high, -low];
        if let Some(place) = self.values.get_mut(self.at) {
            *place = value;
        }
        self.extremes = further(value, self.extremes);
        self.at += 1;
        if let Some(end) = self.values.get(self.at) {
            let [high, low] = further(self.extremes, *end);
            return self.full.then_some((high, -low));
        }
        let [high, low] = self.extremes;
        let mut end = NOTHING;
        for value in self.values.iter_mut().rev() {
            end = further(*value, end);
            *value = end;
        }
        self.at = 0;
        self.extremes = NOTHING;
        self.full = true;
        Some((high, -low))
    }
}
