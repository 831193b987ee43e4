//! Exact decimals as figures of the processor, for all that is estimated from prices.

use rust_decimal::{Decimal, prelude::ToPrimitive};

/// So many digits are exact in a figure of the processor, and so many powers of ten.
const EXACT: u128 = 1 << 53;
const POWERS: [f64; 16] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
];

/// The figure of the processor that is nearest to an exact one. What almost all are, a few digits
/// and a few of them behind the point, is one division of two exact figures.
#[must_use]
pub fn near(exact: Decimal) -> f64 {
    let digits = exact.mantissa();
    match POWERS.get(exact.scale() as usize) {
        // From 64 bits it takes one instruction.
        Some(power) if digits.unsigned_abs() < EXACT => digits as i64 as f64 / power,
        _ => exact.to_f64().unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn near_is_as_near_as_it_can_be(digits in any::<i64>(), scale in 0_u32..20) {
            let exact = Decimal::new(digits, scale);
            let nearest: f64 = exact.to_string().parse().unwrap();
            prop_assert!((near(exact) - nearest).abs() <= nearest.abs() * 1e-15, "{}", exact);
        }
    }
}
