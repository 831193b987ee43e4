//! Performance: the example of docs/methods, and stored moves.

use super::{Owner, cash, each, each_with, exact, input, load::another};
use crate::platform::config::{Config, MarketSource};
use crate::portfolio::{TransactionInput, store};
use crate::testing::{TestHouse, code};
use std::sync::Arc;

/// The portfolio of docs/methods/README.md, which the pages beside it compute by hand.
#[tokio::test]
async fn a_year_followed_by_hand() {
    each(async |_, owner| {
        let (service, viewer) = (owner.service, owner.viewer);
        let with_fee = |input| TransactionInput {
            fee: "10".into(),
            ..input
        };
        let dividend = TransactionInput {
            symbol: "IBM".into(),
            ..cash("DIVIDEND", "2012-06-11", "34")
        };
        for one in [
            cash("DEPOSIT", "2012-02-29", "10000"),
            with_fee(input("BUY", "IBM", "2012-02-29", "40", "196.73")),
            dividend,
            with_fee(input("SELL", "IBM", "2012-10-01", "10", "210.47")),
        ] {
            owner.add(one).await.unwrap();
        }
        let page = service.page(viewer, owner.id).await.unwrap();
        // 10000 - 7879.20 + 34 + 2094.70
        assert_eq!(page.cash, Some(exact("4249.5")));
        let ibm = &page.holdings[0];
        assert_eq!((ibm.quantity, ibm.cost), (exact("30"), exact("5909.4")));
        assert_eq!(ibm.realized, exact("2094.7") - exact("1969.8"));
        assert_eq!(ibm.price, Some(exact("202.91")));
        assert_eq!(page.value, exact("4249.5") + exact("6087.3"));

        let paid = service.dividends(viewer, owner.id).await.unwrap().paid;
        assert_eq!((paid.total, paid.last_year), (exact("34"), exact("34")));
        // 30 × 34 ÷ 40
        assert_eq!((paid.held, paid.cost), (exact("25.5"), exact("5909.4")));
        assert!((paid.yield_on_cost.unwrap() - 25.5 / 5_909.4).abs() < 1e-12);

        let found = service
            .performance(viewer, owner.id, Some("ibm"))
            .await
            .unwrap();
        let near = |one: Option<f64>, other: f64| (one.unwrap() - other).abs() < 1e-9;
        assert!(found.keeps_cash);
        assert_eq!(
            (found.put_in, found.taken_out, found.days),
            (10_000.0, 0.0, 366)
        );
        assert!((found.value - 10_336.8).abs() < 1e-9);
        assert!(near(found.simple, 0.033_68));
        // One deposit and no later flows: all three returns agree, except for the length of the
        // year.
        assert!(near(found.time_weighted, 0.033_68));
        let yearly = 1.033_68_f64.powf(365.0 / 366.0) - 1.0;
        assert!(near(found.time_weighted_yearly, yearly) && near(found.money_weighted, yearly));
        let benchmark = found.benchmark.as_ref().unwrap();
        // The same 10000 in IBM at the close of the first day.
        let same = 10_000.0 * 202.91 / 196.73;
        assert!((benchmark.value.unwrap() - same).abs() < 1e-6);
        // Between half and almost four fifths of the portfolio is IBM itself.
        assert!((0.5..0.8).contains(&benchmark.beta.unwrap()));
        assert_eq!(found.history.first().unwrap().value, 9_990.0);
        assert!(found.volatility.unwrap() > 0.0 && found.drawdown.unwrap().depth < 0.0);
        let unknown = service.performance(viewer, owner.id, Some("APPL")).await;
        assert_eq!(code(unknown), "unknown-symbol");
    })
    .await;
}

#[tokio::test]
async fn portfolios_from_before_moves_were_kept_get_them() {
    each(async |house, owner| {
        let (service, viewer) = (owner.service, owner.viewer);
        for one in [
            cash("DEPOSIT", "2012-01-03", "10000"),
            input("BUY", "IBM", "2012-02-29", "10", "196.73"),
            input("BUY", "AAPL", "2012-02-29", "2", "542.44"),
            input("SELL", "IBM", "2012-10-01", "4", "210.47"),
        ] {
            owner.add(one).await.unwrap();
        }
        let before = service.performance(viewer, owner.id, None).await.unwrap();
        assert_eq!(before.days, 423);
        let forget = "UPDATE portfolio_holdings SET moves = NULL";
        house.sql(forget).await;
        // Asks another service, whose cache is empty.
        let fresh = another(house);
        let after = fresh.performance(viewer, owner.id, None).await.unwrap();
        assert_eq!(after, before);
        let kept = store::all_moves(house.db(), owner.id).await.unwrap();
        assert!(kept.iter().all(|one| one.moves.is_some()));
    })
    .await;
}

/// Drawdowns of several portfolios equal those of their performance.
#[tokio::test]
async fn falls_of_several_portfolios_are_those_of_their_performances() {
    TestHouse::each(async |house| {
        let viewer = &house.user("ada").await;
        let service = house.portfolio();
        let mut owners = Vec::new();
        for (name, symbol, day, price) in [
            ("Apple", "AAPL", "2012-03-01", "544.47"),
            ("Split", "AAPL", "2005-01-03", "63.29"),
            ("Machines", "IBM", "2012-03-01", "197.82"),
        ] {
            let owner = Owner::with(service, viewer, name).await;
            owner.add(cash("DEPOSIT", day, "100000")).await.unwrap();
            owner
                .add(input("BUY", symbol, day, "100", price))
                .await
                .unwrap();
            owners.push(owner);
        }
        let idle = Owner::with(service, viewer, "Idle").await;
        idle.add(cash("DEPOSIT", "2012-03-01", "1")).await.unwrap();
        owners.push(idle);
        let ids: Vec<_> = owners.iter().map(|owner| owner.id).collect();
        let day = |text: &str| text.parse().unwrap();
        let falls = service.drawdowns(&ids, day("2099-01-01")).await.unwrap();
        assert_eq!(falls.len(), 3, "what lies in cash does not fall");
        for id in &ids {
            let alone = service.performance(viewer, *id, None).await.unwrap();
            assert_eq!(falls.get(id), alone.drawdown.as_ref());
        }
        let cut = service.drawdowns(&ids, day("2012-04-01")).await.unwrap();
        assert!(cut.values().all(|fall| fall.to < day("2012-04-01")));
        assert!(cut[&ids[0]].depth > falls[&ids[0]].depth);
        assert!(
            service
                .drawdowns(&[], day("2099-01-01"))
                .await
                .unwrap()
                .is_empty()
        );
    })
    .await;
}

/// Bought before the price history begins: the page and the API report when it begins.
#[tokio::test]
async fn prices_that_begin_later_are_told() {
    each(async |_, owner| {
        let (service, viewer) = (owner.service, owner.viewer);
        for one in [
            input("BUY", "IBM", "1995-01-03", "10", "20"),
            input("BUY", "AAPL", "2012-02-29", "1", "542.44"),
            input("BUY", "NONE", "1995-01-03", "1", "1"),
        ] {
            owner.add(one).await.unwrap();
        }
        let found = service.performance(viewer, owner.id, None).await.unwrap();
        let told: Vec<_> = found
            .priced_since
            .iter()
            .map(|one| (one.symbol.as_str(), one.date.to_string()))
            .collect();
        assert_eq!(told, [("IBM", "2000-03-01".to_owned())]);
        assert_eq!(found.without_prices, ["NONE"]);
        // The period starts with the buy, so the annualized return covers eighteen years.
        assert_eq!(found.from, "1995-01-03".parse().ok());
        assert!(found.days > 6_600);
        let total = found.time_weighted.unwrap();
        let yearly = (1.0 + total).powf(365.0 / found.days as f64) - 1.0;
        assert!((found.time_weighted_yearly.unwrap() - yearly).abs() < 1e-12);
        // The jump from 20 to the first price above 100 is a return, but not a daily one.
        assert!(found.time_weighted.unwrap() > 4.0);
        assert!(found.volatility.unwrap() < 0.6, "{:?}", found.volatility);
        assert_eq!(found.returns, found.daily_returns + 1);
    })
    .await;
}

/// The performance has the prices that the portfolio's page has.
#[tokio::test]
async fn a_new_price_is_in_the_performance_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("AAA.csv");
    let write = |days: &str| std::fs::write(&path, format!("date,close\n{days}")).unwrap();
    let configure = |config: &mut Config| {
        config.market.source = MarketSource::Folder;
        config.market.folder = folder.path().to_owned();
    };
    each_with(configure, async |_, owner| {
        write("2024-01-02,10\n2024-01-03,11\n");
        let buy = input("BUY", "AAA", "2024-01-02", "1", "10");
        owner.add(buy).await.unwrap();
        let found = async || {
            let (service, viewer) = (owner.service, owner.viewer);
            service.performance(viewer, owner.id, None).await.unwrap()
        };
        let first = found().await;
        assert_eq!((first.value, first.to), (11.0, "2024-01-03".parse().ok()));
        assert!(Arc::ptr_eq(&first, &found().await), "cached");
        write("2024-01-02,10\n2024-01-03,11\n2024-01-04,12.5\n");
        let page = owner.service.page(owner.viewer, owner.id).await.unwrap();
        assert_eq!(page.value, exact("12.5"));
        assert_eq!(found().await.value, 12.5);
    })
    .await;
}

/// The example of a record in docs/methods/time-weighted-return.md: shares of Apple from 2005 to
/// 2006, in the sample data, which end in 2013.
#[tokio::test]
async fn a_record_ends_with_the_last_holding() {
    each(async |_, owner| {
        for one in [
            input("BUY", "AAPL", "2005-01-03", "10", "63.29"),
            input("SELL", "AAPL", "2006-01-03", "20", "74.75"),
        ] {
            owner.add(one).await.unwrap();
        }
        let (service, viewer) = (owner.service, owner.viewer);
        let found = service.performance(viewer, owner.id, None).await.unwrap();
        // One share of 2005 is two of 2006.
        let total = 2.0 * 74.75 / 63.29 - 1.0;
        let record = found.records[0];
        assert_eq!((found.records.len(), record.days), (1, 365));
        assert_eq!(record.to.to_string(), "2006-01-03");
        assert_eq!(found.to.unwrap().to_string(), "2013-03-01");
        assert!((found.time_weighted.unwrap() - total).abs() < 1e-9);
        assert_eq!(found.time_weighted_yearly, Some(record.time_weighted));
    })
    .await;
}
