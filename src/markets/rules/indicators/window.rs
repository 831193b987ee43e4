//! What the last bars hold: sums and extremes that cost the same for every period.

/// The last values, so many of them.
#[derive(Clone, Debug)]
pub struct Window<T = f64> {
    /// Never grows: what cannot be given away while it runs stays in registers.
    values: Vec<T>,
    /// Where the next value goes.
    at: usize,
    full: bool,
}

impl<T: Copy + Default> Window<T> {
    /// An empty window. A length of zero counts as one.
    pub fn new(length: usize) -> Self {
        Self {
            values: vec![T::default(); length.max(1)],
            at: 0,
            full: false,
        }
    }

    /// Forgets all values.
    pub fn clear(&mut self) {
        self.at = 0;
        self.full = false;
    }

    /// Takes a value in; answers the one that falls out, once the window is full.
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

    /// The value that falls out with the next one.
    #[inline]
    pub fn next_out(&self) -> Option<T> {
        let out = self.values.get(self.at).copied()?;
        self.full.then_some(out)
    }

    /// Are there as many values as it holds?
    #[inline]
    pub fn is_full(&self) -> bool {
        self.full
    }

    /// Is the next value the first of another round? A good moment to compute anew what is carried
    /// from value to value, so that errors of rounding do not add up.
    #[inline]
    pub fn is_new_round(&self) -> bool {
        self.at == 0
    }

    /// How many values it holds when it is full.
    #[inline]
    pub fn length(&self) -> usize {
        self.values.len()
    }

    /// The values, in no order.
    #[inline]
    pub fn values(&self) -> &[T] {
        let count = if self.full {
            self.values.len()
        } else {
            self.at
        };
        self.values.get(..count).unwrap_or_default()
    }

    /// The values, oldest first.
    pub fn in_order(&self) -> impl Iterator<Item = T> + '_ {
        let values = self.values();
        let (newer, older) = values.split_at(self.at.min(values.len()));
        older.iter().chain(newer).copied()
    }
}

impl Window {
    /// What all values come to.
    #[inline]
    pub fn sum(&self) -> f64 {
        sum_of(self.values(), |value| value)
    }
}

impl Window<(f64, f64)> {
    /// What the first and the second of each come to.
    #[inline]
    pub fn sums(&self) -> (f64, f64) {
        let add = |sum: (f64, f64), one: &(f64, f64)| (sum.0 + one.0, sum.1 + one.1);
        self.values().iter().fold((0.0, 0.0), add)
    }
}

/// The sum of something of each value. Four sums side by side do not wait for one another, which is
/// several times as fast as one.
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

/// The highest of the last highs and the lowest of the last lows. Bars come in blocks as long as the
/// window, which therefore always is the end of one block and the beginning of the next: when a block
/// is complete, the extremes of all its ends are written down once, and those of the beginning are
/// carried along. That takes three comparisons for a value, whatever the length, and no guess of the
/// processor goes wrong, as with a queue of candidates.
#[derive(Clone, Debug)]
pub struct Range {
    /// High and low turned over, so that the greater is further for both. Up to `at` bars of this
    /// block, from there the extremes of the ends of the one before.
    values: Vec<[f64; 2]>,
    at: usize,
    /// Of this block so far.
    extremes: [f64; 2],
    full: bool,
}

const NOTHING: [f64; 2] = [f64::NEG_INFINITY; 2];

#[inline(always)]
fn further([a, b]: [f64; 2], [c, d]: [f64; 2]) -> [f64; 2] {
    [if a > c { a } else { c }, if b > d { b } else { d }]
}

impl Range {
    /// Of so many bars. A length of zero counts as one.
    pub fn new(length: usize) -> Self {
        Self {
            values: vec![NOTHING; length.max(1)],
            at: 0,
            extremes: NOTHING,
            full: false,
        }
    }

    /// Takes a bar in; the highest and the lowest, once there are enough bars.
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
