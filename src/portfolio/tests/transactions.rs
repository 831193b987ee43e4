//! Transactions through the service: their sums, and which ones are rejected.

use super::{Owner, cash, each, each_with, exact, input};
use crate::platform::config::Config;
use crate::portfolio::TransactionInput;
use crate::portfolio::rules::ledger::Method;
use crate::portfolio::service::{Naming, Taking};
use crate::shared::time::testing::jump;
use crate::testing::{TestHouse, code};
use chrono::TimeDelta;
use rust_decimal::Decimal;

#[tokio::test]
async fn transactions_come_to_holdings() {
    each(async |_, owner| {
        let (service, viewer) = (owner.service, owner.viewer);

        // Two of Apple's splits in the sample follow: 100 shares become 400.
        owner
            .add(input("BUY", "aapl", "2000-03-01", "100", "130.31"))
            .await
            .unwrap();
        owner
            .add(input("BUY", "AAPL", "2010-01-04", "10", "213.43"))
            .await
            .unwrap();
        let sale = owner
            .add(input("SELL", "AAPL", "2012-06-01", "300", "561.12"))
            .await
            .unwrap();
        let (quantity, cost, realized) = owner.held("AAPL").await;
        assert_eq!(quantity, exact("110"));
        assert_eq!(cost, exact("3257.75") + exact("2134.3"));
        assert_eq!(realized, exact("168336") - exact("9773.25"));
        let page = service.page(viewer, owner.id).await.unwrap();
        assert_eq!(page.cash, None, "nothing was put in");
        assert_eq!(page.holdings[0].name, "Apple Inc.");
        assert_eq!(
            page.holdings[0].sector.as_deref(),
            Some("Information Technology")
        );
        assert_eq!(page.value, exact("110") * exact("430.47"));

        // By average cost the same sell has another cost.
        service
            .change(viewer, owner.id, "Long run", Method::Average)
            .await
            .unwrap();
        let (_, average, _) = owner.held("AAPL").await;
        assert_eq!(
            (average - (exact("13031") + exact("2134.3")) * exact("110") / exact("410"))
                .round_dp(9),
            Decimal::ZERO
        );

        // Past transactions can be edited, as long as no sell exceeds the holding.
        let few = input("BUY", "AAPL", "2000-03-01", "70", "130.31");
        let first = service
            .transactions(viewer, owner.id, None, None, 10)
            .await
            .unwrap()
            .transactions;
        let first = first.last().unwrap().id;
        let refused = service
            .edit(viewer, owner.id, first, &few)
            .await
            .unwrap_err();
        assert_eq!((refused.code.as_ref(), refused.status()), ("oversold", 409));
        assert_eq!(refused.details["held"], "290");
        let refused = service.remove(viewer, owner.id, first).await;
        assert_eq!(code(refused), "oversold");
        assert_eq!(
            owner.held("AAPL").await.0,
            exact("110"),
            "nothing was changed"
        );
        let gone = service.remove(viewer, owner.id, sale).await.unwrap();
        assert_eq!(gone.quantity, Some(exact("300")));
        assert_eq!(owner.held("AAPL").await.0, exact("410"));
        service.edit(viewer, owner.id, first, &few).await.unwrap();
        assert_eq!(owner.held("AAPL").await.0, exact("290"));

        // Moved to another symbol.
        let ibm = input("BUY", "IBM", "2000-03-01", "7", "100");
        service.edit(viewer, owner.id, first, &ibm).await.unwrap();
        assert_eq!(owner.held("AAPL").await.0, exact("10"));
        assert_eq!(owner.held("IBM").await.0, exact("7"));
        let count = service.portfolios(viewer).await.unwrap()[0].transactions;
        assert_eq!(count, 2);
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_changes_nothing() {
    each(async |house, owner| {
        let (service, viewer) = (owner.service, owner.viewer);
        owner
            .add(input("BUY", "IBM", "2010-01-04", "5", "130"))
            .await
            .unwrap();
        let refused = [
            (
                input("SELL", "IBM", "2010-01-05", "5.0000000001", "1"),
                "oversold",
            ),
            (input("SELL", "IBM", "2010-01-03", "1", "1"), "oversold"),
            (input("SELL", "MSFT", "2010-01-05", "1", "1"), "oversold"),
            (input("BUY", "IBM", "2999-01-01", "1", "1"), "future-date"),
            (input("BUY", "", "2010-01-05", "1", "1"), "symbol-missing"),
            (input("BUY", "IBM", "2010-01-05", "NaN", "1"), "bad-number"),
            (
                TransactionInput {
                    from: "1".into(),
                    to: "2".into(),
                    ..input("SPLIT", "AAPL", "2005-03-01", "", "")
                },
                "split-known",
            ),
        ];
        for (input, code) in refused {
            assert_eq!(
                owner.add(input.clone()).await.unwrap_err(),
                code,
                "{input:?}"
            );
        }
        let page = service
            .transactions(viewer, owner.id, None, None, 10)
            .await
            .unwrap();
        assert_eq!(page.transactions.len(), 1);
        assert_eq!(service.portfolios(viewer).await.unwrap()[0].transactions, 1);

        // Another member gets `not-found` everywhere.
        let other = house.user("bo").await;
        let id = page.transactions[0].id;
        let buy = input("BUY", "IBM", "2010-01-05", "1", "1");
        let of = owner.id;
        // Nor with a portfolio of their own.
        let own = service.create(&other, "Mine", Method::Fifo).await.unwrap();
        let own = own.id;
        let add = service.add(&other, Some(of), &buy, Naming::default());
        for (what, refused) in [
            ("page", service.page(&other, of).await.map(drop)),
            (
                "detail",
                service
                    .detail(&other, of, "IBM", None, None)
                    .await
                    .map(drop),
            ),
            (
                "transaction",
                service.transaction(&other, of, id).await.map(drop),
            ),
            (
                "transactions",
                service
                    .transactions(&other, of, None, None, 1)
                    .await
                    .map(drop),
            ),
            (
                "performance",
                service.performance(&other, of, None).await.map(drop),
            ),
            ("add", add.await.map(drop)),
            ("edit", service.edit(&other, of, id, &buy).await.map(drop)),
            ("remove", service.remove(&other, of, id).await.map(drop)),
            (
                "remove_position",
                service.remove_position(&other, of, "IBM").await.map(drop),
            ),
            (
                "change",
                service
                    .change(&other, of, "x", Method::Fifo)
                    .await
                    .map(drop),
            ),
            ("delete", service.delete(&other, of).await.map(drop)),
            (
                "remove, own",
                service.remove(&other, own, id).await.map(drop),
            ),
            (
                "edit, own",
                service.edit(&other, own, id, &buy).await.map(drop),
            ),
        ] {
            assert_eq!(code(refused), "not-found", "{what}");
        }
        assert_eq!(owner.held("IBM").await.0, exact("5"));
    })
    .await;
}

/// Without a limit, every change of the symbol would block all writers.
#[tokio::test]
async fn splits_by_hand_are_so_many_of_an_instrument() {
    each(async |_, owner| {
        let (service, viewer) = (owner.service, owner.viewer);
        let told = |error: crate::shared::Error| (error.code.to_string(), error.status());
        let file = |splits: usize| {
            let split = |at| format!("2010-01-05,SPLIT,ZZZ,,,{},{}\n", 1 + at % 2, 2 - at % 2);
            let rows: String = (0..splits).map(split).collect();
            let head = "date,type,symbol,quantity,price,from,to\n2010-01-04,BUY,ZZZ,8,1,,\n";
            bytes::Bytes::from(format!("{head}{rows}"))
        };
        let seen = service.preview(viewer, owner.id, file(101)).await.unwrap();
        assert_eq!(seen.conflict.unwrap().code, "too-many-splits");
        let taken = service.import(viewer, owner.id, file(101), Taking::default());
        let refused = taken.await.map_err(told).unwrap_err();
        assert_eq!(refused, ("too-many-splits".into(), 409));
        let split = |symbol: &str, from: &str, to: &str| TransactionInput {
            from: from.into(),
            to: to.into(),
            ..input("SPLIT", symbol, "2010-02-01", "", "")
        };
        for at in 0..100 {
            let there_or_back = if at % 2 == 0 { ("1", "2") } else { ("2", "1") };
            owner
                .add(split("ZZZ", there_or_back.0, there_or_back.1))
                .await
                .unwrap();
        }
        assert_eq!(
            owner.add(split("ZZZ", "1", "2")).await.unwrap_err(),
            "too-many-splits"
        );
        // A split of another symbol cannot be moved to this one.
        let other = owner.add(split("YYY", "1", "2")).await.unwrap();
        let moved = split("ZZZ", "1", "2");
        let moved = service.edit(viewer, owner.id, other, &moved);
        assert_eq!(
            moved.await.map_err(told).unwrap_err(),
            ("too-many-splits".into(), 409)
        );

        // Numbers with too many digits give an error message, too.
        owner
            .add(input("BUY", "TINY", "2010-01-04", "1", "10000000000"))
            .await
            .unwrap();
        for _ in 0..4 {
            owner.add(split("TINY", "10000", "1")).await.unwrap();
        }
        let refused = owner.add(split("TINY", "10000", "1")).await;
        assert_eq!(refused.unwrap_err(), "too-few-units");
        assert_eq!(owner.held("TINY").await.0, exact("0.0000000000000001"));
    })
    .await;
}

/// A split entered by the owner applies to the portfolio it was entered in, on charts and pages.
#[tokio::test]
async fn trades_on_charts_are_in_todays_shares() {
    TestHouse::each(async |house| {
        let viewer = &house.user("ada").await;
        let service = house.portfolio();
        let first = Owner::with(service, viewer, "First").await;
        let second = Owner::with(service, viewer, "Second").await;
        for (owner, date) in [(&first, "2010-01-04"), (&second, "2010-01-05")] {
            owner
                .add(input("BUY", "IBM", date, "1", "120"))
                .await
                .unwrap();
            owner
                .add(input("BUY", "AAPL", date, "1", "120"))
                .await
                .unwrap();
        }
        let own = TransactionInput {
            from: "1".into(),
            to: "3".into(),
            ..input("SPLIT", "IBM", "2011-01-04", "", "")
        };
        first.add(own).await.unwrap();
        first
            .add(input("SELL", "IBM", "2011-01-04", "3", "50"))
            .await
            .unwrap();
        let prices = async |symbol: &str| {
            let trades = service.trades(viewer, symbol).await.unwrap();
            trades.iter().map(|one| one.price).collect::<Vec<_>>()
        };
        assert_eq!(prices("IBM").await, [40.0, 120.0, 50.0]);
        assert_eq!(prices("AAPL").await, [120.0, 120.0]);
    })
    .await;
}

#[tokio::test]
async fn a_position_leaves_and_comes_back() {
    each(async |_, owner| {
        let (service, viewer) = (owner.service, owner.viewer);
        owner
            .add(cash("DEPOSIT", "2010-01-04", "1000"))
            .await
            .unwrap();
        owner
            .add(input("BUY", "IBM", "2010-01-05", "5", "130"))
            .await
            .unwrap();
        let page = service.page(viewer, owner.id).await.unwrap();
        assert_eq!(page.cash, Some(exact("350")));
        assert_eq!(
            page.value,
            exact("350") + exact("5") * page.holdings[0].price.unwrap()
        );

        service
            .remove_position(viewer, owner.id, "ibm")
            .await
            .unwrap();
        let page = service.page(viewer, owner.id).await.unwrap();
        assert_eq!((page.holdings.len(), page.cash), (0, Some(exact("1000"))));
        let listed = service
            .transactions(viewer, owner.id, Some("ibm"), None, 10)
            .await
            .unwrap();
        assert!(listed.transactions[0].removed);
        let buy = input("BUY", "IBM", "2010-01-05", "1", "1");
        let edited = service
            .edit(viewer, owner.id, listed.transactions[0].id, &buy)
            .await;
        assert_eq!(code(edited), "removed");
        let again = service.remove_position(viewer, owner.id, "IBM").await;
        assert_eq!(code(again), "not-found");

        service
            .restore_position(viewer, owner.id, "IBM")
            .await
            .unwrap();
        assert_eq!(owner.held("IBM").await.0, exact("5"));
        let again = service.restore_position(viewer, owner.id, "IBM").await;
        assert_eq!(code(again), "not-found");
    })
    .await;
}

#[tokio::test]
async fn pages_of_transactions_are_whole() {
    each(async |_, owner| {
        let (service, viewer) = (owner.service, owner.viewer);
        let mut written = Vec::new();
        for number in 0..7 {
            // Two per day, and dates in any order.
            let date = format!("2010-01-{:02}", 4 + (number * 3 % 7) / 2);
            written.push(
                owner
                    .add(input("BUY", "IBM", &date, "1", "1"))
                    .await
                    .unwrap(),
            );
        }
        let (mut seen, mut before) = (Vec::new(), None);
        loop {
            let page = service
                .transactions(viewer, owner.id, None, before.as_deref(), 3)
                .await
                .unwrap();
            seen.extend(page.transactions.iter().map(|one| (one.date, one.id)));
            before = page.next;
            if before.is_none() {
                break;
            }
        }
        let mut sorted = seen.clone();
        sorted.sort_by(|one, other| other.cmp(one));
        assert_eq!(seen, sorted);
        assert_eq!(seen.len(), written.len());
        let bad = service
            .transactions(viewer, owner.id, None, Some("x"), 3)
            .await;
        assert_eq!(code(bad), "bad-cursor");
    })
    .await;
}

#[tokio::test]
async fn who_tells_of_no_splits_takes_none_back() {
    each(async |house, owner| {
        let viewer = owner.viewer;
        let bought = input("BUY", "AAPL", "2000-03-01", "100", "130.31");
        owner.add(bought).await.unwrap();
        assert_eq!(owner.held("AAPL").await.0, exact("400"));
        // Then prices come from files, which contain no splits; and from an empty folder.
        let files = tempfile::tempdir().unwrap();
        let days = "date,close\n2000-03-01,32.5775\n2010-01-04,213.43\n2010-01-05,214\n";
        std::fs::write(files.path().join("AAPL.csv"), days).unwrap();
        let empty = tempfile::tempdir().unwrap();
        for (count, folder) in [("410", &files), ("420", &empty)] {
            let folder = folder.path().to_owned();
            let other = house.another(|config| config.market.folder = folder).await;
            let service = other.portfolio();
            let again = Owner { service, ..owner };
            let more = input("BUY", "AAPL", "2010-01-04", "10", "213.43");
            again.add(more).await.unwrap();
            assert_eq!(again.held("AAPL").await.0, exact(count));
            let seen = service.performance(viewer, owner.id, None).await.unwrap();
            assert_eq!(seen.without_prices.is_empty(), count == "410");
            let kept = [(viewer.account, owner.id)];
            service.count_splits(&kept).await.unwrap();
            assert_eq!(again.held("AAPL").await.0, exact(count));
            let marks = service.trades(viewer, "AAPL").await.unwrap();
            assert_eq!(marks[0].price, 130.31 / 4.0, "a price of a share of today");
        }
    })
    .await;
}

/// A replay has its own days: a day that is still to come is in the future.
#[tokio::test]
async fn under_replay_today_is_the_day_of_the_market() {
    let replay = |config: &mut Config| {
        config.market.replay = 60;
        config.market.replay_from = "2012-06-25".parse().unwrap();
    };
    each_with(replay, async |_, owner| {
        let overview = owner.service.overview(owner.viewer, None).await.unwrap();
        assert_eq!(overview.today, "2012-06-25".parse().ok());
        let buy = |day| input("BUY", "AAPL", day, "1", "570");
        owner.add(buy("2012-06-25")).await.unwrap();
        // In the owner's time zone it may be a day later.
        let early = owner.add(buy("2012-06-27")).await.unwrap_err();
        assert_eq!(early, "future-date");
        let _next_day = jump(TimeDelta::minutes(1));
        owner.add(buy("2012-06-27")).await.unwrap();
    })
    .await;
}
