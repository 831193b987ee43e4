//! Treemap layout: rectangles whose areas are proportional to weights.
//!
//! Squarified, after Bruls, Huizing and van Wijk, "Squarified Treemaps" (2000): the weights are
//! placed, largest first, in rows along the shorter side of the remaining area. A weight joins the
//! row while that improves the worst aspect ratio of the row; otherwise the row is placed and the
//! next one begins in the remaining area.

/// A rectangle by its corner, width and height.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rect {
    /// Distance from the left.
    pub x: f64,
    /// Distance from the top.
    pub y: f64,
    pub width: f64,
    pub height: f64,
}

impl Rect {
    pub const fn area(&self) -> f64 {
        self.width * self.height
    }
}

/// Returns a rectangle per weight, in the order of the weights. Areas are proportional to the
/// weights, and together they fill `whole`. `None`: the weight is not a finite number above zero.
pub fn squarified(weights: &[f64], whole: Rect) -> Vec<Option<Rect>> {
    let mut rects = vec![None; weights.len()];
    let mut parts: Vec<(usize, f64)> = weights
        .iter()
        .copied()
        .enumerate()
        .filter(|(_, weight)| weight.is_finite() && *weight > 0.0)
        .collect();
    // A stable sort: equal weights keep their order.
    parts.sort_by(|(_, one), (_, other)| other.total_cmp(one));
    let sum: f64 = parts.iter().map(|(_, weight)| weight).sum();
    if !(sum.is_finite() && whole.area().is_finite() && whole.area() > 0.0) {
        return rects;
    }
    let scale = whole.area() / sum;
    for (_, weight) in &mut parts {
        *weight *= scale;
    }
    let mut left = whole;
    let mut rest = parts.as_slice();
    while !rest.is_empty() {
        let count = row(rest, left.width.min(left.height));
        let (row, after) = rest.split_at(count);
        left = lay(row, left, after.is_empty(), &mut rects);
        rest = after;
    }
    rects
}

/// Returns how many weights the next row contains.
fn row(parts: &[(usize, f64)], side: f64) -> usize {
    let (mut sum, mut worst, mut largest) = (0.0, f64::INFINITY, 0.0_f64);
    for (count, (_, area)) in parts.iter().enumerate() {
        sum += area;
        largest = largest.max(*area);
        // Areas are sorted, so the smallest is the last one. The worst aspect ratio of a row is
        // that of its largest or its smallest rectangle.
        let now = (side * side * largest / (sum * sum)).max(sum * sum / (side * side * area));
        if now > worst {
            return count;
        }
        worst = now;
    }
    parts.len()
}

/// Places a row along the shorter side; returns the remaining area.
fn lay(row: &[(usize, f64)], left: Rect, last: bool, rects: &mut [Option<Rect>]) -> Rect {
    let sum: f64 = row.iter().map(|(_, area)| area).sum();
    let upright = left.height <= left.width;
    let side = if upright { left.height } else { left.width };
    let across = if upright { left.width } else { left.height };
    // The last rectangle fills the rest, so rounding leaves no gap.
    let depth = if last {
        across
    } else {
        (sum / side).min(across)
    };
    let mut at = 0.0;
    for (place, (index, area)) in row.iter().enumerate() {
        let long = if place + 1 == row.len() {
            side - at
        } else {
            (side * area / sum).min(side - at)
        };
        let rect = if upright {
            Rect {
                x: left.x,
                y: left.y + at,
                width: depth,
                height: long,
            }
        } else {
            Rect {
                x: left.x + at,
                y: left.y,
                width: long,
                height: depth,
            }
        };
        at += long;
        if let Some(slot) = rects.get_mut(*index) {
            *slot = Some(rect);
        }
    }
    if upright {
        Rect {
            x: left.x + depth,
            width: left.width - depth,
            ..left
        }
    } else {
        Rect {
            y: left.y + depth,
            height: left.height - depth,
            ..left
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const WHOLE: Rect = Rect {
        x: 0.0,
        y: 0.0,
        width: 6.0,
        height: 4.0,
    };

    /// Example from the paper: 6, 6, 4, 3, 2, 2 and 1 in 6 by 4.
    #[test]
    fn the_example_of_the_paper() {
        let rects = squarified(&[6.0, 6.0, 4.0, 3.0, 2.0, 2.0, 1.0], WHOLE);
        let rects: Vec<Rect> = rects.into_iter().map(Option::unwrap).collect();
        let near = |rect: Rect, [x, y, width, height]: [f64; 4]| {
            let off = [
                rect.x - x,
                rect.y - y,
                rect.width - width,
                rect.height - height,
            ];
            assert!(off.iter().all(|off| off.abs() < 1e-9), "{rect:?}");
        };
        near(rects[0], [0.0, 0.0, 3.0, 2.0]);
        near(rects[1], [0.0, 2.0, 3.0, 2.0]);
        near(rects[2], [3.0, 0.0, 12.0 / 7.0, 7.0 / 3.0]);
        near(rects[3], [3.0 + 12.0 / 7.0, 0.0, 9.0 / 7.0, 7.0 / 3.0]);
        near(rects[4], [3.0, 7.0 / 3.0, 1.2, 5.0 / 3.0]);
    }

    #[test]
    fn what_weighs_nothing_has_no_place() {
        let rects = squarified(&[0.0, 1.0, -1.0, f64::NAN, f64::INFINITY], WHOLE);
        assert_eq!(rects, [None, Some(WHOLE), None, None, None]);
        assert_eq!(squarified(&[], WHOLE), []);
        assert_eq!(squarified(&[1.0], Rect::default()), [None]);
    }

    proptest! {
        #[test]
        fn parts_fill_the_whole_by_their_weights_without_overlap(
            weights in prop::collection::vec(prop_oneof![Just(0.0), 0.001_f64..1000.0, 1e-6_f64..1e6], 1..60),
            width in 1.0_f64..2000.0, height in 1.0_f64..2000.0,
        ) {
            let whole = Rect { x: 3.0, y: -2.0, width, height };
            let rects = squarified(&weights, whole);
            let sum: f64 = weights.iter().sum();
            let close = 1e-9 * whole.area();
            for (weight, rect) in weights.iter().zip(&rects) {
                prop_assert_eq!(rect.is_some(), *weight > 0.0);
                let Some(rect) = rect else { continue };
                // The area is proportional to the weight.
                prop_assert!((rect.area() - weight / sum * whole.area()).abs() <= close, "{:?} of {}", rect, weight);
                // The rectangle is inside the whole.
                let edge = 1e-9 * (width + height);
                prop_assert!(rect.width >= 0.0 && rect.height >= 0.0);
                prop_assert!(rect.x >= whole.x - edge && rect.y >= whole.y - edge);
                prop_assert!(rect.x + rect.width <= whole.x + width + edge);
                prop_assert!(rect.y + rect.height <= whole.y + height + edge);
            }
            // The areas add up to the whole and no rectangles overlap, so they tile it.
            let there: Vec<Rect> = rects.into_iter().flatten().collect();
            let all: f64 = there.iter().map(Rect::area).sum();
            if !there.is_empty() {
                prop_assert!((all - whole.area()).abs() <= 1e-6 * whole.area());
            }
            for (place, one) in there.iter().enumerate() {
                for other in &there[place + 1..] {
                    let wide = (one.x + one.width).min(other.x + other.width) - one.x.max(other.x);
                    let high = (one.y + one.height).min(other.y + other.height) - one.y.max(other.y);
                    prop_assert!(wide.max(0.0) * high.max(0.0) <= close, "{:?} over {:?}", one, other);
                }
            }
        }
    }
}
