//! What the last bars hold: sums and extremes that cost the same for every period.

use std::collections::VecDeque;

/// The last values, so many of them.
#[derive(Clone, Debug)]
pub struct Window {
    values: Vec<f64>,
    length: usize,
    /// Where the next value goes.
    at: usize,
}

impl Window {
    /// An empty window. A length of zero counts as one.
    #[must_use]
    pub fn new(length: usize) -> Self {
        let length = length.max(1);
        Self {
            values: Vec::with_capacity(length),
            length,
            at: 0,
        }
    }

    /// Takes a value in; answers the one that falls out, once the window is full.
    pub fn push(&mut self, value: f64) -> Option<f64> {
        let out = if let Some(place) = self.values.get_mut(self.at) {
            Some(std::mem::replace(place, value))
        } else {
            self.values.push(value);
            None
        };
        self.at = if self.at + 1 == self.length {
            0
        } else {
            self.at + 1
        };
        out
    }

    /// Are there as many values as it holds?
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.values.len() == self.length
    }

    /// Is the next value the first of another round? A good moment to compute anew what is carried
    /// from value to value, so that errors of rounding do not add up.
    #[must_use]
    pub fn is_new_round(&self) -> bool {
        self.at == 0
    }

    /// How many values it holds when it is full.
    #[must_use]
    pub fn length(&self) -> usize {
        self.length
    }

    /// The values, in no order.
    #[must_use]
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// The values, oldest first.
    pub fn in_order(&self) -> impl Iterator<Item = f64> + '_ {
        let (newer, older) = self.values.split_at(self.at.min(self.values.len()));
        older.iter().chain(newer).copied()
    }
}

/// The highest or the lowest of the last values: a queue in which each value is better than those
/// before it (the monotonic queue).
#[derive(Clone, Debug)]
pub struct Extreme {
    queue: VecDeque<(usize, f64)>,
    length: usize,
    count: usize,
    highest: bool,
}

impl Extreme {
    /// The highest of the last `length` values.
    #[must_use]
    pub fn highest(length: usize) -> Self {
        Self::new(length, true)
    }

    /// The lowest of the last `length` values.
    #[must_use]
    pub fn lowest(length: usize) -> Self {
        Self::new(length, false)
    }

    fn new(length: usize, highest: bool) -> Self {
        let length = length.max(1);
        Self {
            queue: VecDeque::new(),
            length,
            count: 0,
            highest,
        }
    }

    /// Takes a value in; the extreme, once there are enough values.
    pub fn next(&mut self, value: f64) -> Option<f64> {
        let at = self.count;
        self.count += 1;
        while let Some((_, last)) = self.queue.back()
            && (if self.highest {
                *last <= value
            } else {
                *last >= value
            })
        {
            self.queue.pop_back();
        }
        self.queue.push_back((at, value));
        while let Some((first, _)) = self.queue.front()
            && first + self.length <= at
        {
            self.queue.pop_front();
        }
        let (_, extreme) = self.queue.front()?;
        (self.count >= self.length).then_some(*extreme)
    }
}
