//! Numbers for estimates: exact decimals as `f64`, and confidence intervals of rates.

use rust_decimal::{Decimal, prelude::ToPrimitive};

/// Integers up to 2^53 and these powers of ten are exact as `f64`.
const EXACT: u128 = 1 << 53;
const POWERS: [f64; 16] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
];

/// Returns the `f64` nearest to an exact decimal. Almost all values have few digits and few
/// decimals; for them it is one division of two exact numbers.
pub fn near(exact: Decimal) -> f64 {
    let digits = exact.mantissa();
    match POWERS.get(exact.scale() as usize) {
        // The conversion from 64 bits is one instruction.
        Some(power) if digits.unsigned_abs() < EXACT => digits as i64 as f64 / power,
        _ => exact.to_f64().unwrap_or_default(),
    }
}

/// The 97.5% quantile of the normal distribution.
const Z: f64 = 1.959_963_984_540_054;

/// Returns the 95% Wilson interval of a rate that was observed in `n` trials.
pub fn wilson(rate: f64, n: f64) -> (f64, f64) {
    let z2 = Z * Z;
    let middle = (rate + z2 / (2.0 * n)) / (1.0 + z2 / n);
    let half = Z / (1.0 + z2 / n) * (rate * (1.0 - rate) / n + z2 / (4.0 * n * n)).sqrt();
    ((middle - half).max(0.0), (middle + half).min(1.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn more_trials_make_a_rate_surer(rate in 0.0_f64..=1.0, n in 0.5_f64..10_000.0) {
            let ((low, high), (lower, higher)) = (wilson(rate, 2.0 * n), wilson(rate, n));
            prop_assert!(0.0 <= lower && lower <= low && high <= higher && higher <= 1.0);
            prop_assert!(low <= rate + 1e-9 && rate <= high + 1e-9);
            prop_assert!(higher - lower > high - low);
        }

        #[test]
        fn near_is_as_near_as_it_can_be(digits in any::<i64>(), scale in 0_u32..20) {
            let exact = Decimal::new(digits, scale);
            let nearest: f64 = exact.to_string().parse().unwrap();
            prop_assert!((near(exact) - nearest).abs() <= nearest.abs() * 1e-15, "{}", exact);
        }
    }
}
