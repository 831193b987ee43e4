//! Heights of values on the price axis, and which of them get a label.

use crate::ui::ticks::{VALUES, of_values};

/// How values become heights.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Axis {
    Linear,
    /// Logarithm: equal ratios are equal distances.
    Log,
    /// In % since this value.
    Rebased(f64),
}

impl Axis {
    /// Returns the height of a value; `None` if it has none, as the logarithm of zero.
    pub fn height(self, value: f64) -> Option<f64> {
        let height = match self {
            Self::Linear => value,
            Self::Log => value.ln(),
            Self::Rebased(base) => (value / base - 1.0) * 100.0,
        };
        height.is_finite().then_some(height)
    }

    /// Returns the value at a height.
    pub fn value(self, height: f64) -> f64 {
        match self {
            Self::Linear => height,
            Self::Log => height.exp(),
            Self::Rebased(base) => base * (1.0 + height / 100.0),
        }
    }
}

/// Returns round values between two others: 1, 2 or 5 times a power of ten apart, and 1, 2 and 5
/// times powers of ten where the span is wide. For a logarithmic axis, whose labels have to be set.
pub fn round_values(low: f64, high: f64) -> Vec<f64> {
    if !(low > 0.0 && high > low && high.is_finite()) {
        return Vec::new();
    }
    if high / low < 10.0 {
        return of_values(low, high, VALUES);
    }
    let mut values = Vec::new();
    let mut power = 10_f64.powf(low.log10().floor());
    while power <= high {
        values.extend([1.0, 2.0, 5.0].map(|digit| digit * power));
        power *= 10.0;
    }
    values.retain(|value| *value >= low && *value <= high);
    values
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn labels_are_round() {
        assert_eq!(
            round_values(93.0, 210.0),
            [100.0, 120.0, 140.0, 160.0, 180.0, 200.0]
        );
        assert_eq!(
            round_values(6.5, 702.0),
            [10.0, 20.0, 50.0, 100.0, 200.0, 500.0]
        );
        assert!(round_values(0.0, 1.0).is_empty());
        assert!(round_values(5.0, 5.0).is_empty());
        assert!(round_values(f64::NAN, 5.0).is_empty());
    }

    proptest! {
        #[test]
        fn a_height_leads_back_to_its_value(value in 0.001_f64..1e6, base in 0.001_f64..1e6) {
            for axis in [Axis::Linear, Axis::Log, Axis::Rebased(base)] {
                let back = axis.value(axis.height(value).unwrap());
                prop_assert!((back - value).abs() <= 1e-9 * value.max(base));
            }
        }

        #[test]
        fn labels_lie_within_and_are_few(low in 0.001_f64..1e5, by in 1.001_f64..10_000.0) {
            let high = low * by;
            let values = round_values(low, high);
            prop_assert!(values.len() <= 16);
            prop_assert!(by < 1.2 || !values.is_empty());
            prop_assert!(values.iter().all(|one| *one >= low * 0.999_999 && *one <= high * 1.000_001));
            prop_assert!(values.is_sorted());
        }
    }
}
