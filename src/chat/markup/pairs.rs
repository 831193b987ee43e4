//! Matches the brackets of a paragraph in one pass. A search from each bracket would take quadratic
//! time.

use std::cell::Cell;

/// Positions of closing brackets, by the position of the opening bracket.
#[derive(Default)]
pub(super) struct Pairs {
    /// Of `[`; a backslash escapes the next character.
    square: Vec<Option<usize>>,
    /// Of `(`.
    round: Vec<Option<usize>>,
    /// Positions of `](`, in order.
    joints: Vec<usize>,
    /// Positions of spaces, in order.
    spaces: Vec<usize>,
    /// Last result of [`Self::once`], with its position.
    last: Cell<Option<(usize, Option<usize>)>>,
}

impl Pairs {
    /// Finds the brackets of a text; empty if it cannot contain a link.
    pub(super) fn of(text: &str) -> Self {
        let mut pairs = Self::default();
        if !text.contains("](") {
            return pairs;
        }
        pairs.square = vec![None; text.len()];
        pairs.round = vec![None; text.len()];
        let (mut square, mut round) = (Vec::new(), Vec::new());
        let (mut escaped, mut before) = (false, ' ');
        for (at, sign) in text.char_indices() {
            match sign {
                '[' if !escaped => square.push(at),
                ']' if !escaped => close(&mut pairs.square, square.pop(), at),
                '(' => round.push(at),
                ')' => close(&mut pairs.round, round.pop(), at),
                _ if sign.is_whitespace() => pairs.spaces.push(at),
                _ => {}
            }
            if before == ']' && sign == '(' {
                pairs.joints.push(at - 1);
            }
            escaped = sign == '\\' && !escaped;
            before = sign;
        }
        pairs
    }

    /// Returns the position of the `]` for a `[`.
    pub(super) fn square(&self, open: usize) -> Option<usize> {
        self.square.get(open).copied().flatten()
    }

    /// Returns the position of the `)` for a `(`.
    pub(super) fn round(&self, open: usize) -> Option<usize> {
        self.round.get(open).copied().flatten()
    }

    /// true if a `](` lies in between.
    pub(super) fn has_joint(&self, from: usize, to: usize) -> bool {
        next(&self.joints, from).is_some_and(|at| at + 2 <= to)
    }

    /// Returns the position of the first space from here.
    pub(super) fn space(&self, from: usize) -> Option<usize> {
        next(&self.spaces, from)
    }

    /// Caches the last result for a position, because many addresses have the same end.
    pub(super) fn once(&self, place: usize, find: impl FnOnce() -> Option<usize>) -> Option<usize> {
        match self.last.get() {
            Some((known, found)) if known == place => found,
            _ => {
                let found = find();
                self.last.set(Some((place, found)));
                found
            }
        }
    }
}

fn next(places: &[usize], from: usize) -> Option<usize> {
    let next = places.partition_point(|at| *at < from);
    places.get(next).copied()
}

fn close(ends: &mut [Option<usize>], open: Option<usize>, at: usize) {
    if let Some(end) = open.and_then(|open| ends.get_mut(open)) {
        *end = Some(at);
    }
}
