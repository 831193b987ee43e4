//! What the last bars hold: sums and extremes that cost the same for every period.

/// The last values, so many of them.
#[derive(Clone, Debug)]
pub struct Window {
    /// Never grows: what cannot be given away while it runs stays in registers.
    values: Vec<f64>,
    /// Where the next value goes.
    at: usize,
    full: bool,
}

impl Window {
    /// An empty window. A length of zero counts as one.
    #[must_use]
    pub fn new(length: usize) -> Self {
        Self {
            values: vec![0.0; length.max(1)],
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
    pub fn push(&mut self, value: f64) -> Option<f64> {
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
    #[must_use]
    pub fn next_out(&self) -> Option<f64> {
        let out = self.values.get(self.at).copied()?;
        self.full.then_some(out)
    }

    /// Are there as many values as it holds?
    #[inline]
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.full
    }

    /// Is the next value the first of another round? A good moment to compute anew what is carried
    /// from value to value, so that errors of rounding do not add up.
    #[inline]
    #[must_use]
    pub fn is_new_round(&self) -> bool {
        self.at == 0
    }

    /// How many values it holds when it is full.
    #[inline]
    #[must_use]
    pub fn length(&self) -> usize {
        self.values.len()
    }

    /// The values, in no order.
    #[inline]
    #[must_use]
    pub fn values(&self) -> &[f64] {
        let count = if self.full {
            self.values.len()
        } else {
            self.at
        };
        self.values.get(..count).unwrap_or_default()
    }

    /// What all values come to.
    #[inline]
    #[must_use]
    pub fn sum(&self) -> f64 {
        sum_of(self.values(), |value| value)
    }

    /// The values, oldest first.
    pub fn in_order(&self) -> impl Iterator<Item = f64> + '_ {
        let values = self.values();
        let (newer, older) = values.split_at(self.at.min(values.len()));
        older.iter().chain(newer).copied()
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

/// The highest of the last values.
pub type Highest = Extreme<true>;
/// The lowest of the last values.
pub type Lowest = Extreme<false>;

/// The highest or the lowest of the last values. They come in blocks as long as the window, which
/// therefore always is the end of one block and the beginning of the next: when a block is complete,
/// the extremes of all its ends are written down once, and the extreme of the beginning is carried
/// along. That takes three comparisons for a value, whatever the length, and no guess of the
/// processor goes wrong, as with a queue of candidates.
#[derive(Clone, Debug)]
pub struct Extreme<const HIGHEST: bool> {
    /// Up to `at` values of this block, from there the extremes of the ends of the one before.
    values: Vec<f64>,
    at: usize,
    /// Of this block so far.
    extreme: f64,
    full: bool,
}

impl<const HIGHEST: bool> Extreme<HIGHEST> {
    const NOTHING: f64 = if HIGHEST {
        f64::NEG_INFINITY
    } else {
        f64::INFINITY
    };

    /// Of so many values. A length of zero counts as one.
    #[must_use]
    pub fn new(length: usize) -> Self {
        Self {
            values: vec![Self::NOTHING; length.max(1)],
            at: 0,
            extreme: Self::NOTHING,
            full: false,
        }
    }

    #[inline]
    fn better(a: f64, b: f64) -> f64 {
        if (a > b) == HIGHEST { a } else { b }
    }

    /// Takes a value in; the extreme, once there are enough values.
    #[inline(always)]
    pub fn next(&mut self, value: f64) -> Option<f64> {
        if let Some(place) = self.values.get_mut(self.at) {
            *place = value;
        }
        self.extreme = Self::better(value, self.extreme);
        self.at += 1;
        if let Some(end) = self.values.get(self.at) {
            return self.full.then(|| Self::better(self.extreme, *end));
        }
        let whole = self.extreme;
        let mut end = Self::NOTHING;
        for value in self.values.iter_mut().rev() {
            end = Self::better(*value, end);
            *value = end;
        }
        self.at = 0;
        self.extreme = Self::NOTHING;
        self.full = true;
        Some(whole)
    }
}
