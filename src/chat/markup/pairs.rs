//! Which brackets of a paragraph belong together, found in one pass: a search from each of them would
//! take as many steps as the square of their number.

use std::cell::Cell;

/// The ends of what brackets enclose, by the place of the opening one.
#[derive(Default)]
pub(super) struct Pairs {
    /// Of `[`; a backslash makes the sign after it text.
    square: Vec<Option<usize>>,
    /// Of `(`.
    round: Vec<Option<usize>>,
    /// Where `](` stands, in order.
    joints: Vec<usize>,
    /// Where spaces stand, in order.
    spaces: Vec<usize>,
    /// The last answer of [`Self::once`], with its place.
    last: Cell<Option<(usize, Option<usize>)>>,
}

impl Pairs {
    /// Those of a text; none when it can have no link.
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

    /// Where the `]` of a `[` stands.
    pub(super) fn square(&self, open: usize) -> Option<usize> {
        self.square.get(open).copied().flatten()
    }

    /// Where the `)` of a `(` stands.
    pub(super) fn round(&self, open: usize) -> Option<usize> {
        self.round.get(open).copied().flatten()
    }

    /// Does something in between look like the middle of a link?
    pub(super) fn has_joint(&self, from: usize, to: usize) -> bool {
        next(&self.joints, from).is_some_and(|at| at + 2 <= to)
    }

    /// Where the first space from here stands.
    pub(super) fn space(&self, from: usize) -> Option<usize> {
        next(&self.spaces, from)
    }

    /// What was found last for the same place: the ends of many addresses are one.
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
