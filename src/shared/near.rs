//! What estimates from prices need: exact decimals as figures of the processor, and how sure a rate
//! is.

use rust_decimal::{Decimal, prelude::ToPrimitive};

/// So many digits are exact in a figure of the processor, and so many powers of ten.
const EXACT: u128 = 1 << 53;
const POWERS: [f64; 16] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
];

/// The figure of the processor that is nearest to an exact one. What almost all are, a few digits
/// and a few of them behind the point, is one division of two exact figures.
pub fn near(exact: Decimal) -> f64 {
    let digits = exact.mantissa();
    match POWERS.get(exact.scale() as usize) {
        // From 64 bits it takes one instruction.
        Some(power) if digits.unsigned_abs() < EXACT => digits as i64 as f64 / power,
        _ => exact.to_f64().unwrap_or_default(),
    }
}

/// The 97.5 % quantile of the normal distribution.
const Z: f64 = 1.959_963_984_540_054;

/// Wilson's interval that holds the true rate with 95 %, of one that was seen in `n` trials.
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
