//! Alerts across Apple's split on 2005-02-28 (two for one), which the sample contains.

use super::*;
use crate::alerts::Adjusted;

fn input(kind: &str, value: &str) -> AlertInput {
    AlertInput {
        kind: kind.into(),
        ..above(value)
    }
}

/// Resets all alerts to the last price before the split and to its side.
async fn back(home: &Home<'_>) {
    let seen = "UPDATE alerts SET seen_price = '88.99', seen_at = '2005-02-25T00:00:00', \
                stand = CASE WHEN kind = 'price_below' THEN 'over' ELSE 'under' END";
    home.sql(seen).await;
}

/// A quote of 2005 with the previous close.
fn then(date: &str, before: &str, price: &str) -> Quote {
    Quote {
        date: date.parse().unwrap(),
        time: None,
        previous_close: Some(before.parse().unwrap()),
        ..quote("AAPL", 0, price)
    }
}

impl Home<'_> {
    async fn priced(&self, quote: &Quote) {
        self.alerts().evaluate("AAPL", quote).await.unwrap();
    }

    async fn values(&self) -> Vec<(String, Option<String>)> {
        let alerts = self.alerts().alerts(&self.ada).await.unwrap();
        let split_on = "2005-02-28".parse().unwrap();
        let value = |alert: Alert| {
            let written = alert.adjusted.map(
                |Adjusted {
                     written,
                     split_on: on,
                 }| {
                    assert_eq!(on, split_on);
                    written.to_string()
                },
            );
            (alert.condition.value.unwrap().to_string(), written)
        };
        alerts.into_iter().map(value).collect()
    }
}

#[tokio::test]
async fn values_are_those_of_the_new_shares() {
    Home::each_with_admin(async |home| {
        home.make(input("price_below", "50")).await;
        home.make(input("price_above", "100")).await;
        home.make(input("price_above", "95.5")).await;
        back(home).await;
        // The price halves because of the split, and no alert triggers.
        let first = then("2005-02-28", "88.99", "44.86");
        home.priced(&first).await;
        assert!(home.alerted().await.is_empty());
        let (now, then_written) = (["47.75", "50", "25"], ["95.5", "100", "50"]);
        let expected: Vec<_> = now
            .iter()
            .zip(then_written)
            .map(|(value, written)| ((*value).to_owned(), Some(written.to_owned())))
            .collect();
        assert_eq!(home.values().await, expected);
        // Another node checks the same price again, and so does the next day.
        home.priced(&first).await;
        home.priced(&then("2005-03-01", "44.86", "44.5")).await;
        assert_eq!(home.values().await, expected);
        assert!(home.alerted().await.is_empty());
        home.priced(&then("2005-03-02", "44.5", "48")).await;
        home.priced(&then("2005-03-03", "48", "24")).await;
        let told = home.alerted().await;
        let values: Vec<_> = told
            .iter()
            .map(|one| one.condition.value.unwrap().to_string())
            .collect();
        assert_eq!(values, ["25", "47.75"]);
    })
    .await;
}

#[tokio::test]
async fn one_that_rested_over_a_split_wakes_after_it() {
    Home::each_with_admin(async |home| {
        let made = home.make(above("100")).await;
        back(home).await;
        home.sql("UPDATE alerts SET state = 'fired'").await;
        let armed = home.alerts().arm(&home.ada, made.id).await.unwrap();
        assert_eq!(armed.condition.value, Some(50.into()));
        assert_eq!(armed.adjusted.unwrap().written, 100.into());
        assert_eq!((armed.state, armed.armed), (AlertState::Armed, 2));
    })
    .await;
}

#[tokio::test]
async fn a_split_is_no_fall_of_the_day() {
    Home::each_with_admin(async |home| {
        home.make(input("falls", "5")).await;
        back(home).await;
        home.priced(&then("2005-02-28", "88.99", "44.86")).await;
        home.priced(&then("2005-02-28", "88.99", "44.8")).await;
        assert!(home.alerted().await.is_empty());
        home.priced(&then("2005-03-01", "44.86", "38")).await;
        assert_eq!(home.alerted().await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn indicators_wait_for_a_past_of_the_same_shares() {
    Home::each_with_admin(async |home| {
        let mut sma = input("crosses_sma", "");
        sma.period = "20".into();
        home.make(sma).await;
        // Twice the last close, and no split is known yet.
        home.quoted(1, "900").await;
        assert!(home.alerted().await.is_empty());
        let waits = home.only().await;
        assert_eq!(waits.seen_price.unwrap().to_string(), "430.47");
        home.quoted(2, "500").await;
        assert_eq!(home.alerted().await.len(), 1);
    })
    .await;
}
