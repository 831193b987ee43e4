//! XIRR and risk measures.

use super::{day, near};
use crate::portfolio::rules::{Flow, risk, xirr};
use chrono::Days;
use proptest::prelude::*;

fn flows(list: &[(&str, f64)]) -> Vec<Flow> {
    let flow = |(date, amount): &(&str, f64)| Flow {
        date: day(date),
        amount: *amount,
    };
    list.iter().map(flow).collect()
}

#[test]
fn xirr_as_in_spreadsheets() {
    let golden = flows(&[
        ("2008-01-01", -10_000.0),
        ("2008-03-01", 2_750.0),
        ("2008-10-30", 4_250.0),
        ("2009-02-15", 3_250.0),
        ("2009-04-01", 2_750.0),
    ]);
    assert!((xirr(&golden).unwrap() - 0.373_362_535).abs() < 1e-8);
    let year = |end| xirr(&flows(&[("2023-01-01", -100.0), ("2024-01-01", end)]));
    for (end, rate) in [(110.0, 0.1), (100.0, 0.0), (50.0, -0.5), (0.1, -0.999)] {
        assert!((year(end).unwrap() - rate).abs() < 1e-9, "{end}");
    }
    // 10% per day, compounded for a year.
    let day = xirr(&flows(&[("2023-01-01", -100.0), ("2023-01-02", 110.0)]));
    assert_eq!(day, None, "more than any account can show");
    let week = xirr(&flows(&[("2023-01-01", -100.0), ("2023-01-08", 110.0)])).unwrap();
    assert!((week - (1.1_f64.powf(365.0 / 7.0) - 1.0)).abs() < 1e-6);
    assert_eq!(year(0.0), None, "all is lost: no rate is low enough");
    assert_eq!(year(-1.0), None, "all money goes one way");
    assert_eq!(
        xirr(&flows(&[("2023-01-01", -1.0), ("2023-01-01", 2.0)])),
        None
    );
    assert_eq!(
        xirr(&flows(&[("2023-01-01", f64::NAN), ("2024-01-01", 2.0)])),
        None
    );
    assert_eq!(xirr(&[]), None);
}

/// In, out, in again: 1 + r solves 1000 x² - b x + c = 0, which has two solutions.
#[test]
fn of_several_rates_the_nearest() {
    for (out, again, rate) in [
        (2300.0, -1320.0, 0.1),
        (2220.0, -1232.0, 0.1),
        // One solution is a loss, one a gain: of 0.8 and 1.1 the latter is nearer to 1.
        (1900.0, -880.0, 0.1),
        // Of 0.9 and 1.3 the former is nearer.
        (2200.0, -1170.0, -0.1),
    ] {
        let all = [
            ("2021-01-01", -1000.0),
            ("2022-01-01", out),
            ("2023-01-01", again),
        ];
        let found = xirr(&flows(&all)).unwrap();
        assert!((found - rate).abs() < 1e-9, "{out} {again}: {found}");
    }
    // No solution: 1000 x² - 1000 x + 1000 is never zero.
    let none = [
        ("2021-01-01", -1000.0),
        ("2022-01-01", 1000.0),
        ("2023-01-01", -1000.0),
    ];
    assert_eq!(xirr(&flows(&none)), None);
}

#[test]
fn risk_by_hand() {
    let returns: Vec<f64> = (0..20)
        .map(|n| if n % 2 == 0 { 0.01 } else { -0.005 })
        .collect();
    // Mean 0.0025; each return differs from it by 0.0075.
    let deviation = (20.0_f64 * 0.0075_f64.powi(2) / 19.0).sqrt();
    let root = 252.0_f64.sqrt();
    assert!(near(risk::volatility(&returns).unwrap(), deviation * root));
    assert!(near(
        risk::sharpe(&returns, 0.0).unwrap(),
        root * 0.0025 / deviation
    ));
    let below = (10.0_f64 * 0.005_f64.powi(2) / 20.0).sqrt();
    assert!(near(
        risk::sortino(&returns, 0.0).unwrap(),
        root * 0.0025 / below
    ));
    assert!(near(risk::value_at_risk(&returns).unwrap(), -0.005));
    let twice: Vec<f64> = returns.iter().map(|one| one * 2.0).collect();
    assert!(near(risk::beta(&twice, &returns).unwrap(), 2.0));
    assert_eq!(risk::beta(&returns, &[0.0; 20]), None);
    assert_eq!(risk::sharpe(&[0.0; 20], 0.0), None, "nothing moves");
    assert_eq!(risk::volatility(&returns[..19]), None, "too few");
    assert!(near(risk::concentration(&[1.0, 1.0, 2.0]).unwrap(), 0.375));
    assert_eq!(risk::drawdown(&[(day("2024-01-01"), 1.0)]), None);
}

proptest! {
    #[test]
    fn a_rate_makes_its_flows_worth_nothing(
        list in prop::collection::vec((0_u64..4_000, -10_000_i32..10_000), 2..20),
    ) {
        let flows: Vec<Flow> = list.iter().map(|(after, amount)| Flow {
            date: day("2000-01-01") + Days::new(*after),
            amount: f64::from(*amount),
        }).collect();
        if let Some(rate) = xirr(&flows) {
            prop_assert!(rate.is_finite() && rate > -1.0);
            let first = flows.iter().map(|flow| flow.date).min().unwrap();
            let terms: Vec<f64> = flows.iter().map(|flow| {
                flow.amount * (1.0 + rate).powf(-((flow.date - first).num_days() as f64) / 365.0)
            }).collect();
            let size: f64 = terms.iter().map(|term| term.abs()).sum();
            prop_assert!(terms.iter().sum::<f64>().abs() <= 1e-6 * size.max(1.0));
        }
    }
}
