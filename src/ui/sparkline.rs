//! Sparkline: a small price chart beside a number.

use leptos::prelude::*;
use std::fmt::Write;

/// Size in CSS pixels.
const WIDE: f64 = 64.0;
const HIGH: f64 = 20.0;
/// Distance from the edge, so that the line is not cut off.
const MARGIN: f64 = 2.0;

/// A line through points at equal distances; nothing for fewer than two points. The server and the
/// browser draw it alike.
#[component]
pub fn Sparkline(
    /// The points, oldest first. Skips values that are not finite.
    points: Vec<f64>,
    /// Description for screen readers.
    #[prop(into)]
    label: String,
) -> impl IntoView {
    let points: Vec<_> = points
        .into_iter()
        .filter(|point| point.is_finite())
        .collect();
    let class = match points.first().zip(points.last()) {
        Some((first, last)) if last > first => "sparkline up",
        Some((first, last)) if last < first => "sparkline down",
        _ => "sparkline flat",
    };
    let drawn = path(&points);
    (!drawn.is_empty()).then(|| {
        view! {
            <svg
                class=class
                width="64"
                height="20"
                viewBox="0 0 64 20"
                role="img"
                aria-label=label
            >
                <path d=drawn></path>
            </svg>
        }
    })
}

/// The line as an SVG path; empty for fewer than two points.
fn path(points: &[f64]) -> String {
    if points.len() < 2 {
        return String::new();
    }
    let low = points.iter().copied().fold(f64::INFINITY, f64::min);
    let high = points.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let range = high - low;
    let step = (WIDE - 2.0 * MARGIN) / (points.len() - 1) as f64;
    let mut text = String::new();
    for (at, point) in points.iter().enumerate() {
        // A constant line runs through the middle.
        let part = if range > 0.0 {
            (point - low) / range
        } else {
            0.5
        };
        let (x, y) = (
            MARGIN + step * at as f64,
            HIGH - MARGIN - part * (HIGH - 2.0 * MARGIN),
        );
        let command = if at == 0 { 'M' } else { 'L' };
        // Writing to a string does not fail.
        let _ = write!(text, "{command}{x:.1} {y:.1}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_line_from_edge_to_edge() {
        assert_eq!(path(&[1.0, 3.0, 2.0]), "M2.0 18.0L32.0 2.0L62.0 10.0");
        assert_eq!(path(&[5.0, 5.0]), "M2.0 10.0L62.0 10.0");
        assert_eq!(path(&[5.0]), "");
        assert_eq!(path(&[]), "");
    }

    #[test]
    fn it_says_what_it_shows() {
        let html =
            |points: Vec<f64>| view! { <Sparkline points=points label="closes" /> }.to_html();
        let up = html(vec![1.0, f64::NAN, 2.0]);
        assert!(
            up.contains("aria-label=\"closes\"") && up.contains("sparkline up"),
            "{up}"
        );
        assert!(html(vec![2.0, 1.0]).contains("sparkline down"));
        assert!(!html(vec![2.0, f64::INFINITY]).contains("svg"));
    }

    proptest! {
        #[test]
        fn it_stays_within_its_size(points in prop::collection::vec(-1e300_f64..1e300, 2..60)) {
            let drawn = path(&points);
            for pair in drawn.split(['M', 'L']).skip(1) {
                let (x, y) = pair.split_once(' ').unwrap();
                let (x, y): (f64, f64) = (x.parse().unwrap(), y.parse().unwrap());
                prop_assert!((0.0..=WIDE).contains(&x) && (0.0..=HIGH).contains(&y), "{}", drawn);
            }
        }
    }
}
